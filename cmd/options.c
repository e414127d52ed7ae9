#include "options.h"

#include "say.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* No verb has more; a row past it fails the test of the tables. */
enum { OPTIONS_MAX = 48, FIRST_LONG = 256, HELP = FIRST_LONG + OPTIONS_MAX };

struct tables {
    struct option longs[OPTIONS_MAX + 2];
    char shorts[2 * OPTIONS_MAX + 5];
};

/* `:` first: getopt stays silent and tells a missing value from an unknown option. */
static void
fill_tables(const struct cmd_verb *verb, struct tables *tables)
{
    const struct cmd_option *rows = verb->options;
    char *letter = tables->shorts;
    int n = 0;

    if (verb->is_wrapper) {
        *letter++ = '+';  /* options end at the first operand */
    }
    *letter++ = ':';
    *letter++ = 'h';
    for (; rows[n].name != NULL && n < OPTIONS_MAX; n++) {
        bool takes_value = rows[n].kind != CMD_FLAG;
        tables->longs[n] = (struct option){
            .name = rows[n].name,
            .has_arg = takes_value ? required_argument : no_argument,
            .val = FIRST_LONG + n,
        };
        if (rows[n].letter != 0) {
            *letter++ = rows[n].letter;
            if (takes_value) {
                *letter++ = ':';
            }
        }
    }
    *letter = '\0';
    tables->longs[n] = (struct option){ .name = "help", .val = HELP };
    tables->longs[n + 1] = (struct option){ .name = NULL };
}

static const struct cmd_option *
row_of(const struct cmd_option *rows, int code)
{
    if (code >= FIRST_LONG) {
        return &rows[code - FIRST_LONG];
    }
    while (rows->letter != code) {
        rows++;
    }
    return rows;
}

static int
set_option(const struct cmd_verb *verb, const struct cmd_option *row, void *arguments,
           const char *value)
{
    void *field = (char *)arguments + row->offset;

    switch (row->kind) {
    case CMD_FLAG:
        *(bool *)field = true;
        return CMD_CLEAN;
    case CMD_TEXT:
        *(const char **)field = value;
        return CMD_CLEAN;
    case CMD_LIST: {
        struct cmd_list *list = field;
        if (list->count == sizeof list->at / sizeof *list->at) {
            return cmd_usage(verb->name, "--%s is given too often, %zu times are enough",
                             row->name, list->count);
        }
        list->at[list->count++] = value;
        return CMD_CLEAN;
    }
    }
    return CMD_FAILURE;
}

static size_t
smaller(size_t left, size_t right)
{
    return left < right ? left : right;
}

/* How many letters must be put in, taken out or replaced to make one word of the other; long words
 * are compared by their beginnings. */
static size_t
distance(const char *left, const char *right)
{
    enum { LONGEST = 31 };
    size_t row[LONGEST + 1];
    size_t left_length = smaller(strlen(left), LONGEST);
    size_t right_length = smaller(strlen(right), LONGEST);

    for (size_t j = 0; j <= right_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= left_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= right_length; j++) {
            size_t above = row[j];
            size_t replaced = diagonal + (left[i - 1] != right[j - 1]);
            row[j] = smaller(replaced, smaller(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[right_length];
}

/* The option that a misspelt word means: at most a third of its letters are wrong. */
static const char *
closest_option(const struct cmd_option *rows, const char *word)
{
    const char *best = NULL;
    size_t best_distance = strlen(word) / 3 + 1;

    for (; rows->name != NULL; rows++) {
        size_t now = distance(word, rows->name);
        if (now < best_distance) {
            best = rows->name;
            best_distance = now;
        }
    }
    return best;
}

static int
refuse_option(const struct cmd_verb *verb, char **argv, int code)
{
    const char *word = argv[optind - 1];

    if (code == ':') {
        return cmd_usage(verb->name, "%s needs a value; see `secprof %s --help`", word, verb->name);
    }
    if (optopt >= FIRST_LONG) {
        return cmd_usage(verb->name, "%s takes no value", word);
    }
    if (optopt != 0) {
        return cmd_usage(verb->name, "there is no option -%c; see `secprof %s --help`", optopt,
                         verb->name);
    }

    const char *closest = strlen(word) > 2 ? closest_option(verb->options, word + 2) : NULL;
    if (closest != NULL) {
        return cmd_usage(verb->name, "there is no option %s; closest: --%s", word, closest);
    }
    return cmd_usage(verb->name, "there is no option %s; see `secprof %s --help`", word, verb->name);
}

static int
parse(const struct cmd_verb *verb, int argc, char **argv, struct cmd_parsed *parsed)
{
    struct tables tables;
    int status = CMD_CLEAN;
    int code;

    fill_tables(verb, &tables);
    optind = 1;
    opterr = 0;
    while (status == CMD_CLEAN
           && (code = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
        if (code == '?' || code == ':') {
            status = refuse_option(verb, argv, code);
        } else if (code == 'h' || code == HELP) {
            parsed->help = true;
        } else {
            status = set_option(verb, row_of(verb->options, code), parsed->arguments, optarg);
        }
    }
    parsed->operands = argv + optind;
    parsed->operand_count = (size_t)(argc - optind);
    return status;
}

int
cmd_options_parse(const struct cmd_verb *verb, int argc, char **argv,
                  struct cmd_parsed *ret_parsed)
{
    struct cmd_parsed parsed = { .arguments = calloc(1, verb->arguments_size) };

    if (parsed.arguments == NULL) {
        return cmd_no_memory(verb->name);
    }

    int status = parse(verb, argc, argv, &parsed);
    if (status != CMD_CLEAN) {
        free(parsed.arguments);
        return verb->is_wrapper ? CMD_SETUP : status;
    }
    *ret_parsed = parsed;
    return CMD_CLEAN;
}

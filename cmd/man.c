/* Man pages from the tables of the verbs. */
#include "help.h"

#include "builtins.h"

#include <secprof.h>

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Text as roff wants it: `-` is a minus sign, a leading `.` or `'` no request. */
static void
write_roff(FILE *out, const char *text)
{
    bool at_start = true;

    for (; *text != '\0'; text++) {
        if (at_start && (*text == '.' || *text == '\'')) {
            fputs("\\&", out);
        }
        if (*text == '-') {
            fputs("\\-", out);
        } else if (*text == '\\') {
            fputs("\\e", out);
        } else {
            fputc(*text, out);
        }
        at_start = *text == '\n';
    }
}

static void
write_head(FILE *out, const char *verb, const char *summary)
{
    char title[64];
    size_t length = (size_t)snprintf(title, sizeof title, "secprof%s%s", verb ? "-" : "",
                                     verb ? verb : "");

    fputs(".TH ", out);
    for (size_t i = 0; i < length; i++) {
        fputc(toupper((unsigned char)title[i]), out);
    }
    fprintf(out, " 1 \"%s\" \"secprof %s\"\n.SH NAME\n", secprof_kb_date(), secprof_version());
    write_roff(out, title);
    fputs(" \\- ", out);
    write_roff(out, summary);
    fputc('\n', out);
}

static void
write_status(FILE *out, const struct cmd_verb *verb)
{
    fputs(".SH EXIT STATUS\n", out);
    for (const struct cmd_status *row = cmd_statuses(verb); row->value != NULL; row++) {
        fprintf(out, ".TP\n%s\n", row->value);
        write_roff(out, row->says);
        fputc('\n', out);
    }
}

static void
write_option(FILE *out, const struct cmd_option *row)
{
    fputs(".TP\n", out);
    if (row->letter != 0) {
        fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
    }
    fputs("\\fB\\-\\-", out);
    write_roff(out, row->name);
    fputs("\\fR", out);
    if (row->value != NULL) {
        fputs(" \\fI", out);
        write_roff(out, row->value);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    write_roff(out, row->help);
    fputc('\n', out);
}

static void
write_verb(FILE *out, const struct cmd_verb *verb)
{
    write_head(out, verb->name, verb->summary);
    fprintf(out, ".SH SYNOPSIS\n\\fBsecprof %s\\fR [\\fIOPTION\\fR...] ", verb->name);
    write_roff(out, verb->operands);
    fputs("\n.SH DESCRIPTION\n", out);
    write_roff(out, verb->about);
    if (verb->takes_profiles) {
        fputs("\n.PP\nBuilt\\-in profiles: ", out);
        write_roff(out, cmd_builtins().text);
        fputc('.', out);
    }
    fputs("\n.SH OPTIONS\n", out);
    for (const struct cmd_option *row = verb->options; row->name != NULL; row++) {
        write_option(out, row);
    }
    fputs(".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nshow a summary\n.SH EXAMPLES\n", out);
    for (const struct cmd_example *each = verb->examples; each->command != NULL; each++) {
        fputs(".TP\n\\fB", out);
        write_roff(out, each->command);
        fputs("\\fR\n", out);
        write_roff(out, each->says);
        fputc('\n', out);
    }
    write_status(out, verb);
    fputs(".SH SEE ALSO\n\\fBsecprof\\fR(1), \\fBseccomp\\fR(2), \\fBcapabilities\\fR(7)\n", out);
}

static void
write_command(FILE *out)
{
    write_head(out, NULL, "seccomp profiles, checked and explained");
    fputs(".SH SYNOPSIS\n\\fBsecprof\\fR \\fIVERB\\fR [\\fIOPTION\\fR...] [\\fIOPERAND\\fR...]\n"
          ".SH DESCRIPTION\n"
          "A seccomp profile decides which system calls a container may make.\n"
          "secprof says what a profile does and what is wrong with it.\n.SH VERBS\n", out);
    for (size_t i = 0; cmd_verbs[i] != NULL; i++) {
        fprintf(out, ".TP\n\\fB%s\\fR\n", cmd_verbs[i]->name);
        write_roff(out, cmd_verbs[i]->summary);
        fputc('\n', out);
    }
    fputs(".SH ENVIRONMENT\n"
          ".TP\n\\fBNO_COLOR\\fR\nwhen not empty: no colours\n"
          ".TP\n\\fBCLICOLOR_FORCE\\fR\nwhen set and not 0: colours also without a terminal\n",
          out);
    write_status(out, NULL);
    fputs(".SH SEE ALSO\n", out);
    for (size_t i = 0; cmd_verbs[i] != NULL; i++) {
        fprintf(out, "\\fBsecprof\\-%s\\fR(1), ", cmd_verbs[i]->name);
    }
    fputs("\\fBseccomp\\fR(2)\n", out);
}

void
cmd_man_write(FILE *out, const struct cmd_verb *verb)
{
    if (verb == NULL) {
        write_command(out);
    } else {
        write_verb(out, verb);
    }
}

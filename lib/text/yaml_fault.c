#include "text/yaml_fault.h"

#include "text/json_read.h"
#include "text/utf8.h"

#include <string.h>

/* libyaml 0.2.5's messages; one that is not here is shown as it is. */
static const struct words {
    const char *problem;
    const char *message;
    const char *help;      /* may be NULL */
    const char *beginning; /* said of the place where the context begins; NULL: not shown */
    bool at_beginning;     /* the context is the place to look at */
} table[] = {
    { .problem = "mapping values are not allowed in this context",
      .message = "a ':' may not stand here",
      .help = "put a value that holds \": \" in quotes, or look at the indentation" },
    { .problem = "mapping keys are not allowed in this context",
      .message = "a '?' may not stand here",
      .help = "put a value that begins with \"? \" in quotes" },
    { .problem = "block sequence entries are not allowed in this context",
      .message = "a list may not begin here",
      .help = "put the first \"- \" on a line of its own, below the key" },
    { .problem = "did not find expected key",
      .message = "expected a key in the column of the keys before it",
      .help = "look at the indentation of the line",
      .beginning = "the keys begin here" },
    { .problem = "did not find expected '-' indicator",
      .message = "expected '-' in the column of the list",
      .help = "look at the indentation of the line",
      .beginning = "the list begins here" },
    { .problem = "could not find expected ':'",
      .message = "expected ':' after this key",
      .help = "write \"key: value\"; if this belongs to the line before, indent it",
      .at_beginning = true },
    { .problem = "did not find expected ',' or ']'",
      .message = "expected ',' or ']'",
      .beginning = "this list is not closed" },
    { .problem = "did not find expected ',' or '}'",
      .message = "expected ',' or '}'",
      .beginning = "this mapping is not closed" },
    { .problem = "did not find expected node content",
      .message = "expected a value",
      .help = "put a value that begins with a bracket or a comma in quotes" },
    { .problem = "found unexpected end of stream",
      .message = "the quotes are not closed before the text ends",
      .help = "add the closing quote",
      .at_beginning = true },
    { .problem = "found unexpected document indicator",
      .message = "a document ends here while quotes are open",
      .help = "close the quotes, or indent the line",
      .beginning = "the quotes begin here" },
    { .problem = "found a tab character that violates indentation",
      .message = "a tab may not indent a line",
      .help = "YAML is indented with spaces" },
    { .problem = "found a tab character where an indentation space is expected",
      .message = "a tab may not indent a line",
      .help = "YAML is indented with spaces" },
    { .problem = "found unknown escape character",
      .message = "unknown escape in double quotes",
      .help = "write a backslash as \\\\, or use single quotes" },
    { .problem = "did not find expected hexdecimal number",
      .message = "hexadecimal digits must follow this escape",
      .help = "write two digits after \\x, four after \\u, eight after \\U" },
    { .problem = "found invalid Unicode character escape code",
      .message = "this escape is no character of Unicode" },
    { .problem = "control characters are not allowed",
      .message = "a control character may not stand in YAML",
      .help = "remove it, or write it as an escape in double quotes" },
    { .problem = "did not find expected alphabetic or numeric character",
      .message = "expected the name of an anchor or an alias",
      .help = "put a value that begins with '*' or '&' in quotes" },
    { .problem = "did not find expected comment or line break",
      .message = "the text of a block begins on the line below '|' or '>'",
      .help = "put a value that begins with '|' or '>' in quotes" },
    { .problem = "found undefined tag handle",
      .message = "tags are not supported",
      .help = "put a value that begins with '!' in quotes" },
    { .problem = "did not find expected <document start>",
      .message = "nothing may follow the end of a document" },
    { .problem = "found incompatible YAML document",
      .message = "this version of YAML is not supported",
      .help = "YAML 1.1 and 1.2 are; remove the line" },
    { .problem = "found unexpected ':'",
      .message = "a ':' may not stand in a word here",
      .help = "put the value in quotes" },
};

static const struct words *
find_words(const char *problem)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].problem, problem) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

static uint32_t
character_end(const struct sp_source *source, uint32_t at)
{
    struct sp_str rest = sp_str_slice(source->text, at, source->text.len);
    uint32_t point;
    size_t len = sp_utf8_decode(rest.ptr, rest.len, &point);

    return at + (uint32_t)(len == 0 && rest.len > 0 ? 1 : len);
}

/* The one message that needs to look at the text. */
static bool
report_character(const struct sp_source *source, uint32_t at, struct sp_report *report)
{
    struct sp_place place = sp_at_span(source, at, character_end(source, at));
    struct sp_str text = sp_source_slice(source, place.span);
    bool is_tab = sp_str_is(text, "\t");
    struct sp_diag *diag =
        is_tab ? sp_report_add(report, SP_CODE_SYNTAX, place, "a tab may not indent a line")
               : sp_report_add(report, SP_CODE_SYNTAX, place, "'%.*s' may not begin a value",
                               SP_STR_ARG(text));

    sp_report_help(report, diag, "%s", is_tab ? "YAML is indented with spaces"
                                              : "put the value in quotes");
    return false;
}

/* "did not find expected key" also means that something follows a value on its line. */
static const struct words after_value = {
    .message = "expected the end of the line after this value",
    .help = "look at the quotes and brackets of the line; a ' in single quotes is written ''",
};

static bool
begins_line(const struct sp_source *source, uint32_t at)
{
    while (at > 0 && (source->text.ptr[at - 1] == ' ' || source->text.ptr[at - 1] == '\t')) {
        at--;
    }
    return at == 0 || source->text.ptr[at - 1] == '\n';
}

bool
sp_yaml_fault(const struct sp_source *source, const struct sp_yaml_problem *problem,
              struct sp_report *report)
{
    static const struct words none = { .message = NULL };
    const struct words *words = find_words(problem->problem);

    if (strcmp(problem->problem, "found character that cannot start any token") == 0) {
        return report_character(source, problem->at, report);
    }
    if (strcmp(problem->problem, "did not find expected key") == 0
        && !begins_line(source, problem->at)) {
        words = &after_value;
    }
    words = words == NULL ? &none : words;

    bool at_beginning = words->at_beginning && problem->has_context;
    uint32_t at = at_beginning ? problem->context_at : problem->at;
    struct sp_diag *diag =
        sp_report_add(report, SP_CODE_SYNTAX, sp_at_span(source, at, character_end(source, at)),
                      "%s", words->message == NULL ? problem->problem : words->message);
    if (words->help != NULL) {
        sp_report_help(report, diag, "%s", words->help);
    }
    if (words->beginning != NULL && problem->has_context && problem->context_at != at) {
        sp_report_related(report, diag,
                          sp_at_span(source, problem->context_at,
                                     character_end(source, problem->context_at)),
                          "%s", words->beginning);
    }
    return false;
}

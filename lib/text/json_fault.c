#include "text/json_fault.h"

#include "text/json_read.h"

static const struct {
    const char *text;
    bool key;
    bool value;
} expectations[] = {
    [SP_JSON_ROOT] = { .text = "a JSON value", .value = true },
    [SP_JSON_END] = { .text = "nothing more after the value" },
    [SP_JSON_VALUE] = { .text = "a value after ':'", .value = true },
    [SP_JSON_FIRST_ELEMENT] = { .text = "a value or ']'", .value = true },
    [SP_JSON_ELEMENT] = { .text = "a value after ','", .value = true },
    [SP_JSON_AFTER_ELEMENT] = { .text = "',' or ']' after this value" },
    [SP_JSON_FIRST_KEY] = { .text = "a key in double quotes or '}'", .key = true },
    [SP_JSON_KEY] = { .text = "a key in double quotes after ','", .key = true },
    [SP_JSON_COLON] = { .text = "':' after this key" },
    [SP_JSON_AFTER_MEMBER] = { .text = "',' or '}' after this value" },
};

bool
sp_json_wants_key(enum sp_json_expected expected)
{
    return expectations[expected].key;
}

bool
sp_json_wants_value(enum sp_json_expected expected)
{
    return expectations[expected].value;
}

static uint32_t
end_of_previous(const struct sp_json_reader *reader)
{
    const char *at = reader->at;

    while (at > reader->begin && sp_json_is_space(at[-1])) {
        at--;
    }
    return sp_json_offset(reader, at);
}

void
sp_json_show_open(const struct sp_json_reader *reader, struct sp_diag *diag)
{
    const struct sp_node *open = reader->open;

    if (open != NULL) {
        struct sp_place place =
            sp_at_span(reader->source, open->span.start, open->span.start + 1);
        sp_report_related(reader->report, diag, place, "this %s is not closed",
                          open->kind == SP_NODE_OBJECT ? "object" : "array");
    }
}

static void
report(const struct sp_json_fault *fault)
{
    struct sp_report *to = fault->reader->report;
    struct sp_place place =
        sp_at_span(fault->reader->source, fault->span.start, fault->span.end);
    const char *found = sp_json_token_text(fault->reader, fault->found, fault->scratch);
    struct sp_diag *diag =
        fault->message != NULL
            ? sp_report_add(to, SP_CODE_SYNTAX, place, "%s", fault->message)
            : sp_report_add(to, SP_CODE_SYNTAX, place, "expected %s, found %s",
                            expectations[fault->expected].text, found == NULL ? "" : found);

    if (fault->label != NULL) {
        sp_report_label(to, diag, "%s", fault->label);
    }
    if (fault->help != NULL) {
        sp_report_help(to, diag, "%s", fault->help);
    }
    if (fault->shows_open) {
        sp_json_show_open(fault->reader, diag);
    }
    if (fault->edit_text != NULL) {
        sp_report_edit(to, diag, fault->edit, "%s", fault->edit_text);
    }
    if (fault->scratch->failed) {
        to->failed = true;
    }
}

static struct sp_json_fault
fault_at(const struct sp_json_reader *reader, enum sp_json_expected expected,
         struct sp_arena *scratch)
{
    struct sp_json_fault fault = {
        .reader = reader,
        .scratch = scratch,
        .expected = expected,
        .open = reader->open,
        .found = sp_json_token_at(reader, sp_json_offset(reader, reader->at)),
        .before = end_of_previous(reader),
    };

    fault.span = fault.found.span;
    return fault;
}

bool
sp_json_fail(const struct sp_json_reader *reader, enum sp_json_expected expected)
{
    SP_SCRATCH(scratch);
    struct sp_json_fault fault = fault_at(reader, expected, &scratch);

    if (!sp_json_hint_text(&fault)) {
        (void)sp_json_hint(&fault);
    }
    report(&fault);
    return false;
}

static struct sp_span
number_span(const struct sp_json_reader *reader, const char *start)
{
    const char *end = start;

    while (end < reader->end && (sp_json_is_word(*end) || *end == '.' || *end == '+'
                                 || *end == '-')) {
        end++;
    }
    return (struct sp_span){ .start = sp_json_offset(reader, start),
                             .end = sp_json_offset(reader, end) };
}

bool
sp_json_fail_number(const struct sp_json_reader *reader, const char *start)
{
    SP_SCRATCH(scratch);
    struct sp_json_fault fault = fault_at(reader, SP_JSON_ROOT, &scratch);
    struct sp_span span = number_span(reader, start);
    const char *shown = sp_json_shown(reader, span, &scratch);

    if (fault.before > 0 || !sp_json_hint_text(&fault)) {
        fault.span = span;
        fault.message = sp_arena_format(&scratch, "'%s' is not a number of JSON", shown);
        fault.help = sp_json_number_help(sp_source_slice(reader->source, span), &scratch);
    }
    report(&fault);
    return false;
}

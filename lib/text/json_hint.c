#include "text/json_fault.h"

#include <string.h>

static bool
is_byte(const struct sp_json_fault *fault, char byte)
{
    return fault->found.kind == SP_JSON_TOKEN_BYTE && fault->found.point == (unsigned char)byte;
}

static struct sp_str
rest_of_text(const struct sp_json_fault *fault)
{
    struct sp_str text = fault->reader->source->text;

    return sp_str_slice(text, fault->found.span.start, text.len);
}

/* The byte behind the found token, white space apart; NUL at the end. */
static char
next_byte(const struct sp_json_fault *fault)
{
    struct sp_str text = fault->reader->source->text;
    size_t at = fault->found.span.end;

    while (at < text.len && sp_json_is_space(text.ptr[at])) {
        at++;
    }
    return at < text.len ? text.ptr[at] : '\0';
}

/* A merge that was not finished leaves its markers at the beginning of lines. */
static bool
hint_conflict(struct sp_json_fault *fault)
{
    struct sp_str rest = rest_of_text(fault);

    if (!sp_str_has_prefix(rest, "<<<<<<<") && !sp_str_has_prefix(rest, "=======")
        && !sp_str_has_prefix(rest, ">>>>>>>")) {
        return false;
    }
    fault->help = "this is the mark of a merge conflict: decide for one side, remove the marks";
    return true;
}

static bool
hint_comment(struct sp_json_fault *fault)
{
    if (fault->found.kind != SP_JSON_TOKEN_COMMENT) {
        return false;
    }
    fault->help = "JSON has no comments: remove it; rules of Docker and Podman may have a "
                  "\"comment\" of their own";
    return true;
}

/* Brackets that would close everything, innermost first. */
static const char *
missing_brackets(const struct sp_json_fault *fault)
{
    char *brackets = NULL;
    size_t count = 0;

    for (const struct sp_node *node = fault->open; node != NULL; node = node->parent) {
        count++;
    }
    if (count > 0 && count <= 32) {
        brackets = sp_arena_alloc(fault->scratch, count + 1);
    }
    if (brackets == NULL) {
        return NULL;
    }
    count = 0;
    for (const struct sp_node *node = fault->open; node != NULL; node = node->parent) {
        brackets[count++] = node->kind == SP_NODE_OBJECT ? '}' : ']';
    }
    return brackets;
}

static bool
hint_end(struct sp_json_fault *fault)
{
    if (fault->found.kind != SP_JSON_TOKEN_END) {
        return false;
    }

    const char *brackets = missing_brackets(fault);
    fault->span = (struct sp_span){ .start = fault->before, .end = fault->before };
    fault->label = "the text ends here";
    fault->shows_open = true;
    fault->help = brackets == NULL
        ? "the text was cut off: take it from its source again"
        : sp_arena_format(fault->scratch,
                          "the text was cut off, or a bracket was forgotten: \"%s\" would "
                          "close what is open", brackets);
    return true;
}

static bool
begins_value(const struct sp_json_fault *fault)
{
    struct sp_str text = sp_json_found(fault);

    return fault->found.kind == SP_JSON_TOKEN_STRING
        || fault->found.kind == SP_JSON_TOKEN_NUMBER || is_byte(fault, '{')
        || is_byte(fault, '[') || sp_str_is(text, "true") || sp_str_is(text, "false")
        || sp_str_is(text, "null");
}

static bool
hint_missing_comma(struct sp_json_fault *fault)
{
    bool element = fault->expected == SP_JSON_AFTER_ELEMENT && begins_value(fault);
    bool member = fault->expected == SP_JSON_AFTER_MEMBER
               && fault->found.kind == SP_JSON_TOKEN_STRING;

    if (!element && !member) {
        return false;
    }
    fault->span = (struct sp_span){ .start = fault->before, .end = fault->before };
    fault->label = "a comma is missing here";
    if ((element && fault->found.kind != SP_JSON_TOKEN_NUMBER) || next_byte(fault) == ':') {
        fault->edit = fault->span;
        fault->edit_text = ",";
    }
    return true;
}

/* A quote inside a string ends it; what follows then stands right behind it. */
static bool
hint_inner_quote(struct sp_json_fault *fault)
{
    struct sp_str text = fault->reader->source->text;

    if ((fault->expected != SP_JSON_AFTER_MEMBER && fault->expected != SP_JSON_AFTER_ELEMENT)
        || fault->before != fault->found.span.start || text.ptr[fault->before - 1] != '"'
        || fault->found.kind == SP_JSON_TOKEN_BYTE) {
        return false;
    }
    fault->help = "a '\"' inside a string is written \\\"";
    return true;
}

/* The comma before the fault is one too many. */
static bool
hint_extra_comma(struct sp_json_fault *fault)
{
    bool closes = (fault->expected == SP_JSON_KEY && is_byte(fault, '}'))
               || (fault->expected == SP_JSON_ELEMENT && is_byte(fault, ']'));
    bool again = is_byte(fault, ',')
              && (sp_json_wants_key(fault->expected) || sp_json_wants_value(fault->expected))
              && fault->expected != SP_JSON_VALUE && fault->expected != SP_JSON_ROOT;

    if (!closes && !again) {
        return false;
    }
    if (closes) {
        fault->span = (struct sp_span){ .start = fault->before - 1, .end = fault->before };
    }
    fault->label = "this comma is one too many";
    fault->help = closes && is_byte(fault, '}') ? "remove the comma before '}'"
                : closes ? "remove the comma before ']'"
                         : "remove the comma";
    fault->edit = fault->span;
    fault->edit_text = "";
    return true;
}

static bool
hint_dots(struct sp_json_fault *fault)
{
    if (!sp_str_has_prefix(rest_of_text(fault), "...")) {
        return false;
    }
    fault->span.end = fault->span.start + 3;
    fault->help = "three dots often stand for what was left out: write it out";
    return true;
}

static bool
hint_colon(struct sp_json_fault *fault)
{
    if (fault->expected != SP_JSON_COLON) {
        return false;
    }
    if (is_byte(fault, '=')) {
        fault->help = "JSON writes ':' between a key and its value";
    } else if (is_byte(fault, ',') || is_byte(fault, '}')) {
        fault->span = (struct sp_span){ .start = fault->before, .end = fault->before };
        fault->label = "this key has no value";
        fault->help = "add ':' and a value; a list without keys stands in '[' and ']'";
    } else {
        fault->span = (struct sp_span){ .start = fault->before, .end = fault->before };
        fault->label = "a colon is missing here";
    }
    return true;
}

/* ']' where '}' should close, and the other way round. */
static bool
hint_bracket(struct sp_json_fault *fault)
{
    if (fault->open == NULL || (!is_byte(fault, ']') && !is_byte(fault, '}'))) {
        return false;
    }
    fault->shows_open = true;
    if (sp_json_wants_value(fault->expected) && fault->expected == SP_JSON_VALUE) {
        fault->help = "write the value; null stands for none";
        fault->shows_open = false;
    } else {
        fault->help = fault->open->kind == SP_NODE_OBJECT ? "an object closes with '}'"
                                                          : "an array closes with ']'";
    }
    return true;
}

static bool
hint_after(struct sp_json_fault *fault)
{
    if (fault->expected != SP_JSON_END) {
        return false;
    }
    fault->help = is_byte(fault, '}') || is_byte(fault, ']')
        ? "this bracket closes nothing: remove it, or look for one that closed too early"
        : "a JSON text holds one value; put a second one into a file of its own";
    return true;
}

static bool
always(const struct sp_json_fault *fault)
{
    (void)fault;
    return true;
}

static bool
in_array(const struct sp_json_fault *fault)
{
    return fault->open != NULL && fault->open->kind == SP_NODE_ARRAY;
}

static bool
after_colon(const struct sp_json_fault *fault)
{
    return fault->expected == SP_JSON_VALUE;
}

static bool
after_member(const struct sp_json_fault *fault)
{
    return fault->expected == SP_JSON_AFTER_MEMBER;
}

static bool
wants_key(const struct sp_json_fault *fault)
{
    return sp_json_wants_key(fault->expected);
}

static bool
wants_text(const struct sp_json_fault *fault)
{
    return sp_json_wants_key(fault->expected) || sp_json_wants_value(fault->expected);
}

/* What a single character may have been meant for; NUL stands for any. */
static const struct {
    char byte;
    bool (*applies)(const struct sp_json_fault *fault);
    const char *help;
} bytes[] = {
    { .byte = ';', .applies = always, .help = "JSON writes ',' between values" },
    { .byte = ':', .applies = in_array,
      .help = "an array has no keys; members with keys stand in '{' and '}'" },
    { .byte = ':', .applies = after_colon, .help = "one ':' is enough" },
    { .byte = ':', .applies = after_member,
      .help = "a key has one value; if this one is a key, a ',' belongs before it" },
    { .byte = ':', .applies = wants_key,
      .help = "write the key before the ':', in double quotes" },
    { .byte = '(', .applies = always,
      .help = "JSON has no parentheses: arrays stand in '[' and ']'" },
    { .byte = '{', .applies = wants_key,
      .help = "an object holds members with keys; two braces often come from a template that "
              "was not filled in" },
    { .byte = '\0', .applies = wants_text, .help = "strings and keys stand in double quotes" },
};

static bool
hint_byte(struct sp_json_fault *fault)
{
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        bool is_meant = bytes[i].byte == '\0' || is_byte(fault, bytes[i].byte);
        if (is_meant && bytes[i].applies(fault)) {
            fault->help = bytes[i].help;
            return true;
        }
    }
    return false;
}

static bool
hint_point(struct sp_json_fault *fault)
{
    if (fault->found.kind != SP_JSON_TOKEN_POINT) {
        return false;
    }
    fault->help = sp_json_point_is_visible(fault->found.point)
        ? "strings and keys stand in double quotes"
        : "only space, tab and line end may stand between the parts: remove it";
    return true;
}

/* In this order: the first that applies is the only one. */
static bool (*const hints[])(struct sp_json_fault *fault) = {
    hint_conflict,
    hint_comment,
    hint_end,
    hint_inner_quote,
    hint_missing_comma,
    hint_extra_comma,
    hint_dots,
    hint_point,
    sp_json_hint_quotes,
    hint_after,
    hint_colon,
    sp_json_hint_word,
    sp_json_hint_number,
    hint_bracket,
    hint_byte,
};

bool
sp_json_hint(struct sp_json_fault *fault)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (hints[i](fault)) {
            return true;
        }
    }
    return false;
}

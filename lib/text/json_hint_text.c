#include "text/json_fault.h"

#include "text/utf8.h"

#include <string.h>

/* What a whole text is, when it is no JSON at all: told from its beginning. */

static struct sp_str
first_line(struct sp_str *rest)
{
    struct sp_str line;

    return sp_str_next(rest, "\n", &line) ? sp_str_trim(line) : SP_STR("");
}

/* The first line that says something: neither empty nor a comment of YAML. */
static struct sp_str
first_words(struct sp_str text)
{
    struct sp_str line = first_line(&text);

    while (text.len > 0 && (line.len == 0 || line.ptr[0] == '#')) {
        line = first_line(&text);
    }
    return line;
}

/* "key: value", "key:", "- value", "---" or "%YAML". */
static bool
is_yaml_line(struct sp_str line)
{
    size_t at = 0;

    if (sp_str_is(line, "---") || sp_str_has_prefix(line, "--- ")
        || sp_str_has_prefix(line, "%YAML") || sp_str_has_prefix(line, "- ")) {
        return true;
    }
    while (at < line.len && (sp_json_is_word(line.ptr[at]) || line.ptr[at] == '-'
                             || line.ptr[at] == '.' || line.ptr[at] == '/')) {
        at++;
    }
    return at > 0 && !sp_json_is_digit(line.ptr[0]) && at < line.len && line.ptr[at] == ':'
        && (at + 1 == line.len || sp_json_is_space(line.ptr[at + 1]));
}

static bool
hint_yaml(struct sp_json_fault *fault, struct sp_str text)
{
    struct sp_str line = first_words(text);

    if (!is_yaml_line(line)) {
        return false;
    }
    fault->span.start = (uint32_t)(line.ptr - fault->reader->begin);
    fault->span.end = fault->span.start + (uint32_t)line.len;
    fault->message = "expected JSON, found YAML";
    fault->help = "engines read JSON only; give the file the ending .yaml if YAML is meant";
    return true;
}

static bool
is_one_word(struct sp_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] <= ' ' || strchr("\"{}[],", text.ptr[i]) != NULL) {
            return false;
        }
    }
    return true;
}

static bool
hint_path(struct sp_json_fault *fault, struct sp_str text)
{
    static const char *const prefixes[] = { "/", "./", "../", "~/", "@", "file:", "http:",
                                            "https:", "seccomp=", "localhost/" };
    static const char *const suffixes[] = { ".json", ".yaml", ".yml" };
    bool is_path = false;

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        is_path = is_path || sp_str_has_prefix(text, prefixes[i]);
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        is_path = is_path || sp_str_has_suffix(text, suffixes[i]);
    }
    if (!is_path || !is_one_word(text) || sp_str_has_prefix(text, "//")
        || sp_str_has_prefix(text, "/*")) {
        return false;
    }
    fault->span.end = fault->span.start + (uint32_t)text.len;
    fault->message = "this is the name of a file, not JSON";
    fault->help = "an engine's API wants the text of the profile: pass what the file holds, "
                  "not where it is";
    return true;
}

static bool
hint_bom(struct sp_json_fault *fault, struct sp_str text)
{
    if (!sp_str_has_prefix(text, SP_UTF8_BOM)) {
        return false;
    }
    fault->message = "the text begins with a byte order mark, which JSON does not allow";
    fault->help = "remove the byte order mark (editors call it \"UTF-8 with BOM\"); engines "
                  "refuse it";
    fault->edit = fault->found.span;
    fault->edit_text = "";
    return true;
}

static bool
hint_page(struct sp_json_fault *fault, struct sp_str text)
{
    if (!sp_str_has_prefix(text, "<") || sp_str_has_prefix(text, "<<<<<<<")) {
        return false;
    }
    fault->message = "expected JSON, found HTML or XML";
    fault->help = "a download may have given an error page instead of the file";
    return true;
}

static bool
hint_binary(struct sp_json_fault *fault, struct sp_str text)
{
    (void)text;
    if (fault->found.kind != SP_JSON_TOKEN_BROKEN
        && !(fault->found.kind == SP_JSON_TOKEN_POINT && fault->found.point < 0x80)) {
        return false;
    }
    fault->help = "this is not text; a profile is text in JSON";
    return true;
}

/* Tools write their name into the first line; then it is no longer JSON. */
static bool
hint_first_comment(struct sp_json_fault *fault, struct sp_str text)
{
    if (!sp_str_has_prefix(text, "//")) {
        return false;
    }
    fault->help = "remove the line: some recorders write one, but JSON has no comments and "
                  "engines refuse them";
    return true;
}

/* Hints on the first token of a text; `text` begins there. */
static bool (*const root_hints[])(struct sp_json_fault *fault, struct sp_str text) = {
    hint_bom, hint_path, hint_yaml, hint_page, hint_first_comment, hint_binary,
};

/* "[Service]" begins as an array does. */
static bool
hint_unit(struct sp_json_fault *fault)
{
    struct sp_str text = sp_str_trim(fault->reader->source->text);
    struct sp_str line = first_line(&text);  /* and `text` is what follows */

    if (fault->expected != SP_JSON_FIRST_ELEMENT || fault->found.kind != SP_JSON_TOKEN_WORD
        || fault->open->parent != NULL || text.len == 0 || !sp_str_has_suffix(line, "]")
        || line.len != fault->found.span.end - fault->open->span.start + 1) {
        return false;
    }
    fault->message = "expected JSON, found a section of an INI file";
    fault->help = "if this is a systemd unit, name it so: its ending is .service, .socket or "
                  ".conf";
    return true;
}

/* "404: Not Found", the answer of a server that hosts repositories. */
static bool
hint_answer(struct sp_json_fault *fault)
{
    if (fault->expected != SP_JSON_END
        || !sp_str_has_prefix(fault->reader->source->text, "404: Not Found")) {
        return false;
    }
    fault->help = "this is what a web server answers when it has no such file: look at the "
                  "address";
    return true;
}

bool
sp_json_hint_text(struct sp_json_fault *fault)
{
    struct sp_str whole = fault->reader->source->text;
    struct sp_str text = sp_str_trim(sp_str_slice(whole, fault->found.span.start, whole.len));

    if (fault->expected != SP_JSON_ROOT) {
        return hint_unit(fault) || hint_answer(fault);
    }
    for (size_t i = 0; i < sizeof root_hints / sizeof *root_hints; i++) {
        if (root_hints[i](fault, text)) {
            return true;
        }
    }
    return false;
}

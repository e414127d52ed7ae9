#include "format/read_looks.h"

#include "kb/kb.h"
#include "text/utf8.h"

#include <string.h>

static struct sp_str
without_mark(struct sp_str text)
{
    return sp_str_has_prefix(text, SP_UTF8_BOM)
        ? sp_str_slice(text, strlen(SP_UTF8_BOM), text.len) : text;
}

/* The next line that is neither empty nor a comment behind one of `marks`, without white
 * space. */
static bool
next_line(struct sp_str *rest, const char *marks, struct sp_str *ret_line)
{
    struct sp_str line;

    while (sp_str_next(rest, "\n", &line)) {
        line = sp_str_trim(line);
        if (line.len > 0 && line.ptr[0] != '\0' && strchr(marks, line.ptr[0]) == NULL) {
            *ret_line = line;
            return true;
        }
    }
    return false;
}

static bool
is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool
is_word_byte(char byte)
{
    return is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '_';
}

static struct sp_str
first_word(struct sp_str line)
{
    size_t len = 0;

    while (len < line.len && is_word_byte(line.ptr[len])) {
        len++;
    }
    return sp_str_slice(line, 0, len);
}

/* [Service], with a remark behind it at most. */
static bool
is_section(struct sp_str line)
{
    size_t len = 1;

    if (line.len < 3 || line.ptr[0] != '[' || line.ptr[1] < 'A' || line.ptr[1] > 'Z') {
        return false;
    }
    while (len < line.len && (is_word_byte(line.ptr[len]) || line.ptr[len] == '-')) {
        len++;
    }
    return len < line.len && line.ptr[len] == ']';
}

bool
sp_read_looks_systemd(struct sp_str text)
{
    struct sp_str rest = without_mark(text);
    struct sp_str line;

    return next_line(&rest, "#;", &line) && is_section(line);
}

static size_t
line_length(struct sp_str text)
{
    const char *end = memchr(text.ptr, '\n', text.len);

    return end == NULL ? text.len : (size_t)(end - text.ptr);
}

/* "{ read, write }: allow": calls of minijail that share a filter. */
static bool
is_minijail_set(struct sp_str line)
{
    const char *end = line.len > 0 && line.ptr[0] == '{' ? memchr(line.ptr, '}', line.len) : NULL;
    struct sp_str inside = sp_str_slice(line, 1, end == NULL ? 1 : (size_t)(end - line.ptr));
    struct sp_str behind = end == NULL
        ? SP_STR("") : sp_str_trim(sp_str_slice(line, inside.len + 2, line.len));

    return first_word(sp_str_trim(inside)).len > 0 && sp_str_has_prefix(behind, ":");
}

bool
sp_read_looks_json(struct sp_str text)
{
    struct sp_str rest = sp_str_trim(without_mark(text));

    return rest.len > 0 && rest.ptr[0] != '\0' && strchr("{[\"", rest.ptr[0]) != NULL
        && !sp_str_has_prefix(rest, "{{") && !sp_read_looks_systemd(text)
        && !is_minijail_set(sp_str_slice(rest, 0, line_length(rest)));
}

bool
sp_read_looks_yaml(struct sp_str text)
{
    struct sp_str rest = without_mark(text);
    struct sp_str line;

    return next_line(&rest, "#", &line)
        && (sp_str_is(line, "---") || sp_str_has_prefix(line, "apiVersion:")
            || sp_str_has_prefix(line, "kind:"));
}

bool
sp_read_looks_like_spo(struct sp_str text)
{
    struct sp_str rest = without_mark(text);
    struct sp_str line;
    bool is_spo = false;

    while (sp_str_next(&rest, "\n", &line)) {
        is_spo = is_spo || sp_str_has_prefix(line, "defaultAction:")
            || sp_str_has_prefix(line, "kind: SeccompProfile");
    }
    return is_spo && memmem(text.ptr, text.len, "{{", 2) == NULL;
}

bool
sp_read_looks_minijail(struct sp_str text)
{
    static const char *const words[] = { "1", "0", "{", "allow", "return", "kill", "kill-process",
                                         "kill-thread", "trap", "trace", "log", "user-notify",
                                         "arg0", "arg1", "arg2", "arg3", "arg4", "arg5" };
    struct sp_str rest = without_mark(text);
    struct sp_str line;

    if (!next_line(&rest, "#", &line)) {
        return false;
    }
    if (sp_str_has_prefix(line, "@include") || sp_str_has_prefix(line, "@default")
        || sp_str_has_prefix(line, "@frequency") || sp_str_has_prefix(line, "@denylist")
        || is_minijail_set(line)) {
        return true;
    }
    struct sp_str name = first_word(line);
    struct sp_str behind = sp_str_trim(sp_str_slice(line, name.len, line.len));
    if (sp_str_has_prefix(behind, "[arch")) {
        return true;
    }
    if (name.len == 0 || !sp_str_has_prefix(behind, ":")) {
        return false;
    }
    behind = sp_str_trim(sp_str_slice(behind, 1, behind.len));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct sp_str after = sp_str_slice(behind, strlen(words[i]), behind.len);
        bool is_whole = after.len == 0 || words[i][0] == '{' || !is_word_byte(after.ptr[0]);
        if (sp_str_has_prefix(behind, words[i]) && is_whole) {
            return true;
        }
    }
    return false;
}

bool
sp_read_looks_firejail(struct sp_str text)
{
    struct sp_str rest = without_mark(text);
    struct sp_str line;

    while (next_line(&rest, "#", &line)) {
        if (sp_str_is(line, "seccomp") || sp_str_has_prefix(line, "seccomp ")
            || sp_str_has_prefix(line, "seccomp.")) {
            return true;
        }
    }
    return false;
}

/* ---- Kafel ----------------------------------------------------------------------------- */

/* Takes white space and comments of C off. */
static struct sp_str
skip_blank(struct sp_str text)
{
    for (;;) {
        const char *end = NULL;
        text = sp_str_trim(text);
        if (sp_str_has_prefix(text, "//")) {
            end = memchr(text.ptr, '\n', text.len);
        } else if (sp_str_has_prefix(text, "/*")) {
            end = memmem(text.ptr + 2, text.len - 2, "*/", 2);
            end = end == NULL ? NULL : end + 2;
        } else {
            return text;
        }
        text = end == NULL ? SP_STR("")
                           : sp_str_slice(text, (size_t)(end - text.ptr), text.len);
    }
}

static bool
is_kafel_action(struct sp_str word)
{
    static const char *const actions[] = { "ALLOW", "LOG", "KILL", "KILL_PROCESS", "KILL_THREAD",
                                           "DENY", "ERRNO", "TRAP", "TRACE", "USER_NOTIF" };

    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (sp_str_is(word, actions[i])) {
            return true;
        }
    }
    return false;
}

bool
sp_read_looks_kafel(struct sp_str text)
{
    struct sp_str rest = skip_blank(without_mark(text));

    if (sp_str_has_prefix(rest, "#define") || sp_str_has_prefix(rest, "#include")) {
        return true;
    }
    struct sp_str word = first_word(rest);
    struct sp_str behind = skip_blank(sp_str_slice(rest, word.len, rest.len));
    if (sp_str_is(word, "POLICY") || sp_str_is(word, "USE") || sp_str_is(word, "DEFAULT")) {
        return behind.len > 0 && is_letter(behind.ptr[0]);
    }
    return is_kafel_action(word) && (sp_str_has_prefix(behind, "{") || sp_str_has_prefix(behind, "("));
}

/* ---- the rest -------------------------------------------------------------------------- */

bool
sp_read_looks_list(struct sp_str text)
{
    struct sp_str rest = without_mark(text);
    struct sp_str line;
    struct sp_str word;
    bool has_name = false;

    if (!next_line(&rest, "#", &line) || !sp_str_next(&line, "#", &rest)) {
        return false;
    }
    while (sp_str_next(&rest, " \t,\"'", &word)) {
        if (word.len > 0 && word.ptr[0] != '@' && sp_kb_syscall_find(word) == NULL) {
            return false;
        }
        has_name = has_name || word.len > 0;
    }
    return has_name;
}

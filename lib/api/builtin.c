/* The built-in profiles, by name. */
#include "api/text.h"
#include "kb/defaults.h"
#include "report/builtins.h"

#include <string.h>

const char *
secprof_builtin(size_t n)
{
    return n < sp_kb_all_series_count ? sp_kb_text(sp_kb_all_series[n].name) : NULL;
}

static void
write_series(bool is_json, struct sp_buf *out)
{
    if (is_json) {
        sp_render_series_json(out);
    } else {
        sp_render_series_text(out);
    }
}

/* All contents of a series, or the one of a release. */
static void
write_contents(struct sp_str word, const struct sp_kb_builtin *builtin, bool is_json,
               struct sp_buf *out)
{
    bool has_release = memchr(word.ptr, '@', word.len) != NULL;
    const struct sp_kb_default *only = has_release ? builtin->content : NULL;

    if (is_json) {
        sp_render_contents_json(builtin->series, only, out);
    } else {
        sp_render_contents_text(builtin->series, only, out);
    }
}

enum secprof_status
secprof_builtins(const char *name, const char *format, char **ret_text)
{
    bool is_json = format != NULL && strcmp(format, "json") == 0;
    struct sp_str word = sp_str_of(name);
    struct sp_kb_builtin builtin;
    SP_BUF(out);

    if (format == NULL || (!is_json && strcmp(format, "text") != 0) || ret_text == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    if (name == NULL) {
        write_series(is_json, &out);
    } else if (sp_kb_builtin_find(word, &builtin)) {
        write_contents(word, &builtin, is_json, &out);
    } else {
        bool has_series = sp_render_builtin_unknown(word, &out);
        return sp_api_give(&out, has_series ? SECPROF_REFUSED : SECPROF_UNKNOWN, ret_text);
    }
    return sp_api_give(&out, SECPROF_OK, ret_text);
}

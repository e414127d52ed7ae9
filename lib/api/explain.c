#include "api/text.h"
#include "base/names.h"
#include "ops/subject.h"
#include "report/explain.h"
#include "report/glyph.h"

#include <secprof.h>

enum format { FORMAT_JSON, FORMAT_MARKDOWN, FORMAT_TEXT };

static const struct sp_name format_rows[] = {
    { .name = "json", .value = FORMAT_JSON },
    { .name = "markdown", .value = FORMAT_MARKDOWN },
    { .name = "text", .value = FORMAT_TEXT },
};

static void
write_unknown(const char *word, struct sp_buf *buf)
{
    struct sp_closest closest = sp_subject_closest(sp_str_of(word));

    sp_buf_text(buf, "no system call, capability, group, rule or errno is called '");
    sp_glyph_add(buf, sp_str_of(word));
    sp_buf_char(buf, '\'');
    for (size_t i = 0; i < closest.count; i++) {
        sp_buf_format(buf, "%s%s", i == 0 ? "; closest: " : ", ", closest.best[i].name);
    }
}

static void
write_page(const struct sp_subject *subject, enum format format, const struct sp_style *style,
           struct sp_buf *buf)
{
    switch (format) {
    case FORMAT_JSON:
        sp_explain_json(subject, buf);
        break;
    case FORMAT_MARKDOWN:
        sp_explain_markdown(subject->rule, buf);
        break;
    case FORMAT_TEXT:
        sp_explain_text(subject, style, buf);
        break;
    }
}

enum secprof_status
secprof_explain(struct secprof *context, const char *word, const char *format,
                const struct secprof_style *style, char **ret_text)
{
    struct sp_style plain = { .color = false };
    int wanted;
    SP_BUF(buf);

    if (context == NULL || word == NULL || format == NULL || ret_text == NULL
        || !sp_names_find(SP_NAMES(format_rows), sp_str_of(format), &wanted)) {
        return SECPROF_BAD_ARGUMENT;
    }
    if (style != NULL) {
        plain = (struct sp_style){ .color = style->color, .width = style->width };
    }

    struct sp_subject subject = sp_subject_of(sp_str_of(word));
    if (subject.kind == SP_SUBJECT_UNKNOWN) {
        write_unknown(word, &buf);
        return sp_api_give(&buf, SECPROF_UNKNOWN, ret_text);
    }
    if (wanted == FORMAT_MARKDOWN && subject.kind != SP_SUBJECT_RULE) {
        return SECPROF_BAD_ARGUMENT;
    }
    write_page(&subject, (enum format)wanted, &plain, &buf);
    return sp_api_give(&buf, SECPROF_OK, ret_text);
}

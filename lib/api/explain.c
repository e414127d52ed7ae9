#include "ops/subject.h"
#include "report/explain.h"

#include <secprof.h>
#include <string.h>

static enum secprof_status
take(struct sp_buf *buf, enum secprof_status status, char **ret_text)
{
    size_t size;
    char *text = sp_buf_take(buf, &size);

    if (text == NULL) {
        return SECPROF_NO_MEMORY;
    }
    *ret_text = text;
    return status;
}

static void
write_unknown(const char *word, struct sp_buf *buf)
{
    struct sp_closest closest = sp_subject_closest(sp_str_of(word));

    sp_buf_format(buf, "no system call, capability, group, rule or errno is called '%s'", word);
    for (size_t i = 0; i < closest.count; i++) {
        sp_buf_format(buf, "%s%s", i == 0 ? "; closest: " : ", ", closest.best[i].name);
    }
}

enum secprof_status
secprof_explain(struct secprof *context, const char *word, const char *format,
                const struct secprof_style *style, char **ret_text)
{
    struct sp_style plain = { .color = false };
    SP_BUF(buf);

    if (context == NULL || word == NULL || format == NULL || ret_text == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    if (style != NULL) {
        plain = (struct sp_style){ .color = style->color, .width = style->width };
    }

    struct sp_subject subject = sp_subject_of(sp_str_of(word));
    if (subject.kind == SP_SUBJECT_UNKNOWN) {
        write_unknown(word, &buf);
        return take(&buf, SECPROF_UNKNOWN, ret_text);
    }
    if (strcmp(format, "text") == 0) {
        sp_explain_text(&subject, &plain, &buf);
    } else if (strcmp(format, "json") == 0) {
        sp_explain_json(&subject, &buf);
    } else if (strcmp(format, "markdown") == 0 && subject.kind == SP_SUBJECT_RULE) {
        sp_explain_markdown(subject.rule, &buf);
    } else {
        return SECPROF_BAD_ARGUMENT;
    }
    return take(&buf, SECPROF_OK, ret_text);
}

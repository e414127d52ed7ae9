#include "report/rules_list.h"

#include "kb/kb.h"
#include "lint/settings.h"
#include "report/json_parts.h"
#include "report/paint.h"
#include "report/wrap.h"

#include <string.h>

/* "SP401  warning  " */
enum { SEVERITY_COLUMNS = sizeof "warning" - 1, SLUG_COLUMN = 7 + SEVERITY_COLUMNS + 2 };

static size_t
longest_slug(void)
{
    size_t longest = 0;

    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        size_t length = strlen(sp_kb_text(sp_kb_rules[i].slug));
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* A word and the spaces that fill its column and part it from the next. */
static void
add_cell(struct sp_buf *out, const struct sp_style *style, enum sp_paint paint,
         const char *word, size_t columns)
{
    sp_paint_text(out, style, paint, word);
    sp_buf_repeat(out, ' ', columns + 2 - strlen(word));
}

static void
add_row(struct sp_buf *out, const struct sp_style *style, const struct sp_kb_rule *rule,
        size_t slug_columns, struct sp_str prefix)
{
    sp_buf_format(out, "SP%03u  ", rule->code);
    add_cell(out, style, sp_paint_of(rule->severity), sp_severity_text(rule->severity),
             SEVERITY_COLUMNS);
    add_cell(out, style, SP_PAINT_PLAIN, sp_kb_text(rule->slug), slug_columns);
    sp_wrap_add(out, &(struct sp_wrap){
        .width = style->width, .column = prefix.len, .prefix = prefix,
    }, sp_str_of(sp_kb_text(rule->summary)));
    sp_buf_char(out, '\n');
}

void
sp_render_rules_text(struct sp_buf *out, const struct sp_style *style)
{
    size_t slug_columns = longest_slug();
    SP_BUF(prefix);

    sp_buf_repeat(&prefix, ' ', SLUG_COLUMN + slug_columns + 2);
    out->failed |= prefix.failed;
    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        add_row(out, style, &sp_kb_rules[i], slug_columns, sp_buf_view(&prefix));
    }
}

static void
add_object(struct sp_json *json, struct cJSON *list, const struct sp_kb_rule *rule)
{
    struct cJSON *object = sp_json_object(json, list, NULL);
    SP_BUF(code);

    sp_buf_format(&code, "SP%03u", rule->code);
    json->failed |= code.failed;
    sp_json_view(json, object, "code", sp_buf_view(&code));
    sp_json_string(json, object, "slug", sp_kb_text(rule->slug));
    sp_json_string(json, object, "severity", sp_severity_text(rule->severity));
    sp_json_string(json, object, "since", sp_kb_text(rule->since));
    sp_json_string(json, object, "summary", sp_kb_text(rule->summary));
}

void
sp_render_rules_json(struct sp_buf *out)
{
    struct sp_json json = sp_json_answer("rules");
    struct cJSON *list = sp_json_array(&json, NULL, "rules");

    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        add_object(&json, list, &sp_kb_rules[i]);
    }
    sp_json_print_within(&json, 0, out);
    sp_buf_char(out, '\n');
    sp_json_free(&json);
}

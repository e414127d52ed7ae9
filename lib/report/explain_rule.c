/* A rule of the linter: what it finds, why that matters, what to do. */
#include "lint/settings.h"
#include "report/explain.h"

#include <stdio.h>

struct code_text {
    char text[8];
};

static struct code_text
code_of(const struct sp_kb_rule *rule)
{
    struct code_text code;

    snprintf(code.text, sizeof code.text, "SP%03u", rule->code);
    return code;
}

void
sp_explain_rule_text(const struct sp_kb_rule *rule, struct sp_page *page)
{
    SP_BUF(answer);

    sp_buf_format(&answer, "%s (%s, %s)", sp_kb_text(rule->summary), sp_kb_text(rule->slug),
                  sp_severity_text(rule->severity));
    sp_page_answer(page, code_of(rule).text, sp_buf_part(&answer, &page->out->failed));
    sp_page_label(page, "why");
    sp_page_text(page, sp_str_of(sp_kb_text(rule->why)));
    sp_page_label(page, "fix");
    sp_page_text(page, sp_str_of(sp_kb_text(rule->fix)));
    sp_page_label(page, "bad");
    sp_page_lines(page, sp_str_of(sp_kb_text(rule->bad)));
    sp_page_label(page, "good");
    sp_page_lines(page, sp_str_of(sp_kb_text(rule->good)));
    if (rule->options != 0) {
        sp_page_label(page, "with");
        sp_page_text(page, sp_str_of(sp_kb_text(rule->options)));
    }
    sp_page_label(page, "references");
    for (size_t i = 0; i < rule->references.count; i++) {
        sp_page_text(page, sp_str_of(sp_kb_text(sp_kb_texts[rule->references.first + i])));
    }
}

void
sp_explain_rule_json(const struct sp_kb_rule *rule, struct sp_json *json)
{
    sp_json_string(json, NULL, "rule", code_of(rule).text);
    sp_json_string(json, NULL, "slug", sp_kb_text(rule->slug));
    sp_json_string(json, NULL, "severity", sp_severity_text(rule->severity));
    sp_json_string(json, NULL, "since", sp_kb_text(rule->since));
    sp_json_string(json, NULL, "summary", sp_kb_text(rule->summary));
    sp_json_string(json, NULL, "why", sp_kb_text(rule->why));
    sp_json_string(json, NULL, "fix", sp_kb_text(rule->fix));
    sp_json_string(json, NULL, "bad", sp_kb_text(rule->bad));
    sp_json_string(json, NULL, "good", sp_kb_text(rule->good));
    struct cJSON *references = sp_json_array(json, NULL, "references");
    for (size_t i = 0; i < rule->references.count; i++) {
        sp_json_string(json, references, NULL,
                       sp_kb_text(sp_kb_texts[rule->references.first + i]));
    }
}

static void
write_example(struct sp_buf *out, const char *title, sp_text example)
{
    struct sp_str text = sp_str_of(sp_kb_text(example));

    sp_buf_format(out, "## %s\n\n```json\n%s%s```\n\n", title, text.ptr,
                  sp_str_has_suffix(text, "\n") ? "" : "\n");
}

void
sp_explain_markdown(const struct sp_kb_rule *rule, struct sp_buf *out)
{
    sp_buf_format(out, "# %s %s\n\n%s\n\n", code_of(rule).text, sp_kb_text(rule->slug),
                  sp_kb_text(rule->summary));
    sp_buf_format(out, "Severity: %s. Since secprof %s.\n\n", sp_severity_text(rule->severity),
                  sp_kb_text(rule->since));
    sp_buf_format(out, "## Why\n\n%s\n\n", sp_kb_text(rule->why));
    sp_buf_format(out, "## What to do\n\n%s\n\n", sp_kb_text(rule->fix));
    write_example(out, "Found", rule->bad);
    write_example(out, "Not found", rule->good);
    if (rule->options != 0) {
        sp_buf_format(out, "Both with `%s`.\n\n", sp_kb_text(rule->options));
    }
    if (rule->references.count > 0) {
        sp_buf_text(out, "## References\n\n");
    }
    for (size_t i = 0; i < rule->references.count; i++) {
        sp_buf_format(out, "- %s\n", sp_kb_text(sp_kb_texts[rule->references.first + i]));
    }
}

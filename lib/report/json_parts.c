#include "report/json_parts.h"

#include "kb/kb.h"

enum { STEP = 2 };

struct sp_json
sp_json_answer(const char *name)
{
    struct sp_json json = sp_json_new();
    SP_BUF(schema);

    sp_buf_format(&schema, "secprof/%s/1", name);
    json.failed |= schema.failed;
    sp_json_view(&json, NULL, "schema", sp_buf_view(&schema));
    sp_json_string(&json, NULL, "secprof", SECPROF_VERSION);
    sp_json_string(&json, NULL, "kb", sp_kb_date);
    return json;
}

/* A line break in JSON text is never part of a string. */
void
sp_json_print_within(struct sp_json *json, unsigned depth, struct sp_buf *out)
{
    SP_BUF(text);
    struct sp_str line;

    if (!sp_json_print(json, true, &text)) {
        out->failed = true;
        return;
    }
    struct sp_str rest = sp_buf_view(&text);
    for (bool is_first = true; sp_str_next(&rest, "\n", &line); is_first = false) {
        if (!is_first) {
            sp_buf_char(out, '\n');
            sp_buf_repeat(out, ' ', (size_t)depth * STEP);
        }
        sp_buf_add(out, line);
    }
}

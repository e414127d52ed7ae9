#include "text/json_layout.h"

#include <assert.h>
#include <inttypes.h>

static bool
is_plain(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\') {
            return false;
        }
    }
    return true;
}

static void
write_quoted(struct sp_buf *out, const char *text)
{
    assert(is_plain(text));
    sp_buf_char(out, '"');
    sp_buf_text(out, text);
    sp_buf_char(out, '"');
}

static void
new_line(struct sp_layout *layout)
{
    sp_buf_char(layout->out, '\n');
    for (unsigned i = 0; i < layout->depth; i++) {
        sp_buf_text(layout->out, layout->indent);
    }
}

/* What comes before a value: comma, line, key. */
static void
begin(struct sp_layout *layout, const char *key)
{
    if (layout->depth > 0) {
        sp_buf_text(layout->out, layout->has_member ? "," : "");
        new_line(layout);
    }
    layout->has_member = true;
    if (key != NULL) {
        write_quoted(layout->out, key);
        sp_buf_text(layout->out, ": ");
    }
}

void
sp_layout_open(struct sp_layout *layout, const char *key, char bracket)
{
    begin(layout, key);
    sp_buf_char(layout->out, bracket);
    layout->depth++;
    layout->has_member = false;
}

void
sp_layout_close(struct sp_layout *layout, char bracket)
{
    assert(layout->depth > 0);
    layout->depth--;
    if (layout->has_member) {
        new_line(layout);
    }
    sp_buf_char(layout->out, bracket);
    layout->has_member = true;
}

void
sp_layout_string(struct sp_layout *layout, const char *key, const char *value)
{
    begin(layout, key);
    write_quoted(layout->out, value);
}

void
sp_layout_u64(struct sp_layout *layout, const char *key, uint64_t value)
{
    begin(layout, key);
    sp_buf_format(layout->out, "%" PRIu64, value);
}

void
sp_layout_word(struct sp_layout *layout, const char *key, const char *word)
{
    begin(layout, key);
    sp_buf_text(layout->out, word);
}

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

static void
write_escaped(struct sp_buf *out, struct sp_str text)
{
    sp_buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (byte == '"' || byte == '\\') {
            sp_buf_char(out, '\\');
            sp_buf_char(out, byte);
        } else if (byte == '\n') {
            sp_buf_text(out, "\\n");
        } else if (byte == '\t') {
            sp_buf_text(out, "\\t");
        } else if ((unsigned char)byte < ' ' || byte == 0x7f) {
            sp_buf_format(out, "\\u%04x", (unsigned)byte);
        } else {
            sp_buf_char(out, byte);
        }
    }
    sp_buf_char(out, '"');
}

/* What comes before a value: comma, line, key. */
static void
begin(struct sp_layout *layout, const char *key)
{
    if (layout->has_key) {
        layout->has_key = false;
        return;
    }
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
sp_layout_key(struct sp_layout *layout, struct sp_str key)
{
    begin(layout, NULL);
    write_escaped(layout->out, key);
    sp_buf_text(layout->out, ": ");
    layout->has_key = true;
}

void
sp_layout_text(struct sp_layout *layout, const char *key, struct sp_str text)
{
    begin(layout, key);
    write_escaped(layout->out, text);
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

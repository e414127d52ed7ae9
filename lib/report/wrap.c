#include "report/wrap.h"

#include "report/glyph.h"

#include <stdbool.h>
#include <string.h>

/* However narrow the terminal, lines of prose get so many columns behind their prefix. */
enum { LEAST_ROOM = 20 };

static bool
is_space(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

static size_t
skip(struct sp_str text, size_t at, bool space)
{
    while (at < text.len && is_space(text.ptr[at]) == space) {
        at++;
    }
    return at;
}

static bool
has_open_backtick(struct sp_str word)
{
    bool open = false;

    for (size_t i = 0; i < word.len; i++) {
        open ^= word.ptr[i] == '`';
    }
    return open;
}

/* The end of the word at `at`; behind an opening backtick it is the end of the word with the
 * closing one, if that is less than `room` bytes away. */
static size_t
word_end(struct sp_str text, size_t at, size_t room)
{
    size_t end = skip(text, at, false);

    if (!has_open_backtick(sp_str_slice(text, at, end))) {
        return end;
    }
    struct sp_str rest = sp_str_slice(text, end, at + room);
    const char *close = rest.len == 0 ? NULL : memchr(rest.ptr, '`', rest.len);
    return close == NULL ? end : skip(text, (size_t)(close - text.ptr), false);
}

static void
add_word(struct sp_buf *out, struct sp_str word)
{
    for (size_t at = 0; at < word.len;) {
        size_t end = skip(word, at, false);
        sp_glyph_add(out, sp_str_slice(word, at, end));
        at = skip(word, end, true);
        if (at > end) {
            sp_buf_char(out, ' ');
        }
    }
}

/* Columns for words behind the prefix; 0 = as many as they need. */
static size_t
line_room(const struct sp_wrap *wrap, size_t indent)
{
    if (wrap->width == 0) {
        return 0;
    }
    return wrap->width < indent + LEAST_ROOM ? LEAST_ROOM : wrap->width - indent;
}

void
sp_wrap_add(struct sp_buf *out, const struct sp_wrap *wrap, struct sp_str text)
{
    size_t indent = sp_glyph_columns(wrap->prefix);
    size_t room = line_room(wrap, indent);
    size_t column = wrap->column;
    bool is_first = true;

    for (size_t at = skip(text, 0, true); at < text.len;) {
        size_t end = word_end(text, at, room);
        struct sp_str word = sp_str_slice(text, at, end);
        size_t columns = sp_glyph_columns(word);
        if (!is_first && room > 0 && column + 1 + columns > indent + room) {
            sp_buf_char(out, '\n');
            sp_buf_add(out, wrap->prefix);
            column = indent;
        } else if (!is_first) {
            sp_buf_char(out, ' ');
            column++;
        }
        add_word(out, word);
        column += columns;
        is_first = false;
        at = skip(text, end, true);
    }
}

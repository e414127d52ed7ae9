#include "text/source.h"

#include "text/utf8.h"

#include <assert.h>
#include <string.h>

/* One mark for so many bytes: 16,000 marks for 64 MiB, and a column costs microseconds. */
enum { MARK_BYTES = 4096 };

struct sp_source *
sp_source_new(struct sp_arena *arena, const char *name, struct sp_str text)
{
    struct sp_source *source = sp_arena_new(arena, struct sp_source);
    const char *copy = sp_arena_copy(arena, sp_str_of(name));

    assert(text.len < SP_SOURCE_MAX);
    if (source == NULL || copy == NULL) {
        return NULL;
    }
    *source = (struct sp_source){ .name = copy, .text = text };
    return source;
}

static const char *
find_byte(struct sp_str text, size_t from, char byte)
{
    return from < text.len ? memchr(text.ptr + from, byte, text.len - from) : NULL;
}

static size_t
count_lines(struct sp_str text)
{
    size_t count = 1;
    const char *at = find_byte(text, 0, '\n');

    while (at != NULL) {
        count++;
        at = find_byte(text, (size_t)(at - text.ptr) + 1, '\n');
    }
    return count;
}

static size_t
step(struct sp_str text, size_t at)
{
    uint32_t point;

    if ((unsigned char)text.ptr[at] < 0x80) {
        return 1;
    }
    size_t len = sp_utf8_decode(text.ptr + at, text.len - at, &point);
    return len == 0 ? 1 : len;
}

/* Bytes of ASCII at `at`, in steps of eight. */
static size_t
ascii_length(const char *at, size_t left)
{
    uint64_t word;
    size_t len = 0;

    while (left - len >= sizeof word) {
        memcpy(&word, at + len, sizeof word);
        if ((word & 0x8080808080808080u) != 0) {
            break;
        }
        len += sizeof word;
    }
    return len;
}

/* The first mark at or behind each multiple of MARK_BYTES. */
static void
set_marks(struct sp_str text, size_t start, struct sp_source_mark *marks, size_t count)
{
    uint32_t points = 0;
    size_t at = start;

    for (size_t i = 0; i < count; i++) {
        size_t end = i * MARK_BYTES;
        while (at < end) {
            size_t plain = ascii_length(text.ptr + at, end - at);
            size_t len = plain == 0 ? step(text, at) : plain;
            points += (uint32_t)(plain == 0 ? 1 : plain);
            at += len;
        }
        marks[i] = (struct sp_source_mark){ .offset = (uint32_t)at, .points = points };
    }
}

/* Lines of one size; an empty one behind the last, as behind a text's. */
static bool
index_records(struct sp_arena *arena, struct sp_source *source)
{
    size_t count = (source->text.len + source->record - 1) / source->record + 1;
    uint32_t *lines = sp_arena_new_array(arena, count, uint32_t);

    if (lines == NULL) {
        return false;
    }
    for (size_t i = 0; i + 1 < count; i++) {
        lines[i] = (uint32_t)(i * source->record);
    }
    lines[count - 1] = (uint32_t)source->text.len;
    source->lines = lines;
    source->line_count = (uint32_t)count;
    return true;
}

bool
sp_source_index(struct sp_arena *arena, struct sp_source *source)
{
    struct sp_str text = source->text;
    size_t start = sp_str_has_prefix(text, SP_UTF8_BOM) ? strlen(SP_UTF8_BOM) : 0;
    size_t count = 0;

    if (source->lines != NULL) {
        return true;
    }
    if (source->record != 0) {
        return index_records(arena, source);
    }

    size_t mark_count = text.len / MARK_BYTES + 1;
    struct sp_source_mark *marks = sp_arena_new_array(arena, mark_count, struct sp_source_mark);
    uint32_t *lines = sp_arena_new_array(arena, count_lines(text), uint32_t);
    if (marks == NULL || lines == NULL) {
        return false;
    }

    lines[count++] = (uint32_t)start;
    for (const char *at = find_byte(text, start, '\n'); at != NULL;) {
        size_t next = (size_t)(at - text.ptr) + 1;
        lines[count++] = (uint32_t)next;
        at = find_byte(text, next, '\n');
    }
    set_marks(text, start, marks, mark_count);

    source->lines = lines;
    source->line_count = (uint32_t)count;
    source->marks = marks;
    source->mark_count = (uint32_t)mark_count;
    return true;
}

/* Code points that lie wholly before `offset`. */
static uint32_t
points_before(const struct sp_source *source, size_t offset)
{
    size_t last = offset / MARK_BYTES;
    const struct sp_source_mark *mark = &source->marks[last];

    if (mark->offset > offset) {
        mark = last > 0 ? mark - 1 : mark;
    }
    uint32_t points = mark->points;
    for (size_t at = mark->offset; at < offset;) {
        at += step(source->text, at);
        points += at <= offset;
    }
    return points;
}

/* The number of the line, from 0, that holds the byte. */
static uint32_t
find_line(const struct sp_source *source, size_t offset)
{
    uint32_t low = 0;
    uint32_t high = source->line_count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Where the bytes of a line end, before its line end. */
static size_t
line_end(const struct sp_source *source, uint32_t line)
{
    size_t start = source->lines[line];

    if (line + 1 == source->line_count) {
        return source->text.len;
    }
    if (source->record != 0) {
        return source->lines[line + 1];
    }
    size_t end = source->lines[line + 1] - 1;
    return end > start && source->text.ptr[end - 1] == '\r' ? end - 1 : end;
}

struct sp_position
sp_source_position(const struct sp_source *source, uint32_t offset)
{
    assert(source->lines != NULL);

    uint32_t line = find_line(source, offset);
    size_t start = source->lines[line];
    size_t end = line_end(source, line);
    size_t at = offset < start ? start : offset > end ? end : offset;

    if (source->record != 0) {
        return (struct sp_position){ .line = line + 1, .column = (uint32_t)(at - start) + 1 };
    }
    return (struct sp_position){
        .line = line + 1,
        .column = points_before(source, at) - points_before(source, start) + 1,
    };
}

struct sp_str
sp_source_line(const struct sp_source *source, uint32_t line)
{
    assert(source->lines != NULL);

    if (line == 0 || line > source->line_count) {
        return SP_STR("");
    }
    return sp_str_slice(source->text, source->lines[line - 1], line_end(source, line - 1));
}

struct sp_str
sp_source_slice(const struct sp_source *source, struct sp_span span)
{
    return sp_str_slice(source->text, span.start, span.end);
}

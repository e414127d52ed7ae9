#include "base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Small enough that a profile of a few rules costs one block, large enough that Docker's
 * default (3,000 nodes) costs a handful. */
enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 1024 * 1024 };

struct sp_arena_block {
    struct sp_arena_block *next;
    size_t size;  /* of data */
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

static size_t
round_up(size_t size)
{
    const size_t unit = alignof(max_align_t);

    return (size + unit - 1) / unit * unit;
}

static size_t
next_block_size(const struct sp_arena *arena, size_t wanted)
{
    size_t size = arena->block == NULL ? FIRST_BLOCK : arena->block->size * 2;

    if (size > LARGEST_BLOCK) {
        size = LARGEST_BLOCK;
    }
    return size < wanted ? wanted : size;
}

static bool
add_block(struct sp_arena *arena, size_t wanted)
{
    size_t size = next_block_size(arena, wanted);
    struct sp_arena_block *block = malloc(sizeof *block + size);

    if (block == NULL) {
        arena->failed = true;
        return false;
    }
    *block = (struct sp_arena_block){ .next = arena->block, .size = size };
    arena->block = block;
    return true;
}

void *
sp_arena_alloc(struct sp_arena *arena, size_t size)
{
    struct sp_arena_block *block = arena->block;

    if (size > SIZE_MAX / 4) {
        arena->failed = true;
        return NULL;
    }

    size = round_up(size == 0 ? 1 : size);
    if (block == NULL || block->size - block->used < size) {
        if (!add_block(arena, size)) {
            return NULL;
        }
        block = arena->block;
    }

    void *memory = block->data + block->used;
    block->used += size;
    arena->used += size;
    return memset(memory, 0, size);
}

void *
sp_arena_array(struct sp_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        arena->failed = true;
        return NULL;
    }
    return sp_arena_alloc(arena, count * size);
}

char *
sp_arena_copy(struct sp_arena *arena, struct sp_str str)
{
    char *copy = sp_arena_alloc(arena, str.len + 1);

    if (copy != NULL && str.len > 0) {
        memcpy(copy, str.ptr, str.len);
    }
    return copy;
}

char *
sp_arena_format(struct sp_arena *arena, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (length < 0) {
        arena->failed = true;
        return NULL;
    }

    char *text = sp_arena_alloc(arena, (size_t)length + 1);
    if (text == NULL) {
        return NULL;
    }
    va_start(list, format);
    (void)vsnprintf(text, (size_t)length + 1, format, list);
    va_end(list);
    return text;
}

void
sp_arena_free(struct sp_arena *arena)
{
    struct sp_arena_block *block = arena->block;

    while (block != NULL) {
        struct sp_arena_block *next = block->next;
        free(block);
        block = next;
    }
    *arena = (struct sp_arena){ .block = NULL };
}

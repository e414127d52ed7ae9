/* An arena: memory that is handed out piece by piece and given back all at once.
 *
 * Every object of the library lives in the arena of its owner: a profile, a report or a
 * knowledge base is freed whole, never in parts.  Work memory lives in an arena on the stack:
 *
 *     SP_SCRATCH(scratch);
 *     char *copy = sp_arena_copy(&scratch, word);
 *
 * Memory comes zeroed.  When the system has none left, the call answers NULL and the arena
 * remembers it in `failed`, so that a builder may check once, at its end. */
#ifndef SP_BASE_ARENA_H
#define SP_BASE_ARENA_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct sp_arena_block;

struct sp_arena {
    struct sp_arena_block *block;  /* newest first */
    size_t used;                   /* bytes handed out, for limits and statistics */
    bool failed;                   /* an allocation was refused */
};

/* Zeroed memory for `size` bytes, aligned for any type; NULL when there is none. */
void *
sp_arena_alloc(struct sp_arena *arena, size_t size);

/* The same for `count` elements of `size` bytes; NULL also when the product overflows. */
void *
sp_arena_array(struct sp_arena *arena, size_t count, size_t size);

/* A copy of `str` that ends in NUL; NULL when there is no memory. */
char *
sp_arena_copy(struct sp_arena *arena, struct sp_str str);

/* Formatted text in the arena; NULL when there is no memory. */
char *
sp_arena_format(struct sp_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Gives everything back; the arena may be used again. */
void
sp_arena_free(struct sp_arena *arena);

#define sp_arena_new(arena, type) ((type *)sp_arena_alloc((arena), sizeof(type)))
#define sp_arena_new_array(arena, count, type) \
    ((type *)sp_arena_array((arena), (count), sizeof(type)))

/* An arena that is freed where its block ends. */
#define SP_SCRATCH(name) \
    __attribute__((cleanup(sp_arena_free))) struct sp_arena name = { .block = NULL }

#endif

/* A vector in an arena.
 *
 *     SP_VEC(struct sp_rule) rules;
 *     struct sp_rule *rule = sp_vec_push(arena, &rules);    NULL when there is no memory
 *
 * Elements may move when the vector grows: keep indices, not pointers, while building. */
#ifndef SP_BASE_VEC_H
#define SP_BASE_VEC_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

#define SP_VEC(type) struct { type *at; size_t count, capacity; }

/* A new zeroed element at the end. */
#define sp_vec_push(arena, vec) \
    (sp_vec_grow((arena), (void **)&(vec)->at, (vec)->count, &(vec)->capacity, \
                 sizeof *(vec)->at) ? &(vec)->at[(vec)->count++] : NULL)

/* Room for one more element of `size` bytes behind `count`; the work behind sp_vec_push. */
bool
sp_vec_grow(struct sp_arena *arena, void **at, size_t count, size_t *capacity, size_t size);

#endif

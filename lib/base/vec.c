#include "base/vec.h"

#include <string.h>

enum { FIRST_CAPACITY = 8 };

bool
sp_vec_grow(struct sp_arena *arena, void **at, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return true;
    }

    size_t wanted = *capacity == 0 ? FIRST_CAPACITY : *capacity * 2;
    void *grown = sp_arena_array(arena, wanted, size);
    if (grown == NULL) {
        return false;
    }
    if (count > 0) {
        memcpy(grown, *at, count * size);
    }
    *at = grown;
    *capacity = wanted;
    return true;
}

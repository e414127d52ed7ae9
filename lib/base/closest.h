/* Which of many names did the writer mean?
 *
 * Names are offered one by one; the closest few are kept, nearest first, ties in the order of
 * the offers.  The distance counts inserted, lost, replaced and swapped neighbouring bytes
 * (optimal string alignment); a difference of letter case counts nothing, `-`, `_` and space
 * count as equal.  A name is close when about a third of the word or less must change. */
#ifndef SP_BASE_CLOSEST_H
#define SP_BASE_CLOSEST_H

#include "base/str.h"

#include <stddef.h>

enum { SP_CLOSEST_MAX = 3, SP_CLOSEST_WORD_MAX = 64 };

struct sp_closest {
    struct sp_str word;
    unsigned limit;  /* a greater distance is not close */
    size_t count;
    struct {
        const char *name;
        unsigned distance;
    } best[SP_CLOSEST_MAX];
};

struct sp_closest
sp_closest_to(struct sp_str word);

/* `name` must live as long as the result is used. */
void
sp_closest_offer(struct sp_closest *closest, const char *name);

/* The distance described above; `limit + 1` as soon as it must exceed `limit`. */
unsigned
sp_closest_distance(struct sp_str left, struct sp_str right, unsigned limit);

#endif

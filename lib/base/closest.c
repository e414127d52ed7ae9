#include "base/closest.h"

#include <string.h>

static unsigned char
simplify(char byte)
{
    if (byte >= 'A' && byte <= 'Z') {
        return (unsigned char)(byte - 'A' + 'a');
    }
    return byte == '-' || byte == ' ' ? '_' : (unsigned char)byte;
}

static unsigned
smaller(unsigned left, unsigned right)
{
    return left < right ? left : right;
}

static bool
are_swapped(struct sp_str left, struct sp_str right, size_t i, size_t j)
{
    return i > 1 && j > 1 && simplify(left.ptr[i - 1]) == simplify(right.ptr[j - 2])
        && simplify(left.ptr[i - 2]) == simplify(right.ptr[j - 1]);
}

unsigned
sp_closest_distance(struct sp_str left, struct sp_str right, unsigned limit)
{
    unsigned rows[3][SP_CLOSEST_WORD_MAX + 1];
    size_t gap = left.len > right.len ? left.len - right.len : right.len - left.len;

    if (left.len > SP_CLOSEST_WORD_MAX || right.len > SP_CLOSEST_WORD_MAX || gap > limit) {
        return limit + 1;
    }
    for (unsigned j = 0; j <= right.len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= left.len; i++) {
        unsigned *now = rows[i % 3];
        const unsigned *before = rows[(i + 2) % 3];
        const unsigned *earlier = rows[(i + 1) % 3];
        unsigned least = now[0] = (unsigned)i;

        for (size_t j = 1; j <= right.len; j++) {
            unsigned differs = simplify(left.ptr[i - 1]) != simplify(right.ptr[j - 1]);
            now[j] = smaller(before[j - 1] + differs, smaller(before[j], now[j - 1]) + 1);
            if (are_swapped(left, right, i, j)) {
                now[j] = smaller(now[j], earlier[j - 2] + 1);
            }
            least = smaller(least, now[j]);
        }
        if (least > limit) {
            return limit + 1;
        }
    }
    return smaller(rows[left.len % 3][right.len], limit + 1);
}

struct sp_closest
sp_closest_to(struct sp_str word)
{
    return (struct sp_closest){ .word = word, .limit = (unsigned)(word.len < 3 ? 0 : smaller((unsigned)word.len / 3, 4)) };
}

void
sp_closest_offer(struct sp_closest *closest, const char *name)
{
    unsigned distance = sp_closest_distance(closest->word, sp_str_of(name), closest->limit);
    size_t place = closest->count;

    if (distance > closest->limit) {
        return;
    }
    while (place > 0 && closest->best[place - 1].distance > distance) {
        place--;
    }
    if (place == SP_CLOSEST_MAX) {
        return;
    }
    if (closest->count < SP_CLOSEST_MAX) {
        closest->count++;
    }
    memmove(&closest->best[place + 1], &closest->best[place],
            (closest->count - 1 - place) * sizeof closest->best[0]);
    closest->best[place].name = name;
    closest->best[place].distance = distance;
}

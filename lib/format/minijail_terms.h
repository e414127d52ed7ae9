/* Tests as comparisons that policies have: lib/format/minijail_*.c alone. */
#ifndef SP_FORMAT_MINIJAIL_TERMS_H
#define SP_FORMAT_MINIJAIL_TERMS_H

#include "base/buf.h"
#include "sem/words.h"

enum sp_minijail_op {
    SP_MINIJAIL_EQ,      /* arg0 == 1 */
    SP_MINIJAIL_NE,      /* arg0 != 1 */
    SP_MINIJAIL_LE,      /* arg0 <= 1 */
    SP_MINIJAIL_GE,      /* arg0 >= 1 */
    SP_MINIJAIL_ANY_OF,  /* arg0 & 1: some of these bits are set */
    SP_MINIJAIL_NONE_OF, /* arg0 in ~1: none of these bits is set */
};

struct sp_minijail_atom {
    unsigned arg;
    enum sp_minijail_op op;
    uint64_t value;
};

/* All of these hold. */
struct sp_minijail_term {
    SP_VEC(struct sp_minijail_atom) atoms;
};

/* One of these holds. */
struct sp_minijail_terms {
    SP_VEC(struct sp_minijail_term) any;
};

/* More terms, or atoms in them, are no text. */
enum { SP_MINIJAIL_TERMS = 512, SP_MINIJAIL_ATOMS = 2048 };

/* Adds what the tests say, at least one of which there must be. `bits`: of an argument.
 * False when that would be too long (and nothing is added), or without memory
 * (`arena->failed`). */
bool
sp_minijail_terms_add(struct sp_arena *arena, const struct sp_tests *tests, unsigned bits,
                      struct sp_minijail_terms *terms);

/* "arg0 == 1". */
void
sp_minijail_atom_write(const struct sp_minijail_atom *atom, struct sp_buf *buf);

#endif

/* What the tests of one alternative say of one argument, as conditions of profiles, for
 * safe_rules*.c alone. */
#ifndef SP_SEM_SAFE_CHOICES_H
#define SP_SEM_SAFE_CHOICES_H

#include "sem/filter_rules.h"
#include "sem/words.h"

/* The operators that may be used beside EQ and MASKED_EQ. */
struct sp_safe_style {
    bool ne;
    bool le;
    bool ge;
};

/* One of these must hold; none = never. */
struct sp_safe_choices {
    SP_VEC(struct sp_filter_condition) any;
    bool always;  /* the tests say nothing of the argument */
};

/* The conditions for the tests of `tests` about `arg`, of which `bits` bits are there; at
 * most `max`. False when there are more, or no memory (then `arena` failed). */
bool
sp_safe_choices_of(struct sp_arena *arena, const struct sp_tests *tests, unsigned arg,
                   unsigned bits, struct sp_safe_style style, size_t max,
                   struct sp_safe_choices *ret_choices);

#endif

/* Two rules of one call that both hold for some arguments, and only one of which decides. */
#ifndef SP_LINT_RULES_PAIR_H
#define SP_LINT_RULES_PAIR_H

#include "lint/meaning.h"

enum sp_rules_kind {
    SP_RULES_APART,      /* the list reads as it is enforced */
    SP_RULES_CONFLICT,   /* both without conditions, different actions: the first one wins */
    SP_RULES_CLASH,      /* the same where each has a guard of its own, and both hold */
    SP_RULES_GUARDED,    /* the loser has a guard, the winner is there without it */
    SP_RULES_SWALLOWED,  /* the loser is the more special one, or the first one, and is lost */
    SP_RULES_NARROWED,   /* the loser is the first one, the winner the more special one */
    SP_RULES_ORDERED,    /* the other way round in the list, the loser would win */
};

struct sp_rules_pair {
    enum sp_rules_kind kind;
    const struct sp_filter_rule *loser;
    const struct sp_filter_rule *winner;
    uint64_t args[SP_ARGS];  /* for which both hold and the winner's verdict is enforced */
};

typedef void
sp_rules_pair_visit(const struct sp_lint *lint, const struct sp_lint_view *view,
                    const struct sp_rules_pair *pair, void *user);

/* Visits the pairs of the kinds in `kinds` (a set: 1 << kind) in every view of every call.
 * Rules that mean something else than they say for a reason of their own (an argument twice, a
 * mask of 0, values cut to 32 bits) are passed over, and so are kinds about conditions outside
 * the safe fragment. */
void
sp_rules_each_pair(const struct sp_lint *lint, unsigned kinds, sp_rules_pair_visit *visit,
                   void *user);

/* Is it one of those that are passed over on an architecture of so many bits? */
bool
sp_rules_is_odd(const struct sp_filter_rule *rule, unsigned bits);

#endif

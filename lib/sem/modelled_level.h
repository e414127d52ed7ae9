/* The decision structure that libseccomp keeps for one call, for modelled*.c and arch_rules.c
 * alone.
 *
 * A level is a list of tests; each exit of a test answers, goes deeper, or falls to the next
 * test of its level.  The source is the merging of src/db.c. */
#ifndef SP_SEM_MODELLED_LEVEL_H
#define SP_SEM_MODELLED_LEVEL_H

#include "base/arena.h"
#include "sem/dd.h"
#include "sem/filter_rules.h"

struct sp_level_test;

struct sp_level {
    struct sp_level_test *first;
};

struct sp_level_exit {
    const struct sp_filter_rule *rule;  /* whose verdict this exit answers, or NULL */
    struct sp_level *deeper;            /* or NULL */
};

enum sp_level_op {
    SP_LEVEL_EQ,
    SP_LEVEL_MASKED,
    SP_LEVEL_GT,
    SP_LEVEL_GE,
};

struct sp_level_test {
    struct sp_level_test *next;
    unsigned arg;
    bool is_high;           /* the upper word */
    enum sp_level_op op;
    unsigned rank;          /* of the written operator: higher ones come first */
    bool is_smaller_first;  /* how equal ranks are ordered by their data */
    uint32_t mask;
    uint32_t datum;
    uint64_t whole;         /* the written datum */
    struct sp_level_exit exits[2];  /* false, true */
};

/* What is left of a rule's conditions on an architecture: cut to its width, in order of
 * arguments, those that always hold dropped. */
struct sp_level_conditions {
    size_t count;
    struct sp_filter_condition at[SP_ARGS];
};

struct sp_level_conditions
sp_level_conditions(const struct sp_filter_rule *rule, unsigned bits);

/* Does the operator leave its tests by more than one exit (all but EQ and MASKED_EQ)? */
bool
sp_level_is_branching(enum sp_operator op);

/* The tests of one rule, which must have conditions left; NULL when there is no memory. */
struct sp_level *
sp_level_of_rule(struct sp_arena *arena, const struct sp_filter_rule *rule, unsigned bits);

/* How two rules with different actions at one exit are told apart. */
struct sp_level_merge {
    bool is_false_side_mended;              /* libseccomp 2.6.1 */
    const struct sp_filter_rule *against;   /* of a refusal: the earlier rule */
};

/* Takes the tests of `added` into `level`, as libseccomp merges; false when it would refuse. */
bool
sp_level_merge(struct sp_level *level, struct sp_level *added, struct sp_level_merge *merge);

/* What the structure answers; `otherwise` where it finds nothing. */
sp_dd
sp_level_meaning(struct sp_dd_store *store, const struct sp_level *level, sp_dd otherwise);

/* The tests in it. */
size_t
sp_level_size(const struct sp_level *level);

#endif

/* What a container can do under one profile that it cannot under another, and the reverse: for every
 * architecture, call, argument and environment.
 *
 *     struct sp_diff_sides *sides = sp_diff_sides_new(&arena);
 *     struct sp_diff_side *before = sp_diff_side_new(sides, profile, &target);
 *     struct sp_diff_side *after = sp_diff_side_new(sides, other, &other_target);
 *     struct sp_diff diff;
 *     if (sp_diff_make(&arena, before, after, &diff)) {
 *         for (size_t i = 0; i < diff.groups.count; i++) {
 *             ... one line of a report each, what matters most first ...
 *
 * What is compared is the answer of the filter that is loaded (SP_READING_ENFORCED), runc's stub and all.
 * Both sides are asked in the same environments, which are those that make a difference for
 * either; each keeps its own engine, runtime and libraries.  Answers are diagrams of one store, so that
 * "no change" is the equality of two references and never a sample.  What could not be found out is
 * listed in `undecided` and is never equal.
 *
 * `from` and `to` are the sides in the order in which they were given. */
#ifndef SP_OPS_DIFF_H
#define SP_OPS_DIFF_H

#include "base/vec.h"
#include "model/profile.h"
#include "model/target.h"
#include "model/witness.h"
#include "sem/meaning.h"

/* ---- sides ------------------------------------------------------------------------------- */

/* The sides that may be compared with one another: they share a store of diagrams, and what was
 * found out about one pair helps with the next. */
struct sp_diff_sides;

/* One profile under one target. */
struct sp_diff_side;

/* NULL when there is no memory.  Everything lives in `arena` but the store of diagrams, which
 * sp_diff_sides_free gives back; the arena is given back after it. */
struct sp_diff_sides *
sp_diff_sides_new(struct sp_arena *arena);

void
sp_diff_sides_free(struct sp_diff_sides *sides);

/* NULL when there is no memory.  Profile and target must outlive the sides.  The targets of two
 * sides may differ in engine, runtime and their versions; kernel, capabilities and
 * architectures must be the same: they are options of the comparison. */
struct sp_diff_side *
sp_diff_side_new(struct sp_diff_sides *sides, const struct sp_profile *profile,
                 const struct sp_target *target);

/* The store in which the `condition`s of changes are. */
struct sp_dd_store *
sp_diff_store(struct sp_diff_sides *sides);

/* ---- changes ----------------------------------------------------------------------------- */

/* By the kernel's order of actions (seccomp(2)): KILL_PROCESS, KILL_THREAD, TRAP, ERRNO,
 * NOTIFY, TRACE, LOG, ALLOW, from the strictest on. */
enum sp_diff_direction {
    SP_DIFF_LOOSER,
    SP_DIFF_TIGHTER,
    SP_DIFF_CHANGED,  /* the same action with other data: another errno */
};

/* What it is to the program that makes the call. */
enum sp_diff_effect {
    SP_DIFF_ALLOWED,   /* the call runs where it did not (sp_verdict_runs) */
    SP_DIFF_DENIED,    /* it no longer runs */
    SP_DIFF_DIFFERENT, /* it runs, or does not run, in another way: errno, kill, log */
};

/* What a change or group is about. */
enum sp_diff_kind {
    SP_DIFF_START,    /* of the whole: a container that starts, or starts confined, on one side only.
                       * No call is compared where this is so. */
    SP_DIFF_ARCH,     /* of an architecture that only one side's filter has; the other kills all its
                       * calls.  The calls are not compared. */
    SP_DIFF_CALL,     /* of a call that some rule is about */
    SP_DIFF_DEFAULT,  /* what no rule of either side decides: default actions, or runc's stub, differ */
    SP_DIFF_NOBODY,   /* of numbers below the newest call's that are nobody's */
    SP_DIFF_NEWER,    /* of all numbers above the newest call that is known */
};

/* One side of a START or ARCH change. */
struct sp_diff_state {
    enum sp_start start;
    bool has_arch;    /* of ARCH: the filter has its rules */
    const char *why;  /* of REFUSED and ENDLESS; may be NULL */
};

/* Where a change is true: exactly the environments of any of these; one without members is all
 * of them.  At least one; sorted; they may overlap. */
struct sp_diff_whens {
    SP_VEC(struct sp_when) any;
};

/* A call that both sides answer otherwise. */
struct sp_diff_witness {
    struct sp_witness call;   /* `got` is the later side's answer, `instead` the earlier one's;
                               * `environment` is the later side's, the earlier one has its own engine,
                               * runtime and libraries */
    struct sp_diff_side *from;
    struct sp_diff_side *to;
};

/* One difference.  Of the members, those of its kind are set. */
struct sp_diff_change {
    enum sp_diff_kind kind;
    enum sp_diff_direction direction;
    enum sp_diff_effect effect;
    sp_verdict from;
    sp_verdict to;                     /* of ARCH: the missing side's is KILL_THREAD, the other's what
                                        * the witness gets */
    struct sp_diff_state from_state;
    struct sp_diff_state to_state;
    const struct sp_kb_syscall *call;  /* of CALL and DEFAULT; NULL for a number that only rules know */
    uint32_t nr;                       /* on the witness's architecture; of NOBODY: the first such
                                        * number; of NEWER: the first that is meant */
    size_t numbers;                    /* of NOBODY: how many, on the witness's architecture */
    const char *conditions;            /* "domain = AF_VSOCK"; NULL = for all arguments */
    sp_dd condition;                   /* the same as a diagram, on the witness's architecture */
    struct sp_diff_whens when;
    SP_VEC(const struct sp_kb_arch *) arches;  /* sorted as the knowledge base has them */
    SP_VEC(const struct sp_kb_arch *) hosts;   /* of which it was found true; the best known first */
    bool everywhere;                   /* on every architecture of both filters where the call has a
                                        * number, on every host: `arches` goes without saying */
    const char *danger;                /* why the call is dangerous; NULL = it is not known to be */
    unsigned risk;                     /* to sort by; 0 = none.  Comparable within one diff */
    bool has_witness;                  /* always for CALL; of START: only between a filter and none */
    struct sp_diff_witness witness;
};

/* Changes alike in kind, direction, from, to, when, conditions, architectures and danger: one
 * line.
 *
 * DEFAULT changes with the same `from` and `to` are always one group, whatever else differs:
 * calls have it in different environments when rules answer in the others ("where no rule says
 * more"). */
struct sp_diff_group {
    const struct sp_diff_change *first;  /* the line's: kind, verdicts, conditions, danger, witness ... */
    SP_VEC(const struct sp_diff_change *) all;  /* sorted by name of call; of DEFAULT the dangerous
                                                 * ones come first */
    size_t calls;       /* different calls among them */
    bool when_varies;   /* of DEFAULT: `first->when` is not that of all */
    bool conditions_vary; /* ... nor `first->conditions` */
    bool arches_vary;   /* `first->arches` are not those of all; `arches` and `hosts` are */
    bool everywhere;    /* all are */
    SP_VEC(const struct sp_kb_arch *) arches;
    SP_VEC(const struct sp_kb_arch *) hosts;
    const char *danger; /* of `first` */
    unsigned risk;
};

/* What could not be found out. */
struct sp_diff_undecided {
    const struct sp_kb_syscall *call;  /* NULL: not of one call (or of a number without one) */
    const struct sp_kb_arch *arch;     /* NULL: of none in particular */
    const struct sp_kb_arch *host;
    uint32_t nr;
    const char *why;  /* "there are more environments than could be looked at" */
};

struct sp_diff_counts {
    size_t changes;
    size_t looser;     /* by direction ... */
    size_t tighter;
    size_t changed;
    size_t allowed;    /* ... and by effect: */
    size_t denied;
    size_t different;
};

struct sp_diff {
    struct sp_diff_sides *sides;
    struct sp_diff_side *from;
    struct sp_diff_side *to;
    bool equal;  /* no change, and nothing undecided */
    SP_VEC(const struct sp_diff_change *) changes;  /* by kind, then by call, verdicts and conditions: stable */
    SP_VEC(struct sp_diff_group) groups;  /* START and ARCH first, then by direction: looser, tighter,
                                           * changed; in each the riskiest first, what is of numbers,
                                           * not calls, last */
    SP_VEC(struct sp_diff_undecided) undecided;
    struct sp_diff_counts counts;
    SP_VEC(const struct sp_kb_arch *) hosts;   /* that were looked at */
    SP_VEC(const struct sp_kb_arch *) arches;  /* of both filters, on all hosts */
};

/* Compares two sides of the same sides.  What is made lives in `arena`, but for the parts that
 * other pairs share, which live with the sides.  False when there is no memory. */
bool
sp_diff_make(struct sp_arena *arena, struct sp_diff_side *from, struct sp_diff_side *to,
             struct sp_diff *ret_diff);

/* ---- proof ------------------------------------------------------------------------------- */

enum sp_diff_looser {
    SP_DIFF_NO_LOOSER,   /* nothing is answered by a less strict action: proven */
    SP_DIFF_IS_LOOSER,
    SP_DIFF_LOOSER_UNDECIDED,
};

/* Is the later side nowhere looser than the earlier one?  The change that shows it (the
 * riskiest), else NULL, in `ret_change`, which may be NULL. */
enum sp_diff_looser
sp_diff_looser(const struct sp_diff *diff, const struct sp_diff_change **ret_change);

/* The same for two sides: is `side` nowhere looser than `than`?  False when there is no
 * memory. */
bool
sp_diff_is_no_looser(struct sp_arena *arena, struct sp_diff_side *side, struct sp_diff_side *than,
                     enum sp_diff_looser *ret_answer, const struct sp_diff_change **ret_change);

/* ---- witnesses --------------------------------------------------------------------------- */

enum sp_diff_verified {
    SP_DIFF_VERIFIED,
    SP_DIFF_REFUTED,      /* a compiled filter answers something else */
    SP_DIFF_UNVERIFIED,   /* a filter could not be compiled here */
};

/* Makes the call of a witness under both compiled filters in the interpreter of BPF programs. A
 * filter is compiled once for each side and environment and then kept with the side. */
enum sp_diff_verified
sp_diff_verify(const struct sp_diff_witness *witness);

/* What a side means where the witness is; the filter, compiled once, is kept there, too.  NULL
 * when there is no memory. */
struct sp_meaning *
sp_diff_meaning(struct sp_diff_side *side, const struct sp_environment *environment);

#endif

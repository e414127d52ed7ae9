/* What comparing profiles needs on its way, for diff*.c alone.
 *
 * What a side answers to one call on one host, in all of its environments, is a record.
 * Records are kept once for each content, so that two sides answer alike wherever they have the
 * same record: most calls of most pairs are done with the equality of two pointers.  What two
 * records that differ make is a delta, which is kept for every other call and pair that has the
 * same two. */
#ifndef SP_OPS_DIFF_WORK_H
#define SP_OPS_DIFF_WORK_H

#include "ops/diff.h"
#include "sem/cases_guards.h"
#include "sem/scenes.h"

/* ---- records ----------------------------------------------------------------------------- */

/* In place of a diagram: the call has no number there. */
#define SP_DIFF_ABSENT UINT32_MAX

/* One architecture of one answer. */
struct sp_diff_place {
    const struct sp_kb_arch *arch;
    sp_dd verdicts;     /* or SP_DIFF_ABSENT */
    bool is_stubbed;    /* runc's stub answers */
};

/* What a side answers in the environments that keep the same guards. */
struct sp_diff_answer {
    const struct sp_environment *environment;  /* one of them */
    enum sp_start start;
    const char *why;
    sp_verdict by_default;   /* of a filter */
    const struct sp_diff_place *places;  /* NULL unless it starts under a filter */
};

struct sp_diff_record {
    const struct sp_asked *asked;   /* but for the engine the same on all sides */
    struct sp_case_guards guards;
    const struct sp_diff_answer *answers;
    size_t answer_count;
    size_t place_count;             /* of each answer, the same architectures in all */
    bool too_many;                  /* environments: `answers` are not all */
    bool is_undecided;              /* some diagram is, somewhere */
    const uint64_t *key;            /* the content */
    size_t key_len;
    struct sp_diff_record *next;    /* with the same hash */
};

/* ---- deltas ------------------------------------------------------------------------------ */

/* One difference on one host and architecture. */
struct sp_diff_delta {
    const struct sp_kb_arch *arch;  /* NULL of starts */
    sp_verdict from;
    sp_verdict to;
    bool is_default;                /* no rule decides on either side */
    sp_dd condition;
    struct sp_diff_whens when;
    const struct sp_environment *environment;  /* one where it is so */
    const struct sp_diff_answer *from_answer;
    const struct sp_diff_answer *to_answer;
};

struct sp_diff_deltas {
    const struct sp_diff_record *from;
    const struct sp_diff_record *to;
    SP_VEC(struct sp_diff_delta) calls;
    SP_VEC(struct sp_diff_delta) starts;    /* differ in some environments */
    SP_VEC(const struct sp_kb_arch *) undecided;
    bool too_many;
    struct sp_diff_deltas *next;
};

/* ---- sides ------------------------------------------------------------------------------- */

enum { SP_DIFF_SLOTS = 1 << 14 };

/* A condition's words, made once for each call. */
struct sp_diff_words {
    uint16_t call;
    uint8_t form;       /* of the architecture */
    sp_dd condition;
    const char *text;
    struct sp_diff_words *next;
};

struct sp_diff_sides {
    struct sp_arena *arena;
    struct sp_dd_store *store;
    struct sp_diff_record *records[SP_DIFF_SLOTS];
    struct sp_diff_deltas *deltas[SP_DIFF_SLOTS];
    struct sp_diff_words *words[SP_DIFF_SLOTS];
    const struct sp_diff_danger *dangers;  /* by row of sp_kb_syscalls; NULL = not yet made */
    sp_dd narrow[1 << SP_ARGS];            /* upper halves of these arguments are 0; 0 = not yet made */
};

/* Numbers without a call, which are answered alike. */
struct sp_diff_gap {
    uint32_t first;
    uint32_t last;
    const struct sp_diff_record *record;  /* of this architecture alone */
};

/* An architecture of a host's filter. */
struct sp_diff_block {
    const struct sp_kb_arch *arch;
    SP_VEC(struct sp_diff_gap) gaps;  /* the last one holds all numbers above the newest call's,
                                       * and ends where it begins */
};

/* One side on one host. */
struct sp_diff_host {
    const struct sp_kb_arch *host;
    struct sp_environment base;  /* default capabilities (or those asked for), newest kernel */
    enum sp_start start;         /* there */
    const char *why;
    struct sp_asked *asked;
    SP_VEC(struct sp_diff_block) blocks;     /* that are asked about */
    const struct sp_diff_record **records;   /* by row of sp_kb_syscalls */
};

struct sp_diff_side {
    struct sp_diff_sides *sides;
    const struct sp_target *target;
    const struct sp_profile *profile;  /* decoded */
    struct sp_scenes *scenes;
    SP_VEC(struct sp_diff_host *) hosts;     /* made so far */
    SP_VEC(struct sp_meaning *) meanings;    /* of witnesses */
};

/* The side on a host, made when first asked for.  NULL when there is no memory. */
const struct sp_diff_host *
sp_diff_side_host(struct sp_diff_side *side, const struct sp_kb_arch *host);

/* In which environments the container starts how: exact, where it may take long to find out. */
const struct sp_diff_record *
sp_diff_side_starts(struct sp_diff_side *side, const struct sp_diff_host *host);

/* An environment as the side has it: its own engine, runtime and libraries. */
struct sp_environment
sp_diff_side_environment(const struct sp_diff_side *side, const struct sp_environment *like);

/* ---- records and deltas ------------------------------------------------------------------ */

/* The record of this content, which is kept when it is new: then `record` is copied.  Its parts
 * must live with the sides.  NULL when there is no memory. */
const struct sp_diff_record *
sp_diff_record_intern(struct sp_diff_sides *sides, const struct sp_diff_record *record);

/* The answer in an environment. NULL where it was not looked at. */
const struct sp_diff_answer *
sp_diff_record_answer(const struct sp_diff_record *record,
                      const struct sp_environment *environment);

/* NULL when there is no memory. */
const struct sp_diff_deltas *
sp_diff_deltas_of(struct sp_diff_sides *sides, const struct sp_diff_record *from,
                  const struct sp_diff_record *to);

/* The same class of start: both are refused, say, whatever the reasons. */
bool
sp_diff_starts_alike(enum sp_start left, enum sp_start right);

/* ---- environments in words --------------------------------------------------------------- */

/* The environments of the cases that are `chosen`, exactly. False when there is no memory;
 * `ret_fine` is false where they cannot be said. */
bool
sp_diff_whens_make(struct sp_arena *arena, struct sp_dd_store *store,
                   const struct sp_case_guards *guards, const struct sp_cases *cases,
                   const bool *chosen, struct sp_diff_whens *ret_whens, bool *ret_fine);

bool
sp_diff_whens_equal(const struct sp_diff_whens *left, const struct sp_diff_whens *right);

int
sp_diff_whens_compare(const struct sp_diff_whens *left, const struct sp_diff_whens *right);

/* ---- changes ----------------------------------------------------------------------------- */

/* The comparison on its way. */
struct sp_diff_making {
    struct sp_arena *arena;
    struct sp_diff_sides *sides;
    struct sp_diff *diff;
    SP_VEC(struct sp_diff_change *) changes;
    SP_VEC(const struct sp_diff_host *) from;  /* by host of the diff */
    SP_VEC(const struct sp_diff_host *) to;
};

struct sp_diff_change *
sp_diff_change_new(struct sp_diff_making *making, enum sp_diff_kind kind);

/* Sets verdicts, direction and effect. */
void
sp_diff_change_verdicts(struct sp_diff_change *change, sp_verdict from, sp_verdict to);

/* Each adds its changes.  False when there is no memory. */

bool
sp_diff_add_starts(struct sp_diff_making *making);

bool
sp_diff_add_arches(struct sp_diff_making *making);

bool
sp_diff_add_calls(struct sp_diff_making *making);

bool
sp_diff_add_numbers(struct sp_diff_making *making);

/* Adds an architecture to a list that has each once. */
#define SP_DIFF_ADD_ARCH(arena, list, arch) \
    sp_diff_add_arch((arena), &(list)->at, &(list)->count, &(list)->capacity, (arch))

bool
sp_diff_add_arch(struct sp_arena *arena, const struct sp_kb_arch ***at, size_t *count,
                 size_t *capacity, const struct sp_kb_arch *arch);

/* In the order of the knowledge base. */
void
sp_diff_sort_arches(const struct sp_kb_arch **at, size_t count);

/* The best known first. */
void
sp_diff_sort_hosts(const struct sp_kb_arch **at, size_t count);

bool
sp_diff_add_undecided(struct sp_diff_making *making, const struct sp_diff_undecided *undecided);

/* Are both sides' filters there on this host, so that calls are compared? */
bool
sp_diff_is_compared(const struct sp_diff_making *making, size_t host);

const struct sp_diff_block *
sp_diff_block_of(const struct sp_diff_host *host, const struct sp_kb_arch *arch);

/* The words of a condition, NULL where it holds always; kept with the sides.  False when there
 * is no memory. */
bool
sp_diff_words_of(struct sp_diff_sides *sides, const struct sp_kb_syscall *call,
                 const struct sp_kb_arch *arch, uint32_t nr, sp_dd condition,
                 const char **ret_words);

/* Arguments that registers of 32 bits can hold: their upper halves are 0. */
sp_dd
sp_diff_narrow(struct sp_diff_sides *sides, unsigned args);

/* Does the condition hold for arguments that the architecture's registers hold?  The
 * smallest. */
bool
sp_diff_find_args(struct sp_diff_sides *sides, const struct sp_kb_arch *arch, sp_dd condition,
                  uint64_t ret_args[SP_ARGS]);

/* ---- danger ------------------------------------------------------------------------------ */

/* Why a call is dangerous by itself. */
struct sp_diff_danger {
    const char *why;     /* NULL = it is not known to be */
    unsigned risk;
    bool is_everyday;    /* Docker's newest default allows it to everybody, for all arguments */
};

/* Fills `danger` and `risk` of a change of a call.  False when there is no memory. */
bool
sp_diff_rate(struct sp_diff_sides *sides, struct sp_diff_change *change);

/* ---- the end ----------------------------------------------------------------------------- */

/* Sorts the changes, and groups them.  False when there is no memory. */
bool
sp_diff_group_all(struct sp_diff_making *making);

#endif

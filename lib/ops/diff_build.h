/* A host of a side on its way, for diff_side*.c alone. */
#ifndef SP_OPS_DIFF_BUILD_H
#define SP_OPS_DIFF_BUILD_H

#include "ops/diff_work.h"

/* Numbers of rules' names on one architecture. */
struct sp_diff_reach {
    int64_t sure;  /* the highest in rules that are always kept */
    int64_t all;   /* the highest in rules that are ever kept */
};

enum sp_diff_keeping {
    SP_DIFF_KEPT_ALWAYS,
    SP_DIFF_KEPT_SOMETIMES,
    SP_DIFF_KEPT_NEVER,  /* on this host */
};

/* Meanings live in scratch: what they say is kept in records. */
struct sp_diff_build {
    struct sp_diff_side *side;
    struct sp_diff_host *host;
    struct sp_arena *scratch;
    SP_VEC(struct sp_meaning *) meanings;
    struct sp_meaning *base;
    struct sp_case_guards none;       /* no guards */
    bool *is_guarded;                 /* by call: some rule that names it has guards */
    enum sp_diff_keeping *keeping;    /* by rule */
    struct sp_diff_reach *reaches;    /* by architecture of the base */
    bool *also;                       /* by rule: those that have a say besides the rules that name the
                                       * subject at hand */
};

/* What a record is about: a call on all architectures, a number on one, or (neither) how
 * containers start. */
struct sp_diff_subject {
    const struct sp_kb_syscall *call;
    const struct sp_kb_arch *arch;
    uint32_t nr;
};

/* ---- diff_guards.c ----------------------------------------------------------------------- */

/* Of the rules that name a call (SP_CASES_*), and of those of `also`, which may be NULL. */
bool
sp_diff_build_guards(struct sp_diff_build *build, uint16_t call, const bool *also,
                     struct sp_case_guards *ret_guards);

/* Fills `is_guarded` and `keeping`, and makes `also` and `none`. False when there is no
 * memory. */
bool
sp_diff_build_rules(struct sp_diff_build *build);

/* Fills `reaches`; the base must start under a filter. False when there is no memory. */
bool
sp_diff_build_reaches(struct sp_diff_build *build);

/* Marks in `also` the rules that move runc's stub past the subject.  Answers whether there are
 * some. */
bool
sp_diff_build_also(struct sp_diff_build *build, const struct sp_diff_subject *subject);

/* ---- diff_answers.c ---------------------------------------------------------------------- */

/* The meaning in an environment of the host. NULL when there is no memory. */
struct sp_meaning *
sp_diff_build_meaning(struct sp_diff_build *build, const struct sp_environment *environment);

/* What is answered to the subject in the environments that these guards tell apart. NULL when
 * there is no memory. */
const struct sp_diff_record *
sp_diff_build_record(struct sp_diff_build *build, const struct sp_diff_subject *subject,
                     const struct sp_case_guards *guards);

/* The same by the guards of all rules that have a say. */
const struct sp_diff_record *
sp_diff_build_record_of(struct sp_diff_build *build, const struct sp_diff_subject *subject);

/* Fills the host's `records`. False when there is no memory. */
bool
sp_diff_build_records(struct sp_diff_build *build);

/* ---- diff_gaps.c ------------------------------------------------------------------------- */

/* Fills the host's `blocks`. False when there is no memory. */
bool
sp_diff_build_blocks(struct sp_diff_build *build);

#endif

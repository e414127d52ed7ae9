/* What a policy's text will say, call by call: lib/format/minijail_*.c alone. */
#ifndef SP_FORMAT_MINIJAIL_PLAN_H
#define SP_FORMAT_MINIJAIL_PLAN_H

#include "format/emission.h"
#include "format/minijail_terms.h"

/* Where the terms hold: this verdict. */
struct sp_minijail_group {
    sp_verdict verdict;
    struct sp_minijail_terms terms;
    struct sp_alternatives words;  /* the same for people */
};

/* One line. The groups do not overlap. */
struct sp_minijail_entry {
    const struct sp_kb_syscall *call;
    SP_VEC(struct sp_minijail_group) groups;
    sp_verdict otherwise;
};

/* Who reads the text. */
enum sp_minijail_reader {
    SP_MINIJAIL_READER_BOTH,
    SP_MINIJAIL_READER_PLAIN,  /* libminijail */
    SP_MINIJAIL_READER_RICH,   /* compile_seccomp_policy.py */
};

struct sp_minijail_plan {
    struct sp_arena *arena;
    const struct sp_policy *policy;
    struct sp_losses *losses;
    bool denylist;
    sp_verdict base;  /* what the text's default answers */
    enum sp_minijail_reader reader;
    SP_VEC(struct sp_minijail_entry) entries;  /* sorted by name */
    /* Calls with the policy's default, where the text has another; sorted. */
    SP_VEC(const struct sp_kb_syscall *) unnamed;
    sp_verdict unnamed_verdict;
};

/* Fills a plan for the first policy, and the losses; without memory they and the arena say
 * so. */
void
sp_minijail_plan_make(struct sp_emission *emission, struct sp_minijail_plan *ret_plan);

#endif

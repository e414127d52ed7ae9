/* What a profile answers to one concrete call, why, and what would change the answer. */
#ifndef SP_OPS_CALL_VERDICT_H
#define SP_OPS_CALL_VERDICT_H

#include "ops/call_change.h"
#include "ops/call_text.h"
#include "ops/call_verdicts.h"

/* A rule about the call that counts in the chosen environment. */
struct sp_call_rule {
    const struct sp_rule *rule;
    sp_verdict verdict;
    sp_dd condition;
    const char *words;      /* "always", "domain = AF_NFC" */
    bool holds;             /* all its conditions do, for these arguments */
    bool is_default;        /* answers what the default action does: runtimes leave it out */
};

/* Environments that answer the other way: allowed where this one denies, or denied. */
struct sp_call_otherwise {
    bool starts;  /* false: the container does not start there */
    sp_verdict verdict;
    struct sp_call_changes changes;
};

/* The same call through another entry of the same filter. */
struct sp_call_elsewhere {
    const struct sp_kb_arch *arch;
    const struct sp_kb_syscall *call;  /* socketcall and ipc reach several calls */
    bool decided;
    sp_verdict verdict;
};

struct sp_call_verdict {
    struct sp_call_text text;
    const struct sp_kb_arch *arch;
    uint32_t nr;
    uint64_t args[SP_ARGS];      /* as the registers of `arch` hold them */
    struct sp_meaning *meaning;  /* the chosen environment */
    bool starts;                 /* false: the container does not; nothing below is set but
                                  * `otherwise` */
    struct sp_call_parts parts;  /* more than one where the answer depends on an argument that may
                                  * have any value */
    bool decided;
    sp_verdict verdict;          /* of the first part */
    enum sp_decider decider;
    const struct sp_rule *rule;  /* that decided; NULL when none did */
    SP_VEC(struct sp_call_rule) rules;  /* in listing order */
    unsigned looks_at;           /* bit n: some rule of the call looks at argument n */
    const char *allowed_words;   /* when the rules that allow hold; NULL when there is none */
    uint32_t stub;               /* numbers above this one meet runc's stub; 0 = there is none */
    bool has_written;            /* the rules as written say something else: */
    sp_verdict written;
    unsigned hazards;            /* SP_HAZARD_* */
    /* What follows is empty where there is more than one part. */
    SP_VEC(struct sp_call_otherwise) otherwise;
    bool undecided;              /* there are more environments than could be looked at */
    bool has_twin;               /* the kernel cannot tell these arguments from the call's: */
    unsigned twin_arg;
    uint64_t twin[SP_ARGS];
    sp_verdict twin_verdict;
    SP_VEC(struct sp_call_elsewhere) elsewhere;
};

enum sp_call_asked {
    SP_CALL_ASKED_OK,
    SP_CALL_ASKED_NO_MEMORY,
    SP_CALL_ASKED_NOWHERE,  /* the call has no number on the architecture; `why` says so */
};

/* The chosen environment: the text's architecture, the target's first or this machine's; capabilities
 * and kernel of the target, the engine's default and the newest where they are not given. */
enum sp_call_asked
sp_call_verdict_make(struct sp_arena *arena, struct sp_dd_store *store,
                     const struct sp_profile *profile, const struct sp_target *target,
                     const struct sp_call_text *text, struct sp_call_verdict *ret_verdict,
                     struct sp_buf *why);

/* Is the call made, whatever the open arguments are? */
bool
sp_call_verdict_is_allowed(const struct sp_call_verdict *verdict);

#endif

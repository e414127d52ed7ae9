/* What a built-in default profile writes about one system call, told rule by rule.
 *
 * This is a reading of the list, not a verdict: each line is one rule, with its own conditions. */
#ifndef SP_OPS_DEFAULT_SAYS_H
#define SP_OPS_DEFAULT_SAYS_H

#include "base/buf.h"
#include "kb/defaults.h"

enum sp_default_kind {
    SP_DEFAULT_UNLISTED,     /* no rule: the default action */
    SP_DEFAULT_ALLOWED,      /* a rule without any condition allows it */
    SP_DEFAULT_CONDITIONAL,  /* only rules with conditions */
};

struct sp_default_says {
    const struct sp_kb_default *profile;
    uint16_t call;
    enum sp_default_kind kind;
    uint64_t caps;      /* single capabilities that each allow it, as bits */
    bool by_argument;   /* some rule looks at an argument */
    bool by_arch;       /* every rule is for some architectures only */
    bool by_kernel;     /* some rule is for newer kernels only */
    bool other_action;  /* some rule answers something else than ALLOW */
};

struct sp_default_says
sp_default_says(const struct sp_kb_default *profile, const struct sp_kb_syscall *call);

/* The rules about the call, one phrase each: calls `each` with "allowed with CAP_BPF".  The phrase
 * lives until `each` returns. */
void
sp_default_rules(const struct sp_default_says *says,
                 void (*each)(void *user, const struct sp_kb_default_rule *rule,
                              const struct sp_buf *phrase),
                 void *user);

/* "EPERM", "ENOSYS", "kill": what the default action answers. */
void
sp_default_action(const struct sp_kb_default *profile, struct sp_buf *buf);

#endif

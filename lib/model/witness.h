/* The concrete call for which a finding is true: what makes a claim checkable. */
#ifndef SP_MODEL_WITNESS_H
#define SP_MODEL_WITNESS_H

#include "model/call.h"
#include "model/environment.h"

#include <stdbool.h>

struct sp_witness {
    struct sp_environment environment;
    const struct sp_kb_arch *arch;        /* of the call */
    const struct sp_kb_syscall *syscall;  /* NULL where nobody has the number */
    uint32_t nr;
    uint64_t args[SP_ARGS];

    struct sp_when when;       /* what matters of the environment */

    sp_verdict got;
    bool has_instead;
    sp_verdict instead;        /* stands against `got` ... */
    const char *instead_is;    /* ... as what: "as written"; NULL with a twin */
    bool has_twin;
    uint64_t twin[SP_ARGS];    /* `instead` is the verdict of the call with these arguments */
};

#endif

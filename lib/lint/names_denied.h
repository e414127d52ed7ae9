/* Which calls does a deny list deny?  Looked up once, when somebody asks. */
#ifndef SP_LINT_NAMES_DENIED_H
#define SP_LINT_NAMES_DENIED_H

#include "lint/lint.h"

#include <stdbool.h>

struct sp_names_denied {
    const struct sp_lint *lint;
    struct sp_arena *arena;
    bool *at;  /* by call; NULL until somebody asks */
};

/* Is the call in a rule that does not let it run, whatever its conditions?  True, too, when
 * there is no memory to find out. */
bool
sp_names_is_denied(struct sp_names_denied *denied, const struct sp_kb_syscall *call);

#endif

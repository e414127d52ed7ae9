/* Does a text that was written mean the profile?  It is read back as its format's own tools read it, and
 * compared call by call. */
#ifndef SP_OPS_EMIT_CHECK_H
#define SP_OPS_EMIT_CHECK_H

#include "base/buf.h"
#include "format/losses.h"
#include "model/profile.h"
#include "sem/policy.h"

/* What was written, and what it should mean. */
struct sp_emit_written {
    struct sp_str text;
    enum sp_dialect dialect;
    const struct sp_policies *policies;
    bool one_arch;                   /* the format carries the first policy alone, else all */
    const struct sp_losses *losses;  /* calls that are not expected to mean the same */
    const struct sp_doc_limits *limits;
};

enum sp_emit_checked {
    SP_EMIT_CHECKED_EQUAL,
    SP_EMIT_CHECKED_DIFFERS,    /* `why` says where */
    SP_EMIT_CHECKED_UNPROVEN,   /* it says what no profile can say, so that it cannot be read back: `why` names
                                 * the call */
    SP_EMIT_CHECKED_NO_MEMORY,
};

enum sp_emit_checked
sp_emit_check(const struct sp_emit_written *written, struct sp_buf *why);

#endif

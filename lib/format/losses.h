/* What a format cannot carry, and what became of it: one line for each kind of loss, with the calls
 * concerned. */
#ifndef SP_FORMAT_LOSSES_H
#define SP_FORMAT_LOSSES_H

#include "base/arena.h"
#include "base/vec.h"
#include "kb/kb.h"
#include "model/call.h"

#include <stdbool.h>

struct sp_loss {
    const char *what;    /* "minijail policies have no TRACE action" */
    const char *became;  /* "these calls are denied with ENOSYS" */
    SP_VEC(const char *) calls;  /* each once, sorted; none: the loss is about the whole */
    const struct sp_kb_arch *arch;  /* nothing is said of it, or nothing of use; NULL: about none */
    bool of_default;                /* calls with the default verdict have another one ... */
    sp_verdict instead;             /* ... and those of them that the text names, this one */
};

struct sp_losses {
    struct sp_arena *arena;
    SP_VEC(struct sp_loss) all;  /* in the order in which they were met */
    bool failed;                 /* no memory: the list is not complete */
};

/* Adds a call (NULL: none) to the loss with these texts, which are copied; makes it when it is new. */
void
sp_losses_add(struct sp_losses *losses, const char *call, const char *what, const char *became);

/* The loss of an architecture. */
void
sp_losses_add_arch(struct sp_losses *losses, const struct sp_kb_arch *arch, const char *what,
                   const char *became);

/* The loss of the default verdict. */
void
sp_losses_add_default(struct sp_losses *losses, sp_verdict instead, const char *what,
                      const char *became);

bool
sp_losses_has_arch(const struct sp_losses *losses, const struct sp_kb_arch *arch);

/* The loss of the default verdict; NULL when it is not lost. */
const struct sp_loss *
sp_losses_default(const struct sp_losses *losses);

/* Is the call part of some loss? */
bool
sp_losses_has(const struct sp_losses *losses, const char *call);

#endif

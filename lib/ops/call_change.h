/* What has to change for a call to be answered in another way: capabilities more or less, another
 * kernel. */
#ifndef SP_OPS_CALL_CHANGE_H
#define SP_OPS_CALL_CHANGE_H

#include "base/buf.h"
#include "base/vec.h"
#include "sem/scenes.h"

struct sp_call_change {
    uint64_t more;             /* these capabilities besides */
    uint64_t less;             /* without these */
    struct sp_version from;    /* kernels from this one; 0 = not asked for */
    struct sp_version before;  /* kernels before this one; 0 = not asked for */
};

struct sp_call_changes {
    SP_VEC(struct sp_call_change) all;
};

/* The capabilities that rules about a call ask for. `call` may be NULL: none. */
uint64_t
sp_call_change_caps(const struct sp_profile *profile, const struct sp_kb_syscall *call);

/* From an environment to that of a scene, as far as it is one of the capabilities of `relevant`. */
struct sp_call_change
sp_call_change_to(const struct sp_environment *base, const struct sp_scene *scene,
                  uint64_t relevant);

bool
sp_call_change_is_none(const struct sp_call_change *change);

/* Adds one, unless another asks for less; what asks for more than it goes.  False when there is no
 * memory. */
bool
sp_call_changes_add(struct sp_arena *arena, struct sp_call_changes *changes,
                    struct sp_call_change change);

/* "with CAP_BPF or CAP_SYS_ADMIN", "before Linux 4.8", "with CAP_A and CAP_B, or without CAP_C". */
void
sp_call_changes_write(const struct sp_call_changes *changes, struct sp_buf *buf);

/* "before Linux 4.8", "from Linux 4.8 on"; nothing when every kernel is meant. */
void
sp_call_change_write_kernel(struct sp_version from, struct sp_version before,
                            struct sp_buf *buf);

#endif

/* All that a profile says of one call: on every architecture, in every environment that makes a
 * difference, for every argument.
 *
 *     socket on x86_64: ALLOW when domain != AF_ALG and domain != AF_VSOCK, else ERRNO(EPERM)
 */
#ifndef SP_OPS_CALL_VERDICTS_H
#define SP_OPS_CALL_VERDICTS_H

#include "base/vec.h"
#include "sem/scenes.h"

/* The arguments for which one verdict is the answer. */
struct sp_call_part {
    bool decided;  /* false: it could not be found out; `verdict` means nothing */
    sp_verdict verdict;
    enum sp_decider decider;
    sp_dd condition;
    const char *words;  /* the condition: "always", "domain = AF_NFC" */
    SP_VEC(const struct sp_rule *) rules;  /* that answer so, in listing order */
};

/* What is answered last is what remains: the default action where it is among them. */
struct sp_call_parts {
    SP_VEC(struct sp_call_part) all;
    const char *summary;  /* "ALLOW", "ALLOW when domain = AF_NFC, else ERRNO(EPERM)" */
};

/* One architecture of one scene. */
struct sp_call_scene {
    const struct sp_scene *scene;
    const struct sp_kb_arch *arch;
    uint32_t nr;
    bool starts;  /* false: the container does not; there are no parts */
    struct sp_call_parts parts;
};

struct sp_call_verdicts {
    SP_VEC(struct sp_call_scene) all;  /* by scene, then by architecture; only architectures that are
                                        * asked about and have a number for the call */
    bool undecided;  /* there are more environments than could be looked at */
};

/* Splits the verdicts of a number. False when there is no memory. */
bool
sp_call_parts_make(struct sp_arena *arena, struct sp_meaning *meaning,
                   const struct sp_kb_arch *arch, uint32_t nr, sp_dd verdicts,
                   struct sp_call_parts *ret_parts);

/* The target on this machine and the ABIs that it serves, where the target names no architecture. */
struct sp_target
sp_call_target_here(const struct sp_target *target);

/* False when there is no memory. */
bool
sp_call_verdicts_make(struct sp_arena *arena, struct sp_scenes *scenes,
                      const struct sp_kb_syscall *call, struct sp_call_verdicts *ret_verdicts);

/* The rules that a meaning has for a number; NULL when it has none. */
const struct sp_arch_call *
sp_call_rules(const struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr);

/* A condition in words, with the names of the call's arguments. NULL when there is no memory. */
const char *
sp_call_words(struct sp_arena *arena, struct sp_dd_store *store, const struct sp_kb_arch *arch,
              uint32_t nr, sp_dd condition);

#endif

/* Members of a profile's objects, gathered so that a fault that stands in fifty rules is one
 * finding and not fifty. */
#ifndef SP_LINT_FORM_GROUP_H
#define SP_LINT_FORM_GROUP_H

#include "base/vec.h"
#include "format/fields.h"
#include "lint/lint.h"

struct sp_form_found {
    enum sp_object object;  /* of the parent */
    const struct sp_node *node;
};

/* Filled by a walk over the profile; the list lives in `arena`. */
struct sp_form_finds {
    const struct sp_lint *lint;
    struct sp_arena *arena;
    SP_VEC(struct sp_form_found) list;
};

/* Members of the same key in the same kind of object, in the order of the text. */
struct sp_form_group {
    enum sp_object object;
    const struct sp_form_found *at;
    size_t count;
};

/* Walks the profile with a `struct sp_form_finds` as the visitor's `user`, and calls `tell` for
 * each group of what the visitor added. */
void
sp_form_gather(const struct sp_lint *lint, sp_object_visit *visit,
               void (*tell)(const struct sp_lint *lint, const struct sp_form_group *group));

void
sp_form_add(struct sp_form_finds *finds, enum sp_object object, const struct sp_node *node);

/* Points at the other members of the group, the first few of many. */
void
sp_form_relate(const struct sp_lint *lint, struct sp_diag *diag,
               const struct sp_form_group *group);

/* How often a group occurs, as the end of a message: "" or " (in 27 places)". Never NULL. */
const char *
sp_form_times(const struct sp_lint *lint, const struct sp_form_group *group);

#endif

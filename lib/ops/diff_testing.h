/* Two sides to compare, for tests. */
#ifndef SP_OPS_DIFF_TESTING_H
#define SP_OPS_DIFF_TESTING_H

#include "kb/defaults.h"
#include "ops/diff.h"

enum { SP_DIFF_BOTH = 2 };

struct sp_diff_both {
    struct sp_arena arena;
    struct sp_diff_sides *sides;
    struct sp_target targets[SP_DIFF_BOTH];
    struct sp_diff_side *at[SP_DIFF_BOTH];
    const struct sp_profile *profiles[SP_DIFF_BOTH];
};

/* Everything fails the test when it fails. */

void
sp_diff_both_begin(struct sp_diff_both *both);

void
sp_diff_both_end(struct sp_diff_both *both);

/* `arches` may be NULL, or several by comma. */
struct sp_target
sp_diff_testing_target(const char *engine, const char *arches);

/* The text must live as long as both. */
void
sp_diff_both_add(struct sp_diff_both *both, unsigned index, const char *text,
                 struct sp_target target);

/* A built-in profile, read by its own engine. */
void
sp_diff_both_add_builtin(struct sp_diff_both *both, unsigned index, const char *name,
                         const char *arches);

/* A content, as its row says. */
void
sp_diff_both_add_content(struct sp_diff_both *both, unsigned index,
                         const struct sp_kb_default *content, const char *arches);

struct sp_diff
sp_diff_both_diff(struct sp_diff_both *both, unsigned from, unsigned to);

#endif

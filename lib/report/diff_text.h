/* What differs between two profiles, for people and for programs.
 *
 *     docker@24.0.9 -> web.json: looser for 31 calls, tighter for 1
 *
 *     looser
 *       cachestat, fchmodat2, mseal, ...        ERRNO(EPERM) -> ALLOW
 *
 *     tighter
 *     ! socket if domain = AF_ALG               ALLOW -> ERRNO(EPERM)
 *           why the call is dangerous
 *           e.g. socket(AF_ALG, 0, 0)
 *
 * The first line is the answer, what is risky comes first, what could not be found out is told last and
 * always. */
#ifndef SP_REPORT_DIFF_TEXT_H
#define SP_REPORT_DIFF_TEXT_H

#include "base/buf.h"
#include "ops/diff.h"
#include "report/render.h"

/* One side as it was given: the profile's name, and who reads it. */
struct sp_diff_operand {
    const char *name;  /* "docker@24.0.9", "web.json": foreign text */
    const struct sp_target *target;
};

struct sp_diff_page {
    const struct sp_diff *diff;
    struct sp_diff_operand from;
    struct sp_diff_operand to;
    bool summary;  /* the answer and counts alone */
};

void
sp_diff_text(const struct sp_diff_page *page, const struct sp_style *style, struct sp_buf *out);

/* One object, "secprof/diff/1".  A change that is true in several cases has a row for each. */
void
sp_diff_json(const struct sp_diff_page *page, struct sp_buf *out);

/* A comment on a pull request: a heading that answers, a list for each direction, long lists of names
 * folded away. */
void
sp_diff_markdown(const struct sp_diff_page *page, struct sp_buf *out);

#endif

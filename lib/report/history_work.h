/* What the parts that tell a history share, for history*.c alone. */
#ifndef SP_REPORT_HISTORY_WORK_H
#define SP_REPORT_HISTORY_WORK_H

#include "report/history.h"

/* ---- answers --------------------------------------------------------------------------- */

/* Is there one verdict for all arguments? */
bool
sp_history_is_one(const struct sp_history_answer *answer);

bool
sp_history_is_allowed(const struct sp_history_answer *answer);

bool
sp_history_is_refused(const struct sp_history_answer *answer);

/* Does it depend on arguments whether the call runs?  How it is refused is then not told to
 * people. */
bool
sp_history_is_conditional(const struct sp_history_answer *answer);

/* What is allowed is told first, then what is allowed sometimes, then refusals. */
enum sp_history_rank {
    SP_HISTORY_RANK_ALLOWED,
    SP_HISTORY_RANK_CONDITIONAL,
    SP_HISTORY_RANK_REFUSED,
    SP_HISTORY_RANKS,
};

enum sp_history_rank
sp_history_rank(const struct sp_history_answer *answer);

/* ---- what is told ---------------------------------------------------------------------- */

/* The runs of a line as people are told them: what differs in nothing that is told is one
 * answer. */
struct sp_history_told {
    const struct sp_history *history;
    SP_VEC(struct sp_history_run) runs;
    bool has_refusals;  /* of several kinds, so that each is told with its errno */
};

/* False when there is no memory. */
bool
sp_history_tell(struct sp_arena *arena, const struct sp_history *history,
                const struct sp_history_line *line, struct sp_history_told *ret_told);

const struct sp_history_answer *
sp_history_told_answer(const struct sp_history_told *told, size_t run);

/* Each answer is told where it stands first. */
bool
sp_history_told_first(const struct sp_history_told *told, size_t run);

size_t
sp_history_told_count(const struct sp_history_told *told);

/* ---- in words -------------------------------------------------------------------------- */

/* "until 20.10.21, in 20.10.23 to 20.10.27 and since 28.0.0". */
void
sp_history_write_runs(const struct sp_history_told *told, size_t answer, struct sp_buf *buf);

/* The other of two answers, which has all releases that the first one has not: "before". */
void
sp_history_write_rest(const struct sp_history_told *told, size_t answer, struct sp_buf *buf);

/* "allowed until 1.13.1; since 23.0.0 when ...". */
void
sp_history_write_told(const struct sp_history_told *told, struct sp_buf *buf);

#endif

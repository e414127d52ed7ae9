/* The steps from a series to a history, for history*.c alone. */
#ifndef SP_OPS_HISTORY_WORK_H
#define SP_OPS_HISTORY_WORK_H

#include "model/profile.h"
#include "ops/history.h"

/* What a content says of the call.  Each different text is there once: most changes are about
 * other calls. */
struct sp_history_content {
    struct sp_str text;
    const struct sp_profile *profile;
    bool is_asked;      /* for the line that is being made: */
    size_t answer;
};

struct sp_history_making {
    struct sp_arena *arena;
    struct sp_arena *scratch;
    const struct sp_history_request *request;
    struct sp_history *out;
    bool *wanted;
    SP_VEC(struct sp_history_content) contents;
    uint16_t *places;  /* by row of sp_kb_defaults: 1 + index of a content; 0 = not looked at */
    uint64_t caps;     /* that rules about the call mention */
    const struct sp_kb_release *code;     /* stands for the content of ... */
    const struct sp_kb_release *shipped;  /* ... this release; both may be NULL */
};

/* ---- asking one profile ---------------------------------------------------------------- */

/* What the containers of the request start with. */
uint64_t
sp_history_base_caps(const struct sp_history_request *request);

/* The architecture that is asked for; NULL where the call has no number. */
const struct sp_kb_arch *
sp_history_arch(const struct sp_history_request *request);

/* NULL when there is no memory: the text is a profile. */
const struct sp_profile *
sp_history_profile(struct sp_arena *arena, struct sp_str text);

/* What a profile means for the call with more capabilities than the base; no parts.  False
 * when there is no memory. */
bool
sp_history_ask_profile(const struct sp_history_request *request, const struct sp_kb_arch *arch,
                       const struct sp_profile *profile, uint64_t caps,
                       struct sp_history_answer *ret_answer);

/* ---- contents -------------------------------------------------------------------------- */

/* Is it part of a history? */
bool
sp_history_is_told(const struct sp_kb_release *release);

/* Reads what the releases of the series say of the call.  False when there is no memory. */
bool
sp_history_take_contents(struct sp_history_making *making);

/* What a release that is told says, once the contents were taken. */
struct sp_history_content *
sp_history_content(struct sp_history_making *making, const struct sp_kb_release *release);

/* ---- answers --------------------------------------------------------------------------- */

/* A concrete call has a single verdict: what the diagram says where the known arguments are
 * as they are. */
sp_dd
sp_history_settle(const struct sp_history_request *request, sp_dd verdicts);

/* Adds an answer with its parts, unless it is there.  False when there is no memory. */
bool
sp_history_place_answer(struct sp_history_making *making, struct sp_history_answer asked,
                        size_t *ret_answer);

#endif

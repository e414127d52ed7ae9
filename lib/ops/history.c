#include "ops/history_work.h"

/* ---- runs ---------------------------------------------------------------------------- */

static bool
ask_release(struct sp_history_making *making, const struct sp_kb_release *release,
            uint64_t caps, size_t *ret_answer)
{
    struct sp_history_content *content = sp_history_content(making, release);
    struct sp_history_answer asked;

    if (!content->is_asked) {
        if (!sp_history_ask_profile(making->request, making->out->arch, content->profile, caps,
                                    &asked)) {
            return false;
        }
        asked.verdicts = sp_history_settle(making->request, asked.verdicts);
        if (!sp_history_place_answer(making, asked, &content->answer)) {
            return false;
        }
        content->is_asked = true;
    }
    *ret_answer = content->answer;
    return true;
}

static bool
add_release(struct sp_history_making *making, const struct sp_kb_release *release,
            struct sp_history_line *line)
{
    size_t answer;

    if (!ask_release(making, release, line->caps, &answer)) {
        return false;
    }
    if (line->runs.count > 0 && line->runs.at[line->runs.count - 1].answer == answer) {
        line->runs.at[line->runs.count - 1].to = release;
        return true;
    }
    struct sp_history_run *run = sp_vec_push(making->arena, &line->runs);
    if (run == NULL) {
        return false;
    }
    *run = (struct sp_history_run){ .from = release, .to = release, .answer = answer };
    return true;
}

/* ---- lines --------------------------------------------------------------------------- */

static bool
make_line(struct sp_history_making *making, uint64_t caps, struct sp_history_line *ret_line)
{
    const struct sp_kb_range releases = making->request->series->releases;
    struct sp_history_line line = { .caps = caps };

    for (size_t i = 0; i < making->contents.count; i++) {
        making->contents.at[i].is_asked = false;
    }
    for (size_t i = 0; i < releases.count; i++) {
        const struct sp_kb_release *release = &sp_kb_releases[releases.first + i];
        if (sp_history_is_told(release) && !add_release(making, release, &line)) {
            return false;
        }
    }
    *ret_line = line;
    return true;
}

static bool
are_alike(const struct sp_history_line *left, const struct sp_history_line *right)
{
    bool alike = left->runs.count == right->runs.count;

    for (size_t i = 0; i < left->runs.count && alike; i++) {
        alike = left->runs.at[i].from == right->runs.at[i].from
            && left->runs.at[i].answer == right->runs.at[i].answer;
    }
    return alike;
}

/* Capabilities that give the same are one line; those that change nothing none. */
static bool
add_line(struct sp_history_making *making, uint64_t caps)
{
    struct sp_history *out = making->out;
    struct sp_history_line line;

    if (!make_line(making, caps, &line)) {
        return false;
    }
    for (size_t i = 0; i < out->lines.count; i++) {
        if (are_alike(&out->lines.at[i], &line)) {
            out->lines.at[i].caps |= i == 0 ? 0 : caps;
            return true;
        }
    }
    struct sp_history_line *added = line.runs.count == 0
        ? &line : sp_vec_push(making->arena, &out->lines);
    if (added != NULL) {
        *added = line;
    }
    return added != NULL;
}

static bool
make_lines(struct sp_history_making *making)
{
    const struct sp_history_request *request = making->request;

    if (!add_line(making, 0)) {
        return false;
    }
    uint64_t more = request->only_base ? 0 : making->caps & ~sp_history_base_caps(request);
    for (unsigned cap = 0; cap < 64; cap++) {
        if ((more >> cap & 1) != 0 && !add_line(making, UINT64_C(1) << cap)) {
            return false;
        }
    }
    return true;
}

/* ---- all ----------------------------------------------------------------------------- */

bool
sp_history_make(struct sp_arena *arena, const struct sp_history_request *request,
                struct sp_history *ret_history)
{
    SP_SCRATCH(scratch);
    struct sp_history out = {
        .series = request->series, .call = request->call, .arch = sp_history_arch(request),
    };
    struct sp_history_making making = {
        .arena = arena,
        .scratch = &scratch,
        .request = request,
        .out = &out,
        .wanted = sp_arena_new_array(&scratch, sp_kb_syscalls_count, bool),
        .places = sp_arena_new_array(&scratch, sp_kb_defaults_count, uint16_t),
    };

    if (making.wanted == NULL || making.places == NULL) {
        return false;
    }
    if (out.arch != NULL && (!sp_history_take_contents(&making) || !make_lines(&making))) {
        return false;
    }
    if (out.lines.count == 0) {
        out.arch = NULL;
    }
    *ret_history = out;
    return true;
}

bool
sp_histories_make(struct sp_arena *arena, const struct sp_history_request *like,
                  const char *const *series, size_t count, struct sp_histories *ret_histories)
{
    struct sp_histories histories = { .all = { .at = NULL } };

    for (size_t i = 0; i < count; i++) {
        struct sp_history_request request = *like;
        struct sp_history *history = sp_vec_push(arena, &histories.all);
        request.series = sp_kb_series_find(sp_str_of(series[i]));
        if (history == NULL || !sp_history_make(arena, &request, history)) {
            return false;
        }
    }
    *ret_histories = histories;
    return true;
}

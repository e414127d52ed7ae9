#include "ops/history.h"

#include "base/release.h"
#include "format/defaults_write.h"
#include "format/profile_read.h"
#include "ops/call_verdicts.h"
#include "sem/meaning.h"
#include "text/json_read.h"

#include <string.h>

/* ---- products -------------------------------------------------------------------------- */

/* Who reads the profiles of a series, and with which capabilities its containers start.
 * containerd's profile is code, told here in Docker's words. */
static const struct product {
    const char *series;
    enum sp_engine engine;
    unsigned defaults;
} products[] = {
    { "containerd", SP_ENGINE_DOCKER, SP_KB_CONTAINERD },
    { "containers-common", SP_ENGINE_PODMAN, SP_KB_PODMAN },
    { "containers-golang", SP_ENGINE_PODMAN, SP_KB_PODMAN },
    { "crio", SP_ENGINE_CRIO, SP_KB_CRIO },
    { "docker", SP_ENGINE_DOCKER, SP_KB_DOCKER },
    { "moby-profiles", SP_ENGINE_DOCKER, SP_KB_DOCKER },
    { "podman", SP_ENGINE_PODMAN, SP_KB_PODMAN },
};

static struct product
product_of(const struct sp_kb_series *series)
{
    for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
        if (strcmp(products[i].series, sp_kb_text(series->name)) == 0) {
            return products[i];
        }
    }
    return (struct product){ .engine = SP_ENGINE_DOCKER, .defaults = SP_KB_DOCKER };
}

static uint64_t
base_caps(const struct sp_history_request *request)
{
    return request->caps_given ? request->caps
                               : sp_kb_default_caps(product_of(request->series).defaults);
}

/* ---- the machine ----------------------------------------------------------------------- */

static bool
has_call(const struct sp_kb_arch *arch, const struct sp_kb_syscall *call)
{
    return arch != NULL && sp_kb_number(arch, call) != SP_KB_NO_NUMBER;
}

/* The machine's own architecture, or the first of its ABIs that has the call. */
static const struct sp_kb_arch *
arch_on(const struct sp_kb_arch *host, const struct sp_kb_syscall *call)
{
    struct sp_str rest = sp_str_of(sp_kb_text(host->compat));
    struct sp_str name;

    if (has_call(host, call)) {
        return host;
    }
    while (sp_str_next(&rest, " ", &name)) {
        const struct sp_kb_arch *arch = sp_kb_arch_find(name);
        if (has_call(arch, call)) {
            return arch;
        }
    }
    return NULL;
}

/* A 64-bit machine that runs programs of `arch`, where there is one. */
static const struct sp_kb_arch *
host_of(const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < sp_kb_arches_count && arch->bits == 32; i++) {
        if (sp_kb_arches[i].bits == 64 && sp_kb_arch_serves(&sp_kb_arches[i], arch)) {
            return &sp_kb_arches[i];
        }
    }
    return arch;
}

/* ---- one content ----------------------------------------------------------------------- */

/* The call, and what libseccomp makes it share rules with: socketcall and ipc are given
 * those of the calls behind them, and one that is open to all takes in what would else
 * contradict itself there.  A call that every default allows heads the list of numbers, as
 * some such call does in the whole (sem/arch_head.c). */
static void
mark_wanted(const struct sp_kb_syscall *call, bool *wanted)
{
    wanted[sp_kb_syscall_index(call)] = true;
    wanted[sp_kb_syscall_index(sp_kb_syscall_find(SP_STR("read")))] = true;
    for (size_t i = 0; i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        const uint16_t *members = &sp_kb_indices[family->members.first];
        bool is_multiplexer = &sp_kb_syscalls[members[0]] == call;
        if (strcmp(sp_kb_text(family->kind), "multiplexer") != 0) {
            continue;
        }
        for (size_t j = 0; j < (is_multiplexer ? family->members.count : 1u); j++) {
            wanted[members[j]] = true;
        }
    }
}

void
sp_history_text(const struct sp_kb_default *content, const struct sp_kb_syscall *call,
                struct sp_buf *buf)
{
    SP_SCRATCH(scratch);
    bool *wanted = sp_arena_new_array(&scratch, sp_kb_syscalls_count, bool);

    if (wanted == NULL) {
        buf->failed = true;
        return;
    }
    mark_wanted(call, wanted);
    sp_defaults_write_calls(content, wanted, buf);
}

/* NULL when there is no memory: the text is a profile. */
static const struct sp_profile *
read_profile(struct sp_arena *arena, struct sp_str text)
{
    const struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = arena };
    struct sp_source *source = sp_source_new(arena, "default", text);
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);

    if (source == NULL || doc == NULL || !sp_json_read(arena, source, &limits, &report, doc)) {
        return NULL;
    }
    return sp_profile_read(arena, doc, sp_profile_detect(doc));
}

/* With more capabilities than the base.  The runtime is one that takes exactly the profile:
 * crun makes no stub. */
static bool
ask_profile(const struct sp_history_request *request, const struct sp_kb_arch *arch,
            const struct sp_profile *profile, uint64_t caps,
            struct sp_history_answer *ret_answer)
{
    SP_SCRATCH(scratch);
    const struct sp_environment environment = {
        .engine = product_of(request->series).engine,
        .runtime = SP_RUNTIME_CRUN,
        .host = request->arch == NULL ? sp_kb_arch_native() : host_of(arch),
        .kernel = request->kernel.major == 0 ? sp_kb_newest_kernel() : request->kernel,
        .caps = base_caps(request) | caps,
    };
    struct sp_meaning *meaning;

    if (!sp_meaning_make(&scratch, request->store, profile, &environment, &meaning)) {
        return false;
    }
    *ret_answer = (struct sp_history_answer){ .starts = meaning->start == SP_START_FILTER };
    if (ret_answer->starts) {
        ret_answer->verdicts = sp_meaning_of(meaning, arch,
                                             (uint32_t)sp_kb_number(arch, request->call),
                                             SP_READING_KERNEL);
    }
    return !scratch.failed;
}

static const struct sp_kb_arch *
arch_of(const struct sp_history_request *request)
{
    const struct sp_kb_arch *native = sp_kb_arch_native();

    if (request->arch != NULL) {
        return has_call(request->arch, request->call) ? request->arch : NULL;
    }
    return native == NULL ? NULL : arch_on(native, request->call);
}

bool
sp_history_ask(struct sp_arena *arena, const struct sp_history_request *request,
               struct sp_str text, struct sp_history_answer *ret_answer)
{
    const struct sp_profile *profile = read_profile(arena, text);

    return profile != NULL
        && ask_profile(request, arch_of(request), profile, 0, ret_answer);
}

/* ---- all contents ---------------------------------------------------------------------- */

/* What the contents say of the call, each different text once: most changes are about other
 * calls. */
struct text {
    struct sp_str text;
    const struct sp_profile *profile;
    bool is_asked;      /* for the line that is being made: */
    size_t answer;
};

struct making {
    struct sp_arena *arena;
    struct sp_arena *scratch;
    const struct sp_history_request *request;
    struct sp_history *out;
    bool *wanted;
    SP_VEC(struct text) texts;
    uint16_t *places;  /* by row of sp_kb_defaults: 1 + index of a text; 0 = not looked at */
    uint64_t caps;     /* that rules about the call mention */
    const struct sp_kb_release *code;     /* stands for the content of ... */
    const struct sp_kb_release *shipped;  /* ... this release; both may be NULL */
};

static bool
is_about(const struct making *making, const struct sp_kb_default_rule *rule)
{
    for (size_t i = 0; i < rule->calls.count; i++) {
        if (making->wanted[sp_kb_indices[rule->calls.first + i]]) {
            return true;
        }
    }
    return false;
}

static uint64_t
caps_of(struct sp_kb_range names)
{
    uint64_t caps = 0;

    for (size_t i = 0; i < names.count; i++) {
        const char *name = sp_kb_text(sp_kb_texts[names.first + i]);
        const struct sp_kb_cap *cap = sp_kb_cap_find(sp_str_of(name));
        caps |= cap == NULL ? 0 : UINT64_C(1) << (cap - sp_kb_caps);
    }
    return caps;
}

static void
note_caps(struct making *making, const struct sp_kb_default *content)
{
    for (size_t i = 0; i < content->rules.count; i++) {
        const struct sp_kb_default_rule *rule = &sp_kb_default_rules[content->rules.first + i];
        if (rule->caps.count + rule->not_caps.count > 0 && is_about(making, rule)) {
            making->caps |= caps_of(rule->caps) | caps_of(rule->not_caps);
        }
    }
}

/* Answers 1 + the index of the text, 0 when there is no memory. */
static uint16_t
place_text(struct making *making, struct sp_str text)
{
    for (size_t i = 0; i < making->texts.count; i++) {
        if (sp_str_equal(making->texts.at[i].text, text)) {
            return (uint16_t)(i + 1);
        }
    }
    struct text *added = sp_vec_push(making->scratch, &making->texts);
    char *copy = added == NULL ? NULL : sp_arena_copy(making->scratch, text);
    if (copy == NULL) {
        return 0;
    }
    added->text = (struct sp_str){ .ptr = copy, .len = text.len };
    added->profile = read_profile(making->scratch, added->text);
    return added->profile == NULL ? 0 : (uint16_t)making->texts.count;
}

/* `buf` is for the text. */
static bool
place_content(struct making *making, uint16_t row, struct sp_buf *buf)
{
    if (making->places[row] != 0) {
        return true;
    }
    sp_buf_cut(buf, 0);
    sp_defaults_write_calls(&sp_kb_defaults[row], making->wanted, buf);
    if (buf->failed) {
        return false;
    }
    note_caps(making, &sp_kb_defaults[row]);
    making->places[row] = place_text(making, sp_buf_view(buf));
    return making->places[row] != 0;
}

/* ---- answers --------------------------------------------------------------------------- */

/* More verdicts than any default has for one call. */
enum { VERDICTS_MAX = 8 };

static uint32_t
is_equal(uint32_t value, void *user)
{
    return value == *(const uint32_t *)user;
}

/* Longer words come later; of equal length what is allowed comes first. */
static bool
comes_before(const struct sp_history_part *left, const struct sp_history_part *right)
{
    size_t left_len = strlen(left->words);
    size_t right_len = strlen(right->words);

    if (left_len != right_len) {
        return left_len < right_len;
    }
    return sp_verdict_runs(left->verdict) && !sp_verdict_runs(right->verdict);
}

static void
sort_parts(struct sp_history_answer *answer)
{
    for (size_t i = 1; i < answer->parts.count; i++) {
        struct sp_history_part part = answer->parts.at[i];
        size_t j = i;
        for (; j > 0 && comes_before(&part, &answer->parts.at[j - 1]); j--) {
            answer->parts.at[j] = answer->parts.at[j - 1];
        }
        answer->parts.at[j] = part;
    }
}

static uint32_t
runs(uint32_t value, void *user)
{
    (void)user;
    return sp_verdict_runs(value);
}

/* NULL when there is no memory. */
static const char *
words_of(const struct making *making, sp_dd condition)
{
    const struct sp_kb_arch *arch = making->out->arch;
    uint32_t nr = (uint32_t)sp_kb_number(arch, making->out->call);

    return sp_call_words(making->arena, making->request->store, arch, nr, condition);
}

static bool
add_part(struct making *making, struct sp_history_answer *answer, uint32_t verdict)
{
    struct sp_history_part *part = sp_vec_push(making->arena, &answer->parts);

    if (part == NULL) {
        return false;
    }
    sp_dd condition = sp_dd_map(making->request->store, answer->verdicts, is_equal, &verdict);
    part->verdict = verdict;
    part->words = words_of(making, condition);
    return part->words != NULL;
}

/* Where there are two parts one of them is what is allowed, and has the words. */
static bool
fill_allowed(struct making *making, struct sp_history_answer *answer)
{
    struct sp_dd_store *store = making->request->store;
    const struct sp_history_part *parts = answer->parts.at;

    answer->allowed = sp_dd_map(store, answer->verdicts, runs, NULL);
    if (answer->parts.count == 2 && !sp_dd_is_leaf(store, answer->allowed)) {
        bool is_first = sp_verdict_runs(parts[0].verdict);
        answer->when = parts[is_first ? 0 : 1].words;
        answer->unless = parts[is_first ? 1 : 0].words;
        return true;
    }
    answer->when = words_of(making, answer->allowed);
    answer->unless = words_of(making, sp_dd_not(store, answer->allowed));
    return answer->when != NULL && answer->unless != NULL;
}

static bool
fill_answer(struct making *making, struct sp_history_answer *answer)
{
    struct sp_dd_store *store = making->request->store;
    uint32_t verdicts[VERDICTS_MAX];
    size_t count = sp_dd_leaves(store, answer->verdicts, verdicts, VERDICTS_MAX);

    if (!answer->starts || sp_dd_has_undecided(store, answer->verdicts)
        || count > VERDICTS_MAX) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (!add_part(making, answer, verdicts[i])) {
            return false;
        }
    }
    sort_parts(answer);
    return fill_allowed(making, answer);
}

static bool
place_answer(struct making *making, struct sp_history_answer asked, size_t *ret_answer)
{
    struct sp_history *out = making->out;

    for (size_t i = 0; i < out->answers.count; i++) {
        if (out->answers.at[i].starts == asked.starts
            && out->answers.at[i].verdicts == asked.verdicts) {
            *ret_answer = i;
            return true;
        }
    }
    struct sp_history_answer *answer = sp_vec_push(making->arena, &out->answers);
    if (answer == NULL) {
        return false;
    }
    *answer = asked;
    *ret_answer = out->answers.count - 1;
    return fill_answer(making, answer);
}

/* ---- releases -------------------------------------------------------------------------- */

static bool
is_told(const struct sp_kb_release *release)
{
    return sp_release_is_number(sp_str_of(sp_kb_text(release->version)));
}

/* Docker 1.12 shipped a text for the default capabilities, but decided by code, which is a
 * release of its own in the series ("1.12.0-conditional"): that is what containers were
 * started with. */
static void
find_code(struct making *making)
{
    const struct sp_kb_series *series = making->request->series;
    const struct sp_str suffix = SP_STR("-conditional");

    for (size_t i = 0; i < series->releases.count; i++) {
        const struct sp_kb_release *release = &sp_kb_releases[series->releases.first + i];
        struct sp_str version = sp_str_of(sp_kb_text(release->version));
        if (sp_str_has_suffix(version, suffix.ptr)) {
            version.len -= suffix.len;
            const struct sp_kb_release *shipped = sp_kb_release_find(series, version);
            making->code = release;
            making->shipped = shipped == NULL ? release : shipped;
        }
    }
}

static uint16_t
content_of(const struct making *making, const struct sp_kb_release *release)
{
    bool is_code = making->code != NULL && release->content == making->shipped->content;

    return is_code ? making->code->content : release->content;
}

/* ---- lines ----------------------------------------------------------------------------- */

/* No verdict: the mark of arguments that are not the concrete call's. */
enum { ELSEWHERE = 1 };

/* A concrete call has a single verdict: what the diagram says where the known arguments are
 * as they are. */
static sp_dd
settle(const struct sp_history_request *request, sp_dd verdicts)
{
    struct sp_dd_store *store = request->store;
    sp_dd here = sp_dd_leaf(store, 1);
    uint32_t values[2];

    if (request->args == NULL) {
        return verdicts;
    }
    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        if ((request->any >> arg & 1) == 0) {
            here = sp_dd_and(store, here, sp_dd_compare(store, arg, SP_DD_EQ, UINT64_MAX,
                                                        request->args[arg]));
        }
    }
    sp_dd settled = sp_dd_ite(store, here, verdicts, sp_dd_leaf(store, ELSEWHERE));
    size_t count = sp_dd_leaves(store, settled, values, 2);
    bool is_single = count == 1
        || (count == 2 && (values[0] == ELSEWHERE || values[1] == ELSEWHERE));

    if (!is_single || sp_dd_has_undecided(store, settled)) {
        return SP_DD_UNDECIDED;
    }
    return sp_dd_leaf(store, count == 2 && values[0] == ELSEWHERE ? values[1] : values[0]);
}

static bool
ask_release(struct making *making, const struct sp_kb_release *release, uint64_t caps,
            size_t *ret_answer)
{
    uint16_t content = content_of(making, release);
    struct text *text = &making->texts.at[making->places[content] - 1];
    struct sp_history_answer asked;

    if (!text->is_asked) {
        if (!ask_profile(making->request, making->out->arch, text->profile, caps, &asked)) {
            return false;
        }
        asked.verdicts = settle(making->request, asked.verdicts);
        if (!place_answer(making, asked, &text->answer)) {
            return false;
        }
        text->is_asked = true;
    }
    *ret_answer = text->answer;
    return true;
}

static bool
add_release(struct making *making, const struct sp_kb_release *release,
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

static bool
make_line(struct making *making, uint64_t caps, struct sp_history_line *ret_line)
{
    const struct sp_kb_range releases = making->request->series->releases;
    struct sp_history_line line = { .caps = caps };

    for (size_t i = 0; i < making->texts.count; i++) {
        making->texts.at[i].is_asked = false;
    }
    for (size_t i = 0; i < releases.count; i++) {
        const struct sp_kb_release *release = &sp_kb_releases[releases.first + i];
        if (is_told(release) && !add_release(making, release, &line)) {
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
add_line(struct making *making, uint64_t caps)
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
make_lines(struct making *making)
{
    const struct sp_history_request *request = making->request;
    SP_BUF(text);

    for (size_t i = 0; i < request->series->releases.count; i++) {
        const struct sp_kb_release *release =
            &sp_kb_releases[request->series->releases.first + i];
        if (is_told(release) && !place_content(making, content_of(making, release), &text)) {
            return false;
        }
    }
    if (!add_line(making, 0)) {
        return false;
    }
    uint64_t more = request->only_base ? 0 : making->caps & ~base_caps(request);
    for (unsigned cap = 0; cap < 64; cap++) {
        if ((more >> cap & 1) != 0 && !add_line(making, UINT64_C(1) << cap)) {
            return false;
        }
    }
    return true;
}

bool
sp_history_make(struct sp_arena *arena, const struct sp_history_request *request,
                struct sp_history *ret_history)
{
    SP_SCRATCH(scratch);
    struct sp_history out = {
        .series = request->series, .call = request->call, .arch = arch_of(request),
    };
    struct making making = {
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
    mark_wanted(request->call, making.wanted);
    find_code(&making);
    if (out.arch != NULL && !make_lines(&making)) {
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

/* Every place of the library that asks for memory is refused some, in runs of the whole
 * interface.
 *
 * The tests are linked with --wrap for malloc, calloc and realloc and for what hands out pieces of
 * an arena, and cJSON allocates through hooks, so that each run can be told which of its requests
 * is refused.  A run without memory must say so, keep what it has written from being taken for
 * whole, and lose nothing (LeakSanitizer looks when the process of the test ends).
 *
 * A run may have ten thousands of requests, most of them alike.  Those that have the same
 * functions on the stack, called from the same places, however deep they recurse, are one way to
 * ask.  In the first run that asks in a way, its first request is refused, its last one, and its
 * first with all that follow (in a long run the first alone); in every run the first few requests,
 * and a few that are spread evenly.  What fails, fails with the stack of the request, for
 * addr2line. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/testing.h"

#include <cjson/cJSON.h>
#include <execinfo.h>
#include <secprof.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* No run may ask more often than this. */
enum { REQUESTS_MAX = 1 << 18 };

/* The first requests, and those that are spread over all.  A run with more requests than `LONG`
 * takes long, too, and most of its ways have been tried. */
enum { EACH = 20, SPREAD = 20, LONG = 10000 };

/* AddressSanitizer is slow: under it a long run tries one of so many of its new ways. */
#if defined(__SANITIZE_ADDRESS__)
enum { LONG_ONE_OF = 4 };
#else
enum { LONG_ONE_OF = 1 };
#endif

/* ---- refusing memory ----------------------------------------------------------------- */

/* On the stack stand two functions of ours above a request, and two of the run below. */
enum { FRAMES_MAX = 96, OWN_FRAMES = 2, RUN_FRAMES = 2 };

static struct {
    bool is_on;         /* false: requests are only passed on */
    bool is_noting;     /* the way of every request is kept */
    bool and_all_later;
    size_t first;       /* the request that is refused, from 1 */
    size_t seen;
    size_t refused;
    int depth;          /* of the stack where a run begins */
    void *frames[FRAMES_MAX];  /* of the stack where the first was refused */
    int frame_count;
} plan;

/* The ways of the requests of one run, as hashes. */
static uint64_t ways[REQUESTS_MAX];

static uint64_t
mix(uint64_t value)
{
    value ^= value >> 31;
    value *= UINT64_C(0x9e3779b97f4a7c15);
    return value ^ value >> 29;
}

/* The set of the library's places on the stack: recursion makes no new way. */
static uint64_t
way_here(void)
{
    void *frames[FRAMES_MAX];
    int count = backtrace(frames, FRAMES_MAX) - plan.depth - RUN_FRAMES;
    uint64_t hash = 0;

    for (int i = OWN_FRAMES; i < count; i++) {
        bool is_new = true;
        for (int j = OWN_FRAMES; j < i && is_new; j++) {
            is_new = frames[i] != frames[j];
        }
        hash += is_new ? mix((uint64_t)(uintptr_t)frames[i]) : 0;
    }
    return hash;
}

static bool
is_refused(void)
{
    if (!plan.is_on) {
        return false;
    }
    plan.seen++;
    if (plan.is_noting && plan.seen <= REQUESTS_MAX) {
        ways[plan.seen - 1] = way_here();
    }
    if (plan.seen == plan.first || (plan.and_all_later && plan.seen > plan.first)) {
        if (plan.refused++ == 0) {
            plan.frame_count = backtrace(plan.frames, FRAMES_MAX);
        }
        return true;
    }
    return false;
}

void *
__real_malloc(size_t size);

void *
__real_calloc(size_t count, size_t size);

void *
__real_realloc(void *memory, size_t size);

void *
__wrap_malloc(size_t size);

void *
__wrap_calloc(size_t count, size_t size);

void *
__wrap_realloc(void *memory, size_t size);

void *
__wrap_malloc(size_t size)
{
    return is_refused() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *memory, size_t size)
{
    return is_refused() ? NULL : __real_realloc(memory, size);
}

static void *
hooked_malloc(size_t size)
{
    return malloc(size);
}

static void
hooked_free(void *memory)
{
    free(memory);
}

/* ---- ways that were tried ------------------------------------------------------------ */

/* Every test has a process of its own: what they share is mapped before the first. */
enum { TRIED_BITS = 17, TRIED = 1 << TRIED_BITS };

static struct {
    size_t count;
    uint64_t ways[TRIED];
} *tried[2];  /* by and_all_later */

static void
map_tried(void)
{
    for (size_t i = 0; i < 2; i++) {
        tried[i] = mmap(NULL, sizeof **tried, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (tried[i] == MAP_FAILED) {
            abort();
        }
    }
}

static void
unmap_tried(void)
{
    for (size_t i = 0; i < 2; i++) {
        munmap(tried[i], sizeof **tried);
    }
}

/* True the first time. */
static bool
try_way(uint64_t way, bool and_all_later)
{
    size_t slot = mix(way) >> (64 - TRIED_BITS);
    uint64_t *at = tried[and_all_later]->ways;

    while (at[slot] != 0 && at[slot] != way) {
        slot = (slot + 1) % TRIED;
    }
    if (at[slot] == way) {
        return false;
    }
    ck_assert_uint_lt(tried[and_all_later]->count, TRIED / 2);
    tried[and_all_later]->count++;
    at[slot] = way;
    return true;
}

/* ---- refusing pieces of an arena ------------------------------------------------------ */

/* Arenas ask for large blocks: by those alone it would be chance whose piece is refused. */

void *
__real_sp_arena_alloc(struct sp_arena *arena, size_t size);

void *
__real_sp_arena_array(struct sp_arena *arena, size_t count, size_t size);

char *
__real_sp_arena_copy(struct sp_arena *arena, struct sp_str str);

void *
__wrap_sp_arena_alloc(struct sp_arena *arena, size_t size);

void *
__wrap_sp_arena_array(struct sp_arena *arena, size_t count, size_t size);

char *
__wrap_sp_arena_copy(struct sp_arena *arena, struct sp_str str);

char *
__wrap_sp_arena_format(struct sp_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool
has_piece(struct sp_arena *arena)
{
    if (is_refused()) {
        arena->failed = true;
        return false;
    }
    return true;
}

void *
__wrap_sp_arena_alloc(struct sp_arena *arena, size_t size)
{
    return has_piece(arena) ? __real_sp_arena_alloc(arena, size) : NULL;
}

void *
__wrap_sp_arena_array(struct sp_arena *arena, size_t count, size_t size)
{
    return has_piece(arena) ? __real_sp_arena_array(arena, count, size) : NULL;
}

char *
__wrap_sp_arena_copy(struct sp_arena *arena, struct sp_str str)
{
    return has_piece(arena) ? __real_sp_arena_copy(arena, str) : NULL;
}

char *
__wrap_sp_arena_format(struct sp_arena *arena, const char *format, ...)
{
    char *text = NULL;
    va_list list;

    if (!has_piece(arena)) {
        return NULL;
    }
    va_start(list, format);
    int length = vasprintf(&text, format, list);
    va_end(list);
    if (length < 0) {
        abort();  /* the test itself has memory */
    }
    struct sp_str made = { .ptr = text, .len = (size_t)length };
    char *copy = __real_sp_arena_copy(arena, made);
    free(text);
    return copy;
}

/* ---- runs ---------------------------------------------------------------------------- */

static const char faulty[] =
    "{\"defaultAction\": \"SCMP_ACT_NOTHING\", \"syscals\": [],\n"
    " \"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86_46\"],\n"
    " \"syscalls\": [\n"
    "  {\"names\": [\"opn\", \"read\", \"read\"], \"action\": \"SCMP_ACT_ALOW\",\n"
    "   \"args\": [{\"index\": 9, \"value\": -1, \"op\": \"SCMP_CMP_EQQ\"}]},\n"
    "  {\"names\": [], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 100000,\n"
    "   \"names\": [\"write\\u0041\", 7]}]}\n";

static const char guarded[] =
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 1,\n"
    " \"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\",\n"
    "               \"subArchitectures\": [\"SCMP_ARCH_X86\", \"SCMP_ARCH_X32\"]},\n"
    "              {\"architecture\": \"SCMP_ARCH_AARCH64\",\n"
    "               \"subArchitectures\": [\"SCMP_ARCH_ARM\"]}],\n"
    " \"syscalls\": [\n"
    "  {\"names\": [\"read\", \"write\", \"execve\", \"exit_group\", \"personality\"],\n"
    "   \"action\": \"SCMP_ACT_ALLOW\"},\n"
    "  {\"names\": [\"ptrace\"], \"action\": \"SCMP_ACT_ALLOW\",\n"
    "   \"includes\": {\"minKernel\": \"4.8\"}},\n"
    "  {\"names\": [\"socket\"], \"action\": \"SCMP_ACT_ALLOW\",\n"
    "   \"args\": [{\"index\": 0, \"value\": 40, \"op\": \"SCMP_CMP_NE\"}]},\n"
    "  {\"names\": [\"clone\"], \"action\": \"SCMP_ACT_ALLOW\",\n"
    "   \"args\": [{\"index\": 0, \"value\": 2114060288, \"op\": \"SCMP_CMP_MASKED_EQ\"}],\n"
    "   \"excludes\": {\"caps\": [\"CAP_SYS_ADMIN\"], \"arches\": [\"s390\"]}},\n"
    "  {\"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38,\n"
    "   \"excludes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}},\n"
    "  {\"names\": [\"clone\", \"clone3\", \"bpf\"], \"action\": \"SCMP_ACT_ALLOW\",\n"
    "   \"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}},\n"
    "  {\"names\": [\"arm_fadvise64_64\", \"bpf\"], \"action\": \"SCMP_ACT_ALLOW\",\n"
    "   \"includes\": {\"arches\": [\"arm\", \"arm64\"], \"caps\": [\"CAP_BPF\"]}}]}\n";

static const char broken[] = "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [True,]}\n";

static const char other[] = "{\"services\": {\"web\": {\"image\": \"nginx\"}}}\n";

enum run_kind {
    RUN_BYTES,
    RUN_BROKEN,
    RUN_GUARDED,
    RUN_FOLDER,
    RUN_FILE,
    RUN_SETTINGS,
    RUN_VALIDATE,
    RUN_EXPLAIN,
    RUN_PAGE,
    RUN_RULES,
    RUN_BUILTINS,
    RUN_LOAD,
    RUN_DIALECT,
    RUN_EMIT,
    RUN_FILTER,
    RUN_PROBES,
};

struct run {
    enum run_kind kind;
    const char *format;
    const char *word;             /* a profile; of RUN_EXPLAIN and RUN_PAGE what is explained */
    const char *profile;          /* of RUN_EXPLAIN: not the default */
    enum secprof_status expected; /* SECPROF_OK unless said */
};

#define FILES "testdata/cli/files/"
#define GUARDS FILES "explain/guards.json"
#define LINT(as, profile) { .kind = RUN_FILE, .format = as, .word = profile }
#define EXPLAIN(as, subject) { .kind = RUN_EXPLAIN, .format = as, .word = subject }
#define EXPLAIN_OF(as, subject, of) \
    { .kind = RUN_EXPLAIN, .format = as, .word = subject, .profile = of }
#define EMIT(as, from) { .kind = RUN_EMIT, .format = as, .word = from }
#define EMIT_ALL(from) \
    EMIT("docker", from), EMIT("oci", from), EMIT("spo", from), EMIT("systemd", from), \
    EMIT("minijail", from), EMIT("firejail", from), EMIT("kafel", from), EMIT("list", from), \
    EMIT("c", from), EMIT("bpf", from), EMIT("pfc", from)

/* Small profiles stand before large ones, which then have fewer ways that are new. */
static const struct run runs[] = {
    { .kind = RUN_BYTES, .format = "text" },
    { .kind = RUN_BYTES, .format = "concise" },
    { .kind = RUN_BYTES, .format = "json" },
    { .kind = RUN_BROKEN, .format = "text" },
    { .kind = RUN_BROKEN, .format = "concise" },
    { .kind = RUN_BROKEN, .format = "json" },
    { .kind = RUN_FOLDER, .format = "text" },
    { .kind = RUN_FOLDER, .format = "concise" },
    { .kind = RUN_FOLDER, .format = "json" },
    { .kind = RUN_SETTINGS, .format = "text" },
    LINT("json", "testdata/lint/args/compiled-lost.json"),
    LINT("text", GUARDS),
    LINT("text", FILES "guarded.json"),
    LINT("json", FILES "dialects/web.yaml"),
    LINT("json", FILES "dialects/based.yaml"),
    LINT("text", FILES "dialects/web.service"),
    LINT("text", FILES "dialects/web.policy"),
    LINT("text", FILES "dialects/broken.policy"),
    LINT("text", FILES "dialects/web.kafel"),
    LINT("text", FILES "dialects/web.profile"),
    LINT("text", FILES "dialects/calls.list"),
    { .kind = RUN_GUARDED, .format = "json" },
    LINT("json", "docker"),
    { .kind = RUN_VALIDATE, .format = "text", .word = FILES "validate/good.json" },
    { .kind = RUN_VALIDATE, .format = "json", .word = FILES "validate/notify.json" },
    { .kind = RUN_VALIDATE, .format = "text", .word = FILES "validate/range.json" },
    { .kind = RUN_VALIDATE, .format = "json", .word = FILES "validate/silent.json" },
    EXPLAIN_OF("text", "ptrace", GUARDS),
    EXPLAIN_OF("json", "ptrace", GUARDS),
    EXPLAIN_OF("text", "personality(_)", GUARDS),
    EXPLAIN_OF("text", "kcmp", FILES "explain/tails.json"),
    EXPLAIN_OF("json", "kcmp(1, 2)", FILES "explain/tails.json"),
    EXPLAIN_OF("json", "kcmp", FILES "explain/headless.json"),
    EXPLAIN_OF("text", "socket(AF_VSOCK, SOCK_STREAM, 0)", FILES "apply/mkdir.json"),
    EXPLAIN_OF("json", "mkdir", FILES "apply/mkdir.json"),
    EXPLAIN("text", "mount"),
    EXPLAIN("json", "mount"),
    EXPLAIN("json", "clone"),
    EXPLAIN("json", "personality(_)"),
    { .kind = RUN_EXPLAIN, .format = "text", .word = "personality(PER_LINX)",
      .expected = SECPROF_UNKNOWN },
    EXPLAIN("text", "CAP_BPF"),
    EXPLAIN("json", "CAP_BPF"),
    EXPLAIN("text", "SP108"),
    EXPLAIN("json", "SP108"),
    EXPLAIN("markdown", "SP108"),
    EXPLAIN("text", "@mount"),
    EXPLAIN("json", "@mount"),
    EXPLAIN("text", "ENOSYS"),
    EXPLAIN("json", "ENOSYS"),
    EXPLAIN("text", "321"),
    EXPLAIN("text", "fstatat"),
    EXPLAIN("json", "fstatat"),
    { .kind = RUN_EXPLAIN, .format = "text", .word = "moutn", .expected = SECPROF_UNKNOWN },
    { .kind = RUN_EXPLAIN, .format = "json", .word = "moutn", .expected = SECPROF_UNKNOWN },
    { .kind = RUN_PAGE, .format = "text", .word = "ENOSYS" },
    { .kind = RUN_RULES, .format = "text" },
    { .kind = RUN_RULES, .format = "json" },
    { .kind = RUN_BUILTINS, .format = "text" },
    { .kind = RUN_BUILTINS, .format = "json" },
    { .kind = RUN_BUILTINS, .format = "text", .word = "podman" },
    { .kind = RUN_BUILTINS, .format = "json", .word = "podman" },
    { .kind = RUN_BUILTINS, .format = "text", .word = "docker@24.0.9" },
    { .kind = RUN_BUILTINS, .format = "text", .word = "dokcer", .expected = SECPROF_UNKNOWN },
    { .kind = RUN_BUILTINS, .format = "text", .word = "docker@1.2",
      .expected = SECPROF_REFUSED },
    { .kind = RUN_LOAD, .word = GUARDS },
    { .kind = RUN_LOAD, .word = "docker@24.0.9" },
    { .kind = RUN_LOAD, .word = FILES "dialects/broken.policy", .expected = SECPROF_REFUSED },
    { .kind = RUN_LOAD, .word = FILES "broken.json", .expected = SECPROF_REFUSED },
    { .kind = RUN_LOAD, .word = FILES "site/compose.yaml", .expected = SECPROF_REFUSED },
    { .kind = RUN_DIALECT, .format = "list", .word = "read\nwrite\nexit_group\n" },
    { .kind = RUN_DIALECT, .format = "systemd", .word = "read: allow\n",
      .expected = SECPROF_REFUSED },
    EMIT_ALL(FILES "apply/mkdir.json"),
    EMIT_ALL(GUARDS),
    EMIT_ALL(FILES "dialects/web.policy"),
    EMIT("systemd", FILES "explain/tails.json"),
    { .kind = RUN_EMIT, .format = "docker", .word = FILES "apply/pair.json",
      .expected = SECPROF_REFUSED },
    EMIT("oci", "docker@1.13.0"),
    EMIT("kafel", "docker@1.13.0"),
    { .kind = RUN_FILTER, .word = FILES "apply/mkdir.json" },
    { .kind = RUN_FILTER, .word = FILES "apply/pair.json", .expected = SECPROF_REFUSED },
    { .kind = RUN_FILTER, .word = FILES "dialects/web.service" },
    { .kind = RUN_FILTER, .word = "docker" },
    { .kind = RUN_PROBES, .word = FILES "apply/mkdir.json" },
};

enum { RUNS = sizeof runs / sizeof *runs };

/* What a folded, coloured page needs that a plain one does not, is allocated, too. */
static const struct secprof_style style = { .color = 1, .width = 72, .verbose = 1 };

/* Where outputs stand before a call, to see that a failure leaves them alone. */
static char untouched;

static char folder[] = "/tmp/secprof-oom-XXXXXX";

/* What a run gave: the first status that was not SECPROF_OK, and all text.  What is wrong is
 * noted and asserted later, since Check allocates, too. */
struct outcome {
    enum secprof_status status;
    const char *wrong;
    struct sp_buf text;
};

static void
note_status(struct outcome *outcome, enum secprof_status status)
{
    if (outcome->status == SECPROF_OK) {
        outcome->status = status;
    }
}

static void
expect(struct outcome *outcome, bool holds, const char *wrong)
{
    if (!holds && outcome->wrong == NULL) {
        outcome->wrong = wrong;
    }
}

/* Texts are kept outside the plan: the test itself always has memory. */
static void
keep_text(struct outcome *outcome, const char *text, size_t size)
{
    bool was_on = plan.is_on;

    plan.is_on = false;
    sp_buf_add(&outcome->text, (struct sp_str){ .ptr = text, .len = size });
    plan.is_on = was_on;
}

static void
take(struct secprof_lint *lint, struct outcome *outcome)
{
    const char *text = &untouched;
    size_t size = SIZE_MAX;
    enum secprof_status status = secprof_lint_take(lint, &text, &size);

    note_status(outcome, status);
    if (status == SECPROF_OK) {
        expect(outcome, strlen(text) == size, "the size is not that of the text");
        keep_text(outcome, text, size);
    } else {
        expect(outcome, text == &untouched && size == SIZE_MAX, "a failed take gave something");
    }
}

static void
apply_settings(struct secprof_lint *lint, struct outcome *outcome)
{
    note_status(outcome, secprof_lint_select(lint, "SP1, all"));
    note_status(outcome, secprof_lint_ignore(lint, "SP101"));
    note_status(outcome, secprof_lint_severity(lint, "SP108=info"));
    static const char *const arches[] = { "x86_64", "aarch64" };

    note_status(outcome, secprof_lint_target(lint, &(struct secprof_target){
        .libseccomp = "2.5.4", .arches = arches, .arch_count = 2,
    }, NULL));
}

static enum secprof_status
give_input(struct secprof_lint *lint, const struct run *run)
{
    if (run->kind == RUN_FOLDER) {
        return secprof_lint_path(lint, folder);
    }
    if (run->word != NULL) {
        return secprof_lint_path(lint, run->word);
    }
    const char *text = run->kind == RUN_BROKEN ? broken
        : run->kind == RUN_GUARDED ? guarded : faulty;

    return secprof_lint_bytes(lint, "text.json", text, strlen(text));
}

/* Goes on after a failure, as a careless caller would: it must do no harm. */
__attribute__((noinline)) static void
run_lint(struct secprof *context, const struct run *run, struct outcome *outcome)
{
    struct secprof_lint *lint = (struct secprof_lint *)(void *)&untouched;
    enum secprof_status status = run->kind == RUN_VALIDATE
        ? secprof_validate_new(context, run->format, &style, 1, &lint)
        : secprof_lint_new(context, run->format, &style, &lint);

    note_status(outcome, status);
    if (status != SECPROF_OK) {
        expect(outcome, (void *)lint == &untouched, "a failed run was given");
        return;
    }
    if (run->kind == RUN_SETTINGS) {
        apply_settings(lint, outcome);
    }
    note_status(outcome, give_input(lint, run));
    take(lint, outcome);
    note_status(outcome, secprof_lint_end(lint));
    take(lint, outcome);
    secprof_lint_free(lint);
}

/* A text that the library gave, or did not. */
static void
keep_given(struct outcome *outcome, enum secprof_status status, char *text)
{
    note_status(outcome, status);
    if (status == SECPROF_NO_MEMORY) {
        expect(outcome, text == &untouched, "a failed text was given");
    } else if (text != &untouched) {
        keep_text(outcome, text, strlen(text));
        secprof_text_free(text);
    }
}

__attribute__((noinline)) static void
run_page(struct secprof *context, const struct run *run, struct outcome *outcome)
{
    char *text = &untouched;
    enum secprof_status status = run->kind == RUN_RULES
        ? secprof_lint_rules(run->format, &style, &text)
        : run->kind == RUN_BUILTINS
        ? secprof_builtins(run->word, run->format, &text)
        : secprof_explain(context, run->word, run->format, &style, &text);

    keep_given(outcome, status, text);
}

/* A profile that the caller owns; NULL when there is none. */
static struct secprof_profile *
load(struct secprof *context, const char *word, struct outcome *outcome)
{
    struct secprof_profile *profile = (struct secprof_profile *)(void *)&untouched;
    char *why = &untouched;
    enum secprof_status status = secprof_profile_load(context, word, &profile, &why);

    keep_given(outcome, status, why);
    if (status != SECPROF_OK) {
        expect(outcome, (void *)profile == &untouched, "a failed profile was given");
        return NULL;
    }
    return profile;
}

__attribute__((noinline)) static void
run_explain(struct secprof *context, const struct run *run, struct outcome *outcome)
{
    struct secprof_explain *explain = (struct secprof_explain *)(void *)&untouched;
    struct secprof_profile *profile = NULL;
    char *text = &untouched;
    enum secprof_status status = secprof_explain_new(context, &explain);

    note_status(outcome, status);
    if (status != SECPROF_OK) {
        expect(outcome, (void *)explain == &untouched, "a failed explain was given");
        return;
    }
    if (run->profile == NULL || (profile = load(context, run->profile, outcome)) != NULL) {
        if (profile != NULL) {
            note_status(outcome, secprof_explain_profile(explain, profile));
        }
        status = secprof_explain_write(explain, run->word, run->format, &style, NULL, &text);
        keep_given(outcome, status, text);
    }
    secprof_explain_free(explain);
}

__attribute__((noinline)) static void
run_load(struct secprof *context, const struct run *run, struct outcome *outcome)
{
    keep_text(outcome, "loaded", 6);
    secprof_profile_free(load(context, run->word, outcome));
}

__attribute__((noinline)) static void
run_dialect(struct secprof *context, const struct run *run, struct outcome *outcome)
{
    struct secprof_profile *profile = NULL;
    char *why = &untouched;

    keep_text(outcome, "loaded", 6);
    note_status(outcome, secprof_set_dialect(context, run->format));
    enum secprof_status status = secprof_profile_load_bytes(context, "<stdin>", run->word,
                                                            strlen(run->word), &profile, &why);
    keep_given(outcome, status, why);
    secprof_profile_free(profile);
}

static void
keep_emission(const struct secprof_emission *emission, struct outcome *outcome)
{
    char *losses = &untouched;
    size_t size = 0;
    const char *text = secprof_emission_text(emission, &size);

    keep_text(outcome, text, size);
    enum secprof_status status = secprof_emission_losses(emission, &style, &losses);
    keep_given(outcome, status, losses);
}

__attribute__((noinline)) static void
run_emit(struct secprof *context, const struct run *run, struct outcome *outcome)
{
    struct secprof_emission *emission = (struct secprof_emission *)(void *)&untouched;
    struct secprof_profile *profile = load(context, run->word, outcome);
    char *why = &untouched;

    if (profile == NULL) {
        return;
    }
    enum secprof_status status = secprof_emit(profile, run->format, NULL, 0, &emission, &why);
    keep_given(outcome, status, why);
    if (status == SECPROF_OK) {
        keep_emission(emission, outcome);
        secprof_emission_free(emission);
    } else {
        expect(outcome, (void *)emission == &untouched, "a failed emission was given");
    }
    secprof_profile_free(profile);
}

static void
keep_listing(const struct secprof_filter *filter, struct outcome *outcome)
{
    char *text = &untouched;
    enum secprof_status status = secprof_filter_listing(filter, &text);

    note_status(outcome, status);
    if (status == SECPROF_OK) {
        keep_text(outcome, text, strlen(text));
        secprof_text_free(text);
    } else {
        expect(outcome, text == &untouched, "a failed listing was given");
    }
}

/* The changed filter, and the calls that try it. */
static void
keep_probes(struct secprof_filter *filter, struct outcome *outcome)
{
    struct secprof_probes probes = { .count = SIZE_MAX };

    note_status(outcome, secprof_filter_only_log(filter));
    enum secprof_status status = secprof_filter_probes(filter, &probes);
    note_status(outcome, status);
    if (status != SECPROF_OK) {
        expect(outcome, probes.count == SIZE_MAX, "failed probes were given");
        return;
    }
    for (size_t i = 0; i < probes.count; i++) {
        const struct secprof_probe *probe = &probes.at[i];
        keep_text(outcome, probe->text, strlen(probe->text));
        keep_text(outcome, probe->meant == probe->verdict ? "\n" : "?\n",
                  probe->meant == probe->verdict ? 1 : 2);
    }
}

__attribute__((noinline)) static void
run_filter(struct secprof *context, const struct run *run, struct outcome *outcome)
{
    struct secprof_filter *filter = (struct secprof_filter *)(void *)&untouched;
    char *why = &untouched;
    enum secprof_status status = secprof_filter_new(context, run->word, NULL, &filter, &why);

    note_status(outcome, status);
    if (status == SECPROF_OK) {
        if (run->kind == RUN_PROBES) {
            keep_probes(filter, outcome);
        } else {
            keep_listing(filter, outcome);
        }
        secprof_filter_free(filter);
        return;
    }
    expect(outcome, (void *)filter == &untouched, "a failed filter was given");
    if (status == SECPROF_REFUSED) {
        keep_text(outcome, why, strlen(why));
        secprof_text_free(why);
    } else {
        expect(outcome, why == &untouched, "a failure gave a reason");
    }
}

static void (*const kinds[])(struct secprof *context, const struct run *run,
                             struct outcome *outcome) = {
    [RUN_BYTES] = run_lint,     [RUN_BROKEN] = run_lint,    [RUN_FOLDER] = run_lint,
    [RUN_GUARDED] = run_lint,
    [RUN_FILE] = run_lint,      [RUN_SETTINGS] = run_lint,  [RUN_VALIDATE] = run_lint,
    [RUN_EXPLAIN] = run_explain, [RUN_PAGE] = run_page,     [RUN_RULES] = run_page,
    [RUN_BUILTINS] = run_page,  [RUN_LOAD] = run_load,      [RUN_DIALECT] = run_dialect,
    [RUN_EMIT] = run_emit,      [RUN_FILTER] = run_filter,  [RUN_PROBES] = run_filter,
};

__attribute__((noinline)) static struct outcome
do_run(const struct run *run)
{
    struct outcome outcome = { .status = SECPROF_OK };
    struct secprof *context = (struct secprof *)(void *)&untouched;
    enum secprof_status status = secprof_new(&context);

    note_status(&outcome, status);
    if (status != SECPROF_OK) {
        expect(&outcome, (void *)context == &untouched, "a failed context was given");
        return outcome;
    }
    kinds[run->kind](context, run, &outcome);
    secprof_unref(context);
    return outcome;
}

/* ---- the loop ------------------------------------------------------------------------ */

static struct outcome
do_planned(const struct run *run, size_t first, bool and_all_later)
{
    plan.first = first;
    plan.and_all_later = and_all_later;
    plan.seen = 0;
    plan.refused = 0;
    plan.depth = backtrace((void *[FRAMES_MAX]){ NULL }, FRAMES_MAX);
    plan.is_on = true;
    struct outcome outcome = do_run(run);
    plan.is_on = false;
    return outcome;
}

/* The run as it is with memory; keeps the ways of its requests. */
static struct outcome
do_noted(const struct run *run)
{
    plan.is_noting = true;
    struct outcome outcome = do_planned(run, 0, false);
    plan.is_noting = false;
    return outcome;
}

static void
show_stack(void)
{
    fflush(stdout);
    backtrace_symbols_fd(plan.frames + OWN_FRAMES,
                         plan.frame_count - plan.depth - RUN_FRAMES, STDOUT_FILENO);
}

/* Either the run says that it had no memory, or it did not need what it was refused. */
static void
check_outcome(const struct outcome *got, const struct outcome *whole, size_t first)
{
    bool is_told = got->status == SECPROF_NO_MEMORY;
    bool is_same = got->status == whole->status
        && sp_str_equal(sp_buf_view(&got->text), sp_buf_view(&whole->text));

    if (got->wrong != NULL || (is_told ? plan.refused == 0 : !is_same)) {
        show_stack();
    }
    ck_assert_msg(got->wrong == NULL, "request %zu: %s", first, got->wrong);
    if (is_told) {
        ck_assert_msg(plan.refused > 0, "no memory, but none was refused");
        return;
    }
    ck_assert_msg(got->status == whole->status, "request %zu: status %d", first,
                  (int)got->status);
    ck_assert_msg(is_same, "request %zu was lost silently:\n%.400s", first, got->text.data);
}

struct request {
    uint64_t way;
    size_t at;  /* from 1 */
};

static int
compare_requests(const void *left, const void *right)
{
    const struct request *a = left, *b = right;

    if (a->way != b->way) {
        return a->way < b->way ? -1 : 1;
    }
    return (a->at > b->at) - (a->at < b->at);
}

/* Marks which of the run's requests are refused; the last mark stands for one past the last. */
static bool *
choose(size_t count, bool and_all_later)
{
    struct request *requests = calloc(count, sizeof *requests);
    bool *chosen = calloc(count + 2, sizeof *chosen);
    bool is_long = count > LONG;

    ck_assert(requests != NULL && chosen != NULL);
    for (size_t i = 0; i < count; i++) {
        requests[i] = (struct request){ .way = ways[i], .at = i + 1 };
        chosen[i + 1] = i < EACH || (i + 1) % (count / SPREAD + 1) == 0;
    }
    qsort(requests, count, sizeof *requests, compare_requests);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count && requests[next].way == requests[i].way; next++) {
        }
        if ((!and_all_later || !is_long) && try_way(requests[i].way, and_all_later)) {
            chosen[requests[i].at] |= !is_long || requests[i].way % LONG_ONE_OF == 0;
            chosen[requests[next - 1].at] |= !and_all_later && !is_long;
        }
    }
    chosen[count + 1] = true;
    free(requests);
    return chosen;
}

static void
fail_each(const struct run *run, bool and_all_later)
{
    struct outcome whole = do_noted(run);
    size_t count = plan.seen;

    ck_assert_int_eq(whole.status, run->expected);
    ck_assert_uint_gt(whole.text.len, 0);
    ck_assert(count > 0 && count <= REQUESTS_MAX);
    bool *chosen = choose(count, and_all_later);
    for (size_t first = 1; first <= count + 1; first++) {
        if (chosen[first]) {
            struct outcome got = do_planned(run, first, and_all_later);
            check_outcome(&got, &whole, first);
            ck_assert_int_eq(plan.refused == 0, first == count + 1);
            sp_buf_free(&got.text);
        }
    }
    free(chosen);
    sp_buf_free(&whole.text);
}

static void
write_file(const char *name, const char *text)
{
    char path[sizeof folder + 32];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static const struct {
    const char *name;
    const char *text;
} members[] = {
    { .name = "broken.json", .text = broken },
    { .name = "compose.json", .text = other },
    { .name = "deeper/faulty.json", .text = faulty },
    { .name = "faulty.json", .text = faulty },
    { .name = "notes.txt", .text = "not looked at\n" },
};

static void
make_folder(void)
{
    cJSON_Hooks hooks = { .malloc_fn = hooked_malloc, .free_fn = hooked_free };
    char path[sizeof folder + 32];

    cJSON_InitHooks(&hooks);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/deeper", folder);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        write_file(members[i].name, members[i].text);
    }
}

static void
remove_folder(void)
{
    char path[sizeof folder + 32];

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, members[i].name);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/deeper", folder);
    (void)rmdir(path);
    (void)rmdir(folder);
}

/* ---- tests --------------------------------------------------------------------------- */

START_TEST(one_refused_allocation_is_told_or_not_needed)
{
    fail_each(&runs[_i], false);
}
END_TEST

START_TEST(no_memory_from_some_allocation_on_is_told)
{
    fail_each(&runs[_i], true);
}
END_TEST

/* Without this the loops above could pass over an allocator that nobody asks. */
START_TEST(allocations_of_the_library_and_of_cjson_are_seen)
{
    static const struct run text = { .kind = RUN_RULES, .format = "text" };
    static const struct run json = { .kind = RUN_RULES, .format = "json" };
    struct outcome outcome = do_planned(&text, 0, false);
    size_t in_text = plan.seen;

    sp_buf_free(&outcome.text);
    outcome = do_planned(&json, 0, false);
    sp_buf_free(&outcome.text);
    ck_assert_uint_ge(in_text, 3);
    ck_assert_uint_gt(plan.seen, 10 * in_text);
}
END_TEST

SP_SUITE(oom)
{
    TCase *tcase = sp_testing_case(suite, "memory");
    tcase_add_unchecked_fixture(tcase, map_tried, unmap_tried);
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_add_test(tcase, allocations_of_the_library_and_of_cjson_are_seen);
    tcase_add_loop_test(tcase, one_refused_allocation_is_told_or_not_needed, 0, RUNS);
    tcase_add_loop_test(tcase, no_memory_from_some_allocation_on_is_told, 0, RUNS);
}

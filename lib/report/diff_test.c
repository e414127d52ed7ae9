#include "report/diff_text.h"

#include "base/testing.h"
#include "report/glyph.h"

#include <cjson/cJSON.h>
#include <string.h>

static struct sp_arena arena;

static void
free_arena(void)
{
    sp_arena_free(&arena);
}

/* ---- differences made by hand ------------------------------------------------------------------ */

#define EPERM_VERDICT (SP_VERDICT_ERRNO | 1u)
#define ENOSYS_VERDICT (SP_VERDICT_ERRNO | 38u)
#define CAP(number) (UINT64_C(1) << (number))

enum { SYS_ADMIN = 21, BPF = 39 };

/* One group: changes that are alike but for their calls, which are separated by space. */
struct group {
    enum sp_diff_kind kind;
    enum sp_diff_direction direction;
    enum sp_diff_effect effect;
    sp_verdict from;
    sp_verdict to;
    struct sp_diff_state from_state;
    struct sp_diff_state to_state;
    const char *calls;
    const char *conditions;
    struct sp_when whens[3];
    size_t when_count;      /* 0: always */
    const char *arches;     /* separated by space; NULL: x86_64 and everywhere */
    const char *hosts;      /* NULL: x86_64 */
    const char *danger;
    uint32_t nr;
    size_t numbers;
    uint64_t args[SP_ARGS];
    bool varies;
};

struct made {
    const char *from;
    const char *to;
    struct group groups[3];
    const char *open;       /* calls that are undecided */
    const char *all_arches; /* NULL: x86_64 */
    enum sp_engine to_engine;
};

#define PUSH(vec, value) (*(__typeof__((vec)->at))sp_vec_push(&arena, (vec)) = (value))

#define ADD_ARCHES(vec, text) \
    do { \
        struct sp_str rest_ = sp_str_of(text); \
        struct sp_str word_; \
        while (sp_str_next(&rest_, " ", &word_)) { \
            const struct sp_kb_arch *arch_ = sp_kb_arch_find(word_); \
            ck_assert_ptr_nonnull(arch_); \
            PUSH(vec, arch_); \
        } \
    } while (0)

static struct sp_diff_change *
make_change(const struct group *group, struct sp_str call)
{
    struct sp_diff_change *change = sp_arena_new(&arena, struct sp_diff_change);

    *change = (struct sp_diff_change){
        .kind = group->kind, .direction = group->direction, .effect = group->effect,
        .from = group->from, .to = group->to, .from_state = group->from_state,
        .to_state = group->to_state, .nr = group->nr, .numbers = group->numbers,
        .conditions = group->conditions, .danger = group->danger,
        .everywhere = group->arches == NULL,
    };
    if (call.len > 0) {
        change->call = sp_kb_syscall_find(call);
        ck_assert_ptr_nonnull(change->call);
    }
    for (size_t i = 0; i < (group->when_count == 0 ? 1 : group->when_count); i++) {
        PUSH(&change->when.any, group->whens[i]);
    }
    ADD_ARCHES(&change->arches, group->arches == NULL ? "x86_64" : group->arches);
    ADD_ARCHES(&change->hosts, group->hosts == NULL ? "x86_64" : group->hosts);
    if (group->kind == SP_DIFF_CALL) {
        change->has_witness = true;
        change->witness.call = (struct sp_witness){
            .environment = { .kernel = { .major = 6, .minor = 12 } }, .arch = change->arches.at[0],
            .syscall = change->call, .got = group->to, .has_instead = true,
            .instead = group->from,
        };
        memcpy(change->witness.call.args, group->args, sizeof group->args);
    }
    return change;
}

static void
add_group(struct sp_diff *diff, const struct group *spec)
{
    struct sp_diff_group group = {
        .when_varies = spec->varies, .conditions_vary = spec->varies,
        .everywhere = spec->arches == NULL, .danger = spec->danger,
    };
    struct sp_str rest = sp_str_of(spec->calls);
    struct sp_str call = SP_STR("");

    do {
        bool more = sp_str_next(&rest, " ", &call);
        const struct sp_diff_change *change = make_change(spec, call);
        PUSH(&group.all, change);
        PUSH(&diff->changes, change);
        group.calls += more || spec->kind == SP_DIFF_CALL;
    } while (rest.len > 0);
    group.first = group.all.at[0];
    ADD_ARCHES(&group.arches, spec->arches == NULL ? "x86_64" : spec->arches);
    ADD_ARCHES(&group.hosts, spec->hosts == NULL ? "x86_64" : spec->hosts);
    PUSH(&diff->groups, group);
}

static void
add_open(struct sp_diff *diff, const char *calls)
{
    struct sp_str rest = sp_str_of(calls);
    struct sp_str call;

    while (sp_str_next(&rest, " ", &call)) {
        const struct sp_diff_undecided one = {
            .call = sp_kb_syscall_find(call), .arch = sp_kb_arch_find(SP_STR("x86_64")),
            .host = sp_kb_arch_find(SP_STR("x86_64")), .why = "there is no room left",
        };
        PUSH(&diff->undecided, one);
    }
}

static struct sp_diff_page
make(const struct made *made)
{
    struct sp_diff *diff = sp_arena_new(&arena, struct sp_diff);
    struct sp_target *targets = sp_arena_new_array(&arena, 2, struct sp_target);

    targets[1].engine = made->to_engine;
    for (size_t i = 0; i < 3 && made->groups[i].from != made->groups[i].to; i++) {
        add_group(diff, &made->groups[i]);
    }
    add_open(diff, made->open);
    ADD_ARCHES(&diff->arches, made->all_arches == NULL ? "x86_64" : made->all_arches);
    ADD_ARCHES(&diff->hosts, "x86_64 x86");
    diff->equal = diff->groups.count == 0 && diff->undecided.count == 0;
    return (struct sp_diff_page){
        .diff = diff,
        .from = { .name = made->from, .target = &targets[0] },
        .to = { .name = made->to, .target = &targets[1] },
    };
}

/* ---- pages ------------------------------------------------------------------------------------- */

static const struct {
    struct made made;
    struct sp_style style;
    bool summary;
    const char *text;
} texts[] = {
    {
        .made = { .from = "a", .to = "b" },
        .text = "a -> b: equal: no container can tell them apart\n",
    },
    {
        .made = { .from = "a", .to = "b", .open = "bpf mount" },
        .text = "a -> b: undecided: no difference was found, but not everything could be compared\n"
                "\n"
                "undecided\n"
                "? bpf, mount on x86_64: there is no room left\n",
    },
    {
        .made = {
            .from = "a", .to = "b",
            .groups = {
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_LOOSER, .effect = SP_DIFF_ALLOWED,
                  .from = EPERM_VERDICT, .to = SP_VERDICT_ALLOW, .calls = "bpf",
                  .danger = "it is risky", .when_count = 2,
                  .whens = { { .caps = CAP(BPF) }, { .caps = CAP(SYS_ADMIN) } } },
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_LOOSER, .effect = SP_DIFF_ALLOWED,
                  .from = EPERM_VERDICT, .to = SP_VERDICT_ALLOW, .calls = "acct chroot" },
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = EPERM_VERDICT, .calls = "socket",
                  .conditions = "domain = AF_ALG", .args = { 38 } },
            },
        },
        .text = "a -> b: looser for 3 calls, tighter for 1\n"
                "\n"
                "looser\n"
                "! bpf with CAP_BPF or CAP_SYS_ADMIN  ERRNO(EPERM) -> ALLOW\n"
                "      it is risky\n"
                "  acct, chroot                       ERRNO(EPERM) -> ALLOW\n"
                "\n"
                "tighter\n"
                "  socket if domain = AF_ALG          ALLOW -> ERRNO(EPERM)\n"
                "      e.g. socket(AF_ALG, 0, 0)\n",
    },
    {
        .made = {
            .from = "a", .to = "b",
            .groups = {
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_LOOSER, .effect = SP_DIFF_ALLOWED,
                  .from = EPERM_VERDICT, .to = SP_VERDICT_ALLOW, .calls = "bpf",
                  .danger = "it is risky" },
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = EPERM_VERDICT, .calls = "acct" },
            },
            .open = "mount",
        },
        .summary = true,
        .text = "a -> b: looser for 1 call, tighter for 1; not everything could be compared\n"
                "  looser     1 call: 1 dangerous, 1 newly allowed\n"
                "  tighter    1 call: 1 newly denied\n"
                "  undecided  1\n",
    },
    {
        .made = {
            .from = "a", .to = "b",
            .groups = {
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_LOOSER, .effect = SP_DIFF_ALLOWED,
                  .from = EPERM_VERDICT, .to = SP_VERDICT_ALLOW, .calls = "bpf", .danger = "risky" },
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = EPERM_VERDICT, .calls = "acct" },
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_CHANGED, .effect = SP_DIFF_DIFFERENT,
                  .from = ENOSYS_VERDICT, .to = EPERM_VERDICT, .calls = "chroot" },
            },
        },
        .style = { .color = true },
        .text = "a -> b: looser for 1 call, tighter for 1, changed for 1\n"
                "\n"
                "\033[1;31mlooser\033[0m\n"
                "\033[1;31m!\033[0m bpf     ERRNO(EPERM) -> ALLOW\n"
                "      risky\n"
                "\n"
                "\033[36mtighter\033[0m\n"
                "  acct    ALLOW -> ERRNO(EPERM)\n"
                "\n"
                "\033[1;33mchanged\033[0m\n"
                "  chroot  ERRNO(ENOSYS) -> ERRNO(EPERM)\n",
    },
    {
        .made = {
            .from = "a", .to = "b",
            .groups = {
                { .kind = SP_DIFF_START, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = SP_VERDICT_KILL_THREAD,
                  .to_state = { .start = SP_START_REFUSED, .why = "it has no rules" },
                  .when_count = 1, .whens = { { .without_caps = CAP(SYS_ADMIN) } },
                  .arches = "x86_64" },
                { .kind = SP_DIFF_ARCH, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = SP_VERDICT_KILL_THREAD,
                  .from_state = { .has_arch = true }, .arches = "x32" },
                { .kind = SP_DIFF_ARCH, .direction = SP_DIFF_LOOSER, .effect = SP_DIFF_ALLOWED,
                  .from = SP_VERDICT_KILL_THREAD, .to = SP_VERDICT_ALLOW,
                  .to_state = { .has_arch = true }, .arches = "x86 arm", .hosts = "x86_64" },
            },
        },
        .text = "a -> b: looser for 2 architectures; tighter for the start of containers and 1"
                " architecture\n"
                "\n"
                "looser\n"
                "  architectures x86, arm are new on x86_64 machines: all calls of them were"
                " killed\n"
                "\n"
                "tighter\n"
                "  a container that started under its filter is refused without CAP_SYS_ADMIN on"
                " x86_64 machines: it has no rules\n"
                "  architecture x32 is gone: all calls of it are killed\n",
    },
    {
        .made = {
            .from = "a", .to = "b",
            .groups = {
                { .kind = SP_DIFF_DEFAULT, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = EPERM_VERDICT,
                  .calls = "acct bpf chroot clone clone3 dup exit fork getpid kill link mount nice"
                           " open",
                  .varies = true },
                { .kind = SP_DIFF_NEWER, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = ENOSYS_VERDICT, .nr = 472 },
                { .kind = SP_DIFF_NOBODY, .direction = SP_DIFF_CHANGED, .effect = SP_DIFF_DIFFERENT,
                  .from = EPERM_VERDICT, .to = ENOSYS_VERDICT, .nr = 335, .numbers = 89 },
            },
        },
        .text = "a -> b: tighter for 14 calls and newer calls; changed for unused numbers\n"
                "\n"
                "tighter\n"
                "  14 calls left to the default: acct, bpf, chroot, clone, clone3, dup, exit, fork,"
                " getpid, kill, link, mount and 2 more (where no rule says more)  "
                "ALLOW -> ERRNO(EPERM)\n"
                "  calls newer than any that is known (numbers from 472)         "
                "ALLOW -> ERRNO(ENOSYS)\n"
                "\n"
                "changed\n"
                "  89 numbers that no call has                                   "
                "ERRNO(EPERM) -> ERRNO(ENOSYS)\n",
    },
    {
        .made = {
            .from = "a", .to = "b", .all_arches = "x86_64 x86 x32",
            .groups = {
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_LOOSER, .effect = SP_DIFF_ALLOWED,
                  .from = EPERM_VERDICT, .to = SP_VERDICT_ALLOW, .calls = "clone",
                  .conditions = "flags & CLONE_NEWUSER != 0", .args = { 0x10000000 },
                  .arches = "x86_64 x86", .hosts = "x86_64 x86", .when_count = 2,
                  .whens = { { .caps = CAP(BPF), .from = { .major = 5, .minor = 8 } }, { .before = { .major = 4, .minor = 8 } } } },
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_LOOSER, .effect = SP_DIFF_ALLOWED,
                  .from = EPERM_VERDICT, .to = SP_VERDICT_ALLOW, .calls = "bpf",
                  .arches = "x86", .hosts = "x86" },
            },
        },
        .style = { .width = 72 },
        .text = "a -> b: looser for 2 calls\n"
                "\n"
                "looser\n"
                "  clone if flags & CLONE_NEWUSER != 0 with         ERRNO(EPERM) -> ALLOW\n"
                "    CAP_BPF, from Linux 5.8, or before Linux 4.8\n"
                "    on x86_64, x86\n"
                "      e.g. clone(CLONE_NEWUSER, 0, 0, 0, 0) on x86_64\n"
                "  bpf on x86 on x86 machines                       ERRNO(EPERM) -> ALLOW\n",
    },
    {
        .made = {
            .from = "a", .to = "b", .all_arches = "x86_64 x86 x32",
            .groups = {
                { .kind = SP_DIFF_ARCH, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = SP_VERDICT_KILL_THREAD,
                  .from_state = { .has_arch = true }, .arches = "x86", .hosts = "x86_64" },
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = EPERM_VERDICT, .calls = "bpf",
                  .arches = "x86", .hosts = "x86" },
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = EPERM_VERDICT, .calls = "acct",
                  .arches = "x86_64 x86 x32", .hosts = "x86_64 x86" },
            },
        },
        .text = "a -> b: tighter for 1 architecture and 2 calls\n"
                "\n"
                "tighter\n"
                "  architecture x86 is gone on x86_64 machines: all calls of it are killed\n"
                "  bpf on x86                ALLOW -> ERRNO(EPERM)\n"
                "  acct on x86_64, x86, x32  ALLOW -> ERRNO(EPERM)\n",
    },
    {
        .made = {
            .from = "a", .to = "b",
            .groups = {
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_LOOSER, .effect = SP_DIFF_ALLOWED,
                  .from = EPERM_VERDICT, .to = SP_VERDICT_ALLOW, .calls = "bpf" },
            },
        },
        .style = { .width = 40 },
        .text = "a -> b: looser for 1 call\n"
                "\n"
                "looser\n"
                "  bpf\n"
                "      ERRNO(EPERM) -> ALLOW\n",
    },
    {
        .made = { .from = "a\033[31m.json", .to = "b", .to_engine = SP_ENGINE_PODMAN },
        .text = "a\xef\xbf\xbd[31m.json -> b: equal: no container can tell them apart\n"
                "\n"
                "read: a\xef\xbf\xbd[31m.json by docker with runc, b by podman with runc\n",
    },
};

START_TEST(a_page_is_as_it_should_be)
{
    SP_BUF(out);
    struct sp_diff_page page = make(&texts[_i].made);

    page.summary = texts[_i].summary;
    sp_diff_text(&page, &texts[_i].style, &out);
    ck_assert(!out.failed);
    ck_assert_str_eq(out.data, texts[_i].text);
}
END_TEST

/* ---- lines fit --------------------------------------------------------------------------------- */

/* A difference of every call that there is. */
static struct sp_diff_page
make_all(void)
{
    struct made made = { .from = "a", .to = "b" };
    SP_BUF(names);

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        sp_buf_format(&names, "%s%s", i == 0 ? "" : " ", sp_kb_text(sp_kb_syscalls[i].name));
    }
    made.groups[0] = (struct group){
        .kind = SP_DIFF_CALL, .from = EPERM_VERDICT, .to = SP_VERDICT_ALLOW,
        .calls = sp_arena_copy(&arena, sp_buf_view(&names)), .conditions = "arg0 = 7",
    };
    made.open = made.groups[0].calls;
    return make(&made);
}

static const unsigned widths[] = { 60, 80, 100, 200 };

START_TEST(lines_fit_the_width)
{
    struct sp_diff_page page = make_all();
    struct sp_str line;
    SP_BUF(out);

    sp_diff_text(&page, &(struct sp_style){ .width = widths[_i] }, &out);
    ck_assert(!out.failed);
    struct sp_str rest = sp_buf_view(&out);
    while (sp_str_next(&rest, "\n", &line)) {
        ck_assert_msg(sp_glyph_columns(line) <= widths[_i], "%.*s", SP_STR_ARG(line));
    }
}
END_TEST

/* ---- comments ---------------------------------------------------------------------------------- */

static const struct {
    struct made made;
    const char *text;
} comments[] = {
    {
        .made = { .from = "a", .to = "b" },
        .text = "### seccomp: `a` \xe2\x86\x92 `b`: equal: no container can tell them apart\n",
    },
    {
        .made = { .from = "``<b>@me", .to = "`" },
        .text = "### seccomp: ``` ``<b>@me ``` \xe2\x86\x92 `` ` ``:"
                " equal: no container can tell them apart\n",
    },
    {
        .made = {
            .from = "a", .to = "b",
            .groups = {
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_LOOSER, .effect = SP_DIFF_ALLOWED,
                  .from = EPERM_VERDICT, .to = SP_VERDICT_ALLOW, .calls = "socket",
                  .conditions = "domain = AF_ALG|x", .args = { 38 }, .danger = "see *this* <p>",
                  .when_count = 1, .whens = { { .caps = CAP(SYS_ADMIN) } } },
                { .kind = SP_DIFF_CALL, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = EPERM_VERDICT,
                  .calls = "acct bpf chroot clone clone3 dup exit fork getpid kill link mount nice" },
                { .kind = SP_DIFF_START, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
                  .from = SP_VERDICT_ALLOW, .to = SP_VERDICT_KILL_THREAD,
                  .to_state = { .start = SP_START_REFUSED, .why = "@me #1 `x` http://y" } },
            },
            .open = "mount",
        },
        .text = "### seccomp: `a` \xe2\x86\x92 `b`: looser for 1 call; tighter for the start of"
                " containers and 13 calls; not everything could be compared\n"
                "\n"
                "**Looser**\n"
                "\n"
                "- :warning: `socket` if `domain = AF_ALG|x` with CAP_SYS_ADMIN: `ERRNO(EPERM)`"
                " \xe2\x86\x92 `ALLOW`, e.g. `socket(AF_ALG, 0, 0)`"
                "<br>see \\*this\\* &#60;p&#62;\n"
                "\n"
                "**Tighter**\n"
                "\n"
                "- 13 calls: `ALLOW` \xe2\x86\x92 `ERRNO(EPERM)`\n"
                "  <details><summary>the 13 calls</summary>\n"
                "\n"
                "  `acct`, `bpf`, `chroot`, `clone`, `clone3`, `dup`, `exit`, `fork`, `getpid`,"
                " `kill`, `link`, `mount`, `nice`\n"
                "\n"
                "  </details>\n"
                "- a container that started under its filter is refused: &#64;me &#35;1 \\`x\\`"
                " http&#58;//y\n"
                "\n"
                "**Undecided**\n"
                "\n"
                "- `mount` on x86_64: there is no room left\n",
    },
};

START_TEST(a_comment_is_as_it_should_be)
{
    SP_BUF(out);
    struct sp_diff_page page = make(&comments[_i].made);

    sp_diff_markdown(&page, &out);
    ck_assert(!out.failed);
    ck_assert_str_eq(out.data, comments[_i].text);
}
END_TEST

/* What is too long for a comment is told in numbers. */
START_TEST(a_comment_is_never_too_long)
{
    struct sp_diff_page page = make_all();
    struct sp_diff *diff = (struct sp_diff *)page.diff;
    SP_BUF(out);

    for (size_t i = 0; i < 10; i++) {
        struct sp_diff_group group = diff->groups.at[0];
        PUSH(&diff->groups, group);
    }
    sp_diff_markdown(&page, &out);
    ck_assert_uint_lt(out.len, 65536);
    ck_assert_ptr_nonnull(strstr(out.data, "too long for a comment"));
    ck_assert_ptr_nonnull(strstr(out.data, "**Undecided**"));
}
END_TEST

/* ---- for programs ------------------------------------------------------------------------------ */

static cJSON *
json_of(const struct sp_diff_page *page)
{
    SP_BUF(out);

    sp_diff_json(page, &out);
    ck_assert(!out.failed);
    cJSON *json = cJSON_Parse(out.data);
    ck_assert_ptr_nonnull(json);
    return json;
}

/* The text under a path of keys and indices: "changes/0/syscall". */
static const char *
at(const cJSON *json, const char *path)
{
    struct sp_str rest = sp_str_of(path);
    struct sp_str key;

    while (json != NULL && sp_str_next(&rest, "/", &key)) {
        const char *name = sp_arena_copy(&arena, key);
        uint64_t index;
        json = sp_str_to_decimal(key, &index) ? cJSON_GetArrayItem(json, (int)index)
                                              : cJSON_GetObjectItemCaseSensitive(json, name);
    }
    char *text = json == NULL ? NULL : cJSON_PrintUnformatted(json);
    const char *copy = text == NULL ? "" : sp_arena_copy(&arena, sp_str_of(text));
    cJSON_free(text);
    return copy;
}

static const struct {
    const char *path;
    const char *value;
} values[] = {
    { "schema", "\"secprof/diff/1\"" },
    { "equal", "false" },
    { "from/profile", "\"a\"" },
    { "to/engine", "\"docker\"" },
    { "summary/looser/syscalls", "1" },
    { "summary/undecided", "1" },
    { "changes/0/syscall", "\"socket\"" },
    { "changes/0/arch", "[\"x86_64\"]" },
    { "changes/0/direction", "\"looser\"" },
    { "changes/0/when/caps", "[\"CAP_SYS_ADMIN\"]" },
    { "changes/0/when/withoutCaps", "[]" },
    { "changes/0/conditions", "\"domain = AF_ALG\"" },
    { "changes/0/from", "{\"action\":\"SCMP_ACT_ERRNO\",\"errno\":1,\"errnoName\":\"EPERM\"}" },
    { "changes/0/to", "{\"action\":\"SCMP_ACT_ALLOW\"}" },
    { "changes/0/danger", "\"risky\"" },
    { "changes/0/witness/args/0", "\"0x26\"" },
    { "changes/1/when/minKernel", "\"5.8\"" },
    { "changes/1/when/caps", "[]" },
    { "changes/2/kind", "\"newer\"" },
    { "changes/2/syscall", "null" },
    { "changes/2/number", "472" },
    { "changes/2/conditions", "\"always\"" },
    { "changes/3/toState", "{\"start\":\"refused\",\"why\":\"no\"}" },
    { "changes/3/from", "" },
    { "changes/4", "" },
    { "undecided/0/syscall", "\"mount\"" },
    { "undecided/0/why", "\"there is no room left\"" },
};

START_TEST(a_change_has_a_row_for_each_case)
{
    static const struct made made = {
        .from = "a", .to = "b", .open = "mount",
        .groups = {
            { .kind = SP_DIFF_CALL, .direction = SP_DIFF_LOOSER, .effect = SP_DIFF_ALLOWED,
              .from = EPERM_VERDICT, .to = SP_VERDICT_ALLOW, .calls = "socket",
              .conditions = "domain = AF_ALG", .args = { 38 }, .danger = "risky", .when_count = 2,
              .whens = { { .caps = CAP(SYS_ADMIN) }, { .from = { .major = 5, .minor = 8 } } } },
            { .kind = SP_DIFF_NEWER, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
              .from = SP_VERDICT_ALLOW, .to = ENOSYS_VERDICT, .nr = 472 },
            { .kind = SP_DIFF_START, .direction = SP_DIFF_TIGHTER, .effect = SP_DIFF_DENIED,
              .from = SP_VERDICT_ALLOW, .to = SP_VERDICT_KILL_THREAD,
              .to_state = { .start = SP_START_REFUSED, .why = "no" } },
        },
    };
    struct sp_diff_page page = make(&made);
    cJSON *json = json_of(&page);

    ck_assert_str_eq(at(json, values[_i].path), values[_i].value);
    cJSON_Delete(json);
}
END_TEST

START_TEST(a_summary_has_no_changes)
{
    struct sp_diff_page page = make(&texts[2].made);

    page.summary = true;
    cJSON *json = json_of(&page);
    ck_assert_str_eq(at(json, "changes"), "");
    ck_assert_str_eq(at(json, "summary/looser/syscalls"), "3");
    ck_assert_str_eq(at(json, "undecided"), "[]");
    cJSON_Delete(json);
}
END_TEST

SP_SUITE(report_diff)
{
    TCase *pages = sp_testing_case(suite, "pages");
    TCase *markdown = sp_testing_case(suite, "markdown");
    TCase *json = sp_testing_case(suite, "json");

    tcase_add_checked_fixture(pages, NULL, free_arena);
    tcase_add_loop_test(pages, a_page_is_as_it_should_be, 0, (int)(sizeof texts / sizeof *texts));
    tcase_add_loop_test(pages, lines_fit_the_width, 0, (int)(sizeof widths / sizeof *widths));
    tcase_add_checked_fixture(markdown, NULL, free_arena);
    tcase_add_loop_test(markdown, a_comment_is_as_it_should_be, 0,
                        (int)(sizeof comments / sizeof *comments));
    tcase_add_test(markdown, a_comment_is_never_too_long);
    tcase_add_checked_fixture(json, NULL, free_arena);
    tcase_add_loop_test(json, a_change_has_a_row_for_each_case, 0,
                        (int)(sizeof values / sizeof *values));
    tcase_add_test(json, a_summary_has_no_changes);
}

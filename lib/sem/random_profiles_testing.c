#include "sem/random_profiles_testing.h"

#include "sem/bpf_test.h"
#include "sem/compile.h"

#include <inttypes.h>
#include <string.h>

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

enum { FOCUS_MAX = 4, DATA = 3, MASKS = 2, ENTRIES_MAX = 6 };

/* What the rules of one profile have in common. */
struct manner {
    uint64_t *seed;
    struct sp_buf *buf;
    const char *focus[FOCUS_MAX];
    uint32_t focus_count;
    uint32_t arguments;       /* that conditions ask for */
    uint64_t data[DATA];
    uint64_t masks[MASKS];
    uint32_t actions;         /* that rules have; 1 = all the same */
    const char *action[3];
    uint32_t longer;          /* one of so many rules has several conditions; 0 = none */
    bool branches;            /* longer rules may have other operators than EQ and MASKED_EQ */
    bool repeats;             /* longer rules may ask for an argument twice */
    bool separates;           /* conditions are EQ on one argument: rules rarely overlap */
};

static uint32_t
below(const struct manner *manner, uint32_t limit)
{
    return bpf_random_below(manner->seed, limit);
}

static bool
one_in(const struct manner *manner, uint32_t chances)
{
    return below(manner, chances) == 0;
}

/* ---- calls ------------------------------------------------------------------------------- */

static const char *const plain[] = {
    "kcmp", "prctl", "ioctl", "personality", "clone", "fcntl", "mmap", "read", "close", "ptrace",
};

/* Also behind socketcall and ipc, on some architectures. */
static const char *const multiplexed[] = {
    "socket", "bind", "connect", "accept4", "sendmmsg", "send", "recv", "socketcall",
    "semop", "semtimedop", "shmat", "msgget", "ipc",
};

/* Calls that are missing on some architecture, or on most. */
static const char *const partial[] = {
    "umount", "open", "chown32", "waitpid", "stat64", "set_tls", "arch_prctl", "fadvise64_64",
    "s390_runtime_instr", "riscv_flush_icache", "sigreturn", "getrlimit", "time", "mmap2",
};

/* New to libseccomp, or to everyone. */
static const char *const unknown[] = {
    "futex_waitv", "mseal", "cachestat", "fchmodat2", "uretprobe", "no_such_call", "write",
};

static const struct {
    const char *const *at;
    uint32_t count;
} themes[] = {
    { plain, COUNT(plain) },
    { multiplexed, COUNT(multiplexed) },
    { partial, COUNT(partial) },
    { unknown, COUNT(unknown) },
};

static void
draw_focus(struct manner *manner)
{
    uint32_t theme = one_in(manner, 2) ? 0 : below(manner, COUNT(themes));

    manner->focus_count = 1 + below(manner, FOCUS_MAX);
    for (uint32_t i = 0; i < manner->focus_count; i++) {
        uint32_t from = one_in(manner, 4) ? below(manner, COUNT(themes)) : theme;
        manner->focus[i] = themes[from].at[below(manner, themes[from].count)];
    }
}

/* ---- values ------------------------------------------------------------------------------ */

static uint64_t
draw_datum(const struct manner *manner, bool is_wide)
{
    static const uint64_t edges[] = {
        40, 41, 255, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x7e020000,
    };
    static const uint64_t wide_edges[] = {
        0x100000000, 0x100000001, 0x100000028, 0x1ffffffff, 0x200000000, 0x7fffffffffffffff,
        0x8000000000000000, 0xffffffff00000000, 0xfffffffffffffffe, UINT64_MAX,
    };

    if (is_wide && one_in(manner, 2)) {
        return one_in(manner, 4) ? bpf_random(manner->seed)
                                 : wide_edges[below(manner, COUNT(wide_edges))];
    }
    return one_in(manner, 3) ? edges[below(manner, COUNT(edges))] : below(manner, 5);
}

static uint64_t
draw_mask(const struct manner *manner, bool is_wide)
{
    static const uint64_t masks[] = { 0, 0xff, 0xf0, 0x7e020000, 0xffffffff };
    static const uint64_t wide_masks[] = {
        UINT64_MAX, 0xffffffff00000000, 0x300000003, 0x8000000000000001,
    };

    if (is_wide && one_in(manner, 2)) {
        return wide_masks[below(manner, COUNT(wide_masks))];
    }
    return one_in(manner, 2) ? 1 + below(manner, 7) : masks[below(manner, COUNT(masks))];
}

/* A value of the profile, or its neighbour. */
static uint64_t
value_of(const struct manner *manner)
{
    uint64_t value = manner->data[below(manner, DATA)];

    return one_in(manner, 4) ? value + 1 : value;
}

/* ---- actions ----------------------------------------------------------------------------- */

static const char *const actions[] = {
    "ALLOW", "ALLOW", "ERRNO", "ERRNO", "ERRNO", "LOG", "TRAP", "TRACE", "KILL", "KILL_THREAD",
    "KILL_PROCESS",
};

static const char *
draw_action(const struct manner *manner)
{
    return one_in(manner, 60) ? "NOTIFY" : actions[below(manner, COUNT(actions))];
}

/* Data that are refused or cut are rare. */
static uint32_t
draw_errno(const struct manner *manner)
{
    static const uint32_t odd[] = { 0, 38, 4094, 4094, 65537, 4095 };

    return one_in(manner, 16) ? odd[below(manner, COUNT(odd))] : 1 + below(manner, 3);
}

static void
write_action(const struct manner *manner, const char *key, const char *error_key,
             const char *action)
{
    bool carries_data = sp_str_is(sp_str_of(action), "ERRNO")
                     || sp_str_is(sp_str_of(action), "TRACE");

    sp_buf_format(manner->buf, "\"%s\":\"SCMP_ACT_%s\"", key, action);
    if (carries_data ? manner->actions > 1 && one_in(manner, 2) : one_in(manner, 400)) {
        sp_buf_format(manner->buf, ",\"%s\":%" PRIu32, error_key, draw_errno(manner));
    }
}

/* ---- conditions -------------------------------------------------------------------------- */

static const char *const operators[] = { "EQ", "MASKED_EQ", "NE", "LT", "LE", "GE", "GT" };
enum { UNBRANCHED = 2 };

static void
write_condition(const struct manner *manner, uint32_t index, uint32_t operator_count)
{
    const char *op = operators[manner->separates ? 0 : below(manner, operator_count)];
    bool is_masked = sp_str_is(sp_str_of(op), "MASKED_EQ");
    uint64_t value = is_masked ? manner->masks[below(manner, MASKS)] : value_of(manner);

    sp_buf_format(manner->buf, "{\"index\":%" PRIu32 ",\"value\":%" PRIu64, index, value);
    if (is_masked) {
        sp_buf_format(manner->buf, ",\"valueTwo\":%" PRIu64, value_of(manner));
    }
    sp_buf_format(manner->buf, ",\"op\":\"SCMP_CMP_%s\"}", op);
}

static void
write_conditions(const struct manner *manner)
{
    bool is_longer = manner->longer != 0 && one_in(manner, manner->longer);
    uint32_t count = !is_longer ? 1 : one_in(manner, 4) ? 3 : 2;
    uint32_t index = below(manner, manner->arguments);
    uint32_t all = COUNT(operators);

    sp_buf_text(manner->buf, ",\"args\":[");
    for (uint32_t i = 0; i < count; i++) {
        sp_buf_text(manner->buf, i == 0 ? "" : ",");
        write_condition(manner, index, is_longer && !manner->branches ? UNBRANCHED : all);
        index = (index + (manner->repeats ? below(manner, 2) : 1)) % SP_ARGS;
    }
    sp_buf_text(manner->buf, "]");
}

/* ---- entries ----------------------------------------------------------------------------- */

static void
write_names(const struct manner *manner)
{
    uint32_t first = below(manner, manner->focus_count);
    uint32_t count = one_in(manner, 2) ? 1 : 1 + below(manner, manner->focus_count);

    for (uint32_t i = 0; i < count; i++) {
        sp_buf_format(manner->buf, "%s\"%s\"", i == 0 ? "" : ",",
                      manner->focus[(first + i) % manner->focus_count]);
    }
}

static void
write_entry(const struct manner *manner)
{
    sp_buf_text(manner->buf, "{\"names\":[");
    write_names(manner);
    sp_buf_text(manner->buf, "],");
    write_action(manner, "action", "errnoRet", manner->action[below(manner, manner->actions)]);
    if (!one_in(manner, 20)) {
        write_conditions(manner);
    }
    sp_buf_text(manner->buf, "}");
}

/* Two names that libseccomp 2.5 mistakes: it has no number of the first for x32, which later kernels
 * do, and takes the second for another one where the host has neither. */
static const char *
draw_rest(const struct manner *manner)
{
    static const char *const mistaken[] = { "map_shadow_stack", "sys_debug_setcontext" };
    uint32_t row = below(manner, (uint32_t)sp_kb_syscalls_count);
    const char *name = sp_kb_text(sp_kb_syscalls[row].name);

    for (size_t i = 0; i < COUNT(mistaken); i++) {
        if (strcmp(name, mistaken[i]) == 0) {
            return "getpid";
        }
    }
    return name;
}

/* Calls that are just allowed; with many, newer versions of runc lay out a tree. */
static void
write_rest(const struct manner *manner)
{
    uint32_t count = one_in(manner, 5) ? 30 + below(manner, 30) : 1 + below(manner, 6);

    sp_buf_text(manner->buf, "{\"names\":[");
    for (uint32_t i = 0; i < count; i++) {
        sp_buf_format(manner->buf, "%s\"%s\"", i == 0 ? "" : ",", draw_rest(manner));
    }
    sp_buf_text(manner->buf, "],\"action\":\"SCMP_ACT_ALLOW\"}");
}

static void
write_entries(const struct manner *manner)
{
    uint32_t count = 1 + below(manner, ENTRIES_MAX);
    bool has_rest = one_in(manner, 2);
    uint32_t rest_at = below(manner, count);

    for (uint32_t i = 0; i < count; i++) {
        if (has_rest && i == rest_at) {
            write_rest(manner);
            sp_buf_text(manner->buf, ",");
        }
        write_entry(manner);
        sp_buf_text(manner->buf, i + 1 == count ? "" : ",");
    }
}

/* ---- environments ------------------------------------------------------------------------ */

static const struct host {
    const char *name;
    const char *others[3];  /* that a profile lists beside it */
} hosts[] = {
    { "x86_64", { "X86", "X32", "AARCH64" } },
    { "x86_64", { "X86", "X32", NULL } },
    { "x86_64", { "X86", "X32", "X86_64" } },
    { "x86_64", { "X86", NULL, "X32" } },
    { "x86", { "X86", NULL, "X86_64" } },
    { "aarch64", { "ARM", NULL, "AARCH64" } },
    { "s390x", { "S390", NULL, "S390X" } },
    { "mips64", { "MIPS", "MIPS64N32", NULL } },
    { "mipsel64", { "MIPSEL", "MIPSEL64N32", NULL } },
    { "ppc64le", { NULL, "PPC64LE", NULL } },
    { "riscv64", { "RISCV64", NULL, NULL } },
};

enum { HOSTS_X86_64 = 4 };

static const struct {
    enum sp_runtime runtime;
    struct sp_version version;
} runtimes[] = {
    { SP_RUNTIME_RUNC, { 1, 1, 5 } }, { SP_RUNTIME_RUNC, { 1, 1, 15 } },
    { SP_RUNTIME_RUNC, { 1, 2, 0 } }, { SP_RUNTIME_RUNC, { 0, 0, 0 } },
    { SP_RUNTIME_CRUN, { 1, 8, 1 } }, { SP_RUNTIME_CRUN, { 1, 26, 0 } },
    { SP_RUNTIME_CRUN, { 0, 0, 0 } },
};

/* Within 2.5 versions differ in the names that they know. */
static struct sp_version
draw_libseccomp(const struct manner *manner)
{
    struct sp_version installed = sp_compile_libseccomp();

    if (installed.major == 2 && installed.minor == 5 && one_in(manner, 8)) {
        installed.patch = (uint16_t)(installed.patch < 5 ? 5 : installed.patch);
    }
    return installed;
}

static void
write_architectures(const struct manner *manner, const struct host *host)
{
    bool has_any = false;

    sp_buf_text(manner->buf, "\"architectures\":[");
    for (size_t i = 0; i < COUNT(host->others); i++) {
        if (host->others[i] != NULL && one_in(manner, 2)) {
            sp_buf_format(manner->buf, "%s\"SCMP_ARCH_%s\"", has_any ? "," : "", host->others[i]);
            has_any = true;
        }
    }
    if (one_in(manner, 200)) {
        sp_buf_format(manner->buf, "%s\"SCMP_ARCH_PPC64\"", has_any ? "," : "");
    }
    sp_buf_text(manner->buf, "],");
}

static struct sp_environment
draw_environment(const struct manner *manner, const struct host *host)
{
    uint32_t runtime = below(manner, COUNT(runtimes));

    return (struct sp_environment){
        .engine = one_in(manner, 3) ? (enum sp_engine)below(manner, SP_ENGINE_OCI) : SP_ENGINE_OCI,
        .runtime = runtimes[runtime].runtime,
        .runtime_version = runtimes[runtime].version,
        .libseccomp = draw_libseccomp(manner),
        .host = sp_kb_arch_find(sp_str_of(host->name)),
        .kernel = { .major = 6, .minor = (uint16_t)(10 + below(manner, 10)) },
        .caps = sp_kb_default_caps(SP_KB_DOCKER),
    };
}

/* ---- a profile --------------------------------------------------------------------------- */

static struct manner
draw_manner(uint64_t *seed, struct sp_buf *buf)
{
    struct manner manner = { .seed = seed, .buf = buf };
    bool is_wide = one_in(&manner, 3);

    draw_focus(&manner);
    manner.arguments = 1 + below(&manner, 4);
    for (uint32_t i = 0; i < DATA; i++) {
        manner.data[i] = draw_datum(&manner, is_wide);
    }
    for (uint32_t i = 0; i < MASKS; i++) {
        manner.masks[i] = draw_mask(&manner, is_wide);
    }
    manner.actions = one_in(&manner, 2) ? 1 : 1 + below(&manner, COUNT(manner.action));
    for (uint32_t i = 0; i < manner.actions; i++) {
        manner.action[i] = draw_action(&manner);
    }
    manner.longer = one_in(&manner, 2) ? 0 : 1 + below(&manner, 4);
    manner.branches = one_in(&manner, 4);
    manner.repeats = one_in(&manner, 6);
    manner.separates = one_in(&manner, 8);
    return manner;
}

void
sp_random_profile(uint64_t *seed, struct sp_buf *buf, struct sp_environment *ret_environment)
{
    struct manner manner = draw_manner(seed, buf);
    const struct host *host = &hosts[one_in(&manner, 3) ? below(&manner, COUNT(hosts))
                                                         : below(&manner, HOSTS_X86_64)];

    sp_buf_text(buf, "{");
    write_architectures(&manner, host);
    if (!one_in(&manner, 100)) {
        sp_buf_text(buf, "\"listenerPath\":\"/run/agent.sock\",");
    }
    write_action(&manner, "defaultAction", "defaultErrnoRet", draw_action(&manner));
    sp_buf_text(buf, ",\"syscalls\":[");
    write_entries(&manner);
    sp_buf_text(buf, "]}");
    *ret_environment = draw_environment(&manner, host);
}

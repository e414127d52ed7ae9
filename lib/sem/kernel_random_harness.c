/* Profiles by chance, with few calls, arguments and values, so that their rules overlap.
 * Nothing that they let through is executed, so that any call will do. */
#include "sem/bpf_test.h"
#include "sem/kernel_harness.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

enum { CALLS_MAX = 3, RULES_MAX = 4, CONDITIONS_MAX = 3, DATA = 4, MASKS = 2, ACTIONS_MAX = 3 };

/* What the rules of one profile have in common. */
struct manner {
    uint64_t *seed;
    struct sp_buf *buf;
    uint64_t data[DATA];
    uint64_t masks[MASKS];
    char actions[ACTIONS_MAX][64];
    uint32_t action_count;
    uint32_t operator_count;  /* the first of the table */
    uint32_t longest;         /* rule, in conditions */
};

static uint32_t
below(const struct manner *manner, uint32_t limit)
{
    return bpf_random_below(manner->seed, limit);
}

/* Some of these are behind socketcall or ipc, some miss on an ABI. */
static const char *const calls[] = {
    "kcmp", "getpriority", "mincore", "fadvise64", "lseek", "madvise", "fcntl", "ioctl",
    "personality", "prctl", "clone", "socket", "bind", "semget", "shmat", "arch_prctl",
    "sched_getaffinity", "dup3",
};

static const char *const rests[] = {
    "\"read\",\"write\",\"close\"", "\"getpid\",\"gettid\",\"openat2\",\"futex_waitv\"",
    "\"exit_group\",\"kill\",\"reboot\"",
};

static const char *const arches[] = {
    "", "\"SCMP_ARCH_X86_64\"", "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"",
    "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"",
    "\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"",
    "\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\",\"SCMP_ARCH_AARCH64\"",
};

/* Those that branch come last. */
static const char *const operators[] = { "EQ", "MASKED_EQ", "GE", "GT", "LE", "LT", "NE" };
enum { UNBRANCHED = 2 };

/* ---- drawing ----------------------------------------------------------------------------- */

static uint64_t
draw_datum(const struct manner *manner)
{
    static const uint64_t edges[] = {
        16, 40, 41, 0xff, 0x7e020000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
        0x100000000, 0x100000001, 0x100000028, 0x8000000000000000, 0xffffffff00000000,
        0xfffffffffffffffe, UINT64_MAX,
    };

    return below(manner, 2) == 0 ? edges[below(manner, COUNT(edges))] : below(manner, 10);
}

static uint64_t
draw_mask(const struct manner *manner)
{
    static const uint64_t masks[] = {
        1, 3, 7, 0xf0, 0xff, 0x7e020000, 0xffffffff, 0xffffffff00000000, 0x300000003,
        0x8000000000000001,
    };

    return masks[below(manner, COUNT(masks))];
}

/* With an errno that the kernel itself does not know, one past what it passes on, or none. */
static void
draw_action(const struct manner *manner, char *to, size_t size)
{
    static const char *const actions[] = { "ALLOW", "ALLOW", "LOG", "TRAP", "ERRNO", "ERRNO" };
    static const uint32_t errnos[] = { 1, 13, 22, 38, 71, 300, 4095, 5000 };
    const char *action = actions[below(manner, COUNT(actions))];
    uint32_t error = errnos[below(manner, COUNT(errnos))];

    if (strcmp(action, "ERRNO") == 0 && below(manner, 8) > 0) {
        snprintf(to, size, "\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":%" PRIu32, error);
    } else {
        snprintf(to, size, "\"action\":\"SCMP_ACT_%s\"", action);
    }
}

static struct manner
draw_manner(uint64_t *seed, struct sp_buf *buf)
{
    struct manner manner = { .seed = seed, .buf = buf };

    for (uint32_t i = 0; i < DATA; i++) {
        manner.data[i] = draw_datum(&manner);
    }
    for (uint32_t i = 0; i < MASKS; i++) {
        manner.masks[i] = draw_mask(&manner);
    }
    manner.action_count = 1 + below(&manner, ACTIONS_MAX);
    for (uint32_t i = 0; i < manner.action_count; i++) {
        draw_action(&manner, manner.actions[i], sizeof manner.actions[i]);
    }
    manner.operator_count = below(&manner, 3) == 0 ? UNBRANCHED : COUNT(operators);
    manner.longest = 1 + below(&manner, CONDITIONS_MAX);
    return manner;
}

/* ---- writing ----------------------------------------------------------------------------- */

static void
write_condition(const struct manner *manner, uint32_t index)
{
    uint32_t op = below(manner, manner->operator_count);
    bool is_masked = strcmp(operators[op], "MASKED_EQ") == 0;
    uint64_t value = manner->data[below(manner, DATA)];
    uint64_t mask = manner->masks[below(manner, MASKS)];

    sp_buf_format(manner->buf, "{\"index\":%" PRIu32 ",\"value\":%" PRIu64, index,
                  is_masked ? mask : value);
    if (is_masked) {
        sp_buf_format(manner->buf, ",\"valueTwo\":%" PRIu64, value & mask);
    }
    sp_buf_format(manner->buf, ",\"op\":\"SCMP_CMP_%s\"}", operators[op]);
}

/* Now and then a rule asks for an argument twice. */
static void
write_rule(const struct manner *manner, const char *call)
{
    uint32_t count = 1 + below(manner, manner->longest);
    uint32_t index = below(manner, 3);

    sp_buf_format(manner->buf, ",{\"names\":[\"%s\"],%s,\"args\":[", call,
                  manner->actions[below(manner, manner->action_count)]);
    for (uint32_t i = 0; i < count; i++) {
        sp_buf_text(manner->buf, i == 0 ? "" : ",");
        write_condition(manner, index);
        index = (index + (below(manner, 5) == 0 ? 0 : 1)) % 3;
    }
    sp_buf_text(manner->buf, "]}");
}

void
kernel_generate(uint64_t *seed, struct sp_buf *buf)
{
    struct manner manner = draw_manner(seed, buf);
    uint32_t call_count = 1 + below(&manner, CALLS_MAX);
    bool allows = below(&manner, 2) == 0;

    sp_buf_format(buf, "{\"architectures\":[%s],\"defaultAction\":\"SCMP_ACT_%s\"",
                  arches[below(&manner, COUNT(arches))], allows ? "ALLOW" : "ERRNO");
    sp_buf_format(buf, ",\"syscalls\":[{\"names\":[%s],\"action\":\"SCMP_ACT_%s\"}",
                  rests[below(&manner, COUNT(rests))], allows ? "ERRNO" : "ALLOW");
    for (uint32_t i = 0; i < call_count; i++) {
        const char *call = calls[below(&manner, COUNT(calls))];
        uint32_t rule_count = 1 + below(&manner, RULES_MAX);
        for (uint32_t j = 0; j < rule_count; j++) {
            write_rule(&manner, call);
        }
    }
    sp_buf_text(buf, "]}");
}

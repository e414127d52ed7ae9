#include "ops/probes.h"

#include "ops/harmless.h"
#include "ops/log_only.h"
#include "sem/bpf_run.h"
#include "sem/meaning.h"
#include "sem/words.h"

#include <inttypes.h>
#include <string.h>

/* Numbers behind the last known one, and how many are skipped between two of an architecture
 * whose numbers all mean the same, for it is not the filter's. */
enum { BEYOND = 4, FOREIGN_STEP = 64, LEAVES_MAX = 16 };

struct prober {
    struct sp_arena *arena;
    struct sp_dd_store *store;
    struct sp_meaning *meaning;
    struct sp_bpf program;
    bool is_log_only;
    struct sp_buf text;  /* of the call at hand */
    struct sp_probes *probes;
};

/* One number on one architecture, with what the rules mean for it. */
struct number {
    const struct sp_kb_arch *arch;
    const struct sp_kb_syscall *call;  /* NULL: not known */
    uint32_t nr;
    sp_dd meant;
};

/* ---- words ------------------------------------------------------------------------------- */

static void
write_args(const struct number *number, const uint64_t *args, struct sp_buf *buf)
{
    size_t count = number->call->args_known ? number->call->args.count : SP_ARGS;

    sp_buf_char(buf, '(');
    for (size_t i = 0; i < count; i++) {
        sp_buf_text(buf, i == 0 ? "" : ", ");
        if (args[i] == UINT64_MAX) {
            sp_buf_text(buf, "-1");
        } else {
            sp_words_value(number->call, (unsigned)i, args[i], buf);
        }
    }
    sp_buf_char(buf, ')');
}

static const char *
text_of(struct prober *prober, const struct number *number, const uint64_t *args)
{
    struct sp_buf *buf = &prober->text;

    sp_buf_cut(buf, 0);
    if (number->arch != prober->meaning->environment.host) {
        sp_buf_format(buf, "%s:", sp_kb_text(number->arch->name));
    }
    if (number->call == NULL) {
        sp_buf_format(buf, "%" PRIu32, number->nr - number->arch->offset);
    } else {
        sp_buf_text(buf, sp_kb_text(number->call->name));
        write_args(number, args, buf);
    }
    return buf->failed ? NULL : sp_arena_copy(prober->arena, sp_buf_view(buf));
}

/* ---- one call ---------------------------------------------------------------------------- */

static bool
lets_through(sp_verdict verdict)
{
    return sp_log_only_verdict(verdict) == verdict;
}

/* What the rules mean; false where that is undecided. */
static bool
find_meant(const struct prober *prober, const struct number *number, const uint64_t *args,
           sp_verdict *ret_meant)
{
    uint32_t meant;

    if (!sp_dd_eval(prober->store, number->meant, args, &meant)) {
        return false;
    }
    *ret_meant = prober->is_log_only ? sp_log_only_verdict(meant) : meant;
    return true;
}

static bool
has_all_bits(const uint64_t *args)
{
    for (size_t i = 0; i < SP_ARGS; i++) {
        if (args[i] != UINT64_MAX) {
            return false;
        }
    }
    return true;
}

static bool
is_harmless(const struct number *number, const uint64_t *args, sp_verdict verdict)
{
    return !lets_through(verdict)
        || (number->call != NULL && has_all_bits(args)
            && sp_harmless_has(sp_kb_text(number->call->name)));
}

static bool
add(struct prober *prober, const struct number *number, const uint64_t *args)
{
    struct sp_probe made = { .call = { .arch = number->arch->audit, .nr = number->nr } };

    memcpy(made.call.args, args, sizeof made.call.args);
    made.verdict = sp_bpf_run(prober->program, &made.call, NULL);
    made.meant = made.verdict;
    bool is_decided = find_meant(prober, number, args, &made.meant);
    made.is_harmless = is_harmless(number, args, made.verdict);
    if (!made.is_harmless && made.meant == made.verdict) {
        prober->probes->left_out++;
        return true;
    }
    made.text = text_of(prober, number, args);
    struct sp_probe *probe = sp_vec_push(prober->arena, &prober->probes->all);
    if (probe == NULL || made.text == NULL) {
        return false;
    }
    *probe = made;
    prober->probes->undecided += !is_decided;
    return true;
}

/* ---- one number -------------------------------------------------------------------------- */

static bool
is_value(uint32_t value, void *user)
{
    return value == *(uint32_t *)user;
}

/* All bits set, and the smallest arguments of every verdict that this does not show. */
static bool
add_number(struct prober *prober, const struct number *number)
{
    uint64_t args[SP_ARGS];
    uint32_t leaves[LEAVES_MAX];
    uint32_t shown = 0;

    memset(args, 0xff, sizeof args);
    bool is_shown = sp_dd_eval(prober->store, number->meant, args, &shown);
    if (!add(prober, number, args)) {
        return false;
    }
    size_t count = sp_dd_leaves(prober->store, number->meant, leaves, LEAVES_MAX);
    for (size_t i = 0; i < count && i < LEAVES_MAX; i++) {
        if (is_shown && leaves[i] == shown) {
            continue;
        }
        if (sp_dd_find(prober->store, number->meant, is_value, &leaves[i], args)
            && !add(prober, number, args)) {
            return false;
        }
    }
    return true;
}

/* Kernels that have them let them pass whatever a filter says, and they end a program that is
 * not probed. */
static bool
is_exempt(const struct sp_kb_syscall *call)
{
    const char *name = call == NULL ? "" : sp_kb_text(call->name);

    return strcmp(name, "uprobe") == 0 || strcmp(name, "uretprobe") == 0;
}

/* ---- one architecture -------------------------------------------------------------------- */

static uint32_t
last_number(const struct sp_kb_arch *arch)
{
    uint32_t last = 0;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        int64_t number = sp_kb_number(arch, &sp_kb_syscalls[i]);
        if (number != SP_KB_NO_NUMBER && (uint32_t)number > last) {
            last = (uint32_t)number;
        }
    }
    return last;
}

static bool
is_of_filter(const struct sp_meaning *meaning, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < meaning->arch_count; i++) {
        if (meaning->arches[i].arch == arch) {
            return true;
        }
    }
    return false;
}

static bool
add_arch(struct prober *prober, const struct sp_kb_arch *arch)
{
    uint32_t last = last_number(arch) + BEYOND;
    uint32_t step = is_of_filter(prober->meaning, arch) ? 1 : FOREIGN_STEP;

    for (uint32_t nr = arch->offset; nr <= last; nr += step) {
        struct number number = {
            .arch = arch,
            .call = sp_kb_syscall_by_number(arch, nr),
            .nr = nr,
            .meant = sp_meaning_of(prober->meaning, arch, nr, SP_READING_MODELLED),
        };
        if (!is_exempt(number.call) && !add_number(prober, &number)) {
            return false;
        }
    }
    return true;
}

/* ABIs whose calls a program of the host can make without being another program. */
static const struct {
    const char *host;
    const char *abi;
} abis[] = {
    { .host = "x86_64", .abi = "x32" },
    { .host = "x86_64", .abi = "x86" },
};

static bool
add_all(struct prober *prober)
{
    const struct sp_kb_arch *host = prober->meaning->environment.host;

    if (!add_arch(prober, host)) {
        return false;
    }
    for (size_t i = 0; i < sizeof abis / sizeof *abis; i++) {
        if (strcmp(sp_kb_text(host->name), abis[i].host) == 0
            && !add_arch(prober, sp_kb_arch_find(sp_str_of(abis[i].abi)))) {
            return false;
        }
    }
    return true;
}

bool
sp_probes_make(struct sp_arena *arena, const struct sp_profile *profile,
               const struct sp_environment *environment, struct sp_bpf program,
               bool is_log_only, struct sp_probes *ret_probes)
{
    struct sp_probes probes = { .left_out = 0 };
    struct prober prober = {
        .arena = arena, .store = sp_dd_store_new(SP_DD_BUDGET), .program = program,
        .is_log_only = is_log_only, .probes = &probes,
    };
    bool made = prober.store != NULL
        && sp_meaning_make(arena, prober.store, profile, environment, &prober.meaning)
        && add_all(&prober) && !arena->failed && !sp_dd_store_is_spent(prober.store);

    sp_buf_free(&prober.text);
    sp_dd_store_free(prober.store);
    if (made) {
        *ret_probes = probes;
    }
    return made;
}

/* The rules of an architecture, held against libseccomp, and runc's stub. */
#include "base/testing.h"
#include "sem/arch_rules.h"
#include "sem/bpf_run.h"
#include "sem/bpf_test.h"
#include "sem/modelled.h"

#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PROGRAM_MAX = 4096, LIST_MAX = 6, ARCHES_MAX = 3 };

/* ---- lists of rules ---------------------------------------------------------------------- */

static uint16_t
call_of(const char *name)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(name));

    ck_assert_msg(call != NULL, "no call %s", name);
    return (uint16_t)sp_kb_syscall_index(call);
}

static void
add_arches(struct sp_arena *arena, struct sp_filter_rules *rules, const char *const *names)
{
    for (size_t i = 0; i < ARCHES_MAX && names[i] != NULL; i++) {
        const struct sp_kb_arch **place = sp_vec_push(arena, &rules->arches);
        *place = sp_kb_arch_find(sp_str_of(names[i]));
        ck_assert_ptr_nonnull(*place);
    }
}

static void
add_rule(struct sp_arena *arena, struct sp_filter_rules *rules, const char *name,
         sp_verdict verdict, const struct sp_filter_condition *conditions, size_t count)
{
    struct sp_filter_rule *rule = sp_vec_push(arena, &rules->rules);
    uint16_t *named = sp_vec_push(arena, &rules->named);

    *rule = (struct sp_filter_rule){
        .call = call_of(name),
        .verdict = verdict,
        .conditions = conditions,
        .condition_count = count,
    };
    *named = rule->call;
    rules->entries++;
}

/* ---- against the library ----------------------------------------------------------------- */

static const char *const blocks[][ARCHES_MAX] = {
    { "x86_64" }, { "x86_64", "x32" }, { "x86_64", "x86", "x32" }, { "x32" }, { "x86" },
    { "aarch64", "arm" }, { "mipsel64", "mipsel", "mipsel64n32" }, { "ppc64le" }, { "riscv64" },
};
enum { BLOCKS = sizeof blocks / sizeof *blocks };

static const struct sp_environment environment = {
    .runtime = SP_RUNTIME_CRUN, .libseccomp = { 2, 5, 4 }
};

/* Few arguments, data and operators at a time, so that calls have tests in common. */
struct manner {
    unsigned arguments;
    unsigned data;
    unsigned verdicts;
    bool is_equal_only;
    bool is_wide;
};

static struct sp_filter_condition
random_condition(uint64_t *seed, const struct manner *manner, unsigned index)
{
    uint64_t high = manner->is_wide ? (uint64_t)bpf_random_below(seed, 3) << 32 : 0;
    struct sp_filter_condition condition = {
        .index = index,
        .op = SP_OPERATOR_EQ,
        .mask = UINT64_MAX,
        .datum = (bpf_random_below(seed, manner->data) + 1) | high,
    };

    if (!manner->is_equal_only) {
        condition.op = (enum sp_operator)(1 + bpf_random_below(seed, 7));
    }
    if (condition.op == SP_OPERATOR_MASKED_EQ) {
        condition.mask = bpf_random_below(seed, 4) | high;
        condition.datum &= condition.mask;
    }
    return condition;
}

static void
random_rules(struct sp_arena *arena, uint64_t *seed, struct sp_filter_rules *rules)
{
    static const char *const names[] = {
        "kcmp", "ioctl", "socket", "bind", "accept", "sendmmsg", "recv", "semop", "semget",
        "socketcall", "ipc", "spu_run", "vm86", "kcmp", "socketcall", "shmat",
    };
    struct manner manner = {
        .arguments = 1 + bpf_random_below(seed, 3),
        .data = 2 + bpf_random_below(seed, 2),
        .verdicts = 1 + bpf_random_below(seed, 2),
        .is_equal_only = bpf_random_below(seed, 2) == 0,
        .is_wide = bpf_random_below(seed, 3) == 0,
    };
    unsigned few = 2 + bpf_random_below(seed, sizeof names / sizeof *names - 1);
    unsigned first = bpf_random_below(seed, sizeof names / sizeof *names - few + 1);
    size_t count = 1 + bpf_random_below(seed, LIST_MAX);

    for (size_t i = 0; i < count; i++) {
        const char *name = names[first + bpf_random_below(seed, few)];
        size_t conditions = bpf_random_below(seed, 8) == 0 ? 0 : 1 + bpf_random_below(seed, 2);
        unsigned index = bpf_random_below(seed, manner.arguments);
        struct sp_filter_condition *at =
            sp_arena_new_array(arena, conditions + 1, struct sp_filter_condition);
        for (size_t j = 0; j < conditions; j++) {
            at[j] = random_condition(seed, &manner, (index + (unsigned)j) % 3);
        }
        add_rule(arena, rules, name,
                 SP_VERDICT_ERRNO | (1 + bpf_random_below(seed, manner.verdicts)), at,
                 conditions);
    }
}

static scmp_filter_ctx
library_start(const struct sp_filter_rules *rules)
{
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
    bool has_native = false;

    ck_assert_ptr_nonnull(context);
    for (size_t i = 0; i < rules->arches.count; i++) {
        const char *name = sp_kb_text(rules->arches.at[i]->name);
        int added = seccomp_arch_add(context, seccomp_arch_resolve_name(name));
        ck_assert(added == 0 || added == -EEXIST);
        has_native |= strcmp(name, "x86_64") == 0;
    }
    if (!has_native) {
        ck_assert_int_eq(seccomp_arch_remove(context, SCMP_ARCH_X86_64), 0);
    }
    return context;
}

static const struct {
    enum scmp_compare library;
    const char *text;
} operators[] = {
    [SP_OPERATOR_NE] = { SCMP_CMP_NE, "!=" }, [SP_OPERATOR_LT] = { SCMP_CMP_LT, "<" },
    [SP_OPERATOR_LE] = { SCMP_CMP_LE, "<=" }, [SP_OPERATOR_EQ] = { SCMP_CMP_EQ, "==" },
    [SP_OPERATOR_GE] = { SCMP_CMP_GE, ">=" }, [SP_OPERATOR_GT] = { SCMP_CMP_GT, ">" },
    [SP_OPERATOR_MASKED_EQ] = { SCMP_CMP_MASKED_EQ, "&==" },
};

static int
library_add(scmp_filter_ctx context, const struct sp_filter_rule *rule)
{
    struct scmp_arg_cmp conditions[SP_ARGS];
    const char *name = sp_kb_text(sp_kb_syscalls[rule->call].name);

    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_filter_condition *condition = &rule->conditions[i];
        bool is_masked = condition->op == SP_OPERATOR_MASKED_EQ;
        conditions[i] = (struct scmp_arg_cmp){
            .arg = condition->index,
            .op = operators[condition->op].library,
            .datum_a = is_masked ? condition->mask : condition->datum,
            .datum_b = is_masked ? condition->datum : 0,
        };
    }
    return seccomp_rule_add_array(context, SCMP_ACT_ERRNO(rule->verdict & SP_VERDICT_DATA),
                                  seccomp_syscall_resolve_name(name),
                                  (unsigned)rule->condition_count, conditions);
}

/* The library loses some memory where rules imply one another: that is no leak of ours. */
void
__lsan_disable(void) __attribute__((weak));
void
__lsan_enable(void) __attribute__((weak));

static void
watch_leaks(bool is_on)
{
    if (__lsan_disable != NULL && __lsan_enable != NULL) {
        (is_on ? __lsan_enable : __lsan_disable)();
    }
}

/* False when the library refuses a rule. */
static bool
library_build(const struct sp_filter_rules *rules, struct sp_bpf_insn *room,
              struct sp_bpf *ret_program)
{
    scmp_filter_ctx context = library_start(rules);
    int error = 0;

    for (size_t i = 0; i < rules->rules.count && error == 0; i++) {
        error = library_add(context, &rules->rules.at[i]);
    }
    ck_assert(error == 0 || error == -EEXIST);
    if (error == 0) {
        int fd = memfd_create("filter", MFD_CLOEXEC);
        ck_assert_int_eq(seccomp_export_bpf(context, fd), 0);
        ssize_t size = pread(fd, room, PROGRAM_MAX * sizeof *room, 0);
        ck_assert_int_gt(size, 0);
        close(fd);
        *ret_program = (struct sp_bpf){ .at = room, .count = (size_t)size / sizeof *room };
    }
    seccomp_release(context);
    return error == 0;
}

static void
describe(const struct sp_filter_rules *rules)
{
    fprintf(stderr, "%zu rules\n", rules->rules.count);
    for (size_t i = 0; i < rules->rules.count; i++) {
        const struct sp_filter_rule *rule = &rules->rules.at[i];
        fprintf(stderr, "  %s errno %u", sp_kb_text(sp_kb_syscalls[rule->call].name),
                rule->verdict & SP_VERDICT_DATA);
        for (size_t j = 0; j < rule->condition_count; j++) {
            const struct sp_filter_condition *condition = &rule->conditions[j];
            fprintf(stderr, " a%u %s %#llx (mask %#llx)", condition->index,
                    operators[condition->op].text, (unsigned long long)condition->datum,
                    (unsigned long long)condition->mask);
        }
        fprintf(stderr, "\n");
    }
}

/* What the model says of all rules together. */
struct said {
    bool is_refused;
    unsigned hazards;
};

static struct sp_modelled
model(struct sp_dd_store *store, const struct sp_filter_rules *rules,
      const struct sp_arch_rules *arch, const struct sp_arch_call *call, struct said *said)
{
    struct sp_modelled modelled;

    ck_assert(sp_modelled_make(store, call->rules, call->count, arch->arch->bits,
                               rules->default_verdict, environment.libseccomp, &modelled));
    said->is_refused |= modelled.refused != NULL;
    said->hazards |= modelled.hazards;
    return modelled;
}

static struct said
model_all(struct sp_dd_store *store, const struct sp_filter_rules *rules,
          const struct sp_arch_rules *arches)
{
    struct said said = { .is_refused = false };

    for (size_t i = 0; i < rules->arches.count; i++) {
        for (size_t j = 0; j < arches[i].calls.count; j++) {
            model(store, rules, &arches[i], &arches[i].calls.at[j], &said);
        }
        for (size_t j = 0; j < arches[i].nameless.count; j++) {
            model(store, rules, &arches[i], &arches[i].nameless.at[j], &said);
        }
    }
    return said;
}

/* Calls inside the safe fragment mean what the model says, whatever the others are. */
static void
compare_arch(struct sp_dd_store *store, const struct sp_filter_rules *rules,
             const struct sp_arch_rules *arch, struct sp_bpf program)
{
    for (size_t j = 0; j < arch->calls.count; j++) {
        const struct sp_arch_call *call = &arch->calls.at[j];
        struct said said = { .is_refused = false };
        struct sp_modelled modelled = model(store, rules, arch, call, &said);
        sp_dd expected = arch->headless ? sp_dd_leaf(store, rules->default_verdict)
                                        : modelled.meaning;
        ck_assert_ptr_eq(sp_arch_rules_find(arch, call->nr), call);
        if (!arch->head_unsure && (modelled.hazards == 0 || arch->headless)
            && sp_bpf_meaning(store, program, arch->arch->audit, call->nr) != expected) {
            describe(rules);
            ck_abort_msg("%s, number %u%s", sp_kb_text(arch->arch->name), call->nr,
                         arch->headless ? ", without a head" : "");
        }
    }
    ck_assert_ptr_null(sp_arch_rules_find(arch, 0x3fffffff));
}

/* False: some call is so shaped that the library cannot be asked, or may refuse by mistake. */
static bool
compare(const struct sp_filter_rules *rules)
{
    enum { UNRULY = SP_HAZARD_SHARED_LEVEL | SP_HAZARD_STALE_REGISTER | SP_HAZARD_LOST_RULE };
    static struct sp_bpf_insn room[PROGRAM_MAX];
    struct sp_arch_rules arches[ARCHES_MAX];
    SP_SCRATCH(arena);
    struct sp_dd_store *store = sp_dd_store_new(1 << 16);
    struct sp_bpf program = { .count = 0 };

    for (size_t i = 0; i < rules->arches.count; i++) {
        ck_assert(sp_arch_rules_make(&arena, rules, &environment, rules->arches.at[i],
                                     &arches[i]));
    }
    struct said said = model_all(store, rules, arches);
    bool is_asked = (said.hazards & UNRULY) == 0;
    if (is_asked) {
        watch_leaks(false);
        bool is_built = library_build(rules, room, &program);
        watch_leaks(true);
        if (said.is_refused == is_built && said.hazards == 0) {
            describe(rules);
            ck_abort_msg("the library %s", is_built ? "takes all rules" : "refuses a rule");
        }
        for (size_t i = 0; i < rules->arches.count && is_built; i++) {
            compare_arch(store, rules, &arches[i], program);
        }
    }
    sp_dd_store_free(store);
    return is_asked;
}

static size_t
sets_wanted(void)
{
    const char *text = getenv("SECPROF_MODELLED_SETS");

    return text != NULL ? strtoull(text, NULL, 10) : 800;
}

START_TEST(the_library_keeps_the_same_rules)
{
    uint64_t seed = 0xa7c4 + (uint64_t)_i;

    for (size_t done = 0; done < sets_wanted();) {
        SP_SCRATCH(arena);
        struct sp_filter_rules rules = { .default_verdict = SP_VERDICT_ALLOW };
        add_arches(&arena, &rules, blocks[_i]);
        random_rules(&arena, &seed, &rules);
        done += compare(&rules);
    }
}
END_TEST

/* ---- one by one -------------------------------------------------------------------------- */

static struct sp_arch_rules
make(struct sp_arena *arena, const struct sp_filter_rules *rules,
     struct sp_environment where, const char *arch)
{
    struct sp_arch_rules made;

    ck_assert(sp_arch_rules_make(arena, rules, &where, sp_kb_arch_find(sp_str_of(arch)),
                                 &made));
    return made;
}

/* How many numbers `name` alone has rules for. */
static const struct {
    const char *name;
    const char *arch;
    struct sp_version libseccomp;
    size_t calls;
} doubled[] = {
    { "socket", "x86_64", { 0 }, 1 }, { "socket", "x86", { 0 }, 2 },
    { "accept", "x86", { 0 }, 1 }, { "recv", "x86_64", { 0 }, 0 },
    { "recv", "x86", { 0 }, 1 }, { "semget", "s390x", { 2, 5, 4 }, 2 },
    { "socket", "ppc64le", { 2, 5, 1 }, 1 }, { "socket", "ppc64le", { 2, 5, 4 }, 2 },
    { "socket", "mips", { 2, 5, 4 }, 2 }, { "socket", "mipsel64", { 2, 5, 4 }, 1 },
    { "semget", "ppc", { 2, 5, 4 }, 2 }, { "semop", "ppc64", { 2, 5, 4 }, 1 },
    { "socket", "ppc64le", { 0 }, 2 }, { "socket", "aarch64", { 0 }, 1 },
    { "kcmp", "x86", { 0 }, 1 }, { "socketcall", "x86", { 0 }, 1 },
};

START_TEST(multiplexed_calls_are_doubled)
{
    SP_SCRATCH(arena);
    struct sp_filter_rules rules = { .default_verdict = SP_VERDICT_ALLOW };
    struct sp_environment where = environment;

    where.libseccomp = doubled[_i].libseccomp;
    add_rule(&arena, &rules, doubled[_i].name, SP_VERDICT_ERRNO | 1, NULL, 0);
    struct sp_arch_rules made = make(&arena, &rules, where, doubled[_i].arch);
    ck_assert_msg(made.calls.count == doubled[_i].calls, "%s on %s: %zu numbers",
                  doubled[_i].name, doubled[_i].arch, made.calls.count);
}
END_TEST

START_TEST(a_companion_keeps_the_other_conditions)
{
    static const struct sp_filter_condition conditions[] = {
        { 0, SP_OPERATOR_NE, UINT64_MAX, 40 }, { 1, SP_OPERATOR_GT, UINT64_MAX, 9 },
    };
    SP_SCRATCH(arena);
    struct sp_filter_rules rules = { .default_verdict = SP_VERDICT_ALLOW };

    add_rule(&arena, &rules, "socket", SP_VERDICT_ERRNO | 1, conditions, 2);
    struct sp_arch_rules made = make(&arena, &rules, environment, "x86");
    const struct sp_arch_call *call = sp_arch_rules_find(&made, 102);
    ck_assert_ptr_nonnull(call);
    ck_assert_uint_eq(call->call, call_of("socketcall"));
    ck_assert_uint_eq(call->rules[0].call, call_of("socket"));
    ck_assert_uint_eq(call->rules[0].condition_count, 2);
    ck_assert_uint_eq(call->rules[0].conditions[0].datum, 1);
    ck_assert_int_eq(call->rules[0].conditions[0].op, SP_OPERATOR_EQ);
    ck_assert_uint_eq(call->rules[0].conditions[1].datum, 9);
}
END_TEST

/* kcmp with a condition and `other` without: is the load lost on `arch`? */
static const struct {
    const char *other;
    const char *arch;
    const char *arches[ARCHES_MAX];
    bool headless;
} heads[] = {
    { "socketcall", "x86_64", { "x86_64" }, false },
    { "socketcall", "x86_64", { "x86_64", "x86" }, false },
    { "socketcall", "x86_64", { "x86_64", "x86", "x32" }, true },
    { "socketcall", "x86", { "x86_64", "x86", "x32" }, false },
    { "spu_run", "x86", { "x86_64", "x86", "x32" }, false },
    { "open", "aarch64", { "aarch64" }, true },
    { "read", "aarch64", { "aarch64" }, false },
    { "set_tls", "ppc64le", { "ppc64le" }, false },
    { "set_tls", "mipsel64", { "mipsel64" }, true },
    { "open", "riscv64", { "riscv64" }, true },
};

START_TEST(a_name_without_a_number_loses_the_load)
{
    static const struct sp_filter_condition condition = { 0, SP_OPERATOR_EQ, UINT64_MAX, 8 };
    struct sp_environment tree = { .runtime = SP_RUNTIME_RUNC };
    SP_SCRATCH(arena);
    struct sp_filter_rules rules = { .default_verdict = SP_VERDICT_ALLOW };

    add_arches(&arena, &rules, heads[_i].arches);
    add_rule(&arena, &rules, heads[_i].other, SP_VERDICT_ERRNO | 72, NULL, 0);
    add_rule(&arena, &rules, "kcmp", SP_VERDICT_ERRNO | 71, &condition, 1);
    ck_assert(make(&arena, &rules, environment, heads[_i].arch).headless == heads[_i].headless);
    ck_assert(make(&arena, &rules, tree, heads[_i].arch).headless == heads[_i].headless);
    rules.entries = 33;
    ck_assert(sp_arch_rules_is_tree(&rules, &tree));
    ck_assert(!make(&arena, &rules, tree, heads[_i].arch).headless);
    tree.runtime_version = (struct sp_version){ 1, 1, 15 };
    ck_assert(!sp_arch_rules_is_tree(&rules, &tree));
}
END_TEST

/* libseccomp drops the longer one of two rules for a name without a number, which then is the
 * head. */
START_TEST(a_head_is_unsure_where_rules_imply_one_another)
{
    static const struct sp_filter_condition longer[] = {
        { 1, SP_OPERATOR_EQ, UINT64_MAX, 8 }, { 2, SP_OPERATOR_EQ, UINT64_MAX, 9 },
    };
    SP_SCRATCH(arena);
    struct sp_filter_rules rules = { .default_verdict = SP_VERDICT_ALLOW };

    add_rule(&arena, &rules, "open", SP_VERDICT_ERRNO | 1, longer, 2);
    add_rule(&arena, &rules, "open", SP_VERDICT_ERRNO | 1, longer, 1);
    add_rule(&arena, &rules, "kcmp", SP_VERDICT_ERRNO | 1, longer, 2);
    struct sp_arch_rules made = make(&arena, &rules, environment, "aarch64");
    ck_assert(made.head_unsure);
    ck_assert(!made.headless);
    ck_assert_uint_eq(made.nameless.count, 1);
    ck_assert_uint_eq(made.nameless.at[0].count, 2);
}
END_TEST

static const struct {
    sp_verdict default_verdict;
    enum sp_runtime runtime;
    struct sp_version version;
    const char *arches[ARCHES_MAX];
    const char *arch;
    bool host_is_listed;
    uint32_t stub;
    bool at_zero;
} stubs[] = {
    { SP_VERDICT_ERRNO | 1, SP_RUNTIME_RUNC, { 0 }, { "x86_64" }, "x86_64", false, 312, false },
    { SP_VERDICT_KILL_PROCESS, SP_RUNTIME_RUNC, { 0 }, { "x86_64" }, "x86_64", false, 312, false },
    { SP_VERDICT_ALLOW, SP_RUNTIME_RUNC, { 0 }, { "x86_64" }, "x86_64", false, 0, false },
    { SP_VERDICT_LOG, SP_RUNTIME_RUNC, { 0 }, { "x86_64" }, "x86_64", false, 0, false },
    { SP_VERDICT_TRACE | 1, SP_RUNTIME_RUNC, { 0 }, { "x86_64" }, "x86_64", false, 0, false },
    { SP_VERDICT_ERRNO | 1, SP_RUNTIME_CRUN, { 0 }, { "x86_64" }, "x86_64", false, 0, false },
    { SP_VERDICT_ERRNO | 1, SP_RUNTIME_RUNC, { 1, 1, 5 }, { "x86_64" }, "x86_64", false, 0, false },
    { SP_VERDICT_ERRNO | 1, SP_RUNTIME_RUNC, { 1, 1, 5 }, { "x86_64" }, "x86_64", true, 312,
      false },
    { SP_VERDICT_ERRNO | 1, SP_RUNTIME_RUNC, { 1, 1, 5 }, { "x86_64", "x86" }, "x86_64", false,
      0, false },
    { SP_VERDICT_ERRNO | 1, SP_RUNTIME_RUNC, { 1, 1, 15 }, { "x86_64" }, "x86_64", false, 312,
      false },
    { SP_VERDICT_ERRNO | 1, SP_RUNTIME_RUNC, { 1, 1, 5 }, { "x86_64", "x86" }, "x86", false, 349,
      false },
    { SP_VERDICT_ERRNO | 1, SP_RUNTIME_RUNC, { 0 }, { "x86_64", "x32" }, "x32", false, 0x40000138,
      false },
    { SP_VERDICT_ERRNO | 1, SP_RUNTIME_RUNC, { 0 }, { "s390x" }, "s390x", false, 343, true },
};

START_TEST(runc_puts_a_stub_before_the_filter)
{
    struct sp_environment where = {
        .runtime = stubs[_i].runtime, .runtime_version = stubs[_i].version,
        .host = sp_kb_arch_find(sp_str_of(stubs[_i].arches[0])),
    };
    SP_SCRATCH(arena);
    struct sp_filter_rules rules = {
        .default_verdict = stubs[_i].default_verdict,
        .host_is_listed = stubs[_i].host_is_listed,
    };

    add_arches(&arena, &rules, stubs[_i].arches);
    add_rule(&arena, &rules, "kcmp", SP_VERDICT_KILL_THREAD, NULL, 0);
    add_rule(&arena, &rules, "read", SP_VERDICT_KILL_THREAD, NULL, 0);
    struct sp_arch_rules made = make(&arena, &rules, where, stubs[_i].arch);
    ck_assert_uint_eq(made.stub, stubs[_i].stub);
    ck_assert(made.stub_at_zero == stubs[_i].at_zero);
}
END_TEST

/* semget has a number on x86 since Linux 5.1, but libseccomp knows it as one of ipc's. */
START_TEST(a_multiplexed_call_does_not_move_the_stub)
{
    static const struct {
        const char *arch;
        struct sp_version libseccomp;
        uint32_t stub;
    } rows[] = {
        { "x86", { 0 }, 349 },
        { "x86_64", { 0 }, 312 },
        { "ppc64le", { 0 }, 354 },
        { "ppc64le", { 2, 5, 1 }, 393 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const arches[ARCHES_MAX] = { rows[i].arch };
        struct sp_environment where = {
            .runtime = SP_RUNTIME_RUNC, .libseccomp = rows[i].libseccomp,
            .host = sp_kb_arch_find(sp_str_of(rows[i].arch)),
        };
        SP_SCRATCH(arena);
        struct sp_filter_rules rules = { .default_verdict = SP_VERDICT_ERRNO | 1 };

        add_arches(&arena, &rules, arches);
        add_rule(&arena, &rules, "kcmp", SP_VERDICT_ALLOW, NULL, 0);
        add_rule(&arena, &rules, "semget", SP_VERDICT_ALLOW, NULL, 0);
        struct sp_arch_rules made = make(&arena, &rules, where, rows[i].arch);
        ck_assert_msg(made.stub == rows[i].stub, "%s: %u", rows[i].arch, made.stub);
    }
}
END_TEST

SP_SUITE(arch_rules)
{
    TCase *library = sp_testing_case(suite, "library");
    TCase *single = sp_testing_case(suite, "single");

    tcase_add_loop_test(library, the_library_keeps_the_same_rules, 0, BLOCKS);
    tcase_add_loop_test(single, multiplexed_calls_are_doubled, 0,
                        (int)(sizeof doubled / sizeof *doubled));
    tcase_add_test(single, a_companion_keeps_the_other_conditions);
    tcase_add_loop_test(single, a_name_without_a_number_loses_the_load, 0,
                        (int)(sizeof heads / sizeof *heads));
    tcase_add_test(single, a_head_is_unsure_where_rules_imply_one_another);
    tcase_add_test(single, a_multiplexed_call_does_not_move_the_stub);
    tcase_add_loop_test(single, runc_puts_a_stub_before_the_filter, 0,
                        (int)(sizeof stubs / sizeof *stubs));
}

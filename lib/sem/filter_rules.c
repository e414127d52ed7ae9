#include "sem/filter_rules.h"

#include <stdio.h>
#include <string.h>

/* libseccomp takes errno data below this only (db.c: the kernel's MAX_ERRNO). */
enum { ERRNO_END = 4095, EPERM_NUMBER = 1, CRUN_CONDITIONS = 6 };

struct making {
    struct sp_arena *arena;
    const struct sp_profile *profile;
    const struct sp_oci *oci;
    const struct sp_environment *environment;
    struct sp_filter_rules *out;
    bool *is_missing;  /* by row of sp_kb_syscalls: this libseccomp lacks the name */
    size_t next;       /* row behind the last name: lists are often sorted */
};

static bool
refuse(struct making *making, const struct sp_node *where, const char *why)
{
    making->out->refused = why;
    making->out->where = where;
    return false;
}

static bool
is_runc(const struct making *making)
{
    return making->environment->runtime == SP_RUNTIME_RUNC;
}

/* Is the runtime older than major.minor? The newest (0) is not. */
static bool
is_older(const struct making *making, uint16_t major, uint16_t minor)
{
    return sp_environment_is_older(making->environment->runtime_version,
                                   (struct sp_version){ .major = major, .minor = minor });
}

/* ---- actions ----------------------------------------------------------------------------- */

static bool
carries_data(enum sp_action action)
{
    return action == SP_ACTION_ERRNO || action == SP_ACTION_TRACE;
}

sp_verdict
sp_filter_verdict(enum sp_action action, struct sp_errno_ret error)
{
    static const sp_verdict verdicts[] = {
        [SP_ACTION_KILL_PROCESS] = SP_VERDICT_KILL_PROCESS,
        [SP_ACTION_KILL_THREAD] = SP_VERDICT_KILL_THREAD,
        [SP_ACTION_TRAP] = SP_VERDICT_TRAP,
        [SP_ACTION_ERRNO] = SP_VERDICT_ERRNO,
        [SP_ACTION_NOTIFY] = SP_VERDICT_NOTIFY,
        [SP_ACTION_TRACE] = SP_VERDICT_TRACE,
        [SP_ACTION_LOG] = SP_VERDICT_LOG,
        [SP_ACTION_ALLOW] = SP_VERDICT_ALLOW,
    };
    uint64_t data = error.given ? error.value : EPERM_NUMBER;

    return verdicts[action] | (carries_data(action) ? (uint32_t)data & SP_VERDICT_DATA : 0);
}

/* The checks that an action meets wherever it stands. */
static bool
check_action(struct making *making, enum sp_action action, struct sp_errno_ret error,
             const struct sp_node *where)
{
    if (action == SP_ACTION_NONE) {
        return refuse(making, where, "no such action");
    }
    if (!is_runc(making) && error.given && !carries_data(action)) {
        return refuse(making, where, "crun takes no errno with this action");
    }
    if (action == SP_ACTION_ERRNO
        && (sp_filter_verdict(action, error) & SP_VERDICT_DATA) >= ERRNO_END) {
        return refuse(making, where, "libseccomp takes errno values below 4095 only");
    }
    return true;
}

static bool
check_default(struct making *making)
{
    const struct sp_oci *oci = making->oci;
    const struct sp_node *where = making->profile->default_action_node;

    if (!check_action(making, oci->default_action, oci->default_error, where)) {
        return false;
    }
    if (is_runc(making) && oci->default_action == SP_ACTION_NOTIFY) {
        return refuse(making, where, "runc does not notify by default");
    }
    making->out->default_verdict = sp_filter_verdict(oci->default_action, oci->default_error);
    return true;
}

/* ---- architectures and flags ------------------------------------------------------------- */

static bool
is_listed(const struct making *making, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < making->out->arches.count; i++) {
        if (making->out->arches.at[i] == arch) {
            return true;
        }
    }
    return false;
}

static bool
add_arch(struct making *making, const struct sp_kb_arch *arch)
{
    if (is_listed(making, arch)) {
        return true;
    }
    const struct sp_kb_arch **place = sp_vec_push(making->arena, &making->out->arches);
    if (place != NULL) {
        *place = arch;
    }
    return place != NULL;
}

/* runc has a list of its own: no PARISC, M68K or SH, and two that came later. */
static bool
runc_knows(const struct making *making, const char *name)
{
    static const char *const never[] = { "parisc", "parisc64", "m68k", "sh", "sheb" };

    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        if (strcmp(never[i], name) == 0) {
            return false;
        }
    }
    if (strcmp(name, "riscv64") == 0) {
        return !is_older(making, 1, 2);
    }
    return strcmp(name, "loongarch64") != 0 || making->environment->runtime_version.major == 0;
}

/* crun takes the prefix off where there is one, and folds letter case. */
static const struct sp_kb_arch *
crun_arch(struct sp_str word)
{
    if (sp_str_has_prefix(word, "SCMP_ARCH_")) {
        word = sp_str_slice(word, strlen("SCMP_ARCH_"), word.len);
    }
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (sp_str_equal_folded(word, sp_str_of(sp_kb_text(sp_kb_arches[i].name)))) {
            return &sp_kb_arches[i];
        }
    }
    return NULL;
}

static const struct sp_kb_arch *
runc_arch(const struct making *making, struct sp_str word)
{
    const struct sp_kb_arch *arch = sp_str_has_prefix(word, "SCMP_ARCH_") ? sp_kb_arch_find(word)
                                                                          : NULL;
    return arch != NULL && runc_knows(making, sp_kb_text(arch->name)) ? arch : NULL;
}

static bool
make_arches(struct making *making)
{
    const struct sp_kb_arch *host = making->environment->host;

    if (!add_arch(making, host)) {
        return false;
    }
    for (size_t i = 0; i < making->oci->arches.count; i++) {
        struct sp_str word = making->oci->arches.at[i];
        const struct sp_kb_arch *arch = is_runc(making) ? runc_arch(making, word)
                                                        : crun_arch(word);
        if (arch == NULL) {
            return refuse(making, making->profile->node, "the runtime has no such architecture");
        }
        if (arch->big_endian != host->big_endian) {
            return refuse(making, making->profile->node,
                          "libseccomp does not mix the byte orders of architectures");
        }
        if (!add_arch(making, arch)) {
            return false;
        }
        making->out->host_is_listed |= arch == host;
    }
    return true;
}

static bool
check_flags(struct making *making)
{
    const struct sp_words *flags = &making->oci->flags;
    int bit;

    for (size_t i = 0; i < flags->count; i++) {
        if (is_runc(making) && is_older(making, 1, 2)) {
            return refuse(making, flags->at[i].node, "runc 1.1 takes no flags");
        }
        if (!sp_names_find(sp_flag_names, flags->at[i].text, &bit)) {
            return refuse(making, flags->at[i].node, "no such flag");
        }
    }
    return true;
}

/* ---- conditions -------------------------------------------------------------------------- */

struct sp_filter_condition
sp_filter_condition_of(const struct sp_condition *written)
{
    if (written->op == SP_OPERATOR_MASKED_EQ) {
        return (struct sp_filter_condition){
            .index = (unsigned)written->index.value,
            .op = written->op,
            .mask = written->value.value,
            .datum = written->value_two.value & written->value.value,
        };
    }
    return (struct sp_filter_condition){
        .index = (unsigned)written->index.value,
        .op = written->op,
        .mask = UINT64_MAX,
        .datum = written->value.value,
    };
}

struct conditions {
    struct sp_filter_condition *at;
    size_t count;
    bool repeats;  /* some argument stands twice: every condition becomes a rule of its own */
};

static bool
make_conditions(struct making *making, const struct sp_rule *rule, struct conditions *made)
{
    unsigned seen = 0;

    *made = (struct conditions){ .at = NULL };
    if (rule->condition_count == 0) {
        return true;
    }
    made->at = sp_arena_new_array(making->arena, rule->condition_count, struct sp_filter_condition);
    if (made->at == NULL) {
        return false;
    }
    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_condition *written = &rule->conditions[i];
        /* Until autumn 2026 crun looked at the first six only. */
        if (!is_runc(making) && i == CRUN_CONDITIONS
            && making->environment->runtime_version.major != 0) {
            break;
        }
        if (written->op == SP_OPERATOR_NONE) {
            return refuse(making, written->node, "no such operator");
        }
        if (written->index.value >= SP_ARGS) {
            return refuse(making, written->node, "a call has the arguments 0 to 5");
        }
        made->at[made->count] = sp_filter_condition_of(written);
        made->repeats |= (seen >> made->at[made->count].index & 1) != 0;
        seen |= 1u << made->at[made->count++].index;
    }
    return true;
}

/* ---- rules ------------------------------------------------------------------------------- */

static bool
add_rule(struct making *making, const struct sp_rule *rule, uint16_t call, sp_verdict verdict,
         const struct sp_filter_condition *conditions, size_t count)
{
    struct sp_filter_rule *place = sp_vec_push(making->arena, &making->out->rules);

    if (place == NULL) {
        return false;
    }
    *place = (struct sp_filter_rule){
        .call = call,
        .verdict = verdict,
        .rule = rule,
        .conditions = conditions,
        .condition_count = count,
    };
    return true;
}

static bool
add_rules(struct making *making, const struct sp_rule *rule, uint16_t call, sp_verdict verdict,
          const struct conditions *conditions)
{
    if (!conditions->repeats) {
        return add_rule(making, rule, call, verdict, conditions->at, conditions->count);
    }
    for (size_t i = 0; i < conditions->count; i++) {
        if (!add_rule(making, rule, call, verdict, &conditions->at[i], 1)) {
            return false;
        }
    }
    return true;
}

static bool
check_name(struct making *making, const struct sp_oci_rule *entry, const struct sp_word *name)
{
    if (!is_runc(making)) {
        return true;
    }
    if (name->text.len == 0) {
        return refuse(making, name->node, "runc takes no empty name");
    }
    if (entry->rule->action == SP_ACTION_NOTIFY && sp_str_is(name->text, "write")) {
        return refuse(making, name->node, "runc does not notify of write");
    }
    return true;
}

static void
miss(struct making *making, struct sp_kb_range calls)
{
    for (size_t i = 0; i < calls.count; i++) {
        making->is_missing[sp_kb_indices[calls.first + i]] = true;
    }
}

/* As sp_kb_libseccomp_knows has it, for all calls at once. */
static bool
find_missing(struct making *making, struct sp_arena *scratch)
{
    struct sp_version version = making->environment->libseccomp;

    making->is_missing = sp_arena_new_array(scratch, sp_kb_syscalls_count, bool);
    if (making->is_missing == NULL) {
        return false;
    }
    miss(making, sp_kb_libseccomp_unknown);
    for (size_t i = 1; version.major != 0 && i < sp_kb_libseccomps_count; i++) {
        struct sp_version row = { 0 };
        sp_version_parse(sp_str_of(sp_kb_text(sp_kb_libseccomps[i].version)), &row);
        if (sp_version_compare(row, version) > 0) {
            miss(making, sp_kb_libseccomps[i].adds);
        }
    }
    return true;
}

/* One of the rows behind the last one, or whichever has the name. */
static const struct sp_kb_syscall *
find_call(struct making *making, struct sp_str name)
{
    enum { NEAR = 4 };

    for (size_t i = making->next; i < making->next + NEAR && i < sp_kb_syscalls_count; i++) {
        if (sp_str_is(name, sp_kb_text(sp_kb_syscalls[i].name))) {
            making->next = i + 1;
            return &sp_kb_syscalls[i];
        }
    }
    const struct sp_kb_syscall *call = sp_kb_syscall_find(name);
    if (call != NULL) {
        making->next = sp_kb_syscall_index(call) + 1;
    }
    return call;
}

/* What a name stands for in this libseccomp; NULL is passed over. */
static const struct sp_kb_syscall *
known_call(struct making *making, struct sp_str name)
{
    const struct sp_kb_syscall *call = find_call(making, name);

    return call != NULL && !making->is_missing[sp_kb_syscall_index(call)] ? call : NULL;
}

static bool
make_name(struct making *making, const struct sp_oci_rule *entry, const struct sp_word *name,
          sp_verdict verdict, const struct conditions *conditions)
{
    making->out->entries++;
    if (!check_name(making, entry, name)) {
        return false;
    }
    const struct sp_kb_syscall *call = known_call(making, name->text);
    if (call == NULL) {
        return true;
    }
    uint16_t index = (uint16_t)sp_kb_syscall_index(call);
    uint16_t *place = sp_vec_push(making->arena, &making->out->named);
    if (place == NULL) {
        return false;
    }
    *place = index;
    /* A rule that answers like the default is not given to libseccomp, which would refuse it. */
    return verdict == making->out->default_verdict
        || add_rules(making, entry->rule, index, verdict, conditions);
}

static bool
make_entry(struct making *making, const struct sp_oci_rule *entry)
{
    const struct sp_rule *rule = entry->rule;
    struct conditions conditions;

    if (!check_action(making, rule->action, entry->error, rule->action_node)) {
        return false;
    }
    if (is_runc(making) && rule->action == SP_ACTION_NOTIFY
        && making->oci->listener_path.text.len == 0) {
        return refuse(making, rule->action_node, "runc notifies only with a listenerPath");
    }
    if (!make_conditions(making, rule, &conditions)) {
        return false;
    }
    sp_verdict verdict = sp_filter_verdict(rule->action, entry->error);
    for (size_t i = 0; i < entry->names.count; i++) {
        if (!make_name(making, entry, &entry->names.at[i], verdict, &conditions)) {
            return false;
        }
    }
    return true;
}

bool
sp_filter_rules_make(struct sp_arena *arena, const struct sp_profile *profile,
                     const struct sp_oci *oci, const struct sp_environment *environment,
                     struct sp_filter_rules *ret_rules)
{
    struct sp_filter_rules out = { .refused = NULL };
    SP_SCRATCH(scratch);
    struct making making = {
        .arena = arena,
        .profile = profile,
        .oci = oci,
        .environment = environment,
        .out = &out,
    };

    if (!find_missing(&making, &scratch)) {
        return false;
    }
    if (check_default(&making) && make_arches(&making) && check_flags(&making)) {
        for (size_t i = 0; i < oci->rules.count && make_entry(&making, &oci->rules.at[i]); i++) {
        }
    }
    if (arena->failed) {
        return false;
    }
    *ret_rules = out;
    return true;
}

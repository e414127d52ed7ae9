/* How dangerous a change is, and why: what the knowledge base says of the call. */
#include "ops/diff_work.h"

#include "kb/defaults.h"

#include <string.h>

/* Risks, to sort by. Within each kind of reason the classes are told apart. */
enum {
    RISK_CONSTANT = 95,  /* a vulnerability is about just these arguments */
    RISK_FAMILY = 90,
    RISK_CLASS = 60,     /* of a class that is not listed below */
    RISK_CVE = 50,
    RISK_GATE = 30,
};

static const struct {
    const char *name;
    unsigned risk;
} classes[] = {
    { "container-escape", 85 },
    { "host-control", 75 },
    { "kernel-code-loading", 88 },
    { "kernel-info-leak", 65 },
    { "keyring-not-namespaced", 68 },
    { "mount", 80 },
    { "namespace-creation", 82 },
    { "numa-memory-policy", 35 },
    { "obsolete", 40 },
    { "process-inspection", 70 },
    { "rarely-used-attack-surface", 55 },
    { "raw-io", 78 },
    { "resource-accounting", 58 },
    { "time-not-namespaced", 62 },
};

static unsigned
risk_of_class(const char *name)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (strcmp(classes[i].name, name) == 0) {
            return classes[i].risk;
        }
    }
    return RISK_CLASS;
}

/* ---- everyday calls ---------------------------------------------------------------------- */

static bool
is_for_everybody(const struct sp_kb_default_rule *rule)
{
    return strcmp(sp_kb_text(rule->action), "ALLOW") == 0 && rule->args.count == 0
        && rule->caps.count == 0 && rule->arches.count == 0 && rule->min_kernel == 0
        && rule->not_caps.count == 0 && rule->not_arches.count == 0;
}

static void
mark_everyday(struct sp_diff_danger *dangers)
{
    const struct sp_kb_default *docker = sp_kb_default_find(SP_STR("docker"));

    for (size_t i = 0; docker != NULL && i < docker->rules.count; i++) {
        const struct sp_kb_default_rule *rule = &sp_kb_default_rules[docker->rules.first + i];
        for (size_t j = 0; is_for_everybody(rule) && j < rule->calls.count; j++) {
            dangers[sp_kb_indices[rule->calls.first + j]].is_everyday = true;
        }
    }
}

/* ---- reasons of calls -------------------------------------------------------------------- */

static void
set(struct sp_diff_danger *danger, const char *why, unsigned risk)
{
    if (danger->why == NULL) {
        danger->why = why;
        danger->risk = risk;
    }
}

static void
rate_class(const struct sp_kb_syscall *call, struct sp_diff_danger *danger)
{
    if (call->blocked != 0) {
        const struct sp_kb_class *reason = &sp_kb_classes[sp_kb_blocked[call->blocked - 1].reason];
        set(danger, sp_kb_text(reason->text), risk_of_class(sp_kb_text(reason->name)));
    }
}

static bool
is_kind(const struct sp_kb_family *family, const char *kind)
{
    return strcmp(sp_kb_text(family->kind), kind) == 0;
}

/* A newer form of a call is as dangerous as the call. */
static void
rate_siblings(const struct sp_kb_syscall *call, struct sp_diff_danger *danger)
{
    for (size_t i = 0; i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        for (size_t j = 0; !is_kind(family, "feature-set") && j < family->members.count; j++) {
            rate_class(&sp_kb_syscalls[sp_kb_indices[family->members.first + j]], danger);
        }
    }
}

static bool
is_stopped(const struct sp_kb_cve *cve)
{
    return strcmp(sp_kb_text(cve->blocked), "no") != 0;
}

/* Calls of a set that is of use together only, and that an attack has gone through. */
static bool
rate_family(struct sp_arena *arena, const struct sp_kb_syscall *call,
            struct sp_diff_danger *danger)
{
    bool is_attacked = false;

    for (size_t i = 0; i < call->cves.count; i++) {
        is_attacked |= is_stopped(&sp_kb_cves[sp_kb_cve_uses[call->cves.first + i]]);
    }
    for (size_t i = 0; is_attacked && i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        if (!is_kind(family, "feature-set") || danger->why != NULL) {
            continue;
        }
        const char *text = sp_kb_text(family->why);
        struct sp_str head = { .ptr = text, .len = strcspn(text, ":") };
        set(danger, sp_arena_copy(arena, head), RISK_FAMILY);
        if (danger->why == NULL) {
            return false;
        }
    }
    return true;
}

static bool
rate_cve(struct sp_arena *arena, const struct sp_kb_syscall *call, struct sp_diff_danger *danger)
{
    for (size_t i = call->cves.count; i > 0 && danger->why == NULL; i--) {
        const struct sp_kb_cve *cve = &sp_kb_cves[sp_kb_cve_uses[call->cves.first + i - 1]];
        if (!is_stopped(cve)) {
            continue;
        }
        set(danger, sp_arena_format(arena, "%s, %s", sp_kb_text(cve->id), sp_kb_text(cve->title)),
            RISK_CVE);
        if (danger->why == NULL) {
            return false;
        }
    }
    return true;
}

static void
rate_gates(const struct sp_kb_syscall *call, struct sp_diff_danger *danger)
{
    const struct sp_kb_gate *gate = &sp_kb_gates[call->gates.first];

    if (call->gates.count > 0 && gate->kind != SP_GATE_NONE
        && strcmp(sp_kb_text(gate->scope), "init") == 0
        && strncmp(sp_kb_text(gate->when), "always", strlen("always")) == 0) {
        set(danger, "the kernel reserves it for the privileged of the whole machine", RISK_GATE);
    }
}

static bool
rate_call(struct sp_arena *arena, const struct sp_kb_syscall *call, struct sp_diff_danger *danger)
{
    if (danger->is_everyday) {
        return true;
    }
    rate_class(call, danger);
    rate_siblings(call, danger);
    if (!rate_family(arena, call, danger) || !rate_cve(arena, call, danger)) {
        return false;
    }
    rate_gates(call, danger);
    return true;
}

static bool
make_dangers(struct sp_diff_sides *sides)
{
    struct sp_diff_danger *dangers = sp_arena_new_array(sides->arena, sp_kb_syscalls_count,
                                                        struct sp_diff_danger);

    if (dangers == NULL) {
        return false;
    }
    mark_everyday(dangers);
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (!rate_call(sides->arena, &sp_kb_syscalls[i], &dangers[i])) {
            return false;
        }
    }
    sides->dangers = dangers;
    return true;
}

/* ---- reasons of arguments ---------------------------------------------------------------- */

static bool
is_constant_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Is there a name with an underscore ("AF_ALG") in both texts? */
static bool
shares_constant(const char *text, const char *words)
{
    while (*text != '\0') {
        size_t len = 0;
        while (is_constant_char(text[len])) {
            len++;
        }
        bool is_name = len > 3 && memchr(text, '_', len) != NULL && strncmp(text, "CAP_", 4) != 0;
        for (const char *at = words; is_name && (at = strchr(at, text[0])) != NULL; at++) {
            bool begins = at == words || !is_constant_char(at[-1]);
            if (begins && strncmp(at, text, len) == 0 && !is_constant_char(at[len])) {
                return true;
            }
        }
        text += len > 0 ? len : 1;
    }
    return false;
}

/* The newest vulnerability that is about arguments which the change names. */
static const struct sp_kb_cve *
find_cve(const struct sp_kb_syscall *call, const char *words)
{
    for (size_t i = call->cves.count; i > 0; i--) {
        const struct sp_kb_cve *cve = &sp_kb_cves[sp_kb_cve_uses[call->cves.first + i - 1]];
        if (shares_constant(sp_kb_text(cve->when), words)) {
            return cve;
        }
    }
    return NULL;
}

/* A change of arguments says nothing of attacks through others. */
static bool
is_narrow(const struct sp_diff_danger *danger)
{
    return danger->risk == RISK_CVE;
}

bool
sp_diff_rate(struct sp_diff_sides *sides, struct sp_diff_change *change)
{
    if (change->call == NULL || change->effect == SP_DIFF_DIFFERENT) {
        return true;
    }
    if (sides->dangers == NULL && !make_dangers(sides)) {
        return false;
    }
    const struct sp_diff_danger *danger = &sides->dangers[sp_kb_syscall_index(change->call)];
    const struct sp_kb_cve *cve =
        change->conditions == NULL ? NULL : find_cve(change->call, change->conditions);
    if (cve != NULL) {
        change->danger = sp_kb_text(cve->id);
        change->risk = RISK_CONSTANT;
    } else if (change->conditions == NULL || !is_narrow(danger)) {
        change->danger = danger->why;
        change->risk = danger->risk;
    }
    return true;
}

#include "format/bpf_read_rules.h"

#include "sem/arch_rules.h"

bool
sp_bpf_read_is_multiplexer(const struct sp_kb_syscall *call)
{
    struct sp_str name = sp_str_of(sp_kb_text(call->name));

    return sp_str_is(name, "socketcall") || sp_str_is(name, "ipc");
}

/* ---- rules of other calls ------------------------------------------------------------ */

static uint16_t
row_of(const struct sp_kb_syscall *call)
{
    return (uint16_t)sp_kb_syscall_index(call);
}

static bool
add_rows(const struct sp_bpf_reading *reading, const struct sp_bpf_call *call,
         struct sp_filter_rules *filter)
{
    const struct sp_filter_rule *rows =
        sp_safe_rules_rows(reading->arena, &call->rules, row_of(call->call));
    uint16_t *named = sp_vec_push(reading->arena, &filter->named);

    if (rows == NULL || named == NULL) {
        return false;
    }
    *named = row_of(call->call);
    for (size_t i = 0; i < call->rules.all.count; i++) {
        struct sp_filter_rule *row = sp_vec_push(reading->arena, &filter->rules);
        if (row == NULL) {
            return false;
        }
        *row = rows[i];
    }
    return true;
}

/* The rules found so far, as a runtime would give them to libseccomp. */
static bool
make_filter(const struct sp_bpf_reading *reading, const struct sp_bpf_calls *calls,
            struct sp_filter_rules *ret_filter)
{
    struct sp_filter_rules filter = { .default_verdict = reading->default_verdict };

    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_kb_arch **arch = sp_vec_push(reading->arena, &filter.arches);
        if (arch == NULL) {
            return false;
        }
        *arch = reading->arches.at[i].arch;
    }
    for (size_t i = 0; i < calls->all.count; i++) {
        if (!add_rows(reading, &calls->all.at[i], &filter)) {
            return false;
        }
    }
    *ret_filter = filter;
    return true;
}

/* Do the rules of other calls say already what a multiplexer answers on this architecture,
 * by the companions that libseccomp makes of them? */
static bool
says_already(const struct sp_bpf_reading *reading, const struct sp_filter_rules *filter,
             const struct sp_bpf_arch *arch, const struct sp_bpf_number *number)
{
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN, .host = filter->arches.at[0],
    };
    struct sp_arch_rules rules = { .arch = arch->arch };
    sp_dd meaning = sp_dd_leaf(reading->store, reading->default_verdict);

    if (!sp_arch_rules_make(reading->arena, filter, &environment, arch->arch, &rules)) {
        return false;
    }
    const struct sp_arch_call *made = sp_arch_rules_find(&rules, number->nr);
    if (made != NULL && !sp_bpf_read_model(reading, arch, made->rules, made->count, &meaning)) {
        return false;
    }
    return meaning == number->verdicts;
}

bool
sp_bpf_read_is_said(const struct sp_bpf_reading *reading, const struct sp_bpf_calls *calls,
                    const struct sp_kb_syscall *call)
{
    struct sp_filter_rules filter;

    if (!make_filter(reading, calls, &filter)) {
        return false;
    }
    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_bpf_arch *arch = &reading->arches.at[i];
        const struct sp_bpf_number *number = sp_bpf_read_open(arch, call);
        if (number != NULL && !says_already(reading, &filter, arch, number)) {
            return false;
        }
    }
    return true;
}

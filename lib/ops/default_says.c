#include "ops/default_says.h"

#include <inttypes.h>
#include <string.h>

static bool
has_call(const struct sp_kb_default_rule *rule, uint16_t call)
{
    for (size_t i = 0; i < rule->calls.count; i++) {
        if (sp_kb_indices[rule->calls.first + i] == call) {
            return true;
        }
    }
    return false;
}

static bool
is_allow(const struct sp_kb_default_rule *rule)
{
    return strcmp(sp_kb_text(rule->action), "ALLOW") == 0;
}

static bool
is_unconditional(const struct sp_kb_default_rule *rule)
{
    return rule->args.count + rule->caps.count + rule->arches.count + rule->not_caps.count
        + rule->not_arches.count == 0 && rule->min_kernel == 0;
}

/* A rule whose only condition is one capability says that the capability opens the call. */
static uint64_t
opening_cap(const struct sp_kb_default_rule *rule)
{
    if (!is_allow(rule) || rule->caps.count != 1 || rule->args.count + rule->arches.count > 0) {
        return 0;
    }
    const struct sp_kb_cap *cap = sp_kb_cap_find(
        sp_str_of(sp_kb_text(sp_kb_texts[rule->caps.first])));
    return cap == NULL ? 0 : UINT64_C(1) << (cap - sp_kb_caps);
}

struct sp_default_says
sp_default_says(const struct sp_kb_default *profile, const struct sp_kb_syscall *call)
{
    struct sp_default_says says = {
        .profile = profile,
        .call = (uint16_t)sp_kb_syscall_index(call),
        .by_arch = true,
    };

    for (size_t i = 0; i < profile->rules.count; i++) {
        const struct sp_kb_default_rule *rule = &sp_kb_default_rules[profile->rules.first + i];
        if (!has_call(rule, says.call)) {
            continue;
        }
        if (says.kind == SP_DEFAULT_UNLISTED) {
            says.kind = SP_DEFAULT_CONDITIONAL;
        }
        if (is_allow(rule) && is_unconditional(rule)) {
            says.kind = SP_DEFAULT_ALLOWED;
        }
        says.caps |= opening_cap(rule);
        says.by_argument |= rule->args.count > 0;
        says.by_arch &= rule->arches.count > 0;
        says.by_kernel |= rule->min_kernel != 0;
        says.other_action |= !is_allow(rule);
    }
    return says;
}

/* ---- phrases ------------------------------------------------------------------------- */

static void
write_texts(struct sp_buf *buf, const char *before, struct sp_kb_range texts, const char *between)
{
    for (size_t i = 0; i < texts.count; i++) {
        sp_buf_text(buf, i == 0 ? before : between);
        sp_buf_text(buf, sp_kb_text(sp_kb_texts[texts.first + i]));
    }
}

static const char *
operator_sign(const char *op)
{
    static const struct {
        const char *op;
        const char *sign;
    } signs[] = {
        { "EQ", "=" }, { "GE", ">=" }, { "GT", ">" }, { "LE", "<=" }, { "LT", "<" }, { "NE", "!=" },
    };

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (strcmp(signs[i].op, op) == 0) {
            return signs[i].sign;
        }
    }
    return op;
}

/* A value by the name that the argument's constants have for it. */
static void
write_value(struct sp_buf *buf, const struct sp_kb_syscall *call, unsigned arg, uint64_t value)
{
    const struct sp_kb_set *set = sp_kb_set_of(call, arg);

    for (size_t i = 0; set != NULL && !set->flags && i < set->values.count; i++) {
        const struct sp_kb_constant *constant = &sp_kb_constants[set->values.first + i];
        if (constant->value == value && !constant->alias) {
            sp_buf_text(buf, sp_kb_text(constant->name));
            return;
        }
    }
    sp_buf_format(buf, value < 10 ? "%" PRIu64 : "0x%" PRIx64, value);
}

/* A rule for some architectures only may be there because their arguments stand in another order
 * (clone on s390): there an argument has a number, no name. */
static void
write_arg_name(struct sp_buf *buf, const struct sp_kb_syscall *call, unsigned arg, bool has_name)
{
    if (has_name && call->args_known && arg < call->args.count) {
        sp_buf_text(buf, sp_kb_text(sp_kb_args[call->args.first + arg].name));
    } else {
        sp_buf_format(buf, "argument %u", arg);
    }
}

static void
write_condition(struct sp_buf *buf, const struct sp_kb_syscall *call,
                const struct sp_kb_default_arg *arg, bool has_name)
{
    const char *op = sp_kb_text(arg->op);

    write_arg_name(buf, call, arg->index, has_name);
    if (strcmp(op, "MASKED_EQ") == 0) {
        sp_buf_format(buf, " & 0x%" PRIx64 " = ", arg->value);
        sp_buf_format(buf, arg->value_two < 10 ? "%" PRIu64 : "0x%" PRIx64, arg->value_two);
        return;
    }
    sp_buf_format(buf, " %s ", operator_sign(op));
    write_value(buf, call, arg->index, arg->value);
}

static void
write_action(struct sp_buf *buf, sp_text action, uint16_t error)
{
    const struct sp_kb_errno *name = sp_kb_errno_by_number(error == 0 ? 1 : error);

    if (strcmp(sp_kb_text(action), "ALLOW") == 0) {
        sp_buf_text(buf, "allowed");
    } else if (strcmp(sp_kb_text(action), "ERRNO") == 0 && name != NULL) {
        sp_buf_text(buf, sp_kb_text(name->name));
    } else {
        sp_buf_text(buf, sp_kb_text(action));
    }
}

static void
write_phrase(struct sp_buf *buf, const struct sp_kb_default_rule *rule,
             const struct sp_kb_syscall *call)
{
    write_action(buf, rule->action, rule->error);
    for (size_t i = 0; i < rule->args.count; i++) {
        sp_buf_text(buf, i == 0 ? " when " : " and ");
        write_condition(buf, call, &sp_kb_default_args[rule->args.first + i],
                        rule->arches.count == 0);
    }
    write_texts(buf, " with ", rule->caps, " and ");
    write_texts(buf, " without ", rule->not_caps, " or ");
    write_texts(buf, " on ", rule->arches, ", ");
    write_texts(buf, " elsewhere than on ", rule->not_arches, ", ");
    if (rule->min_kernel != 0) {
        sp_buf_format(buf, " from Linux %s", sp_kb_text(rule->min_kernel));
    }
}

void
sp_default_rules(const struct sp_default_says *says,
                 void (*each)(void *user, const struct sp_kb_default_rule *rule,
                              const struct sp_buf *phrase),
                 void *user)
{
    for (size_t i = 0; i < says->profile->rules.count; i++) {
        const struct sp_kb_default_rule *rule =
            &sp_kb_default_rules[says->profile->rules.first + i];
        SP_BUF(phrase);
        if (has_call(rule, says->call)) {
            write_phrase(&phrase, rule, &sp_kb_syscalls[says->call]);
            each(user, rule, &phrase);
        }
    }
}

void
sp_default_action(const struct sp_kb_default *profile, struct sp_buf *buf)
{
    write_action(buf, profile->action, profile->error);
}

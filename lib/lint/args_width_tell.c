/* What SP401 says of a rule, and how a rule that refuses is mended. */
#include "lint/args_width.h"

#include "lint/names_find.h"
#include "sem/words.h"

#include <inttypes.h>

/* ---- texts ------------------------------------------------------------------------------- */

struct arg_names {
    const struct sp_kb_syscall *call;
    unsigned args[SP_ARGS];
    size_t count;
};

static void
add_arg(const struct sp_lint *lint, struct sp_buf *buf, const void *names_, size_t index)
{
    const struct arg_names *names = names_;

    (void)lint;
    sp_buf_format(buf, "%u (%s)", names->args[index],
                  sp_kb_text(sp_args_kb(names->call, names->args[index])->name));
}

/* "argument 0 (domain)", "arguments 0 (domain) and 2 (protocol)" */
static const char *
args_text(const struct sp_lint *lint, const struct sp_args_find *find)
{
    struct arg_names names = { .call = find->calls.at[0] };
    SP_BUF(buf);

    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        if ((find->args >> arg & 1) != 0) {
            names.args[names.count++] = arg;
        }
    }
    sp_buf_format(&buf, "argument%s %s", names.count == 1 ? "" : "s",
                  sp_names_join(lint, &names, names.count, SP_ARGS, add_arg));
    return sp_names_take(lint, &buf);
}

static const char *
label(const struct sp_lint *lint, const struct sp_args_find *find)
{
    unsigned arg = sp_args_first_difference(find->witness->args, find->witness->twin);
    SP_BUF(buf);

    sp_buf_format(&buf, "the kernel takes 0x%" PRIx64 " as ", find->witness->args[arg]);
    sp_words_value(find->calls.at[0], arg, find->witness->twin[arg], &buf);
    return sp_names_take(lint, &buf);
}

/* ---- what can be mended ------------------------------------------------------------------ */

/* Do all calls of the find read as many bits of the argument? */
static bool
read_alike(const struct sp_args_find *find, unsigned arg, unsigned bits)
{
    for (size_t i = 0; i < find->calls.count; i++) {
        const struct sp_kb_arg *known = sp_args_kb(find->calls.at[i], arg);
        if (known == NULL || known->bits != bits) {
            return false;
        }
    }
    return true;
}

/* A rule that refuses a value refuses it under the mask of the bits that are read, too. */
static void
fix(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_condition *condition,
    uint64_t mask)
{
    uint64_t datum = condition->value.value & mask;

    if (condition->value_two.node == NULL) {
        sp_report_edit(lint->report, diag, condition->value.node->span,
                       "%" PRIu64 ", \"valueTwo\": %" PRIu64, mask, datum);
    } else {
        sp_report_edit(lint->report, diag, condition->value.node->span, "%" PRIu64, mask);
        sp_report_edit(lint->report, diag, condition->value_two.node->span, "%" PRIu64, datum);
    }
    sp_report_edit(lint->report, diag, condition->op_node->span, "\"SCMP_CMP_MASKED_EQ\"");
}

static bool
can_fix(const struct sp_args_find *find, const struct sp_condition *condition, unsigned bits)
{
    return !sp_names_runs(find->rule->action) && condition->op == SP_OPERATOR_EQ
        && condition->value.node != NULL && condition->op_node != NULL
        && read_alike(find, sp_args_index(condition), bits);
}

/* All of the rule's conditions that can be passed, or none. */
static void
fix_all(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_args_find *find)
{
    const struct sp_rule *rule = find->rule;
    const struct sp_condition *wanted[SP_ARGS];
    uint64_t masks[SP_ARGS];
    size_t count = 0;

    for (size_t i = 0; i < rule->condition_count && count < SP_ARGS; i++) {
        const struct sp_condition *condition = &rule->conditions[i];
        unsigned arg = sp_args_is_readable(condition) ? sp_args_index(condition) : SP_ARGS;
        if (arg == SP_ARGS || (find->args >> arg & 1) == 0) {
            continue;
        }
        unsigned bits = sp_args_kb(find->calls.at[0], arg)->bits;
        if (!can_fix(find, condition, bits)) {
            return;
        }
        wanted[count] = condition;
        masks[count++] = ~(UINT64_MAX << bits);
    }
    for (size_t i = 0; i < count; i++) {
        fix(lint, diag, wanted[i], masks[i]);
    }
}

/* ---- telling ----------------------------------------------------------------------------- */

void
sp_args_tell_width(const struct sp_lint *lint, const struct sp_args_find *find)
{
    unsigned arg = find->args == 0 ? 0 : (unsigned)__builtin_ctz(find->args);
    const struct sp_condition *condition = sp_lint_condition_on(find->rule, arg);
    const struct sp_kb_arg *known = sp_args_kb(find->calls.at[0], arg);

    if (find->witness == NULL || condition == NULL || known == NULL) {
        return;
    }
    struct sp_diag *diag = sp_report_add(
        lint->report, 401, sp_args_place(lint, condition),
        "%s read%s %u bits of %s, and this condition compares 64", sp_args_calls(lint, find),
        find->calls.count == 1 ? "s" : "", known->bits, args_text(lint, find));

    diag->witness = find->witness;
    sp_report_label(lint->report, diag, "%s", label(lint, find));
    sp_report_help(lint->report, diag,
                   "allow single values with SCMP_CMP_EQ, or compare with SCMP_CMP_MASKED_EQ "
                   "and the mask %" PRIu64, ~(UINT64_MAX << known->bits));
    fix_all(lint, diag, find);
}

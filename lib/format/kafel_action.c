#include "format/kafel_reader.h"

#include "format/list_names.h"

static const struct action {
    int kind;
    sp_verdict verdict;
    bool has_number;
} actions[] = {
    { .kind = SP_KAFEL_ALLOW, .verdict = SP_VERDICT_ALLOW },
    { .kind = SP_KAFEL_DENY, .verdict = SP_VERDICT_KILL_THREAD },
    { .kind = SP_KAFEL_ERRNO, .verdict = SP_VERDICT_ERRNO, .has_number = true },
    { .kind = SP_KAFEL_KILL, .verdict = SP_VERDICT_KILL_THREAD },
    { .kind = SP_KAFEL_KILL_PROCESS, .verdict = SP_VERDICT_KILL_PROCESS },
    { .kind = SP_KAFEL_KILL_THREAD, .verdict = SP_VERDICT_KILL_THREAD },
    { .kind = SP_KAFEL_LOG, .verdict = SP_VERDICT_LOG },
    { .kind = SP_KAFEL_TRACE, .verdict = SP_VERDICT_TRACE, .has_number = true },
    { .kind = SP_KAFEL_TRAP, .verdict = SP_VERDICT_TRAP, .has_number = true },
    { .kind = SP_KAFEL_USER_NOTIF, .verdict = SP_VERDICT_NOTIFY },
};

static const struct action *
find_action(int kind)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (actions[i].kind == kind) {
            return &actions[i];
        }
    }
    return NULL;
}

static bool
take_action_number(struct sp_kafel *kafel, sp_verdict *verdict)
{
    struct sp_span span;
    uint64_t number;

    if (!sp_kafel_take(kafel, '(', "`(`")) {
        return false;
    }
    span = kafel->token.span;
    number = kafel->token.number;
    if (!sp_kafel_take(kafel, SP_KAFEL_NUMBER, "a number")) {
        return false;
    }
    if (number > SP_VERDICT_DATA) {
        return sp_list_fail(kafel->report, kafel->source, span, "write at most 65535",
                            "the number has more than 16 bits");
    }
    if (*verdict == SP_VERDICT_TRAP && number != 0) {
        return sp_list_fail(kafel->report, kafel->source, span, "write TRAP(0)",
                            "a profile's TRAP has no number");
    }
    *verdict |= (sp_verdict)number;
    return sp_kafel_take(kafel, ')', "`)`");
}

bool
sp_kafel_take_action(struct sp_kafel *kafel, sp_verdict *ret_verdict)
{
    const struct action *action = find_action(kafel->token.kind);

    if (action == NULL) {
        return sp_kafel_unexpected(kafel, "an action");
    }
    *ret_verdict = action->verdict;
    return sp_kafel_next(kafel)
        && (!action->has_number || take_action_number(kafel, ret_verdict));
}

bool
sp_kafel_is_action(const struct sp_kafel *kafel)
{
    return find_action(kafel->token.kind) != NULL;
}

#include "format/kafel_read.h"

#include "format/kafel_reader.h"
#include "format/list_names.h"

/* Rules for one call: more would need more rules than a profile may have. */
enum { RULES_MAX = 2048 };

/* A call's verdicts so far: what it means, and where no rule has decided yet. */
struct call_state {
    sp_dd meaning;
    sp_dd open;
    struct sp_span span;  /* of its first rule */
    unsigned rules;       /* 0: nothing speaks of it */
};

struct kafel_teller {
    struct sp_kafel *kafel;
    struct sp_foreign *foreign;
    struct call_state *states;  /* by row of sp_kb_syscalls */
    const struct sp_kb_syscall **order;  /* of their first rules */
    size_t count;
};

/* ---- rules to meanings --------------------------------------------------------------- */

/* The first rule that holds decides. */
static bool
apply_rule(struct kafel_teller *teller, const struct sp_kafel_entry *entry)
{
    struct sp_kafel *kafel = teller->kafel;
    struct sp_dd_store *store = kafel->store;
    struct call_state *state = &teller->states[sp_kb_syscall_index(entry->call)];

    if (state->rules == RULES_MAX) {
        return sp_list_fail(kafel->report, kafel->source, entry->span,
                            "is this the right file?", "`%s` has more than %d rules",
                            sp_kb_text(entry->call->name), RULES_MAX);
    }
    if (state->rules++ == 0) {
        state->meaning = sp_dd_leaf(store, kafel->by_default);
        state->open = sp_dd_leaf(store, 1);
        state->span = entry->span;
        teller->order[teller->count++] = entry->call;
    }
    sp_dd hit = sp_dd_and(store, state->open, entry->condition);
    state->meaning = sp_dd_ite(store, hit, sp_dd_leaf(store, entry->verdict), state->meaning);
    state->open = sp_dd_and(store, state->open, sp_dd_not(store, entry->condition));
    return true;
}

/* A policy that was used before decides nothing new, and is passed over, as by kafel.
 * Policies use only those before them, so that this ends; the way down is no deeper than one
 * of each. */
static bool
apply_policy(struct kafel_teller *teller, struct sp_kafel_policy *policy)
{
    if (policy->is_used) {
        return true;
    }
    policy->is_used = true;
    for (size_t i = 0; i < policy->entries.count; i++) {
        const struct sp_kafel_entry *entry = &policy->entries.at[i];
        if (!(entry->used != NULL ? apply_policy(teller, entry->used)
                                  : apply_rule(teller, entry))) {
            return false;
        }
    }
    return true;
}

/* ---- the profile --------------------------------------------------------------------- */

static bool
tell_call(struct kafel_teller *teller, const struct sp_kb_syscall *call)
{
    struct sp_kafel *kafel = teller->kafel;
    struct call_state *state = &teller->states[sp_kb_syscall_index(call)];
    const char *name = sp_kb_text(call->name);
    unsigned bits = sp_kafel_bits(kafel);

    for (unsigned arg = 0; bits == 32 && arg < SP_ARGS; arg++) {
        state->meaning = sp_dd_narrow(kafel->store, state->meaning, arg, 32);
    }

    if (!sp_dd_has_undecided(kafel->store, state->meaning)
        && sp_foreign_meaning(teller->foreign, name, state->span, state->meaning, bits)) {
        return true;
    }
    if (sp_dd_store_failed(kafel->store)) {
        kafel->failed = true;
        return false;
    }
    return sp_list_fail(kafel->report, kafel->source, state->span, "ask for fewer values",
                        "the expressions for `%s` are more than a profile's conditions can say",
                        name);
}

static bool
tell(struct kafel_teller *teller)
{
    struct sp_kafel *kafel = teller->kafel;

    teller->states = sp_arena_new_array(kafel->arena, sp_kb_syscalls_count, struct call_state);
    teller->order =
        sp_arena_new_array(kafel->arena, sp_kb_syscalls_count, const struct sp_kb_syscall *);
    if (teller->states == NULL || teller->order == NULL) {
        kafel->failed = true;
        return false;
    }
    if (!kafel->has_default) {
        kafel->by_default = SP_VERDICT_KILL_THREAD;
    }
    sp_foreign_default(teller->foreign, kafel->by_default, (struct sp_span){ .start = 0 });
    if (!apply_policy(teller, &kafel->main)) {
        return false;
    }
    for (size_t i = 0; i < teller->count; i++) {
        if (!tell_call(teller, teller->order[i])) {
            return false;
        }
    }
    return true;
}

bool
sp_kafel_read(struct sp_arena *arena, const struct sp_source *source,
              const struct sp_doc_limits *limits, struct sp_report *report,
              struct sp_doc *ret_doc)
{
    struct sp_kafel kafel = { .arena = arena, .source = source, .report = report };
    struct kafel_teller teller = { .kafel = &kafel };
    bool is_told;

    if (!sp_list_check_text(report, source, limits, "kafel policy",
                            "write a policy, as ALLOW { read, write } DEFAULT KILL")) {
        return false;
    }
    teller.foreign = sp_foreign_new(arena, source);
    kafel.store = teller.foreign == NULL ? NULL : sp_foreign_store(teller.foreign);
    is_told = kafel.store != NULL && sp_kafel_statements(&kafel) && tell(&teller)
        && sp_foreign_check_multiplexers(teller.foreign, report);
    if (teller.foreign != NULL && !sp_foreign_finish(teller.foreign, ret_doc)) {
        kafel.failed = true;
    }
    if (kafel.failed || (!is_told && report->diags.count == 0)) {
        report->failed = true;
        return false;
    }
    return is_told;
}

/* SP310, SP311: pairs of rules that contradict each other: libseccomp refuses them, always or
 * with certain capabilities only. */
#include "lint/meaning_rules.h"
#include "lint/names_find.h"
#include "lint/rules_find.h"
#include "lint/rules_pair.h"

/* A pair that is refused. */
struct refusal {
    const struct sp_rule *rule;
    const struct sp_rule *against;
    const struct sp_kb_syscall *call;     /* that the refused rule names; NULL when not known */
    const struct sp_kb_syscall *through;  /* whose rules collide, where that is another call */
    const struct sp_kb_arch *arch;
    const struct sp_when *when;
    bool is_everywhere;  /* in every environment of a host */
};

struct search {
    struct sp_arena *arena;
    SP_VEC(struct refusal) list;
};

/* ---- finding ----------------------------------------------------------------------------- */

static void
add(struct search *search, struct refusal refusal)
{
    for (size_t i = 0; i < search->list.count; i++) {
        const struct refusal *known = &search->list.at[i];
        if (known->rule == refusal.rule && known->against == refusal.against) {
            return;
        }
    }
    struct refusal *place = sp_vec_push(search->arena, &search->list);
    if (place != NULL) {
        *place = refusal;
    }
}

/* Do the rules of `call`, which may be a multiplexer's, come from the system call `row`? */
static bool
is_about(const struct sp_arch_call *call, uint16_t row)
{
    for (size_t i = 0; i < call->count; i++) {
        if (call->rules[i].call == row) {
            return true;
        }
    }
    return false;
}

static bool
is_refused(const struct sp_lint *lint, const struct sp_meaning *meaning, unsigned bits,
           const struct sp_arch_call *call, uint16_t row, struct refusal *ret_refusal)
{
    struct sp_modelled modelled;

    if (call->count < 2 || call->rules[0].condition_count == 0 || !is_about(call, row)) {
        return false;
    }
    if (!sp_modelled_make(lint->meaning->store, call->rules, call->count, bits,
                          meaning->rules.default_verdict, meaning->environment.libseccomp,
                          &modelled)) {
        lint->arena->failed = true;
        return false;
    }
    if (modelled.refused == NULL || modelled.against == NULL || modelled.refused->call != row) {
        return false;
    }
    ret_refusal->rule = modelled.refused->rule;
    ret_refusal->against = modelled.against->rule;
    ret_refusal->call = &sp_kb_syscalls[row];
    ret_refusal->through = call->call == row ? NULL : &sp_kb_syscalls[call->call];
    return true;
}

/* The first pair of one call that libseccomp refuses: it stops there. */
static bool
find_in_meaning(const struct sp_lint *lint, const struct sp_meaning *meaning, uint16_t row,
                struct refusal *ret_refusal)
{
    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_arch_rules *arch = &meaning->arches[i];
        unsigned bits = arch->arch->bits;
        ret_refusal->arch = arch->arch;
        for (size_t j = 0; j < arch->calls.count; j++) {
            if (is_refused(lint, meaning, bits, &arch->calls.at[j], row, ret_refusal)) {
                return true;
            }
        }
        for (size_t j = 0; j < arch->nameless.count; j++) {
            if (is_refused(lint, meaning, bits, &arch->nameless.at[j], row, ret_refusal)) {
                return true;
            }
        }
    }
    return false;
}

static bool
may_refuse(const struct sp_meaning *meaning)
{
    return meaning->start == SP_START_REFUSED && meaning->rules.refused == NULL;
}

/* The environments of one host, which stand together in the list. */
static size_t
look_at_host(const struct sp_lint *lint, struct search *search, uint16_t row,
             const struct sp_scene_list *list, size_t first)
{
    const struct sp_kb_arch *host = list->at[first].meaning->environment.host;
    size_t before = search->list.count;
    size_t refused = 0;
    size_t next = first;

    for (; next < list->count && list->at[next].meaning->environment.host == host; next++) {
        struct refusal refusal = { .when = &list->at[next].when };
        if (may_refuse(list->at[next].meaning)
            && find_in_meaning(lint, list->at[next].meaning, row, &refusal)) {
            add(search, refusal);
            refused++;
        }
    }
    for (size_t i = before; i < search->list.count; i++) {
        search->list.at[i].is_everywhere = refused == next - first && !list->undecided
            && search->list.count == before + 1;
    }
    return next;
}

static void
look_at_call(const struct sp_lint *lint, struct search *search, uint16_t row)
{
    struct sp_scene_list list;

    if (!sp_scenes_of(lint->meaning->scenes, row, &list)) {
        lint->arena->failed = true;
        return;
    }
    for (size_t i = 0; i < list.count;) {
        i = look_at_host(lint, search, row, &list, i);
    }
}

/* What the model could not follow, the compiled filter told. */
static void
look_at_start(const struct sp_lint *lint, struct search *search)
{
    const struct sp_meaning *meaning = sp_scenes_first(lint->meaning->scenes);

    if (meaning != NULL && search->list.count == 0 && may_refuse(meaning)
        && meaning->rule != NULL && meaning->against != NULL) {
        add(search, (struct refusal){
            .rule = meaning->rule, .against = meaning->against, .is_everywhere = true,
        });
    }
}

static void
find(const struct sp_lint *lint, struct search *search)
{
    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        const struct sp_lint_call *call = &lint->meaning->calls.at[i];
        if (call->rule_count > 1 && call->has_conditions) {
            look_at_call(lint, search, call->row);
        }
    }
    look_at_start(lint, search);
    sp_names_complete(lint, search->arena);
}

/* Refused whatever the container: no guard of the two makes a difference. */
static bool
is_always(const struct sp_lint *lint, const struct refusal *refusal)
{
    return refusal->is_everywhere
        || (!sp_rules_is_guarded(lint, refusal->rule)
            && !sp_rules_is_guarded(lint, refusal->against));
}

/* ---- telling ----------------------------------------------------------------------------- */

static struct sp_place
place_in(const struct sp_lint *lint, const struct sp_rule *rule, const struct refusal *refusal)
{
    const struct sp_word *word =
        refusal->call == NULL ? NULL : sp_rules_word(rule, refusal->call);

    if (word == NULL && refusal->call != NULL && rule->names.count > 0) {
        word = &rule->names.at[0];
    }
    return sp_at_node(lint->doc, word == NULL ? rule->node : word->node);
}

static void
tell(const struct sp_lint *lint, unsigned code, const struct refusal *refusal, const char *when)
{
    const char *name = refusal->call == NULL ? "a call" : sp_kb_text(refusal->call->name);
    struct sp_diag *diag = sp_report_add(
        lint->report, code, place_in(lint, refusal->rule, refusal),
        "`%s`: this rule contradicts an earlier one%s%s: the container does not start", name,
        *when == '\0' ? "" : " ", when);

    if (refusal->through != NULL) {
        sp_report_label(lint->report, diag,
                        "libseccomp adds both to `%s` on %s, too, without argument 0",
                        sp_kb_text(refusal->through->name), sp_kb_text(refusal->arch->name));
        sp_report_help(lint->report, diag, "list `%s` without conditions before both rules, or "
                       "leave %s out", sp_kb_text(refusal->through->name),
                       sp_kb_text(refusal->arch->name));
    } else {
        sp_report_help(lint->report, diag,
                       "let no two rules answer the same arguments differently");
    }
    sp_report_related(lint->report, diag, place_in(lint, refusal->against, refusal),
                      "the earlier rule");
}

void
sp_check_engine_refuses_pair(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct search search = { .arena = &scratch };

    find(lint, &search);
    for (size_t i = 0; i < search.list.count; i++) {
        if (is_always(lint, &search.list.at[i])) {
            tell(lint, 311, &search.list.at[i], "");
        }
    }
}

/* ---- SP310: two guarded rules that meet -------------------------------------------------- */

static void
take_clash(const struct sp_lint *lint, const struct sp_lint_view *view,
           const struct sp_rules_pair *pair, void *user)
{
    struct sp_rules_find *find = sp_rules_add(user, (struct sp_rules_find){
        .rule = pair->loser->rule, .other = pair->winner->rule, .call = view->call->call,
        .verdict = pair->loser->verdict, .against = pair->winner->verdict,
    });

    if (find != NULL) {
        find->witness = sp_lint_witness(lint, view, pair->args, pair->winner->verdict);
        if (find->witness != NULL) {
            find->witness->has_instead = true;
            find->witness->instead = pair->loser->verdict;
            find->witness->instead_is = "this rule";
        }
    }
}

static void
tell_clash(const struct sp_lint *lint, struct sp_rules_slice slice)
{
    const struct sp_rules_find *find = &slice.at[0];
    struct sp_diag *diag = sp_report_add(
        lint->report, 310, sp_rules_place(lint, slice),
        "%s: where the guards of both rules hold, an earlier rule wins: %s, not %s",
        sp_rules_names(lint, slice), sp_rules_verdict(lint, find->against),
        sp_rules_verdict(lint, find->verdict));

    sp_rules_relate(lint, diag, slice, "the earlier rule");
    sp_report_help(lint->report, diag, "exclude in one rule what the other one includes");
    diag->witness = find->witness;
}

void
sp_check_redundant_for_caps(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct search search = { .arena = &scratch };
    struct sp_rules_finds finds = { .arena = &scratch };

    find(lint, &search);
    for (size_t i = 0; i < search.list.count; i++) {
        const struct refusal *refusal = &search.list.at[i];
        if (!is_always(lint, refusal)) {
            tell(lint, 310, refusal, sp_rules_when(lint, refusal->when));
        }
    }
    sp_rules_each_pair(lint, 1 << SP_RULES_CLASH, take_clash, &finds);
    sp_rules_tell(lint, &finds, tell_clash);
}

/* SP307, SP308: profiles that as a whole let nothing run, or keep nothing out. */
#include "lint/meaning.h"
#include "lint/meaning_rules.h"
#include "lint/names_find.h"

/* The calls that start a program. */
static const char *const starters[] = { "execve", "execveat" };

/* ---- verdicts ---------------------------------------------------------------------------- */

/* A tracer or a listener may let a call run. */
static bool
is_denial(sp_verdict verdict)
{
    sp_verdict action = verdict & SP_VERDICT_ACTION;

    return action == SP_VERDICT_ERRNO || action == SP_VERDICT_TRAP
        || action == SP_VERDICT_KILL_THREAD || action == SP_VERDICT_KILL_PROCESS;
}

static bool
may_run(uint32_t verdict, void *user)
{
    (void)user;
    return !is_denial(verdict);
}

static bool
is_kept_out(uint32_t verdict, void *user)
{
    (void)user;
    return !sp_verdict_runs(verdict);
}

struct search {
    bool (*wanted)(uint32_t verdict, void *user);
    bool is_found;   /* or could not be told */
};

static bool
look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    struct search *search = user;
    sp_dd verdicts = sp_lint_verdicts(view, SP_READING_KERNEL);
    uint64_t args[SP_ARGS];

    search->is_found = sp_dd_has_undecided(lint->meaning->store, verdicts)
        || sp_dd_find(lint->meaning->store, verdicts, search->wanted, NULL, args);
    return !search->is_found;
}

/* Does the call get such a verdict in some environment? */
static bool
gets(const struct sp_lint *lint, const struct sp_lint_call *call,
     bool (*wanted)(uint32_t verdict, void *user))
{
    struct search search = { .wanted = wanted };

    sp_lint_each_view(lint, call, look, &search);
    return search.is_found;
}

/* Rules that are lost there are SP313's. */
static bool
has_head(const struct sp_meaning *meaning)
{
    for (size_t i = 0; i < meaning->arch_count; i++) {
        if (meaning->arches[i].headless) {
            return false;
        }
    }
    return true;
}

/* An environment in which the container starts under the filter, and with all rules; NULL when
 * there is none. */
static const struct sp_meaning *
first_filter(const struct sp_lint *lint)
{
    struct sp_scene_list list;

    if (!sp_scenes_of(lint->meaning->scenes, SP_CASES_NONE, &list)) {
        lint->arena->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < list.count; i++) {
        if (list.at[i].meaning->start == SP_START_FILTER && has_head(list.at[i].meaning)) {
            return list.at[i].meaning;
        }
    }
    return NULL;
}

static struct sp_place
place_of(const struct sp_lint *lint)
{
    const struct sp_node *node = lint->profile->default_action_node;

    return sp_at_node(lint->doc, node == NULL ? lint->profile->node : node);
}

/* ---- SP307 ------------------------------------------------------------------------------- */

struct witness_search {
    struct sp_witness *witness;
};

static bool
look_for_witness(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    static const uint64_t args[SP_ARGS];
    struct witness_search *search = user;
    uint32_t got;

    if (sp_dd_eval(lint->meaning->store, sp_lint_verdicts(view, SP_READING_ENFORCED), args,
                   &got)) {
        search->witness = sp_lint_witness(lint, view, args, got);
    }
    return search->witness == NULL;
}

static struct sp_witness *
starter_witness(const struct sp_lint *lint)
{
    const struct sp_kb_syscall *execve = sp_kb_syscall_find(sp_str_of(starters[0]));
    struct witness_search search = { .witness = NULL };

    if (execve != NULL) {
        const struct sp_lint_call call = {
            .call = execve, .row = (uint16_t)sp_kb_syscall_index(execve),
        };
        sp_lint_each_view(lint, &call, look_for_witness, &search);
    }
    return search.witness;
}

static bool
is_starter(const struct sp_lint_call *call)
{
    for (size_t i = 0; i < sizeof starters / sizeof *starters; i++) {
        if (sp_kb_syscall_find(sp_str_of(starters[i])) == call->call) {
            return true;
        }
    }
    return false;
}

void
sp_check_denies_everything(const struct sp_lint *lint)
{
    const struct sp_meaning *meaning = first_filter(lint);
    bool can_start = false;
    bool can_run = false;

    if (meaning == NULL || !is_denial(meaning->rules.default_verdict)) {
        return;
    }
    for (size_t i = 0; i < lint->meaning->calls.count && !can_start; i++) {
        const struct sp_lint_call *call = &lint->meaning->calls.at[i];
        if (is_starter(call) || !can_run) {
            bool runs = gets(lint, call, may_run);
            can_run |= runs;
            can_start |= runs && is_starter(call);
        }
    }
    if (can_start || (can_run && !sp_dialect_loads_before_exec(lint->profile->dialect))) {
        return;
    }
    struct sp_diag *diag = sp_report_add(
        lint->report, 307, place_of(lint), "%s",
        can_run ? "no program can start: `execve` and `execveat` are denied"
                : "no system call is allowed: nothing can run");
    sp_report_help(lint->report, diag, "allow `execve` and what every program needs: "
                   "`secprof emit docker` writes a profile that does");
    diag->witness = starter_witness(lint);
}

/* ---- SP308 ------------------------------------------------------------------------------- */

void
sp_check_no_effect(const struct sp_lint *lint)
{
    const struct sp_meaning *meaning = first_filter(lint);

    if (meaning == NULL || is_kept_out(meaning->rules.default_verdict, NULL)) {
        return;
    }
    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        if (gets(lint, &lint->meaning->calls.at[i], is_kept_out)) {
            return;
        }
    }
    bool is_log =
        (meaning->rules.default_verdict & SP_VERDICT_ACTION) == SP_VERDICT_LOG;
    struct sp_diag *diag = sp_report_add(
        lint->report, 308, place_of(lint),
        "this profile %s: the default action lets calls run, and no rule keeps one out",
        is_log ? "only logs" : "does nothing");
    if (is_log) {
        diag->severity = SP_SEVERITY_WARNING;
    }
    sp_report_help(lint->report, diag,
                   "deny by default and allow what is needed, or deny what is dangerous");
}

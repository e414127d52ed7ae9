/* SP417: more conditions than crun used to read. */
#include "lint/args_find.h"
#include "lint/meaning_rules.h"

/* crun src/libcrun/seccomp.c had room for six, until autumn 2026. */
enum { CRUN_CONDITIONS = 6 };

static const struct sp_version old_crun = { 1, 26, 0 };
static const struct sp_version new_runc = { 0, 0, 0 };

static bool
has_many(const struct sp_rule *rule)
{
    return rule->condition_count > CRUN_CONDITIONS;
}

/* The profile under another runtime, in the same environment; NULL where it does not start
 * there. */
static struct sp_meaning *
under(const struct sp_lint *lint, const struct sp_lint_view *view, enum sp_runtime runtime,
      struct sp_version version)
{
    struct sp_environment environment = view->meaning->environment;
    struct sp_meaning *meaning;

    environment.runtime = runtime;
    environment.runtime_version = version;
    if (!sp_meaning_make(lint->arena, lint->meaning->store, lint->profile, &environment,
                         &meaning)) {
        lint->arena->failed = true;
        return NULL;
    }
    return meaning->start == SP_START_FILTER ? meaning : NULL;
}

/* What the runtime of the view answers against what the other one does.  For runc's view the
 * other one is crun, and the other way round. */
static struct sp_witness *
compare(const struct sp_lint *lint, const struct sp_lint_view *view)
{
    struct sp_dd_store *store = lint->meaning->store;
    bool is_runc = view->meaning->environment.runtime == SP_RUNTIME_RUNC;
    struct sp_meaning *other = is_runc ? under(lint, view, SP_RUNTIME_CRUN, old_crun)
                                       : under(lint, view, SP_RUNTIME_RUNC, new_runc);
    uint64_t args[SP_ARGS];
    uint32_t instead;

    if (other == NULL) {
        return NULL;
    }
    sp_dd theirs = sp_meaning_of(other, view->arch, view->nr, SP_READING_KERNEL);
    sp_dd ours = sp_lint_verdicts(view, SP_READING_KERNEL);
    if (!sp_dd_differ(store, ours, theirs, args)
        || !sp_dd_eval(store, theirs, args, &instead)) {
        return NULL;
    }
    struct sp_witness *witness = sp_args_witness(lint, view, args);
    sp_args_instead(witness, instead, is_runc ? "under crun 1.26" : "under runc");
    return witness;
}

static void
look(const struct sp_lint *lint, const struct sp_args_use *use, void *user)
{
    if (sp_args_known(user, use->rule, NULL, 0) != NULL) {
        return;
    }
    struct sp_witness *witness = compare(lint, use->view);
    struct sp_args_find *find = witness == NULL
        ? NULL : sp_args_note(user, use->view, use->rule, NULL, 0);
    if (find != NULL) {
        find->witness = witness;
    }
}

static void
tell(const struct sp_lint *lint, const struct sp_args_find *find)
{
    const struct sp_condition *seventh = &find->rule->conditions[CRUN_CONDITIONS];
    struct sp_diag *diag = sp_report_add(
        lint->report, 417, sp_args_place_index(lint, seventh),
        "crun before autumn 2026 reads six conditions of a rule, this is the seventh of %zu",
        find->rule->condition_count);

    diag->witness = find->witness;
    sp_report_help(lint->report, diag,
                   "write rules of fewer conditions: system calls have six arguments, and a "
                   "second test of one becomes a rule of its own");
}

void
sp_check_many_conditions(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_args_finds finds = { .arena = &scratch };

    sp_args_each_use(lint, has_many, look, &finds);
    sp_args_tell_all(lint, &finds, tell);
}

/* SP405: conditions on addresses. */
#include "lint/args_find.h"
#include "lint/meaning_rules.h"

#include <string.h>

/* What is behind an address that people want to filter. */
static const struct {
    const char *call;
    const char *what;
} contents[] = {
    { "bpf", "its attributes are" },
    { "clone3", "its flags are" },
    { "io_uring_setup", "its flags are" },
    { "mount_setattr", "its attributes are" },
    { "openat2", "its flags are" },
    { "perf_event_open", "its attributes are" },
    { "sched_setattr", "its attributes are" },
};

/* Calls whose path must be there: a test for none cannot be what was meant. */
static const char *const with_path[] = {
    "open", "openat", "openat2", "creat", "execve", "mkdir", "mkdirat", "unlink", "unlinkat",
    "chmod", "chown", "connect", "bind",
};

static const char *
content_of(const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        if (strcmp(contents[i].call, sp_kb_text(call->name)) == 0) {
            return contents[i].what;
        }
    }
    return NULL;
}

static bool
needs_path(const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < sizeof with_path / sizeof *with_path; i++) {
        if (strcmp(with_path[i], sp_kb_text(call->name)) == 0) {
            return true;
        }
    }
    return false;
}

/* Is it "there" or "not there"?  Calls that take an address or none may be told apart by it. */
static bool
asks_for_null(const struct sp_lint_view *view, const struct sp_condition *condition)
{
    struct sp_dd_store *store = view->meaning->store;
    sp_dd holds = sp_args_written(view, condition);
    uint64_t width = view->arch->bits == 32 ? UINT32_MAX : UINT64_MAX;
    sp_dd null = sp_dd_compare(store, sp_args_index(condition), SP_DD_EQ, width, 0);

    return holds == null || holds == sp_dd_not(store, null);
}

static bool
is_ours(const struct sp_lint_view *view, const struct sp_condition *condition)
{
    const struct sp_kb_arg *known = sp_args_is_readable(condition)
        ? sp_args_kb(view->call->call, sp_args_index(condition)) : NULL;

    return known != NULL && known->pointer
        && (needs_path(view->call->call) || !asks_for_null(view, condition));
}

/* Two calls that differ in the address alone and get different answers. */
static struct sp_witness *
find_witness(const struct sp_lint *lint, const struct sp_args_use *use,
             const struct sp_condition *condition)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd others = sp_args_others_compared(use->view, use->rule, condition);
    sp_dd holds = sp_args_compared(use->view, condition);
    sp_dd verdicts = sp_lint_verdicts(use->view, SP_READING_KERNEL);
    unsigned arg = sp_args_index(condition);
    uint64_t args[SP_ARGS], other[SP_ARGS], twin[SP_ARGS];
    uint32_t got, instead;

    if (!sp_dd_find(store, sp_dd_and(store, others, holds), NULL, NULL, args)
        || !sp_dd_find(store, sp_dd_and(store, others, sp_dd_not(store, holds)), NULL, NULL,
                       other)) {
        return NULL;
    }
    memcpy(twin, args, sizeof twin);
    twin[arg] = other[arg];
    if (!sp_dd_eval(store, verdicts, args, &got) || !sp_dd_eval(store, verdicts, twin, &instead)
        || got == instead) {
        return NULL;
    }
    struct sp_witness *witness = sp_lint_witness(lint, use->view, args, got);
    if (witness != NULL) {
        sp_args_instead(witness, instead, NULL);
        witness->has_twin = true;
        memcpy(witness->twin, twin, sizeof witness->twin);
    }
    return witness;
}

static void
look(const struct sp_lint *lint, const struct sp_args_use *use, void *user)
{
    for (size_t i = 0; i < use->rule->condition_count; i++) {
        const struct sp_condition *condition = &use->rule->conditions[i];
        if (!is_ours(use->view, condition)) {
            continue;
        }
        struct sp_witness *witness = find_witness(lint, use, condition);
        struct sp_args_find *find = witness == NULL
            ? NULL : sp_args_note(user, use->view, use->rule, condition, 0);
        if (find != NULL && find->witness == NULL) {
            find->witness = witness;
        }
    }
}

static void
help(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_kb_syscall *call)
{
    if (strcmp(sp_kb_text(call->name), "clone3") == 0) {
        sp_report_help(lint->report, diag,
                       "answer `clone3` with SCMP_ACT_ERRNO and 38 (ENOSYS): libraries take "
                       "`clone` then, whose flags are in a register");
    } else {
        sp_report_help(lint->report, diag,
                       "allow the call or refuse it as a whole: who calls it chooses the "
                       "address");
    }
}

static void
tell(const struct sp_lint *lint, const struct sp_args_find *find)
{
    const struct sp_kb_syscall *call = find->calls.at[0];
    const char *content = content_of(call);
    struct sp_diag *diag = sp_report_add(
        lint->report, 405, sp_args_place(lint, find->condition),
        "%s of %s is an address, and a filter cannot see what is there",
        sp_args_name(lint, call, sp_args_index(find->condition)), sp_args_calls(lint, find));

    if (content != NULL) {
        sp_report_label(lint->report, diag, "%s in memory", content);
    }
    help(lint, diag, call);
    diag->witness = find->witness;
}

void
sp_check_pointer_argument(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_args_finds finds = { .arena = &scratch };

    sp_args_each_use(lint, NULL, look, &finds);
    sp_args_tell_all(lint, &finds, tell);
}

/* SP408: a call that its arguments keep from something, and another that does the same. */
#include "lint/args_abi.h"
#include "lint/args_find.h"
#include "lint/meaning_rules.h"
#include "lint/names_find.h"

#include <string.h>

/* ---- what calls do ----------------------------------------------------------------------- */

/* The call does it where argument `arg` under `mask` equals `datum`; always where the mask
 * is 0. */
struct way {
    const char *call;
    unsigned arg;
    uint64_t mask;
    uint64_t datum;
};

enum { WAYS = 4 };

struct act {
    const char *what;
    enum sp_severity severity;  /* NONE = the rule's */
    struct way ways[WAYS];
};

#define ALL UINT64_MAX

/* Source: man 2 of each call; include/uapi/linux/sched.h, fcntl.h, mman.h and stat.h;
 * asm-generic/ioctls.h. */
static const struct act acts[] = {
    { .what = "user namespaces",
      .ways = { { "clone", 0, 0x10000000, 0x10000000 },
                { "unshare", 0, 0x10000000, 0x10000000 },
                { "clone3", 0, 0, 0 } } },
    { .what = "files opened for writing",
      .ways = { { "open", 1, 3, 1 },
                { "openat", 2, 3, 1 },
                { "openat2", 0, 0, 0 },
                { "creat", 0, 0, 0 } } },
    { .what = "executable memory",
      .ways = { { "mmap", 2, 6, 6 },
                { "mmap2", 2, 6, 6 },
                { "mprotect", 2, 4, 4 },
                { "pkey_mprotect", 2, 4, 4 } } },
    { .what = "set-user-ID files",
      .ways = { { "chmod", 1, 04000, 04000 },
                { "fchmod", 1, 04000, 04000 },
                { "fchmodat", 2, 04000, 04000 },
                { "fchmodat2", 2, 04000, 04000 } } },
    { .what = "device nodes",
      .ways = { { "mknod", 1, 0170000, 0060000 },
                { "mknodat", 2, 0170000, 0060000 } } },
    { .what = "sockets of AF_TIPC",
      .ways = { { "socket", 0, ALL, 30 },
                { "socketpair", 0, ALL, 30 } } },
    { .what = "realtime priority",
      .ways = { { "sched_setscheduler", 1, ALL, 1 },
                { "sched_setattr", 0, 0, 0 } } },
    /* TIOCSTI, and TIOCLINUX: a selection and its paste, which virtual consoles have, but no
     * pseudo terminals, on which containers run. */
    { .what = "input put into a terminal",
      .severity = SP_SEVERITY_INFO,
      .ways = { { "ioctl", 1, ALL, 0x5412 },
                { "ioctl", 1, ALL, 0x541c } } },
};

static bool
is_call(const struct way *way, const struct sp_kb_syscall *call)
{
    return way->call != NULL && strcmp(way->call, sp_kb_text(call->name)) == 0;
}

/* The arguments with which the call does it. */
static sp_dd
region(struct sp_dd_store *store, const struct way *way, const struct sp_kb_syscall *call,
       const struct sp_kb_arch *arch)
{
    unsigned arg = strcmp(way->call, "clone") == 0 ? sp_args_flags(call, arch) : way->arg;

    return way->mask == 0 ? sp_dd_leaf(store, 1)
                          : sp_dd_compare(store, arg, SP_DD_EQ, way->mask, way->datum);
}

/* ---- looking ----------------------------------------------------------------------------- */

/* A sibling that is open. */
struct opener {
    const struct sp_args_find *find;
    const struct sp_kb_syscall *call;
    const struct sp_rule *rule;  /* that lets it run; NULL = the default */
    const struct sp_rule *kept;  /* that keeps the other call from it */
    uint64_t args[SP_ARGS];
};

struct search {
    struct sp_args_finds finds;
    const struct act *act;
    const struct way *kept;  /* the way that the call under view has */
    SP_VEC(struct opener) openers;
};

/* Does it run, but never so that it does it? */
static bool
is_kept(const struct sp_lint *lint, const struct sp_lint_view *view, const struct way *way)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd runs = sp_lint_runs(lint, sp_lint_verdicts(view, SP_READING_KERNEL));

    if (sp_dd_is_leaf(store, runs) || sp_dd_has_undecided(store, runs)) {
        return false;
    }
    sp_dd does = region(store, way, view->call->call, view->arch);
    return sp_dd_and(store, runs, does) == sp_dd_leaf(store, 0);
}

static struct sp_witness *
show(const struct sp_lint *lint, const struct sp_lint_view *view, const struct way *kept,
     const struct sp_lint_view *sibling, const uint64_t args[SP_ARGS])
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd does = region(store, kept, view->call->call, view->arch);
    struct sp_witness *witness = sp_args_witness(lint, sibling, args);
    uint64_t refused[SP_ARGS];
    uint32_t instead;

    if (sp_dd_find(store, does, NULL, NULL, refused)
        && sp_dd_eval(store, sp_lint_verdicts(view, SP_READING_KERNEL), refused, &instead)) {
        sp_args_instead(witness, instead, sp_args_call_text(lint, view->call->call, refused));
    }
    return witness;
}

/* The rule whose conditions keep the call from it, or the first that has some. */
static const struct sp_rule *
keeper(const struct sp_lint_view *view)
{
    for (size_t i = 0; i < view->call->rule_count; i++) {
        if (view->call->rules[i]->condition_count > 0) {
            return view->call->rules[i];
        }
    }
    return view->call->rules[0];
}

static void
note(const struct sp_lint *lint, const struct sp_lint_view *view,
     const struct sp_lint_view *sibling, const uint64_t args[SP_ARGS], struct search *search)
{
    /* One find for each act, with all calls that are kept from it. */
    struct sp_args_find *find = sp_args_note(&search->finds, view, NULL, NULL,
                                             (unsigned)(search->act - acts));

    if (find == NULL) {
        return;
    }
    for (size_t i = 0; i < search->openers.count; i++) {
        if (search->openers.at[i].find == find
            && search->openers.at[i].call == sibling->call->call) {
            return;
        }
    }
    struct opener *opener = sp_vec_push(search->finds.arena, &search->openers);
    if (opener == NULL) {
        return;
    }
    *opener = (struct opener){ .find = find, .call = sibling->call->call,
                               .rule = sp_lint_decider(sibling, args),
                               .kept = keeper(view) };
    memcpy(opener->args, args, sizeof opener->args);
    if (find->witness == NULL) {
        find->witness = show(lint, view, search->kept, sibling, args);
    }
}

static void
look_at_sibling(const struct sp_lint *lint, const struct sp_lint_view *view,
                const struct way *way, struct search *search)
{
    struct sp_dd_store *store = lint->meaning->store;
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(way->call));
    int64_t nr = call == NULL ? SP_KB_NO_NUMBER : sp_kb_number(view->arch, call);
    struct sp_lint_call named = { .call = call };
    struct sp_lint_view sibling = *view;
    uint64_t args[SP_ARGS];

    if (nr == SP_KB_NO_NUMBER) {
        return;
    }
    named.row = (uint16_t)sp_kb_syscall_index(call);
    sibling.call = &named;
    sibling.nr = (uint32_t)nr;
    sp_dd runs = sp_lint_runs(lint, sp_lint_verdicts(&sibling, SP_READING_KERNEL));
    sp_dd does = sp_dd_and(store, runs, region(store, way, call, view->arch));
    if (sp_dd_find(store, does, NULL, NULL, args)) {
        note(lint, view, &sibling, args, search);
    }
}

static bool
look(const struct sp_lint *lint, const struct sp_lint_view *view, void *user)
{
    struct search *search = user;

    if (!is_kept(lint, view, search->kept)) {
        return true;
    }
    for (size_t i = 0; i < WAYS; i++) {
        const struct way *way = &search->act->ways[i];
        if (way->call != NULL && way != search->kept) {
            look_at_sibling(lint, view, way, search);
        }
    }
    return true;
}

static void
look_for(const struct sp_lint *lint, const struct sp_lint_call *call, struct search *search)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        for (size_t j = 0; j < WAYS; j++) {
            if (is_call(&acts[i].ways[j], call->call)) {
                search->act = &acts[i];
                search->kept = &acts[i].ways[j];
                sp_lint_each_view(lint, call, look, search);
            }
        }
    }
}

/* ---- telling ----------------------------------------------------------------------------- */

static void
add_opener(const struct sp_lint *lint, struct sp_buf *buf, const void *openers_, size_t index)
{
    const struct opener *const *openers = openers_;

    if (openers[index]->call == openers[index]->find->calls.at[0]) {
        sp_buf_format(buf, "`%s`", sp_args_call_text(lint, openers[index]->call,
                                                     openers[index]->args));
    } else {
        sp_buf_format(buf, "`%s`", sp_kb_text(openers[index]->call->name));
    }
}

/* At the name of the sibling where a rule opens it. */
static struct sp_place
place_of(const struct sp_lint *lint, const struct sp_args_find *find,
         const struct opener *opener)
{
    return opener->rule == NULL || opener->call == find->calls.at[0]
        ? sp_args_place_rule(lint, opener->kept)
        : sp_args_place_name(lint, opener->rule, opener->call);
}

static void
tell(const struct sp_lint *lint, const struct search *search, const struct sp_args_find *find)
{
    const struct opener *openers[WAYS];
    size_t count = 0;

    for (size_t i = 0; i < search->openers.count; i++) {
        if (search->openers.at[i].find == find && count < WAYS) {
            openers[count++] = &search->openers.at[i];
        }
    }
    if (count == 0) {
        return;
    }
    struct sp_diag *diag = sp_report_add(
        lint->report, 408, place_of(lint, find, openers[0]),
        "%s: %s %s open, though %s %s kept from it by conditions", acts[find->class].what,
        sp_names_join(lint, openers, count, WAYS, add_opener), count == 1 ? "is" : "are",
        sp_args_calls(lint, find), find->calls.count == 1 ? "is" : "are");
    diag->severity = acts[find->class].severity;
    diag->witness = find->witness;
    if (strcmp(sp_kb_text(openers[0]->call->name), "clone3") == 0) {
        sp_report_help(lint->report, diag,
                       "answer `clone3` with SCMP_ACT_ERRNO and 38 (ENOSYS), so that libraries "
                       "take `clone`: the flags of `clone3` are in memory");
    } else {
        sp_report_help(lint->report, diag, "keep it from the same, or refuse it");
    }
}

void
sp_check_sibling_unfiltered(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct search search = { .finds = { .arena = &scratch } };

    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        if (lint->meaning->calls.at[i].has_conditions) {
            look_for(lint, &lint->meaning->calls.at[i], &search);
        }
    }
    if (!sp_names_complete(lint, &scratch)) {
        return;
    }
    for (size_t i = 0; i < search.finds.list.count; i++) {
        tell(lint, &search, search.finds.list.at[i]);
    }
}

/* SP412: conditions on arguments that are elsewhere, or something else, on an architecture
 * which the profile serves. */
#include "lint/args_abi.h"

#include "lint/args_find.h"
#include "lint/meaning_rules.h"

#include <string.h>

bool
sp_args_is_s390(const struct sp_kb_arch *arch)
{
    return strcmp(sp_kb_text(arch->name), "s390") == 0
        || strcmp(sp_kb_text(arch->name), "s390x") == 0;
}

static bool
is_call(const struct sp_kb_syscall *call, const char *name)
{
    return strcmp(sp_kb_text(call->name), name) == 0;
}

unsigned
sp_args_flags(const struct sp_kb_syscall *call, const struct sp_kb_arch *arch)
{
    return is_call(call, "clone") && sp_args_is_s390(arch) ? 1 : 0;
}

/* ---- what differs ------------------------------------------------------------------------ */

enum class {
    SAME,
    SWAPPED,   /* clone on s390 */
    SPLIT,     /* the condition looks at one half of a 64-bit argument */
    SHIFTED,   /* an argument before it takes two places */
    IN_MEMORY, /* the old mmap, whose one argument is an address */
};

/* The flags of clone and the stack. */
enum { CLONE_SWAPPED = 2 };

/* The bits of namespaces: who tests one of them means the flags. */
static const uint64_t namespaces = 0x7e020000;

/* A test of flags, at the place where the architecture has the stack. */
static bool
is_swapped(const struct sp_lint_view *view, const struct sp_condition *condition)
{
    unsigned arg = sp_args_index(condition);

    if (!is_call(view->call->call, "clone") || arg >= CLONE_SWAPPED
        || arg == sp_args_flags(view->call->call, view->arch)) {
        return false;
    }
    return arg == 0
        || (condition->op == SP_OPERATOR_MASKED_EQ
            && (condition->value.value & namespaces) != 0);
}

/* arch/x86/entry/syscalls/syscall_32.tbl, arch/s390/kernel/syscalls/syscall.tbl and
 * arch/m68k/kernel/syscalls/syscall.tbl have sys_old_mmap for mmap. */
static bool
has_old_mmap(const struct sp_kb_arch *arch)
{
    return strcmp(sp_kb_text(arch->name), "x86") == 0
        || strcmp(sp_kb_text(arch->name), "m68k") == 0 || sp_args_is_s390(arch);
}

bool
sp_args_is_wide(const struct sp_kb_arg *arg)
{
    static const char *const types[] = { "loff_t", "u64", "__u64", "uint64_t" };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(sp_kb_text(arg->type), types[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The first argument of 64 bits; past all arguments where there is none. x32 has registers
 * of 64. */
static unsigned
first_wide(const struct sp_lint_view *view)
{
    const struct sp_kb_syscall *call = view->call->call;
    const struct sp_kb_arg *known;

    if (view->arch->bits == 64 || strcmp(sp_kb_text(view->arch->name), "x32") == 0) {
        return SP_ARGS;
    }
    for (unsigned i = 0; (known = sp_args_kb(call, i)) != NULL; i++) {
        if (sp_args_is_wide(known)) {
            return i;
        }
    }
    return SP_ARGS;
}

static enum class
class_of(const struct sp_lint_view *view, const struct sp_condition *condition)
{
    unsigned arg = sp_args_index(condition);
    unsigned wide = first_wide(view);

    if (is_swapped(view, condition)) {
        return SWAPPED;
    }
    if (is_call(view->call->call, "mmap") && has_old_mmap(view->arch)) {
        return IN_MEMORY;
    }
    if (wide < SP_ARGS && arg >= wide) {
        return arg == wide ? SPLIT : SHIFTED;
    }
    return SAME;
}

/* ---- finding ----------------------------------------------------------------------------- */

/* Two calls that differ in this argument alone and get different answers. For clone the
 * first has what its flags would ask for at the place where they are. */
static struct sp_witness *
find_witness(const struct sp_lint *lint, const struct sp_args_use *use,
             const struct sp_condition *condition, enum class class)
{
    struct sp_dd_store *store = lint->meaning->store;
    sp_dd runs = sp_lint_runs(lint, sp_lint_verdicts(use->view, SP_READING_KERNEL));
    unsigned flags = sp_args_flags(use->view->call->call, use->view->arch);
    uint64_t args[SP_ARGS];

    if (class == SWAPPED) {
        sp_dd user = sp_dd_compare(store, flags, SP_DD_EQ, UINT64_MAX, 0x10000000);
        if (sp_dd_find(store, sp_dd_and(store, runs, user), NULL, NULL, args)) {
            return sp_args_witness(lint, use->view, args);
        }
    }
    sp_dd holds = sp_dd_and(store, sp_args_compared(use->view, condition),
                            sp_args_others_compared(use->view, use->rule, condition));
    return sp_dd_find(store, holds, NULL, NULL, args) ? sp_args_witness(lint, use->view, args)
                                                      : NULL;
}

static bool
decides(const struct sp_lint *lint, const struct sp_args_use *use,
        const struct sp_condition *condition)
{
    sp_dd verdicts = sp_lint_verdicts(use->view, SP_READING_KERNEL);

    return (sp_dd_args(lint->meaning->store, verdicts) >> sp_args_index(condition) & 1) != 0;
}

static void
look(const struct sp_lint *lint, const struct sp_args_use *use, void *user)
{
    for (size_t i = 0; i < use->rule->condition_count; i++) {
        const struct sp_condition *condition = &use->rule->conditions[i];
        enum class class = SAME;
        if (sp_args_is_readable(condition)) {
            class = class_of(use->view, condition);
        }
        if (class == SAME || !decides(lint, use, condition)) {
            continue;
        }
        struct sp_witness *witness = find_witness(lint, use, condition, class);
        struct sp_args_find *find = witness == NULL
            ? NULL : sp_args_note(user, use->view, use->rule, condition, class);
        if (find != NULL && find->witness == NULL) {
            find->witness = witness;
            find->args = first_wide(use->view);
        }
    }
}

/* ---- telling ----------------------------------------------------------------------------- */

static struct sp_diag *
add(const struct sp_lint *lint, const struct sp_args_find *find)
{
    struct sp_place place = sp_args_place_index(lint, find->condition);
    const struct sp_kb_syscall *call = find->calls.at[0];
    const char *arches = sp_args_arches(lint, find->arches);
    unsigned arg = sp_args_index(find->condition);
    const char *wide = find->args < SP_ARGS ? sp_args_name(lint, call, find->args) : "";

    switch ((enum class)find->class) {
    case SWAPPED:
        return sp_report_add(lint->report, 412, place,
                             "on %s argument %u of `clone` is the stack, and argument %u has "
                             "the flags", arches, arg, arg == 0 ? 1 : 0);
    case SPLIT:
        return sp_report_add(lint->report, 412, place,
                             "on %s %s of %s has 64 bits and takes two arguments: this "
                             "compares one half, or what fills a gap",
                             arches, wide, sp_args_calls(lint, find));
    case SHIFTED:
        return sp_report_add(lint->report, 412, place,
                             "on %s %s of %s takes two arguments, so that argument %u is "
                             "another one",
                             arches, wide, sp_args_calls(lint, find), arg);
    case IN_MEMORY:
    case SAME:
        break;
    }
    return sp_report_add(lint->report, 412, place,
                         "on %s `mmap` takes one argument, an address: argument %u is what a "
                         "register happens to hold, or that address", arches, arg);
}

static void
help(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_args_find *find)
{
    switch ((enum class)find->class) {
    case SWAPPED:
        sp_report_help(lint->report, diag,
                       "give s390 and s390x a rule of their own, with `includes.arches`, and "
                       "keep this one from them with `excludes.arches`");
        return;
    case IN_MEMORY:
        sp_report_help(lint->report, diag,
                       "filter `mmap2` by its arguments there, which programs use, and refuse "
                       "`mmap`");
        return;
    case SPLIT:
    case SHIFTED:
    case SAME:
        break;
    }
    sp_report_help(lint->report, diag,
                   "give 64-bit and 32-bit architectures rules of their own, or do not test "
                   "this argument");
}

static void
tell(const struct sp_lint *lint, const struct sp_args_find *find)
{
    struct sp_diag *diag = add(lint, find);

    diag->witness = find->witness;
    help(lint, diag, find);
}

void
sp_check_multi_arch_args(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_args_finds finds = { .arena = &scratch };

    sp_args_each_use(lint, NULL, look, &finds);
    sp_args_tell_all(lint, &finds, tell);
}

#include "format/systemd_tree.h"

#include "format/foreign.h"

#include <stdlib.h>
#include <string.h>

struct tree {
    const struct sp_systemd_filter *filter;
    struct sp_foreign *foreign;
    struct sp_span span;
    sp_verdict by_default;
    bool has_log;
};

/* ---- verdicts ------------------------------------------------------------------------ */

static sp_verdict
verdict_of_error(int error)
{
    return error == SP_SYSTEMD_KILL ? SP_VERDICT_KILL_PROCESS
                                    : SP_VERDICT_ERRNO | ((unsigned)error & SP_VERDICT_DATA);
}

static sp_verdict
denied(const struct tree *tree, int error)
{
    return verdict_of_error(error == SP_SYSTEMD_NO_ERROR ? tree->filter->error : error);
}

/* What SystemCallFilter= says; `entry` may be NULL: of a call that it does not list. */
static sp_verdict
filtered(const struct tree *tree, const struct sp_systemd_entry *entry)
{
    const struct sp_systemd_list *list = &tree->filter->filter;
    bool is_in = entry != NULL && entry->is_in;

    if (!list->exists) {
        return SP_VERDICT_ALLOW;
    }
    if (!is_in) {
        return list->is_allow ? denied(tree, SP_SYSTEMD_NO_ERROR) : SP_VERDICT_ALLOW;
    }
    return list->is_allow && entry->error == SP_SYSTEMD_NO_ERROR ? SP_VERDICT_ALLOW
                                                                 : denied(tree, entry->error);
}

static bool
is_list_empty(const struct sp_systemd_list *list)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (list->entries[i].is_in) {
            return false;
        }
    }
    return true;
}

/* Of "all but" without any call nothing is left (src/core/execute.c,
 * context_has_syscall_logs). */
static bool
has_log(const struct sp_systemd_list *log)
{
    return log->exists && (log->is_allow || !is_list_empty(log));
}

/* SystemCallLog= is a filter of its own, and of two filters the kernel takes the stronger
 * answer: calls that the other one allows are logged. */
static bool
is_logged(const struct tree *tree, const struct sp_systemd_entry *entry)
{
    const struct sp_systemd_list *list = &tree->filter->log;
    bool is_in = entry != NULL && entry->is_in;

    return tree->has_log && is_in == list->is_allow;
}

static sp_verdict
both(sp_verdict verdict, bool logged)
{
    return verdict == SP_VERDICT_ALLOW && logged ? SP_VERDICT_LOG : verdict;
}

/* ---- architectures ------------------------------------------------------------------- */

static void
add_arch(const struct tree *tree, const char *name, struct sp_span span)
{
    sp_foreign_arch(tree->foreign, sp_kb_arch_find(sp_str_of(name)), span);
}

/* The machine whose own architecture this is, or that runs its programs, too. */
static const struct sp_kb_arch *
machine_of(const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < sp_kb_arches_count && arch->bits == 32; i++) {
        const struct sp_kb_arch *host = &sp_kb_arches[i];
        if (host != arch && host->bits == 64 && sp_kb_arch_serves(host, arch)) {
            return host;
        }
    }
    return arch;
}

/* The machine's own stands in every filter.  It must be named where others are, for these
 * would be taken for machines else. */
static void
add_arches(const struct tree *tree)
{
    const struct sp_systemd_filter *filter = tree->filter;
    const struct sp_kb_arch *machine = NULL;

    if (filter->arches.count == 0) {
        add_arch(tree, "x86_64", tree->span);
        add_arch(tree, "x86", tree->span);
        add_arch(tree, "x32", tree->span);
    }
    for (size_t i = 0; i < filter->arches.count; i++) {
        const struct sp_kb_arch *arch = filter->arches.at[i].arch;
        if (arch != NULL && machine == NULL) {
            machine = machine_of(arch);
            sp_foreign_arch(tree->foreign, machine, filter->arches.at[i].span);
        }
        /* Those of the other byte order are no machine's beside it, and libseccomp takes
         * them not. */
        if (arch != NULL && arch != machine && arch->big_endian == machine->big_endian) {
            sp_foreign_arch(tree->foreign, arch, filter->arches.at[i].span);
        }
    }
}

/* ---- calls --------------------------------------------------------------------------- */

/* A name and what it gets, where it stands. */
struct item {
    const char *name;
    struct sp_span span;
    sp_verdict verdict;
};

struct items {
    SP_VEC(struct item) all;
};

static bool
add_item(const struct tree *tree, struct items *items, struct item item)
{
    struct item *added = sp_vec_push(tree->filter->arena, &items->all);

    if (added != NULL) {
        *added = item;
    }
    return added != NULL;
}

static bool
add_calls(const struct tree *tree, struct items *items)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_systemd_entry *entry = &tree->filter->filter.entries[i];
        const struct sp_systemd_entry *logged = &tree->filter->log.entries[i];
        struct item item = {
            .name = sp_kb_text(sp_kb_syscalls[i].name),
            .span = entry->is_in ? entry->span : logged->span,
            .verdict = both(filtered(tree, entry), is_logged(tree, logged)),
        };
        if (item.verdict != tree->by_default && !add_item(tree, items, item)) {
            return false;
        }
    }
    return true;
}

/* A word that is no call's gets what a call would get.  Words that would take a call out of
 * the list are left out: there is nothing that they could mean. */
static bool
add_ignored(const struct tree *tree, struct items *items)
{
    const struct sp_systemd_list *list = &tree->filter->filter;

    for (size_t i = 0; i < list->ignored.count; i++) {
        const struct sp_systemd_ignored *ignored = &list->ignored.at[i];
        struct sp_systemd_entry entry = { .is_in = true, .error = ignored->error };
        struct item item = {
            .name = ignored->text.ptr, .span = ignored->span, .verdict = filtered(tree, &entry),
        };
        if (ignored->inverted != list->is_allow && item.verdict != tree->by_default
            && !add_item(tree, items, item)) {
            return false;
        }
    }
    return true;
}

/* As they stand in the text; the members of a group by name. */
static int
compare_items(const void *left, const void *right)
{
    const struct item *a = left;
    const struct item *b = right;

    return a->span.start != b->span.start ? (a->span.start < b->span.start ? -1 : 1)
                                          : strcmp(a->name, b->name);
}

static bool
add_rules(const struct tree *tree)
{
    struct items items = { .all = { .at = NULL } };

    if (!add_calls(tree, &items) || !add_ignored(tree, &items)) {
        return false;
    }
    if (items.all.count > 0) {
        qsort(items.all.at, items.all.count, sizeof *items.all.at, compare_items);
    }
    for (size_t i = 0; i < items.all.count; i++) {
        const struct item *item = &items.all.at[i];
        sp_foreign_call(tree->foreign, item->name, item->span, item->verdict);
    }
    return true;
}

/* ---- the whole ----------------------------------------------------------------------- */

static struct sp_span
default_span(const struct tree *tree)
{
    const struct sp_systemd_filter *filter = tree->filter;

    if (filter->filter.exists && filter->filter.is_allow) {
        return filter->error_span.end > 0 ? filter->error_span : filter->filter.span;
    }
    return filter->filter.exists ? filter->filter.span
         : filter->log.exists ? filter->log.span : tree->span;
}

bool
sp_systemd_tree(struct sp_systemd_filter *filter, const struct sp_source *source,
                struct sp_span span, struct sp_doc *ret_doc)
{
    struct tree tree = {
        .filter = filter, .foreign = sp_foreign_new(filter->arena, source), .span = span,
    };

    if (tree.foreign == NULL) {
        return false;
    }
    tree.has_log = has_log(&filter->log);
    tree.by_default = both(filtered(&tree, NULL), is_logged(&tree, NULL));
    sp_foreign_default(tree.foreign, tree.by_default, default_span(&tree));
    add_arches(&tree);
    bool is_whole = add_rules(&tree);
    return sp_foreign_finish(tree.foreign, ret_doc) && is_whole;
}

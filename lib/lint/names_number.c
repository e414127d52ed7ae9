/* SP208: numbers where names belong. */
#include "lint/names_number.h"

#include "lint/form_text.h"
#include "lint/names_arches.h"
#include "lint/names_find.h"
#include "lint/names_rules.h"

#include <string.h>

/* What stands before a number, in any letter case: strace writes `syscall_0x1b3`. */
static const char *const prefixes[] = {
    "#", "__nr_", "nr_", "nr=", "sys_", "syscall ", "syscall#", "syscall-", "syscall_",
    "syscall=", "unknown_syscall_",
};

/* Calls of several architectures that are worth saying. */
enum { MEANINGS_MAX = 4 };

/* Most names have none, and need not be looked at again. */
static bool
has_digit(struct sp_str name)
{
    for (size_t i = name.len; i > 0; i--) {
        if (name.ptr[i - 1] >= '0' && name.ptr[i - 1] <= '9') {
            return true;
        }
    }
    return false;
}

static struct sp_str
without_prefix(struct sp_str name)
{
    if (name.len == 0 || strchr("#_NSUnsu", name.ptr[0]) == NULL) {
        return name;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t len = strlen(prefixes[i]);
        if (sp_str_equal_folded(sp_str_slice(name, 0, len), sp_str_of(prefixes[i]))) {
            return sp_str_slice(name, len, name.len);
        }
    }
    return name;
}

bool
sp_names_number(struct sp_str name, uint64_t *ret_number)
{
    return has_digit(name) && sp_str_to_u64(without_prefix(sp_str_trim(name)), ret_number);
}

/* ---- what the number means ----------------------------------------------------------- */

/* A call and the architectures on which it has the number. */
struct meaning {
    const struct sp_kb_syscall *call;
    sp_arch_set set;
};

struct meanings {
    struct meaning at[MEANINGS_MAX];
    size_t count;
    size_t total;
};

static void
add_meaning(struct meanings *meanings, const struct sp_kb_syscall *call, size_t arch)
{
    for (size_t i = 0; i < meanings->count; i++) {
        if (meanings->at[i].call == call) {
            meanings->at[i].set |= (sp_arch_set)1 << arch;
            return;
        }
    }
    meanings->total++;
    if (meanings->count < MEANINGS_MAX) {
        meanings->at[meanings->count++] = (struct meaning){
            .call = call, .set = (sp_arch_set)1 << arch,
        };
    }
}

static void
collect_bits(struct meanings *meanings, sp_arch_set set, uint32_t number, unsigned bits)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        const struct sp_kb_arch *arch = &sp_kb_arches[i];
        const struct sp_kb_syscall *call = (set >> i & 1) == 0 || arch->bits != bits
            ? NULL : sp_kb_syscall_by_number(arch, number);
        if (call != NULL) {
            add_meaning(meanings, call, i);
        }
    }
}

/* 64-bit architectures first: most numbers come from there. */
static void
collect(struct meanings *meanings, sp_arch_set set, uint64_t number)
{
    if (number <= UINT32_MAX) {
        collect_bits(meanings, set, (uint32_t)number, 64);
        collect_bits(meanings, set, (uint32_t)number, 32);
    }
}

/* Where the profile says nothing, the two machines that most people have. */
static sp_arch_set
asked_set(const struct sp_lint *lint, const struct sp_rule *rule)
{
    struct sp_names_arches arches = sp_names_rule_arches(sp_names_arches(lint), rule);
    static const char *const usual[] = { "x86_64", "aarch64" };
    sp_arch_set set = 0;

    if (!arches.any) {
        return arches.set;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        const struct sp_kb_arch *arch = sp_kb_arch_find(sp_str_of(usual[i]));
        set |= arch == NULL ? 0 : (sp_arch_set)1 << (arch - sp_kb_arches);
    }
    return set;
}

static struct meanings
meanings_of(const struct sp_lint *lint, const struct sp_names_find *find)
{
    struct meanings meanings = { .count = 0 };
    uint64_t number = 0;

    sp_names_number(find->word->text, &number);
    collect(&meanings, asked_set(lint, find->rule), number);
    return meanings;
}

/* "`execve` on x86_64" */
static void
add_text(const struct sp_lint *lint, struct sp_buf *buf, const void *meanings_, size_t index)
{
    const struct meaning *meanings = meanings_;

    (void)lint;
    sp_buf_format(buf, "`%s` on ", sp_kb_text(meanings[index].call->name));
    sp_names_add_arches(buf, meanings[index].set, 3);
}

/* ---- findings ------------------------------------------------------------------------ */

static void
tell_one(const struct sp_lint *lint, const struct sp_names_find *find)
{
    struct meanings meanings = meanings_of(lint, find);
    struct sp_diag *diag = sp_report_add(
        lint->report, 208, sp_names_place(lint, find),
        "`%s` is a number: engines look up names only, and pass over it",
        sp_form_show(lint, find->word->text));

    if (meanings.total == 0) {
        sp_report_help(lint->report, diag, "remove it: no call of %s has this number",
                       sp_names_arches(lint).any ? "x86_64 or aarch64" : "these architectures");
        return;
    }
    sp_report_help(lint->report, diag, "write the name: the number is that of %s",
                   sp_names_join(lint, meanings.at, meanings.total, MEANINGS_MAX - 1,
                                 add_text));
    if (meanings.total == 1 && !sp_names_has(find->rule, meanings.at[0].call)) {
        sp_report_edit(lint->report, diag, find->word->node->span, "\"%s\"",
                       sp_kb_text(meanings.at[0].call->name));
    }
}

/* "`59` (execve)" */
static void
add_find(const struct sp_lint *lint, struct sp_buf *buf, const void *finds_, size_t index)
{
    const struct sp_names_find *find = (const struct sp_names_find *)finds_ + index;
    struct meanings meanings = meanings_of(lint, find);

    sp_buf_format(buf, "`%s`", sp_form_show(lint, find->word->text));
    for (size_t i = 0; i < meanings.count; i++) {
        sp_buf_format(buf, "%s%s", i == 0 ? " (" : " or ",
                      sp_kb_text(meanings.at[i].call->name));
    }
    sp_buf_text(buf, meanings.count > 0 ? ")" : "");
}

static void
tell_many(const struct sp_lint *lint, struct sp_names_slice slice)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 208, sp_names_place(lint, &slice.at[0]),
        "%zu names are numbers: engines look up names only, and pass over them", slice.count);

    sp_report_help(lint->report, diag, "write the names of the calls: %s",
                   sp_names_join(lint, slice.at, slice.count, SP_NAMES_LISTED, add_find));
    sp_names_relate(lint, diag, slice);
}

static bool
is_number(struct sp_str word)
{
    uint64_t number;

    return sp_names_number(word, &number);
}

void
sp_check_numeric_name(const struct sp_lint *lint)
{
    sp_names_tell_words(lint, is_number, tell_one, tell_many);
}

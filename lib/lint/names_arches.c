#include "lint/names_arches.h"

#include <assert.h>

static sp_arch_set
bit_of(const struct sp_kb_arch *arch)
{
    size_t index = (size_t)(arch - sp_kb_arches);

    assert(index < 64);
    return (sp_arch_set)1 << index;
}

static bool
has(sp_arch_set set, size_t index)
{
    return (set >> index & 1) != 0;
}

/* ---- from words to sets -------------------------------------------------------------- */

static sp_arch_set
with_hosts(const struct sp_kb_arch *arch)
{
    sp_arch_set set = bit_of(arch);

    for (size_t i = 0; arch->bits == 32 && i < sp_kb_arches_count; i++) {
        if (sp_kb_arches[i].compat != 0 && sp_kb_arch_serves(&sp_kb_arches[i], arch)) {
            set |= bit_of(&sp_kb_arches[i]);
        }
    }
    return set;
}

static sp_arch_set
with_guests(const struct sp_kb_arch *host)
{
    sp_arch_set set = bit_of(host);
    struct sp_str rest = sp_str_of(sp_kb_text(host->compat));
    struct sp_str name;

    while (sp_str_next(&rest, " ", &name)) {
        const struct sp_kb_arch *guest = sp_kb_arch_find(name);
        set |= guest == NULL ? 0 : bit_of(guest);
    }
    return set;
}

/* A misspelt word counts as what it means: SP111 speaks of the spelling. */
static sp_arch_set
set_of_word(struct sp_str word)
{
    const struct sp_kb_arch *arch = sp_kb_arch_find(word);

    if (arch == NULL) {
        arch = sp_kb_arch_guess(word);
    }
    return arch == NULL ? 0 : with_hosts(arch);
}

static sp_arch_set
set_of_words(const struct sp_words *words)
{
    sp_arch_set set = 0;

    for (size_t i = 0; i < words->count; i++) {
        set |= set_of_word(words->at[i].text);
    }
    return set;
}

static sp_arch_set
every_64_bit(void)
{
    sp_arch_set set = 0;

    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (sp_kb_arches[i].bits == 64) {
            set |= bit_of(&sp_kb_arches[i]);
        }
    }
    return set;
}

struct sp_names_arches
sp_names_arches(const struct sp_lint *lint)
{
    const struct sp_profile *profile = lint->profile;
    struct sp_names_arches arches = { .set = set_of_words(&profile->architectures) };

    for (size_t i = 0; i < profile->arch_map_count; i++) {
        arches.set |= set_of_word(profile->arch_maps[i].architecture.text);
        arches.set |= set_of_words(&profile->arch_maps[i].sub_architectures);
    }
    for (size_t i = 0; i < lint->target->arch_count; i++) {
        arches.set |= with_hosts(lint->target->arches[i]);
    }
    if (arches.set == 0) {
        arches = (struct sp_names_arches){ .set = every_64_bit(), .any = true };
    }
    return arches;
}

/* What an engine means by a word, or its writer: SP206 speaks of the difference. */
static const struct sp_kb_arch *
arch_of_guard(struct sp_str word)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        const struct sp_kb_arch *arch = &sp_kb_arches[i];
        if (sp_str_is(word, sp_kb_text(arch->containers))
            || sp_str_is(word, sp_kb_text(arch->docker))) {
            return arch;
        }
    }
    return sp_kb_arch_guess(word);
}

struct sp_names_arches
sp_names_rule_arches(struct sp_names_arches profile, const struct sp_rule *rule)
{
    const struct sp_words *words = &rule->includes.arches;
    sp_arch_set set = 0;

    for (size_t i = 0; i < words->count; i++) {
        const struct sp_kb_arch *arch = arch_of_guard(words->at[i].text);
        set |= arch == NULL ? 0 : with_guests(arch);
    }
    return set == 0 ? profile : (struct sp_names_arches){ .set = set, .guard = true };
}

/* ---- calls on sets ------------------------------------------------------------------- */

bool
sp_names_exists(sp_arch_set set, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (has(set, i) && sp_kb_number(&sp_kb_arches[i], call) != SP_KB_NO_NUMBER) {
            return true;
        }
    }
    return false;
}

static bool
has_column(size_t table, const struct sp_kb_syscall *call)
{
    return sp_kb_numbers[table * sp_kb_syscalls_count + sp_kb_syscall_index(call)]
        != SP_KB_NO_NUMBER;
}

sp_arch_set
sp_names_where(const struct sp_kb_syscall *call)
{
    sp_arch_set set = 0;

    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (sp_kb_number(&sp_kb_arches[i], call) != SP_KB_NO_NUMBER) {
            set |= bit_of(&sp_kb_arches[i]);
        }
    }
    return set;
}

bool
sp_names_has_32_bit(sp_arch_set set)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (has(set, i) && sp_kb_arches[i].bits == 32) {
            return true;
        }
    }
    return false;
}

/* ---- texts --------------------------------------------------------------------------- */

/* What people know best stands first; the others follow in the order of the table. */
static const char *const common[] = {
    "x86_64", "x86", "aarch64", "arm", "riscv64", "ppc64le", "s390x", "loongarch64",
};

/* A list that stops after so many names and then counts. */
struct list {
    struct sp_buf *buf;
    size_t shown;
    size_t max;
    size_t total;
};

static struct list
begin(struct sp_buf *buf, size_t total, size_t max)
{
    /* "and 1 more" takes as much room as the name. */
    return (struct list){
        .buf = buf, .total = total, .max = total <= max + 1 ? total : max,
    };
}

static void
add(struct list *list, const char *name)
{
    if (list->shown == list->max) {
        return;
    }
    list->shown++;
    if (list->shown > 1) {
        sp_buf_text(list->buf, list->shown == list->total ? " and " : ", ");
    }
    sp_buf_text(list->buf, name);
}

static void
end(struct list *list)
{
    if (list->shown < list->total) {
        sp_buf_format(list->buf, " and %zu more", list->total - list->shown);
    }
}

static size_t
count_bits(sp_arch_set set)
{
    size_t count = 0;

    for (; set != 0; set &= set - 1) {
        count++;
    }
    return count;
}

void
sp_names_add_arches(struct sp_buf *buf, sp_arch_set set, unsigned max)
{
    struct list list = begin(buf, count_bits(set), max);

    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        const struct sp_kb_arch *arch = sp_kb_arch_find(sp_str_of(common[i]));
        if (arch != NULL && (set & bit_of(arch)) != 0) {
            add(&list, common[i]);
            set &= ~bit_of(arch);
        }
    }
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (has(set, i)) {
            add(&list, sp_kb_text(sp_kb_arches[i].name));
        }
    }
    end(&list);
}

/* The kernel's architectures that libseccomp does not serve. */
static void
add_columns(struct sp_buf *buf, const struct sp_kb_syscall *call, unsigned max)
{
    size_t total = 0;

    for (size_t i = 0; i < sp_kb_tables_count; i++) {
        total += has_column(i, call);
    }
    struct list list = begin(buf, total, max);
    for (size_t i = 0; i < sp_kb_tables_count; i++) {
        if (has_column(i, call)) {
            add(&list, sp_kb_text(sp_kb_tables[i].name));
        }
    }
    end(&list);
    sp_buf_text(buf, total == 0 ? "nothing that Linux still serves" : "");
}

void
sp_names_add_where(struct sp_buf *buf, const struct sp_kb_syscall *call, unsigned max)
{
    sp_arch_set set = sp_names_where(call);

    if (set != 0) {
        sp_names_add_arches(buf, set, max);
    } else {
        add_columns(buf, call, max);
    }
}

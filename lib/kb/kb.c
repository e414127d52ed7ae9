#include "kb/kb.h"

#include <string.h>

/* ---- by name ------------------------------------------------------------------------- */

/* As sp_str_compare, but stops where the text ends: most names differ in their first letters. */
static int
compare_text(struct sp_str name, const char *text)
{
    int order = name.len == 0 ? 0 : strncmp(name.ptr, text, name.len);

    if (order != 0) {
        return order;
    }
    if (memchr(name.ptr == NULL ? "" : name.ptr, '\0', name.len) != NULL) {
        return 1;  /* a NUL inside: equal up to there, and longer */
    }
    return text[name.len] == '\0' ? 0 : -1;
}

/* The row of a table sorted by name, whose rows are `stride` bytes apart and begin with `name` at
 * `offset`; NULL when none has it. */
static const void *
find_row(const void *table, size_t count, size_t stride, size_t offset, struct sp_str name)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *row = (const char *)table + middle * stride;
        const sp_text *text = (const void *)(row + offset);
        int order = compare_text(name, sp_kb_text(*text));
        if (order == 0) {
            return row;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

#define FIND(type, table, name) \
    ((const struct type *)find_row((table), table##_count, sizeof *(table), \
                                   offsetof(struct type, name), (name)))

const struct sp_kb_syscall *
sp_kb_syscall_find(struct sp_str name)
{
    return FIND(sp_kb_syscall, sp_kb_syscalls, name);
}

const struct sp_kb_group *
sp_kb_group_find(struct sp_str name)
{
    return FIND(sp_kb_group, sp_kb_groups, name);
}

const struct sp_kb_word *
sp_kb_word_find(struct sp_str name)
{
    return FIND(sp_kb_word, sp_kb_words, name);
}

const struct sp_kb_errno *
sp_kb_errno_find(struct sp_str name)
{
    return FIND(sp_kb_errno, sp_kb_errnos, name);
}

bool
sp_kb_errno_read(struct sp_str word, uint64_t *ret_number)
{
    const struct sp_kb_errno *row = sp_kb_errno_find(word);
    uint64_t number;

    if (row != NULL) {
        *ret_number = row->number;
        return true;
    }
    if (!sp_str_to_decimal(word, &number) || number > UINT32_MAX) {
        return false;
    }
    *ret_number = number;
    return true;
}

const struct sp_kb_errno *
sp_kb_errno_by_number(uint64_t number)
{
    for (size_t i = 0; i < sp_kb_errnos_count; i++) {
        if (sp_kb_errnos[i].number == number && !sp_kb_errnos[i].alias) {
            return &sp_kb_errnos[i];
        }
    }
    return NULL;
}

const struct sp_kb_rule *
sp_kb_rule_find(unsigned code)
{
    size_t low = 0;
    size_t high = sp_kb_rules_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sp_kb_rules[middle].code == code) {
            return &sp_kb_rules[middle];
        }
        if (code < sp_kb_rules[middle].code) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

/* ---- numbers ------------------------------------------------------------------------- */

int64_t
sp_kb_number(const struct sp_kb_arch *arch, const struct sp_kb_syscall *call)
{
    int32_t number = sp_kb_numbers[arch->table * sp_kb_syscalls_count + sp_kb_syscall_index(call)];

    return number == SP_KB_NO_NUMBER ? SP_KB_NO_NUMBER : (int64_t)number + arch->offset;
}

const struct sp_kb_syscall *
sp_kb_syscall_by_number(const struct sp_kb_arch *arch, uint32_t number)
{
    struct sp_kb_range range = sp_kb_number_ranges[arch->table];
    size_t low = range.first;
    size_t high = (size_t)range.first + range.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct sp_kb_syscall *call = &sp_kb_syscalls[sp_kb_by_number[middle]];
        int64_t here = sp_kb_number(arch, call);
        if (here == (int64_t)number) {
            return call;
        }
        if ((int64_t)number < here) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

/* ---- architectures ------------------------------------------------------------------- */

const struct sp_kb_arch *
sp_kb_arch_find(struct sp_str name)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        const struct sp_kb_arch *arch = &sp_kb_arches[i];
        if (sp_str_is(name, sp_kb_text(arch->name)) || sp_str_is(name, sp_kb_text(arch->token))) {
            return arch;
        }
    }
    return NULL;
}

static bool
has_word(sp_text words, struct sp_str word)
{
    struct sp_str rest = sp_str_of(sp_kb_text(words));
    struct sp_str piece;

    while (sp_str_next(&rest, " ", &piece)) {
        if (piece.len > 0 && sp_str_equal_folded(piece, word)) {
            return true;
        }
    }
    return false;
}

const struct sp_kb_arch *
sp_kb_arch_guess(struct sp_str word)
{
    struct sp_str bare = word;

    if (sp_str_equal_folded(sp_str_slice(word, 0, 10), SP_STR("SCMP_ARCH_"))) {
        bare = sp_str_slice(word, 10, word.len);
    }
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (has_word(sp_kb_arches[i].name, bare)) {
            return &sp_kb_arches[i];
        }
    }
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        const struct sp_kb_arch *arch = &sp_kb_arches[i];
        if (has_word(arch->uname, bare) || has_word(arch->also, bare)) {
            return arch;
        }
    }
    return NULL;
}

/* The compiler's own word for the machine, as the table spells it. */
static const char *
native_name(void)
{
#if defined(__x86_64__) && defined(__ILP32__)
    return "x32";
#elif defined(__x86_64__)
    return "x86_64";
#elif defined(__i386__)
    return "x86";
#elif defined(__aarch64__)
    return "aarch64";
#elif defined(__arm__)
    return "arm";
#elif defined(__riscv) && __riscv_xlen == 64
    return "riscv64";
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return "ppc64le";
#elif defined(__powerpc64__)
    return "ppc64";
#elif defined(__s390x__)
    return "s390x";
#elif defined(__loongarch64)
    return "loongarch64";
#elif defined(__mips64) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return "mipsel64";
#else
    return "";
#endif
}

const struct sp_kb_arch *
sp_kb_arch_native(void)
{
    return sp_kb_arch_find(sp_str_of(native_name()));
}

/* ---- capabilities -------------------------------------------------------------------- */

const struct sp_kb_cap *
sp_kb_cap_find(struct sp_str name)
{
    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        if (sp_str_is(name, sp_kb_text(sp_kb_caps[i].name))) {
            return &sp_kb_caps[i];
        }
    }
    return NULL;
}

const struct sp_kb_cap *
sp_kb_cap_guess(struct sp_str word)
{
    enum { PREFIX = 4 };  /* "CAP_" */

    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        struct sp_str name = sp_str_of(sp_kb_text(sp_kb_caps[i].name));
        if (sp_str_equal_folded(word, name)
            || sp_str_equal_folded(word, sp_str_slice(name, PREFIX, name.len))) {
            return &sp_kb_caps[i];
        }
    }
    return NULL;
}

uint64_t
sp_kb_default_caps(unsigned bit)
{
    uint64_t caps = 0;

    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        caps |= (sp_kb_caps[i].defaults & bit) != 0 ? UINT64_C(1) << i : 0;
    }
    return caps;
}

/* ---- the rest ------------------------------------------------------------------------ */

const struct sp_kb_set *
sp_kb_set_of(const struct sp_kb_syscall *call, unsigned arg)
{
    size_t index = sp_kb_syscall_index(call);

    for (size_t i = 0; i < sp_kb_set_uses_count; i++) {
        if (sp_kb_set_uses[i].syscall == index && sp_kb_set_uses[i].arg == arg) {
            return &sp_kb_sets[sp_kb_set_uses[i].set];
        }
    }
    return NULL;
}

bool
sp_kb_arch_serves(const struct sp_kb_arch *host, const struct sp_kb_arch *arch)
{
    struct sp_str rest = sp_str_of(sp_kb_text(host->compat));
    struct sp_str name;

    while (sp_str_next(&rest, " ", &name)) {
        if (sp_str_is(name, sp_kb_text(arch->name))) {
            return true;
        }
    }
    return false;
}

const struct sp_kb_set *
sp_kb_set_next(const struct sp_kb_syscall *call, unsigned arg, size_t *row)
{
    if (call == NULL) {
        return NULL;
    }
    for (size_t index = sp_kb_syscall_index(call); *row < sp_kb_set_uses_count;) {
        const struct sp_kb_set_use *use = &sp_kb_set_uses[(*row)++];
        if (use->syscall == index && use->arg == arg) {
            return &sp_kb_sets[use->set];
        }
    }
    return NULL;
}

struct sp_version
sp_kb_newest_kernel(void)
{
    sp_kernel newest = 0;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (sp_kb_syscalls[i].since > newest) {
            newest = sp_kb_syscalls[i].since;
        }
    }
    return (struct sp_version){
        .major = (uint16_t)(newest >> 16),
        .minor = newest >> 8 & 0xff,
        .patch = newest & 0xff,
    };
}

static bool
adds(struct sp_kb_range range, size_t call)
{
    for (size_t i = 0; i < range.count; i++) {
        if (sp_kb_indices[range.first + i] == call) {
            return true;
        }
    }
    return false;
}

bool
sp_kb_libseccomp_knows(struct sp_version version, const struct sp_kb_syscall *call)
{
    size_t index = sp_kb_syscall_index(call);

    if (adds(sp_kb_libseccomp_unknown, index)) {
        return false;
    }
    for (size_t i = 1; version.major != 0 && i < sp_kb_libseccomps_count; i++) {
        struct sp_version row = { 0 };
        sp_version_parse(sp_str_of(sp_kb_text(sp_kb_libseccomps[i].version)), &row);
        if (sp_version_compare(row, version) > 0 && adds(sp_kb_libseccomps[i].adds, index)) {
            return false;
        }
    }
    return true;
}

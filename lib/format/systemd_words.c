#include "format/systemd_words.h"

#include <string.h>

/* ---- errnos -------------------------------------------------------------------------- */

enum { ERROR_MAX = 4095 };

/* Bases as strtol knows them, and two more (src/basic/parse-util.c, mangle_base). */
static unsigned
take_base(struct sp_str *digits)
{
    static const struct { const char *prefix; unsigned base; } bases[] = {
        { "0x", 16 }, { "0X", 16 }, { "0o", 8 }, { "0b", 2 }, { "0", 8 },
    };

    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        size_t len = strlen(bases[i].prefix);
        if (digits->len > len && sp_str_has_prefix(*digits, bases[i].prefix)) {
            *digits = sp_str_slice(*digits, len, digits->len);
            return bases[i].base;
        }
    }
    return 10;
}

static unsigned
digit_value(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return (unsigned)(byte - '0');
    }
    unsigned letter = (unsigned char)byte | 0x20u;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : 16;
}

static bool
read_number(struct sp_str word, int *ret_number)
{
    bool has_sign = word.len > 1 && (word.ptr[0] == '+' || word.ptr[0] == '-');
    struct sp_str digits = sp_str_slice(word, has_sign ? 1 : 0, word.len);
    unsigned base = take_base(&digits);
    unsigned number = 0;

    for (size_t i = 0; i < digits.len; i++) {
        unsigned digit = digit_value(digits.ptr[i]);
        if (digit >= base || number > ERROR_MAX) {
            return false;
        }
        number = number * base + digit;
    }
    if (digits.len == 0 || number > ERROR_MAX || (number > 0 && word.ptr[0] == '-')) {
        return false;
    }
    *ret_number = (int)number;
    return true;
}

bool
sp_systemd_error(struct sp_str word, int *ret_error)
{
    const struct sp_kb_errno *row = sp_kb_errno_find(word);

    if (sp_str_is(word, "kill")) {
        *ret_error = SP_SYSTEMD_KILL;
        return true;
    }
    if (row != NULL) {
        *ret_error = row->number;
        return true;
    }
    return read_number(word, ret_error);
}

/* ---- architectures ------------------------------------------------------------------- */

/* systemd.unit(5), ConditionArchitecture=, and seccomp_arch_from_string.  The same machine
 * without a name here has none there. */
static const struct { const char *name; const char *arch; } arch_names[] = {
    { "arm", "arm" },
    { "arm64", "aarch64" },
    { "loongarch64", "loongarch64" },
    { "mips", "mips" },
    { "mips-le", "mipsel" },
    { "mips64", "mips64" },
    { "mips64-le", "mipsel64" },
    { "mips64-le-n32", "mipsel64n32" },
    { "mips64-n32", "mips64n32" },
    { "parisc", "parisc" },
    { "parisc64", "parisc64" },
    { "ppc", "ppc" },
    { "ppc64", "ppc64" },
    { "ppc64-le", "ppc64le" },
    { "riscv64", "riscv64" },
    { "s390", "s390" },
    { "s390x", "s390x" },
    { "x32", "x32" },
    { "x86", "x86" },
    { "x86-64", "x86_64" },
};

enum { ARCH_NAMES = sizeof arch_names / sizeof *arch_names };

const char *
sp_systemd_arch_name(const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < ARCH_NAMES; i++) {
        if (strcmp(arch_names[i].arch, sp_kb_text(arch->name)) == 0) {
            return arch_names[i].name;
        }
    }
    return NULL;
}

const struct sp_kb_arch *
sp_systemd_arch_find(struct sp_str name)
{
    for (size_t i = 0; i < ARCH_NAMES; i++) {
        if (sp_str_is(name, arch_names[i].name)) {
            return sp_kb_arch_find(sp_str_of(arch_names[i].arch));
        }
    }
    return NULL;
}

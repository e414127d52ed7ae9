#include "format/kafel_reader.h"

#include "base/closest.h"
#include "format/kafel_targets.h"
#include "format/list_names.h"

#include <inttypes.h>
#include <stdio.h>

/* Names of the kernel's functions that kafel's tables have for calls which profiles name
 * otherwise (src/syscalls/amd64_syscalls.c); sorted. */
static const struct {
    const char *kafel;
    const char *call;
} other_names[] = {
    { "newfstat", "fstat" },     { "newlstat", "lstat" }, { "newstat", "stat" },
    { "newuname", "uname" },     { "sendfile64", "sendfile" },
    { "sysctl", "_sysctl" },     { "umount", "umount2" },
};

/* The call that kafel's own name means where this machine has none with the name itself. */
static const struct sp_kb_syscall *
call_of_table(const struct sp_kafel *kafel, struct sp_str name)
{
    const struct sp_kb_arch *native = sp_foreign_machine(kafel->source);
    const struct sp_kb_syscall *call = sp_kb_syscall_find(name);

    if (call != NULL && (native == NULL || sp_kb_number(native, call) != SP_KB_NO_NUMBER)) {
        return call;
    }
    for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++) {
        if (sp_str_is(name, other_names[i].kafel)) {
            return sp_kb_syscall_find(sp_str_of(other_names[i].call));
        }
    }
    return call;
}

/* The architectures on which a call has this number, as a set of rows of sp_kb_arches. */
static uint64_t
arches_with(const struct sp_kb_syscall *call, uint64_t number)
{
    uint64_t arches = 0;

    for (size_t i = 0; i < sp_kb_arches_count && i < 64; i++) {
        int64_t known = sp_kb_number(&sp_kb_arches[i], call);
        if (known != SP_KB_NO_NUMBER && (uint64_t)known == number) {
            arches |= (uint64_t)1 << i;
        }
    }
    return arches;
}

/* A call whose name, or its name without the underscore that no name of kafel begins with, is a
 * constant with its number on some architecture. */
static const struct sp_kb_syscall *
call_named_as(struct sp_kafel *kafel, struct sp_str name, uint64_t number)
{
    char underscored[SP_CLOSEST_WORD_MAX + 2];
    int len = snprintf(underscored, sizeof underscored, "_%.*s", SP_LIST_SHOWN(name));

    for (int i = 0; i < 2; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(
            i == 0 ? name : (struct sp_str){ .ptr = underscored, .len = (size_t)len });
        uint64_t arches = call == NULL ? 0 : arches_with(call, number);
        if (arches != 0) {
            kafel->wrong_arches |= ~arches;
            return call;
        }
    }
    return NULL;
}

unsigned
sp_kafel_bits(const struct sp_kafel *kafel)
{
    const struct sp_kb_arch *native = sp_foreign_machine(kafel->source);
    unsigned bits = 0;

    for (size_t i = 0; i < sp_kb_arches_count && i < 64; i++) {
        if ((kafel->wrong_arches >> i & 1) != 0 || !sp_kafel_is_target(&sp_kb_arches[i])) {
            continue;
        }
        if (&sp_kb_arches[i] == native) {
            return native->bits;
        }
        bits = bits == 0 ? sp_kb_arches[i].bits : bits;
    }
    return bits == 0 ? 64 : bits;
}

/* The call with a constant's number on this machine. */
static const struct sp_kb_syscall *
call_numbered(struct sp_kafel *kafel, struct sp_span span, uint64_t number)
{
    const struct sp_kb_arch *native = sp_foreign_machine(kafel->source);
    const struct sp_kb_syscall *call =
        native != NULL && number <= UINT32_MAX
        ? sp_kb_syscall_by_number(native, (uint32_t)number) : NULL;

    if (call == NULL) {
        sp_list_fail(kafel->report, kafel->source, span,
                     "a profile has names, so that only numbers with a known name can be read",
                     "`%.*s` is 0x%" PRIx64 ", which is no system call of %s",
                     SP_LIST_SHOWN(sp_kafel_text(kafel, span)), number,
                     native == NULL ? "this architecture" : sp_kb_text(native->name));
    }
    return call;
}

bool
sp_kafel_resolve(struct sp_kafel *kafel, struct sp_span span)
{
    struct sp_str name = sp_kafel_text(kafel, span);
    const struct sp_kafel_constant *constant = sp_kafel_constant(kafel, name);

    if (constant == NULL) {
        kafel->call = call_of_table(kafel, name);
        return kafel->call != NULL || sp_list_call(kafel->report, kafel->source, span) != NULL;
    }
    kafel->call = call_named_as(kafel, name, constant->value);
    if (kafel->call == NULL) {
        kafel->call = call_numbered(kafel, span, constant->value);
    }
    return kafel->call != NULL;
}

bool
sp_kafel_take_number(struct sp_kafel *kafel)
{
    struct sp_span span;
    uint64_t number;

    if (!sp_kafel_next(kafel) || !sp_kafel_take(kafel, '[', "`[`")) {
        return false;
    }
    span = kafel->token.span;
    number = kafel->token.number;
    if (!sp_kafel_take(kafel, SP_KAFEL_NUMBER, "the number of a call")) {
        return false;
    }
    kafel->call = sp_list_call_by_number(kafel->report, kafel->source, span, number);
    return kafel->call != NULL && sp_kafel_take(kafel, ']', "`]`");
}

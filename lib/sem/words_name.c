#include "sem/words_name.h"

#include "sem/words.h"

#include <inttypes.h>

/* So many flags of a mask are told by name, so many unknown bits beside known names as a
 * number. */
enum { MOST_NAMED_FLAGS = 3, MOST_UNKNOWN_BITS = 2 };

/* Larger numbers are told in hexadecimal: nobody reads 131080 as two flags. */
enum { LARGEST_DECIMAL = 0xffff };

static unsigned
count_bits(uint64_t value)
{
    return (unsigned)__builtin_popcountll(value);
}

/* ---- what is known of an argument ---------------------------------------------------- */

static const struct sp_kb_arg *
known_arg(const struct sp_kb_syscall *call, unsigned arg)
{
    bool known = call != NULL && call->args_known && arg < call->args.count;

    return known ? &sp_kb_args[call->args.first + arg] : NULL;
}

static bool
takes_flags(const struct sp_kb_syscall *call, unsigned arg)
{
    size_t row = 0;
    const struct sp_kb_set *set = sp_kb_set_next(call, arg, &row);

    while (set != NULL && !set->flags) {
        set = sp_kb_set_next(call, arg, &row);
    }
    return set != NULL;
}

/* ---- names of values ----------------------------------------------------------------- */

/* A value while its names are written. */
struct naming {
    struct sp_buf *buf;
    uint64_t rest;   /* bits that have no name yet */
    unsigned names;
};

static void
add_name(struct naming *naming, const struct sp_kb_constant *constant)
{
    sp_buf_text(naming->buf, naming->names > 0 ? "|" : "");
    sp_buf_text(naming->buf, sp_kb_text(constant->name));
    naming->rest &= ~constant->value;
    naming->names++;
}

static const struct sp_kb_constant *
constant_at(const struct sp_kb_set *set, size_t i)
{
    return &sp_kb_constants[set->values.first + i];
}

/* The constant that is exactly this part of the value. */
static void
name_part(struct naming *naming, const struct sp_kb_set *set, uint64_t part)
{
    for (size_t i = 0; i < set->values.count; i++) {
        const struct sp_kb_constant *constant = constant_at(set, i);
        if (!constant->alias && constant->value == part) {
            add_name(naming, constant);
            return;
        }
    }
}

/* Values are sorted: from the last one, flags of several bits come before those that they
 * hold. */
static void
name_flags(struct naming *naming, const struct sp_kb_set *set)
{
    for (size_t i = set->values.count; i-- > 0;) {
        const struct sp_kb_constant *constant = constant_at(set, i);
        bool fits = (constant->value & ~(naming->rest & set->mask)) == 0;
        if (!constant->alias && constant->value != 0 && fits) {
            add_name(naming, constant);
        }
    }
}

static void
name_sets(const struct sp_kb_syscall *call, unsigned arg, uint64_t value, bool flags,
          struct naming *naming)
{
    size_t row = 0;
    const struct sp_kb_set *set;

    while ((set = sp_kb_set_next(call, arg, &row)) != NULL) {
        uint64_t part = value & set->mask;
        if (set->flags != flags) {
            continue;
        }
        if (flags && part != 0) {
            name_flags(naming, set);
        } else if (!flags || naming->names == 0) {
            name_part(naming, set, part);
        }
    }
}

/* Writes names for the value; false, and nothing written, when they would not tell it. */
static bool
name_value(const struct sp_kb_syscall *call, unsigned arg, uint64_t value, struct sp_buf *buf)
{
    struct naming naming = { .buf = buf, .rest = value };
    size_t start = buf->len;

    name_sets(call, arg, value, false, &naming);
    name_sets(call, arg, value, true, &naming);
    bool tells = naming.names > 0 && (value == 0 || naming.rest != value);
    if (!tells || count_bits(naming.rest) > MOST_UNKNOWN_BITS) {
        sp_buf_cut(buf, start);
        return false;
    }
    if (naming.rest != 0) {
        sp_buf_format(buf, "|0x%" PRIx64, naming.rest);
    }
    return true;
}

/* ---- texts --------------------------------------------------------------------------- */

void
sp_words_arg(const struct sp_kb_syscall *call, unsigned arg, struct sp_buf *buf)
{
    const struct sp_kb_arg *known = known_arg(call, arg);

    if (known != NULL) {
        sp_buf_text(buf, sp_kb_text(known->name));
    } else {
        sp_buf_format(buf, "arg%u", arg);
    }
}

void
sp_words_number(const struct sp_kb_syscall *call, unsigned arg, uint64_t mask, uint64_t value,
                struct sp_buf *buf)
{
    const struct sp_kb_arg *known = known_arg(call, arg);
    bool is_part = mask != UINT64_MAX && mask != UINT32_MAX;
    bool bits_matter = is_part || takes_flags(call, arg) || (known != NULL && known->pointer);

    if (value < 10 || (value <= LARGEST_DECIMAL && !bits_matter)) {
        sp_buf_format(buf, "%" PRIu64, value);
    } else {
        sp_buf_format(buf, "0x%" PRIx64, value);
    }
}

void
sp_words_value(const struct sp_kb_syscall *call, unsigned arg, uint64_t value,
               struct sp_buf *buf)
{
    if (!name_value(call, arg, value, buf)) {
        sp_words_number(call, arg, UINT64_MAX, value, buf);
    }
}

/* Names of flags alone: "(A|B)"; false, and nothing written, when there are none or too
 * many. */
static bool
name_mask(const struct sp_kb_syscall *call, unsigned arg, uint64_t mask, struct sp_buf *buf)
{
    SP_BUF(names);
    struct naming naming = { .buf = &names, .rest = mask };

    name_sets(call, arg, mask, true, &naming);
    if (naming.names == 0 || naming.names > MOST_NAMED_FLAGS || naming.rest != 0) {
        return false;
    }
    sp_buf_text(buf, naming.names > 1 ? "(" : "");
    sp_buf_add(buf, sp_buf_view(&names));
    sp_buf_text(buf, naming.names > 1 ? ")" : "");
    buf->failed = buf->failed || names.failed;
    return true;
}

void
sp_words_mask(const struct sp_kb_syscall *call, unsigned arg, uint64_t mask, struct sp_buf *buf)
{
    bool is_contrary = count_bits(mask) > 32;
    uint64_t bits = is_contrary ? ~mask : mask;
    bool is_half = (uint32_t)bits == 0 || bits == UINT32_MAX;

    if (is_half) {
        sp_buf_format(buf, "0x%" PRIx64, mask);
        return;
    }
    sp_buf_text(buf, is_contrary ? "~" : "");
    if (!name_mask(call, arg, bits, buf)) {
        sp_buf_format(buf, "0x%" PRIx64, bits);
    }
}

/* Does the mask hold all that some set of plain values speaks of? */
static bool
holds_values(const struct sp_kb_syscall *call, unsigned arg, uint64_t mask)
{
    size_t row = 0;
    const struct sp_kb_set *set;

    while ((set = sp_kb_set_next(call, arg, &row)) != NULL) {
        uint64_t needed = set->mask == UINT64_MAX ? UINT32_MAX : set->mask;
        if (!set->flags && (mask & needed) == needed) {
            return true;
        }
    }
    return false;
}

bool
sp_words_has_name(const struct sp_kb_syscall *call, unsigned arg, uint64_t mask, uint64_t value)
{
    SP_BUF(names);
    struct naming naming = { .buf = &names, .rest = value };

    if (!holds_values(call, arg, mask)) {
        return false;
    }
    name_sets(call, arg, value, false, &naming);
    return naming.names == 1 && naming.rest == 0;
}

void
sp_words_masked_value(const struct sp_kb_syscall *call, unsigned arg, uint64_t mask,
                      uint64_t value, struct sp_buf *buf)
{
    bool may_have_name = mask == UINT64_MAX || holds_values(call, arg, mask)
                         || (takes_flags(call, arg) && value != 0);

    if (!may_have_name || !name_value(call, arg, value, buf)) {
        sp_words_number(call, arg, mask, value, buf);
    }
}

/* ---- calls --------------------------------------------------------------------------- */

static unsigned
count_args(const struct sp_kb_syscall *call, const uint64_t args[SP_ARGS])
{
    unsigned count = call != NULL && call->args_known ? call->args.count : 0;

    for (unsigned arg = count; arg < SP_ARGS; arg++) {
        count = args[arg] != 0 ? arg + 1 : count;
    }
    return count;
}

void
sp_words_call(const struct sp_kb_syscall *call, const uint64_t args[SP_ARGS],
              struct sp_buf *buf)
{
    unsigned count = count_args(call, args);

    sp_buf_text(buf, call != NULL ? sp_kb_text(call->name) : "call");
    sp_buf_char(buf, '(');
    for (unsigned arg = 0; arg < count; arg++) {
        sp_buf_text(buf, arg > 0 ? ", " : "");
        sp_words_value(call, arg, args[arg], buf);
    }
    sp_buf_char(buf, ')');
}

#include "ops/call_text.h"

#include "base/closest.h"
#include "sem/words.h"

#include <inttypes.h>
#include <string.h>

/* Where reading stands. */
struct reader {
    struct sp_str text;
    struct sp_call_text *into;
    struct sp_buf *why;
};

/* Says what is wrong with the part that begins at `at`, counted in bytes from 1. */
static void
say_place(const struct reader *reader, struct sp_str at)
{
    sp_buf_format(reader->why, "character %zu: ", (size_t)(at.ptr - reader->text.ptr) + 1);
}

static void
say_closest(const struct reader *reader, const struct sp_closest *closest)
{
    for (size_t i = 0; i < closest->count; i++) {
        sp_buf_format(reader->why, "%s%s", i == 0 ? "; closest: " : ", ", closest->best[i].name);
    }
}

/* ---- the call ------------------------------------------------------------------------ */

static bool
say_no_call(const struct reader *reader, struct sp_str name)
{
    struct sp_closest closest = sp_closest_to(name);

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_syscalls[i].name));
    }
    say_place(reader, name);
    sp_buf_format(reader->why, "no system call is called '%.*s'", SP_STR_ARG(name));
    say_closest(reader, &closest);
    return false;
}

/* A number means a call of one architecture: the one before it, or this machine's. */
static bool
read_number(struct reader *reader, struct sp_str name, uint64_t number)
{
    struct sp_call_text *into = reader->into;

    if (number > UINT32_MAX) {
        say_place(reader, name);
        sp_buf_text(reader->why, "numbers of system calls have 32 bits");
        return false;
    }
    into->arch = into->arch != NULL ? into->arch : sp_kb_arch_native();
    into->by_number = true;
    into->number = (uint32_t)number;
    into->call = into->arch == NULL ? NULL : sp_kb_syscall_by_number(into->arch, into->number);
    return true;
}

static bool
read_arch(struct reader *reader, struct sp_str name)
{
    reader->into->arch = sp_kb_arch_guess(name);
    if (reader->into->arch == NULL) {
        say_place(reader, name);
        sp_buf_format(reader->why, "no architecture is called '%.*s'", SP_STR_ARG(name));
        return false;
    }
    return true;
}

static bool
read_name(struct reader *reader, struct sp_str name)
{
    const char *colon = memchr(name.ptr, ':', name.len);
    uint64_t number;

    if (colon != NULL) {
        size_t before = (size_t)(colon - name.ptr);
        if (!read_arch(reader, sp_str_trim(sp_str_slice(name, 0, before)))) {
            return false;
        }
        name = sp_str_trim(sp_str_slice(name, before + 1, name.len));
    }
    if (sp_str_to_u64(name, &number)) {
        return read_number(reader, name, number);
    }
    reader->into->call = sp_kb_syscall_find(name);
    return reader->into->call != NULL || say_no_call(reader, name);
}

/* ---- numbers ------------------------------------------------------------------------- */

static const struct sp_kb_arg *
known_arg(const struct reader *reader, unsigned arg)
{
    const struct sp_kb_syscall *call = reader->into->call;
    bool is_known = call != NULL && call->args_known && arg < call->args.count;

    return is_known ? &sp_kb_args[call->args.first + arg] : NULL;
}

static bool
is_unsigned(const struct sp_kb_arg *arg)
{
    static const char *const types[] = {
        "__u32", "const __u32", "gid_t", "qid_t", "u32", "uid_t", "umode_t",
    };
    const char *type = sp_kb_text(arg->type);

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i], type) == 0) {
            return true;
        }
    }
    return strncmp(type, "unsigned", strlen("unsigned")) == 0;
}

/* A negative value in a register: of the width of its type when that is unsigned, else with its
 * sign in all 64 bits. */
static uint64_t
negative(const struct sp_kb_arg *arg, uint64_t magnitude)
{
    uint64_t value = UINT64_C(0) - magnitude;

    return arg != NULL && arg->bits <= 32 && is_unsigned(arg)
        ? value & ((UINT64_C(1) << arg->bits) - 1) : value;
}

/* Octal as C writes it: 0644, and 0o644. */
static bool
read_octal(struct sp_str text, uint64_t *ret_value)
{
    uint64_t value = 0;
    size_t start = text.len > 1 && (text.ptr[1] == 'o' || text.ptr[1] == 'O') ? 2 : 1;

    if (text.len <= start || text.ptr[0] != '0') {
        return false;
    }
    for (size_t i = start; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '7' || value >> 61 != 0) {
            return false;
        }
        value = value << 3 | (uint64_t)(text.ptr[i] - '0');
    }
    *ret_value = value;
    return true;
}

static bool
looks_decimal_with_zero(struct sp_str text)
{
    return text.len > 1 && text.ptr[0] == '0' && text.ptr[1] >= '0' && text.ptr[1] <= '9';
}

/* Without sign. */
static bool
read_magnitude(struct sp_str text, uint64_t *ret_value)
{
    if (read_octal(text, ret_value)) {
        return true;
    }
    return !looks_decimal_with_zero(text) && sp_str_to_u64(text, ret_value);
}

/* ---- constants ----------------------------------------------------------------------- */

/* Offers every constant of the argument; true and its value when one is called so. */
static bool
find_constant(const struct sp_kb_syscall *call, unsigned arg, struct sp_str name,
              struct sp_closest *closest, uint64_t *ret_value)
{
    const struct sp_kb_set *set;
    size_t row = 0;

    while ((set = sp_kb_set_next(call, arg, &row)) != NULL) {
        for (size_t i = 0; i < set->values.count; i++) {
            const struct sp_kb_constant *constant = &sp_kb_constants[set->values.first + i];
            if (sp_str_is(name, sp_kb_text(constant->name))) {
                *ret_value = constant->value;
                return true;
            }
            sp_closest_offer(closest, sp_kb_text(constant->name));
        }
    }
    return false;
}

static bool
say_no_value(const struct reader *reader, unsigned arg, struct sp_str word,
             const struct sp_closest *closest)
{
    const struct sp_kb_arg *known = known_arg(reader, arg);
    size_t row = 0;

    say_place(reader, word);
    if (word.len == 0) {
        sp_buf_format(reader->why, "argument %u is empty; `_` stands for any value", arg);
        return false;
    }
    sp_buf_format(reader->why, "'%.*s' is neither a number nor a constant", SP_STR_ARG(word));
    if (sp_kb_set_next(reader->into->call, arg, &row) == NULL) {
        sp_buf_format(reader->why, "; argument %u takes numbers", arg);
    } else if (known != NULL) {
        sp_buf_format(reader->why, " of %s", sp_kb_text(known->name));
    }
    say_closest(reader, closest);
    return false;
}

enum { AT_FDCWD_NEGATED = 100 };

/* The one constant that many arguments take and that is no set of its own. Source: linux/fcntl.h. */
static bool
is_current_folder(const struct sp_kb_arg *arg, struct sp_str word)
{
    return arg != NULL && arg->bits == 32 && sp_str_is(word, "AT_FDCWD");
}

static bool
read_word(struct reader *reader, unsigned arg, struct sp_str word, uint64_t *ret_value)
{
    const struct sp_kb_arg *known = known_arg(reader, arg);
    struct sp_closest closest = sp_closest_to(word);
    uint64_t magnitude;

    if (word.len > 1 && word.ptr[0] == '-'
        && read_magnitude(sp_str_slice(word, 1, word.len), &magnitude)) {
        *ret_value = negative(known, magnitude);
        return true;
    }
    if (is_current_folder(known, word)) {
        *ret_value = negative(known, AT_FDCWD_NEGATED);
        return true;
    }
    if (known != NULL && known->pointer && sp_str_is(word, "NULL")) {
        *ret_value = 0;
        return true;
    }
    return read_magnitude(word, ret_value)
        || find_constant(reader->into->call, arg, word, &closest, ret_value)
        || say_no_value(reader, arg, word, &closest);
}

/* ---- arguments ----------------------------------------------------------------------- */

static bool
is_any(struct sp_str piece)
{
    return sp_str_is(piece, "_") || sp_str_is(piece, "?")
        || (piece.len > 1 && memchr("\"'{[&", piece.ptr[0], 5) != NULL);
}

/* "SOCK_STREAM|SOCK_CLOEXEC". */
static bool
read_argument(struct reader *reader, struct sp_str piece)
{
    struct sp_call_text *into = reader->into;
    struct sp_str rest = piece;
    struct sp_str word;

    if (into->given == SP_ARGS) {
        say_place(reader, piece);
        sp_buf_text(reader->why, "a call has at most 6 arguments");
        return false;
    }
    unsigned arg = into->given++;
    if (is_any(piece)) {
        into->any |= 1u << arg;
        return true;
    }
    if (piece.len == 0) {
        return read_word(reader, arg, piece, &into->args[arg]);
    }
    while (sp_str_next(&rest, "|", &word)) {
        uint64_t value = 0;
        if (!read_word(reader, arg, sp_str_trim(word), &value)) {
            return false;
        }
        into->args[arg] |= value;
    }
    return true;
}

/* Steps over a quoted text that begins at `i`; answers the place of its last byte. */
static size_t
skip_quoted(struct sp_str text, size_t i)
{
    char quote = text.ptr[i];

    for (i++; i < text.len && text.ptr[i] != quote; i++) {
        i += text.ptr[i] == '\\';
    }
    return i;
}

/* The end of an argument that begins at `start`: its comma, or the bracket that closes the call;
 * the length of the text when neither comes. */
static size_t
argument_end(struct sp_str text, size_t start)
{
    unsigned depth = 0;

    for (size_t i = start; i < text.len; i++) {
        switch (text.ptr[i]) {
        case '"':
        case '\'':
            i = skip_quoted(text, i);
            break;
        case '(':
        case '[':
        case '{':
            depth++;
            break;
        case ']':
        case '}':
            depth -= depth > 0;
            break;
        case ')':
        case ',':
            if (depth == 0) {
                return i;
            }
            depth -= text.ptr[i] == ')';
            break;
        }
    }
    return text.len;
}

/* "" and what strace writes behind a call. */
static bool
is_end(struct sp_str rest)
{
    rest = sp_str_trim(rest);
    return rest.len == 0 || sp_str_is(rest, ";") || rest.ptr[0] == '=';
}

static bool
say_open_end(const struct reader *reader)
{
    sp_buf_format(reader->why, "character %zu: ')' is missing", reader->text.len + 1);
    return false;
}

static bool
read_arguments(struct reader *reader, size_t at)
{
    struct sp_str text = reader->text;

    for (bool more = true; more; at++) {
        size_t end = argument_end(text, at);
        if (end >= text.len) {
            return say_open_end(reader);
        }
        struct sp_str piece = sp_str_slice(text, at, end);
        more = text.ptr[end] == ',';
        piece = sp_str_trim(piece);
        bool is_empty_list = piece.len == 0 && !more && reader->into->given == 0;
        if (!is_empty_list && !read_argument(reader, piece)) {
            return false;
        }
        at = end;
    }
    struct sp_str rest = sp_str_slice(text, at, text.len);
    if (!is_end(rest)) {
        say_place(reader, sp_str_trim(rest));
        sp_buf_text(reader->why, "nothing may follow the call");
        return false;
    }
    return true;
}

/* ---- the whole ----------------------------------------------------------------------- */

static size_t
find_bracket(struct sp_str text)
{
    const char *bracket = text.len == 0 ? NULL : memchr(text.ptr, '(', text.len);

    return bracket == NULL ? text.len : (size_t)(bracket - text.ptr);
}

bool
sp_call_text_is(struct sp_str text)
{
    size_t bracket = find_bracket(text);

    return bracket < text.len && sp_str_trim(sp_str_slice(text, 0, bracket)).len > 0;
}

bool
sp_call_text_read(struct sp_str text, struct sp_call_text *ret_text, struct sp_buf *why)
{
    struct sp_call_text into = { .arch = NULL };
    struct reader reader = { .text = text, .into = &into, .why = why };
    size_t bracket = find_bracket(text);

    if (!sp_call_text_is(text)) {
        sp_buf_text(why, "character 1: a call is written as name(argument, ...)");
        return false;
    }
    if (!read_name(&reader, sp_str_trim(sp_str_slice(text, 0, bracket)))
        || !read_arguments(&reader, bracket + 1)) {
        return false;
    }
    *ret_text = into;
    return true;
}

/* ---- and back ------------------------------------------------------------------------ */

static unsigned
count_shown(const struct sp_call_text *text, const uint64_t args[SP_ARGS])
{
    const struct sp_kb_syscall *call = text->call;
    unsigned count = call != NULL && call->args_known ? call->args.count : text->given;

    for (unsigned arg = count; arg < SP_ARGS; arg++) {
        if (args[arg] != 0 || (text->any >> arg & 1) != 0) {
            count = arg + 1;
        }
    }
    return count;
}

/* "AT_FDCWD", "-1": small negative numbers with their sign in the upper half. */
static bool
write_negative(const struct sp_kb_syscall *call, unsigned arg, uint64_t value, struct sp_buf *buf)
{
    enum { SMALL = 4096 };
    bool is_known = call != NULL && call->args_known && arg < call->args.count;
    const struct sp_kb_arg *known = is_known ? &sp_kb_args[call->args.first + arg] : NULL;

    if (known == NULL || known->pointer || is_unsigned(known)
        || value < UINT64_C(0) - (uint64_t)SMALL) {
        return false;
    }
    if (value == UINT64_C(0) - (uint64_t)AT_FDCWD_NEGATED && known->bits == 32) {
        sp_buf_text(buf, "AT_FDCWD");
    } else {
        sp_buf_format(buf, "-%" PRIu64, UINT64_C(0) - value);
    }
    return true;
}

void
sp_call_text_write(const struct sp_call_text *text, const uint64_t args[SP_ARGS],
                   struct sp_buf *buf)
{
    unsigned count = count_shown(text, args);

    if (text->call != NULL) {
        sp_buf_text(buf, sp_kb_text(text->call->name));
    } else {
        sp_buf_format(buf, text->number < 4096 ? "%" PRIu32 : "0x%" PRIx32, text->number);
    }
    sp_buf_char(buf, '(');
    for (unsigned arg = 0; arg < count; arg++) {
        sp_buf_text(buf, arg > 0 ? ", " : "");
        if ((text->any >> arg & 1) != 0) {
            sp_buf_char(buf, '_');
        } else if (!write_negative(text->call, arg, args[arg], buf)) {
            sp_words_value(text->call, arg, args[arg], buf);
        }
    }
    sp_buf_char(buf, ')');
}

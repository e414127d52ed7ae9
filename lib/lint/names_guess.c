#include "lint/names_guess.h"

#include "lint/names_find.h"

#include <string.h>

/* A name as the tables spell it; empty when it is too long for one. */
struct clean {
    char text[SP_CLOSEST_WORD_MAX + 1];
    size_t len;
};

/* ---- spelling ------------------------------------------------------------------------ */

/* What stands around a name by accident: blanks that nobody sees, and what was copied along. */
static const char *const edges[] = {
    " ", "\t", "\r", "\n", "\v", "\f", "\"", "'", "`", ",", ";", "()", "(2)",
    "\xc2\xa0",      /* no-break space */
    "\xe2\x80\x8b",  /* zero-width space */
    "\xe2\x80\x8c",  /* zero-width non-joiner */
    "\xe2\x80\x8d",  /* zero-width joiner */
    "\xef\xbb\xbf",  /* byte order mark */
};

static bool
cut_edge(struct sp_str *name)
{
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        size_t len = strlen(edges[i]);
        if (sp_str_has_prefix(*name, edges[i])) {
            *name = sp_str_slice(*name, len, name->len);
            return true;
        }
        if (sp_str_has_suffix(*name, edges[i])) {
            *name = sp_str_slice(*name, 0, name->len - len);
            return true;
        }
    }
    return false;
}

static struct sp_str
trim(struct sp_str name)
{
    while (name.len > 0 && cut_edge(&name)) {
        continue;
    }
    return name;
}

static char
simplify(char byte)
{
    if (byte >= 'A' && byte <= 'Z') {
        return (char)(byte - 'A' + 'a');
    }
    return byte == '-' || byte == ' ' ? '_' : byte;
}

static struct clean
clean_of(struct sp_str name)
{
    struct clean clean = { .len = 0 };

    name = trim(name);
    if (name.len > SP_CLOSEST_WORD_MAX) {
        return clean;
    }
    for (; clean.len < name.len; clean.len++) {
        clean.text[clean.len] = simplify(name.ptr[clean.len]);
    }
    return clean;
}

static struct sp_str
view(const struct clean *clean)
{
    return (struct sp_str){ .ptr = clean->text, .len = clean->len };
}

/* What other places put before the name of a call, in lower case: kernel functions, macros of
 * <asm/unistd.h> and <sys/syscall.h>, tracepoints, other tools. Longer ones first. */
static const char *const prefixes[] = {
    "__arm64_compat_sys_", "__ia32_compat_sys_", "__x32_compat_sys_", "__x64_compat_sys_",
    "__loongarch_sys_", "__se_compat_sys_", "__arm64_sys_", "__riscv_sys_", "__s390x_sys_",
    "__ia32_sys_", "__x64_sys_", "compat_sys_", "__do_sys_", "__se_sys_", "sys_enter_",
    "sys_exit_", "scmp_sys(", "__nr_", "ksys_", "x32.", "x64.", "scno_", "snr_", "nr_", "sys_",
};

/* "syscalls:sys_enter_openat" -> "sys_enter_openat" */
static struct sp_str
without_path(struct sp_str name)
{
    for (size_t i = name.len; i > 0; i--) {
        if (name.ptr[i - 1] == ':' || name.ptr[i - 1] == '/') {
            return sp_str_slice(name, i, name.len);
        }
    }
    return name;
}

static struct sp_str
without_prefix(struct sp_str name)
{
    name = without_path(name);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (sp_str_has_prefix(name, prefixes[i])) {
            name = sp_str_slice(name, strlen(prefixes[i]), name.len);
            break;
        }
    }
    return sp_str_has_suffix(name, ")") ? sp_str_slice(name, 0, name.len - 1) : name;
}

/* ---- grammar ------------------------------------------------------------------------- */

static bool
is_group(struct sp_str name)
{
    return name.len > 1 && name.ptr[0] == '@';
}

static bool
is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static bool
is_negation(struct sp_str name)
{
    return name.len > 1 && is_letter(name.ptr[1])
        && (name.ptr[0] == '~' || name.ptr[0] == '!' || name.ptr[0] == '^'
            || name.ptr[0] == '-');
}

static bool
is_pattern(struct sp_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '*' || name.ptr[i] == '?' || name.ptr[i] == '[') {
            return true;
        }
    }
    return false;
}

bool
sp_guess_is_grammar(struct sp_str name)
{
    name = trim(name);
    return is_group(name) || is_negation(name) || is_pattern(name);
}

bool
sp_guess_matches(struct sp_str pattern, struct sp_str text)
{
    size_t p = 0;
    size_t t = 0;
    size_t star = SIZE_MAX;  /* behind the last `*`, */
    size_t again = 0;        /* which so far stands for the text up to here */

    while (t < text.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = ++p;
            again = t;
        } else if (p < pattern.len
                   && (pattern.ptr[p] == '?' || pattern.ptr[p] == text.ptr[t])) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star;
            t = ++again;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

/* ---- guesses ------------------------------------------------------------------------- */

static void
add_name(struct sp_guess *guess, const char *name)
{
    if (guess->count < SP_GUESS_NAMES) {
        guess->names[guess->count++] = name;
    }
    guess->total++;
}

static void
add_call(struct sp_guess *guess, const struct sp_kb_syscall *call)
{
    add_name(guess, sp_kb_text(call->name));
}

static struct sp_guess
guess_spelling(const struct sp_kb_syscall *call)
{
    struct sp_guess guess = { .kind = SP_GUESS_SPELLING, .sure = true };

    add_call(&guess, call);
    return guess;
}

static bool
contains(struct sp_str whole, struct sp_str part)
{
    return part.len > 0 && part.len <= whole.len
        && memmem(whole.ptr, whole.len, part.ptr, part.len) != NULL;
}

/* One call that is called nearly so (`pread64` of `pread`) is what was meant.  `isatty` is one
 * call, too, but ioctl does much more. */
static bool
is_same_thing(const struct sp_kb_word *word, const struct sp_kb_syscall *call)
{
    struct sp_str left = sp_str_of(sp_kb_text(word->name));
    struct sp_str right = sp_str_of(sp_kb_text(call->name));

    return word->kind != SP_WORD_PSEUDO && word->calls.count == 1 && call->removed == 0
        && (contains(left, right) || contains(right, left));
}

static struct sp_guess
guess_word(const struct sp_kb_word *word)
{
    struct sp_guess guess = { .kind = SP_GUESS_WORD, .word = word };

    for (size_t i = 0; i < word->calls.count; i++) {
        const struct sp_kb_syscall *call = sp_names_member(word->calls, i);
        add_call(&guess, call);
        guess.sure = is_same_thing(word, call);
    }
    return guess;
}

static struct sp_guess
guess_group(struct sp_str name)
{
    struct sp_guess guess = { .kind = SP_GUESS_GROUP, .group = sp_kb_group_find(name) };

    for (size_t i = 0; guess.group != NULL && i < guess.group->members.count; i++) {
        add_name(&guess, sp_kb_text(sp_kb_texts[guess.group->members.first + i]));
    }
    return guess;
}

static struct sp_guess
guess_pattern(struct sp_str name)
{
    struct sp_guess guess = { .kind = SP_GUESS_PATTERN };

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (sp_guess_matches(name, sp_str_of(sp_kb_text(sp_kb_syscalls[i].name)))) {
            add_call(&guess, &sp_kb_syscalls[i]);
        }
    }
    return guess;
}

static struct sp_guess
guess_negation(struct sp_str name)
{
    struct sp_guess guess = { .kind = SP_GUESS_NEGATION };
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_slice(name, 1, name.len));

    if (call != NULL) {
        add_call(&guess, call);
    }
    return guess;
}

/* "read, write": a list where every piece is a call, or nothing. */
static struct sp_guess
guess_list(struct sp_str name)
{
    struct sp_guess guess = { .kind = SP_GUESS_LIST, .sure = true };
    struct sp_str piece;

    while (sp_str_next(&name, " \t\r\n,;|", &piece)) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(piece);
        if (piece.len > 0 && (call == NULL || guess.count == SP_GUESS_NAMES)) {
            return (struct sp_guess){ .kind = SP_GUESS_NONE };
        }
        if (call != NULL) {
            add_call(&guess, call);
        }
    }
    return guess.count > 1 ? guess : (struct sp_guess){ .kind = SP_GUESS_NONE };
}

/* The call or the word of this name. */
static struct sp_guess
guess_exactly(struct sp_str name)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(name);
    const struct sp_kb_word *word = call == NULL ? sp_kb_word_find(name) : NULL;

    if (call != NULL) {
        return guess_spelling(call);
    }
    return word == NULL ? (struct sp_guess){ .kind = SP_GUESS_NONE } : guess_word(word);
}

static struct sp_guess
guess_grammar(struct sp_str name)
{
    if (is_group(name)) {
        return guess_group(name);
    }
    return is_negation(name) ? guess_negation(name) : guess_pattern(name);
}

struct sp_guess
sp_guess_quickly(struct sp_str name)
{
    struct sp_str bare = trim(name);
    struct clean clean = clean_of(name);
    struct sp_guess guess = guess_exactly(name);

    if (guess.kind == SP_GUESS_NONE && sp_guess_is_grammar(bare)) {
        return guess_grammar(bare);
    }
    if (guess.kind == SP_GUESS_NONE) {
        guess = guess_exactly(view(&clean));
    }
    if (guess.kind == SP_GUESS_NONE) {
        guess = guess_exactly(without_prefix(view(&clean)));
    }
    return guess.kind == SP_GUESS_NONE ? guess_list(bare) : guess;
}

/* A word is meant only when it is closer than every call. */
static struct sp_guess
guess_close(struct sp_str name)
{
    struct sp_guess guess = { .kind = SP_GUESS_CLOSE };
    struct sp_closest calls = sp_closest_to(name);
    struct sp_closest words = sp_closest_to(name);

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        sp_closest_offer(&calls, sp_kb_text(sp_kb_syscalls[i].name));
    }
    for (size_t i = 0; i < sp_kb_words_count; i++) {
        sp_closest_offer(&words, sp_kb_text(sp_kb_words[i].name));
    }
    if (words.count > 0
        && (calls.count == 0 || words.best[0].distance < calls.best[0].distance)) {
        guess = guess_word(sp_kb_word_find(sp_str_of(words.best[0].name)));
        guess.sure = false;
        return guess;
    }
    for (size_t i = 0; i < calls.count; i++) {
        if (calls.best[i].distance == calls.best[0].distance) {
            add_name(&guess, calls.best[i].name);
        }
    }
    return guess.count > 0 ? guess : (struct sp_guess){ .kind = SP_GUESS_NONE };
}

struct sp_guess
sp_guess(struct sp_str name)
{
    struct clean clean = clean_of(name);
    struct sp_guess guess = sp_guess_quickly(name);

    if (guess.kind != SP_GUESS_NONE) {
        return guess;
    }
    return guess_close(without_prefix(view(&clean)));
}

#include "ops/subject.h"

/* Each `find_` fills the subject and answers true when the word is of its kind. */

static bool
find_call(struct sp_str word, struct sp_subject *subject)
{
    subject->kind = SP_SUBJECT_CALL;
    subject->call = sp_kb_syscall_find(word);
    return subject->call != NULL;
}

/* With CAP_ in any letter case; bare words ("sys_admin") are tried last, by find_bare_cap. */
static bool
find_cap(struct sp_str word, struct sp_subject *subject)
{
    subject->kind = SP_SUBJECT_CAP;
    subject->cap = sp_str_equal_folded(sp_str_slice(word, 0, 4), SP_STR("CAP_"))
        ? sp_kb_cap_guess(word) : NULL;
    return subject->cap != NULL;
}

static bool
find_bare_cap(struct sp_str word, struct sp_subject *subject)
{
    subject->kind = SP_SUBJECT_CAP;
    subject->cap = sp_kb_cap_guess(word);
    return subject->cap != NULL;
}

static bool
find_rule(struct sp_str word, struct sp_subject *subject)
{
    uint64_t code;

    subject->kind = SP_SUBJECT_RULE;
    if (sp_str_equal_folded(sp_str_slice(word, 0, 2), SP_STR("SP"))
        && sp_str_to_u64(sp_str_slice(word, 2, word.len), &code) && code < 1000) {
        subject->rule = sp_kb_rule_find((unsigned)code);
        return subject->rule != NULL;
    }
    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        if (sp_str_is(word, sp_kb_text(sp_kb_rules[i].slug))) {
            subject->rule = &sp_kb_rules[i];
            return true;
        }
    }
    return false;
}

static bool
find_group(struct sp_str word, struct sp_subject *subject)
{
    subject->kind = SP_SUBJECT_GROUP;
    subject->group = sp_kb_group_find(word);
    return subject->group != NULL;
}

static bool
find_errno(struct sp_str word, struct sp_subject *subject)
{
    subject->kind = SP_SUBJECT_ERRNO;
    for (size_t i = 0; i < sp_kb_errnos_count; i++) {
        if (sp_str_equal_folded(word, sp_str_of(sp_kb_text(sp_kb_errnos[i].name)))) {
            subject->error = &sp_kb_errnos[i];
            return true;
        }
    }
    return false;
}

static bool
has_call(const struct sp_subject *subject)
{
    if (subject->arch != NULL) {
        return sp_kb_syscall_by_number(subject->arch, subject->number) != NULL;
    }
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (sp_kb_syscall_by_number(&sp_kb_arches[i], subject->number) != NULL) {
            return true;
        }
    }
    return false;
}

/* "321", "0x141", "aarch64:280". */
static bool
find_number(struct sp_str word, struct sp_subject *subject)
{
    struct sp_str rest = word;
    struct sp_str first;
    uint64_t number;

    subject->kind = SP_SUBJECT_NUMBER;
    if (sp_str_next(&rest, ":", &first) && rest.ptr != NULL) {
        subject->arch = sp_kb_arch_guess(first);
        if (subject->arch == NULL) {
            return false;
        }
        word = rest;
    }
    if (!sp_str_to_u64(word, &number) || number > UINT32_MAX) {
        return false;
    }
    subject->number = (uint32_t)number;
    return has_call(subject);
}

static bool
find_word(struct sp_str word, struct sp_subject *subject)
{
    subject->kind = SP_SUBJECT_WORD;
    subject->word = sp_kb_word_find(word);
    return subject->word != NULL;
}

struct sp_subject
sp_subject_of(struct sp_str word)
{
    static bool (*const finders[])(struct sp_str word, struct sp_subject *subject) = {
        find_call, find_cap, find_rule, find_group, find_errno, find_number, find_word,
        find_bare_cap,
    };

    for (size_t i = 0; i < sizeof finders / sizeof *finders; i++) {
        struct sp_subject subject = { .kind = SP_SUBJECT_UNKNOWN };
        if (finders[i](word, &subject)) {
            return subject;
        }
    }
    return (struct sp_subject){ .kind = SP_SUBJECT_UNKNOWN };
}

struct sp_closest
sp_subject_closest(struct sp_str word)
{
    struct sp_closest closest = sp_closest_to(word);

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_syscalls[i].name));
    }
    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_caps[i].name));
    }
    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_rules[i].slug));
    }
    for (size_t i = 0; i < sp_kb_groups_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_groups[i].name));
    }
    for (size_t i = 0; i < sp_kb_errnos_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_errnos[i].name));
    }
    for (size_t i = 0; i < sp_kb_words_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_words[i].name));
    }
    return closest;
}

static bool
read_invocation(struct sp_str word, struct sp_subject *ret_subject, struct sp_buf *why)
{
    struct sp_subject subject = { .kind = SP_SUBJECT_INVOCATION };

    if (!sp_call_text_read(word, &subject.invocation, why)) {
        return false;
    }
    subject.call = subject.invocation.call;
    *ret_subject = subject;
    return true;
}

static void
say_unknown(struct sp_str word, struct sp_buf *why)
{
    struct sp_closest closest = sp_subject_closest(word);

    sp_buf_text(why, "no system call, capability, group, rule or errno is called '");
    sp_buf_add(why, word);
    sp_buf_char(why, '\'');
    for (size_t i = 0; i < closest.count; i++) {
        sp_buf_format(why, "%s%s", i == 0 ? "; closest: " : ", ", closest.best[i].name);
    }
}

bool
sp_subject_read(struct sp_str word, struct sp_subject *ret_subject, struct sp_buf *why)
{
    if (sp_call_text_is(word)) {
        return read_invocation(word, ret_subject, why);
    }
    struct sp_subject subject = sp_subject_of(word);
    if (subject.kind == SP_SUBJECT_UNKNOWN) {
        say_unknown(word, why);
        return false;
    }
    *ret_subject = subject;
    return true;
}

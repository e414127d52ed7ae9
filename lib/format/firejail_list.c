/* Source: firejail src/fseccomp/seccomp.c, src/lib/syscall.c (syscall_check_list,
 * syscall_process_name), src/firejail/seccomp.c (seccomp_check_list); tried with 0.9.72. */
#include "format/firejail_list.h"

#include "format/firejail_groups.h"
#include "format/firejail_verdict.h"

#include <stdio.h>
#include <string.h>

/* One entry: "!name", "name:ERRNO", "$NUMBER", "@group". */
struct entry {
    struct sp_span whole;
    struct sp_span name;    /* without mark and suffix */
    struct sp_span suffix;  /* empty = none */
    bool is_exception;
};

/* ---- entries ------------------------------------------------------------------------- */

/* The next entry; several commas count as one. */
static bool
next_entry(const struct sp_firejail_list *list, uint32_t *at, struct entry *ret_entry)
{
    const char *text = list->source->text.ptr;
    struct entry entry = { .is_exception = false };

    while (*at < list->span.end && text[*at] == ',') {
        ++*at;
    }
    entry.whole.start = *at;
    while (*at < list->span.end && text[*at] != ',') {
        ++*at;
    }
    entry.whole.end = *at;
    if (entry.whole.start == entry.whole.end) {
        return false;
    }
    entry.is_exception = text[entry.whole.start] == '!';
    entry.name.start = entry.whole.start + (entry.is_exception ? 1 : 0);
    entry.name.end = entry.name.start;
    while (entry.name.end < entry.whole.end && text[entry.name.end] != ':') {
        entry.name.end++;
    }
    entry.suffix.end = entry.whole.end;
    entry.suffix.start =
        entry.name.end < entry.whole.end ? entry.name.end + 1 : entry.whole.end;
    *ret_entry = entry;
    return true;
}

static bool
fail_group(const struct sp_firejail_list *list, struct sp_span span)
{
    struct sp_str word = sp_source_slice(list->source, span);
    const char *closest = sp_firejail_group_closest(word);
    char help[96];

    (void)snprintf(help, sizeof help, "is it `%s`?", closest == NULL ? "" : closest);
    return sp_list_fail(list->report, list->source, span,
                        closest == NULL ? "write the names of its calls" : help,
                        "firejail has no group `%.*s`", SP_LIST_SHOWN(word));
}

/* "$165": as strtol(3) with base 0 reads it, but nothing behind it and no sign. */
static const struct sp_kb_syscall *
call_by_number(const struct sp_firejail_list *list, struct sp_span name)
{
    struct sp_str digits = sp_source_slice(list->source, name);
    uint64_t number;

    digits = sp_str_slice(digits, 1, digits.len);
    bool is_octal = digits.len > 1 && digits.ptr[0] == '0' && digits.ptr[1] != 'x';
    if (is_octal || !sp_str_to_u64(digits, &number)) {
        sp_list_fail(list->report, list->source, name,
                     "write it in decimal, or in hexadecimal with 0x",
                     "`%.*s` is no number of a call",
                     SP_LIST_SHOWN(sp_source_slice(list->source, name)));
        return NULL;
    }
    return sp_list_call_by_number(list->report, list->source, name, number);
}

static const struct sp_kb_syscall *
call_of(const struct sp_firejail_list *list, struct sp_span name)
{
    struct sp_str word = sp_source_slice(list->source, name);

    if (word.len == 0) {
        sp_list_fail(list->report, list->source, name, "write a call there",
                     "a name is missing");
        return NULL;
    }
    return sp_str_has_prefix(word, "$") ? call_by_number(list, name)
                                        : sp_list_call(list->report, list->source, name);
}

/* ---- the first pass ------------------------------------------------------------------ */

/* What `!call` and `call:ERRNO` answer; NULL verdict is not possible: false is an error. */
static bool
special_verdict(const struct sp_firejail_list *list, const struct entry *entry,
                sp_verdict *ret_verdict)
{
    struct sp_str suffix = sp_source_slice(list->source, entry->suffix);

    if (entry->is_exception && suffix.len > 0) {
        return sp_list_fail(list->report, list->source, entry->suffix, "remove the errno",
                            "an exception has no errno");
    }
    if (entry->is_exception) {
        *ret_verdict = list->keeps ? list->action : SP_VERDICT_ALLOW;
        return true;
    }
    return sp_firejail_read_word(suffix, true, ret_verdict)
        || sp_list_fail(list->report, list->source, entry->suffix,
                        sp_str_is(suffix, "log")
                            ? "firejail 0.9.72 ignores the whole entry; "
                              "seccomp-error-action log logs all calls that are not allowed"
                            : "write an errno as ENOSYS, or kill",
                        "`%.*s` is no errno that firejail knows", SP_LIST_SHOWN(suffix));
}

static bool
add_special(const struct sp_firejail_list *list, const struct entry *entry)
{
    const struct sp_kb_arch *native = sp_foreign_machine(list->source);
    const struct sp_kb_syscall *call = call_of(list, entry->name);
    sp_verdict verdict;

    if (call == NULL || !special_verdict(list, entry, &verdict)) {
        return false;
    }
    if (entry->is_exception && native != NULL && sp_kb_number(native, call) == 0) {
        return sp_list_fail(list->report, list->source, entry->whole,
                            "firejail negates the number of an exception, and this one is 0",
                            "firejail takes `%.*s` for the call itself",
                            SP_LIST_SHOWN(sp_source_slice(list->source, entry->whole)));
    }
    sp_list_answer(list->answers, call, entry->whole, verdict);
    return true;
}

bool
sp_firejail_list_first(const struct sp_firejail_list *list)
{
    uint32_t at = list->span.start;
    struct entry entry;

    while (next_entry(list, &at, &entry)) {
        bool has_suffix = entry.name.end < entry.whole.end;
        if ((entry.is_exception || has_suffix) && !add_special(list, &entry)) {
            return false;
        }
    }
    return true;
}

/* ---- the second pass ----------------------------------------------------------------- */

void
sp_firejail_list_group(const struct sp_firejail_list *list, const char *group,
                       struct sp_span span, sp_verdict verdict)
{
    struct sp_str rest = sp_str_of(group);
    struct sp_str word;

    while (sp_str_next(&rest, ",", &word)) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(word);
        const char *inner = call == NULL ? sp_firejail_group(word) : NULL;
        if (call != NULL) {
            sp_list_answer(list->answers, call, span, verdict);
        } else if (inner != NULL) {
            sp_firejail_list_group(list, inner, span, verdict);
        }
    }
}

static bool
add_plain(const struct sp_firejail_list *list, const struct entry *entry)
{
    sp_verdict verdict = list->keeps ? SP_VERDICT_ALLOW : list->action;
    struct sp_str word = sp_source_slice(list->source, entry->whole);
    const char *group = sp_firejail_group(word);
    const struct sp_kb_syscall *call;

    if (group != NULL) {
        sp_firejail_list_group(list, group, entry->whole, verdict);
        return true;
    }
    if (sp_str_has_prefix(word, "@")) {
        return fail_group(list, entry->whole);
    }
    call = call_of(list, entry->name);
    if (call != NULL) {
        sp_list_answer(list->answers, call, entry->whole, verdict);
    }
    return call != NULL;
}

bool
sp_firejail_list_rest(const struct sp_firejail_list *list)
{
    uint32_t at = list->span.start;
    struct entry entry;

    while (next_entry(list, &at, &entry)) {
        bool has_suffix = entry.name.end < entry.whole.end;
        if (!entry.is_exception && !has_suffix && !add_plain(list, &entry)) {
            return false;
        }
    }
    return true;
}

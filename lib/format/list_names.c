#include "format/list_names.h"

#include "base/closest.h"
#include "text/fault.h"
#include "text/json_read.h"
#include "text/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
sp_list_fail(struct sp_report *report, const struct sp_source *source, struct sp_span span,
             const char *help, const char *format, ...)
{
    char message[256];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);

    struct sp_diag *diag = sp_report_add(
        report, SP_CODE_SYNTAX, sp_at_span(source, span.start, span.end), "%s", message);
    diag->severity = SP_SEVERITY_ERROR;
    if (help != NULL) {
        sp_report_help(report, diag, "%s", help);
    }
    return false;
}

bool
sp_list_check_text(struct sp_report *report, const struct sp_source *source,
                   const struct sp_doc_limits *limits, const char *language, const char *help)
{
    struct sp_str text = source->text;
    size_t start = sp_str_has_prefix(text, SP_UTF8_BOM) ? strlen(SP_UTF8_BOM) : 0;

    if (sp_str_trim(sp_str_slice(text, start, text.len)).len == 0) {
        return sp_list_fail(report, source, (struct sp_span){ .start = 0 }, help,
                            "the text names no system call");
    }
    return sp_fault_check_text(source, limits, language, report);
}

/* ---- calls --------------------------------------------------------------------------- */

/* What was meant, as far as it can be told. */
static const char *
nearest_help(struct sp_str word, char *text, size_t size)
{
    const struct sp_kb_word *known = sp_kb_word_find(word);
    struct sp_closest closest = sp_closest_to(word);

    if (known != NULL) {
        (void)snprintf(text, size, "write the calls that it stands for: %s",
                       sp_kb_text(known->why));
        return text;
    }
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_syscalls[i].name));
    }
    if (closest.count == 0) {
        return "write the name of a system call, or remove it";
    }
    (void)snprintf(text, size, "is it `%s`?", closest.best[0].name);
    return text;
}

const struct sp_kb_syscall *
sp_list_call(struct sp_report *report, const struct sp_source *source, struct sp_span span)
{
    struct sp_str word = sp_source_slice(source, span);
    const struct sp_kb_syscall *call = sp_kb_syscall_find(word);
    char help[256];

    if (call == NULL) {
        sp_list_fail(report, source, span, nearest_help(word, help, sizeof help),
                     "`%.*s` is no system call", SP_LIST_SHOWN(word));
    }
    return call;
}

const struct sp_kb_syscall *
sp_list_call_by_number(struct sp_report *report, const struct sp_source *source,
                       struct sp_span span, uint64_t number)
{
    const struct sp_kb_arch *native = sp_foreign_machine(source);
    const struct sp_kb_syscall *call =
        native != NULL && number <= UINT32_MAX
        ? sp_kb_syscall_by_number(native, (uint32_t)number) : NULL;
    struct sp_str word = sp_source_slice(source, span);

    if (call == NULL) {
        sp_list_fail(report, source, span,
                     "a profile has names, so that only numbers with a known name can be read",
                     "no system call of %s has the number %.*s",
                     native == NULL ? "this architecture" : sp_kb_text(native->name),
                     SP_LIST_SHOWN(word));
    }
    return call;
}

/* ---- answers ------------------------------------------------------------------------- */

struct sp_list_answers
sp_list_answers_new(struct sp_arena *arena)
{
    struct sp_list_answers answers = {
        .arena = arena, .given = sp_arena_new_array(arena, sp_kb_syscalls_count, bool),
    };

    answers.failed = answers.given == NULL;
    return answers;
}

void
sp_list_answer(struct sp_list_answers *answers, const struct sp_kb_syscall *call,
               struct sp_span span, sp_verdict verdict)
{
    if (answers->failed || answers->given[sp_kb_syscall_index(call)]) {
        return;
    }
    struct sp_list_answer *answer = sp_vec_push(answers->arena, &answers->all);
    if (answer == NULL) {
        answers->failed = true;
        return;
    }
    *answer = (struct sp_list_answer){ .call = call, .verdict = verdict, .span = span };
    answers->given[sp_kb_syscall_index(call)] = true;
}

void
sp_list_answers_tell(const struct sp_list_answers *answers, struct sp_foreign *foreign,
                     sp_verdict by_default)
{
    for (size_t i = 0; i < answers->all.count; i++) {
        const struct sp_list_answer *answer = &answers->all.at[i];
        if (answer->verdict != by_default) {
            sp_foreign_call(foreign, sp_kb_text(answer->call->name), answer->span,
                            answer->verdict);
        }
    }
}

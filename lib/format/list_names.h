/* The names of calls that people write, for readers of lists:
 * lib/format/{list,firejail,kafel}_*.c alone. */
#ifndef SP_FORMAT_LIST_NAMES_H
#define SP_FORMAT_LIST_NAMES_H

#include "format/foreign.h"
#include "text/report.h"

/* The part of a word that a message shows. */
#define SP_LIST_SHOWN(word) \
    (int)((word).len > 64 ? 64 : (word).len), ((word).len > 0 ? (word).ptr : "")

/* An error about a span (SP101). Always false. */
bool
sp_list_fail(struct sp_report *report, const struct sp_source *source, struct sp_span span,
             const char *help, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* As sp_fault_check_text, but a text that is empty is told otherwise: "the text names no
 * system call". */
bool
sp_list_check_text(struct sp_report *report, const struct sp_source *source,
                   const struct sp_doc_limits *limits, const char *language, const char *help);

/* The row of a call; NULL after an error that names what is nearest. */
const struct sp_kb_syscall *
sp_list_call(struct sp_report *report, const struct sp_source *source, struct sp_span span);

/* The same for a number of the architecture that the text is for (sp_foreign_machine);
 * `number` is shown as the span has it. */
const struct sp_kb_syscall *
sp_list_call_by_number(struct sp_report *report, const struct sp_source *source,
                       struct sp_span span, uint64_t number);

/* Answers for calls, in the order in which they were given; a call's first answer counts. */
struct sp_list_answer {
    const struct sp_kb_syscall *call;
    sp_verdict verdict;
    struct sp_span span;
};

struct sp_list_answers {
    struct sp_arena *arena;
    bool *given;  /* by row of sp_kb_syscalls */
    bool failed;  /* no memory */
    SP_VEC(struct sp_list_answer) all;
};

struct sp_list_answers
sp_list_answers_new(struct sp_arena *arena);

void
sp_list_answer(struct sp_list_answers *answers, const struct sp_kb_syscall *call,
               struct sp_span span, sp_verdict verdict);

/* All answers that differ from the default. */
void
sp_list_answers_tell(const struct sp_list_answers *answers, struct sp_foreign *foreign,
                     sp_verdict by_default);

#endif

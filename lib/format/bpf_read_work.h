/* The steps from a program to a profile, for bpf_read*.c alone. */
#ifndef SP_FORMAT_BPF_READ_WORK_H
#define SP_FORMAT_BPF_READ_WORK_H

#include "format/foreign.h"
#include "sem/bpf_run.h"
#include "text/report.h"

/* What the program answers for one number; of a 32-bit architecture without upper halves. */
struct sp_bpf_number {
    uint32_t nr;
    const struct sp_kb_syscall *call;  /* NULL: nobody's */
    sp_dd verdicts;
};

/* An architecture that the program asks for. */
struct sp_bpf_arch {
    const struct sp_kb_arch *arch;
    SP_VEC(struct sp_bpf_number) numbers;  /* ascending: all calls, and what the program may tell
                                            * apart between them; the last one is -1 */
    bool has_default;          /* some number that is nobody's, below the stub */
    sp_verdict default_verdict;
    bool has_stub;             /* numbers above `stub` answer ENOSYS, whoever's they are */
    uint32_t stub;
    bool stub_at_zero;         /* so does number 0 */
};

struct sp_bpf_reading {
    struct sp_arena *arena;    /* of the work */
    struct sp_dd_store *store;
    const struct sp_source *source;
    struct sp_report *report;
    struct sp_bpf program;
    SP_VEC(struct sp_bpf_arch) arches;
    sp_verdict default_verdict;
    bool has_stub;             /* on some architecture */
    size_t undecided;          /* numbers whose answer could not be found out */
};

/* A call that the profile names. */
struct sp_bpf_call {
    const struct sp_kb_syscall *call;
    struct sp_safe_rules rules;  /* none: named with the default verdict, for the stub */
};

struct sp_bpf_calls {
    SP_VEC(struct sp_bpf_call) all;
};

/* Calls that one fault is about. */
struct sp_bpf_names {
    SP_VEC(const char *) all;
};

/* What a tracer leaves to skip a call: -1, which no profile can name. */
#define SP_BPF_NR_SKIPPED UINT32_MAX

#define SP_BPF_ENOSYS (SP_VERDICT_ERRNO | 38)

/* ---- saying what is wrong: always false -------------------------------------------------- */

/* About the instruction at `at`, or about the whole program. */
#define SP_BPF_WHOLE SIZE_MAX
bool
sp_bpf_read_fail(const struct sp_bpf_reading *reading, size_t at, const char *help,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "clone, socket and 3 more" behind the text, the place being where the first of them is
 * asked for. */
bool
sp_bpf_read_fail_calls(const struct sp_bpf_reading *reading, const struct sp_bpf_names *names,
                       const char *help, const char *text);

bool
sp_bpf_read_add_name(const struct sp_bpf_reading *reading, struct sp_bpf_names *names,
                     const struct sp_kb_syscall *call);

/* The instruction that asks for the call, and its bytes; or the whole program. */
size_t
sp_bpf_read_place(const struct sp_bpf_reading *reading, const struct sp_kb_syscall *call);

struct sp_span
sp_bpf_read_span(const struct sp_bpf_reading *reading, size_t at);

/* ---- steps: false after an error, or without memory -------------------------------------- */

/* Which architectures the program asks for, what it answers there, and what it answers for
 * all that nobody asks for. */
bool
sp_bpf_read_survey(struct sp_bpf_reading *reading);

/* The calls to name, sorted. */
bool
sp_bpf_read_calls(struct sp_bpf_reading *reading, struct sp_bpf_calls *ret_calls);

/* Does a filter made of the profile answer the same everywhere? */
bool
sp_bpf_read_verify(struct sp_bpf_reading *reading, const struct sp_doc *doc);

/* ---- asking ------------------------------------------------------------------------------ */

const struct sp_bpf_number *
sp_bpf_read_number(const struct sp_bpf_arch *arch, uint32_t nr);

/* Does only the stub speak of this number, so that the profile need not? */
bool
sp_bpf_read_is_stubbed(const struct sp_bpf_arch *arch, const struct sp_bpf_number *number);

#endif

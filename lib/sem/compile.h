/* The filter that a runtime loads, built as the runtime builds it: libseccomp's program, and before it
 * runc's stub that answers ENOSYS for calls newer than the profile.
 *
 * libseccomp runs in a child process with limits on time and memory, because some shapes of rules make
 * it loop for ever.  Names that the installed libseccomp lacks, but the target's knows, are compiled by
 * number (per architecture); names that the target's lacks were dropped before (filter_rules). */
#ifndef SP_SEM_COMPILE_H
#define SP_SEM_COMPILE_H

#include "model/bpf.h"
#include "sem/filter_rules.h"

enum sp_compile_result {
    SP_COMPILE_PROGRAM,
    SP_COMPILE_REFUSED,  /* libseccomp refuses a rule or an architecture, or the kernel the program's size */
    SP_COMPILE_ENDLESS,  /* past the limit of time or memory: the container never starts */
    SP_COMPILE_FAILED,   /* the system refused us: no process, no pipe; or this libseccomp cannot say
                          * what the target's would (an architecture it does not know) */
};

struct sp_compiled {
    enum sp_compile_result result;
    const char *why;                   /* unless it is a program */
    const struct sp_filter_rule *rule; /* that libseccomp refused, or NULL */
    struct sp_bpf program;             /* in the arena; with the stub; in this machine's byte order, and
                                        * the words of arguments as bpf_run.h has them */
    size_t stub;                       /* instructions of it that are the stub's */
    size_t too_long;                   /* instructions of one that the kernel refuses for its size */
};

struct sp_compile_limits {
    unsigned milliseconds;  /* of processor time; 0 = 1,000 and 2 for each rule, at most 10,000 */
    size_t bytes;           /* of memory; 0 = 512 MiB */
};

/* Builds the filter. `rules` must not be refused; `limits` may be NULL. False when there is no memory. */
bool
sp_compile(struct sp_arena *arena, const struct sp_filter_rules *rules,
           const struct sp_environment *environment, const struct sp_compile_limits *limits,
           struct sp_compiled *ret_compiled);

/* The version of libseccomp in this process, or the newer one whose table of names it has. */
struct sp_version
sp_compile_libseccomp(void);

#endif

/* The parts of the kernel harness: what we say of filters, and what the kernel does. */
#ifndef SP_SEM_KERNEL_HARNESS_H
#define SP_SEM_KERNEL_HARNESS_H

#include "base/buf.h"
#include "base/vec.h"
#include "sem/meaning.h"

/* ---- the probe's protocol (see testdata/kernel/probe.c) ---------------------------------- */

enum { KERNEL_SYSCALL, KERNEL_X32, KERNEL_INT80, KERNEL_ABIS };

enum {
    KERNEL_STRICT = 1,   /* harmful calls are left out */
    KERNEL_GUARDED = 2,  /* nothing is executed: what passes the filter answers GUARD_ERRNO */
};

enum { KERNEL_GUARD_ERRNO = 4094, KERNEL_X32_BIT = 0x40000000 };

struct kernel_record {
    uint32_t abi;
    uint32_t nr;  /* without the bit of x32 */
    uint64_t args[SP_ARGS];
};

/* The call as a filter sees it. */
struct sp_call
kernel_call(const struct kernel_record *record);

/* The ABI's architecture. */
const struct sp_kb_arch *
kernel_arch(uint32_t abi);

/* ---- points ------------------------------------------------------------------------------ */

/* A call and what we say of it. */
struct kernel_point {
    struct kernel_record record;
    sp_verdict verdict;
    bool is_unsure;  /* nothing was said, or two answers that differ */
    bool is_edge;    /* of a condition */
};

struct kernel_points {
    struct sp_arena *arena;
    SP_VEC(struct kernel_point) list;
};

enum { KERNEL_NUMBERS = 601 };  /* 0 to 600 */

/* Every number on every ABI, with arguments of all ones, and for every rule of the filter the
 * edges of its conditions, combined.  What we say comes from the meaning, by its diagrams and by
 * its simulation.  False when there is no memory. */
bool
kernel_points_make(struct sp_meaning *meaning, struct kernel_points *points);

/* ---- comparing --------------------------------------------------------------------------- */

struct kernel_sum {
    size_t points;
    size_t edges;     /* of them, from conditions */
    size_t disagreed;
    size_t left_out;  /* harmful, or the machine has no such ABI */
    size_t exempt;    /* calls that newer kernels let pass whatever a filter says */
};

/* Ends the line. */
void
kernel_print_sum(const struct kernel_sum *sum);

void
kernel_add_sum(struct kernel_sum *sum, const struct kernel_sum *part);

enum kernel_asked {
    KERNEL_ASKED,
    KERNEL_NO_FILTERS,  /* the kernel takes none from us */
    KERNEL_FILTERED,    /* a filter is loaded here already: it would answer, too */
    KERNEL_TROUBLE,
};

/* Loads the program and makes the calls; adds to `sum` and prints what disagrees. */
enum kernel_asked
kernel_compare(const char *probe, const char *name, struct sp_bpf program, uint32_t flags,
               const struct kernel_points *points, struct kernel_sum *sum);

/* Do filters that we load say what the kernel does? */
enum kernel_asked
kernel_can_load(const char *probe);

/* ---- groups of profiles ------------------------------------------------------------------ */

/* A built-in name or a file, in several environments. */
enum kernel_asked
kernel_check_profile(const char *probe, const char *word, struct kernel_sum *sum);

/* Profiles by chance, the same every time. */
enum kernel_asked
kernel_check_generated(const char *probe, struct kernel_sum *sum);

/* Appends the text of a profile.  `*seed` must not be 0; it goes on. */
void
kernel_generate(uint64_t *seed, struct sp_buf *buf);

#endif

/* libseccomp, asked for one program: the part of the compiler that runs in the child. */
#ifndef SP_SEM_COMPILE_LIBSECCOMP_H
#define SP_SEM_COMPILE_LIBSECCOMP_H

#include "model/bpf.h"
#include "sem/filter_rules.h"

#include <byteswap.h>
#include <endian.h>

/* What went wrong, for the parent to put into words. */
enum sp_build_fault {
    SP_BUILD_OK,
    SP_BUILD_NO_FILTER,  /* the default action was refused, or there is no memory */
    SP_BUILD_ARCH,       /* an architecture was refused: `at` is its index */
    SP_BUILD_RULE,       /* a rule was refused: `at` is its index */
    SP_BUILD_EXPORT,     /* the program could not be written */
};

struct sp_build {
    enum sp_build_fault fault;
    int error;  /* a positive errno */
    size_t at;
};

/* Builds the filter of `rules`, but those for names that this libseccomp lacks, and writes the
 * program to `fd`. */
struct sp_build
sp_compile_build(const struct sp_filter_rules *rules, bool is_tree, int fd);

/* From the byte order of the architectures, in which libseccomp writes a program, to ours, or back. */
static inline struct sp_bpf_insn
sp_compile_reorder(const struct sp_filter_rules *rules, struct sp_bpf_insn insn)
{
    bool is_big = rules->arches.count > 0 && rules->arches.at[0]->big_endian;

    if (is_big != (__BYTE_ORDER == __BIG_ENDIAN)) {
        insn.code = bswap_16(insn.code);
        insn.k = bswap_32(insn.k);
    }
    return insn;
}

/* Does this libseccomp have the name of the rule's call? */
bool
sp_compile_is_known(const struct sp_filter_rule *rule);

/* A call with a number on every architecture and without a multiplexer. */
#define SP_COMPILE_STAND_IN "close"

/* Builds a filter for one architecture, with the rules of `call` alone, given to the stand-in. */
struct sp_build
sp_compile_build_one(const struct sp_filter_rules *rules, uint16_t call,
                     const struct sp_kb_arch *arch, int fd);

#endif

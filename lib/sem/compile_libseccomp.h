/* libseccomp, asked for one program: the part of the compiler that runs in the child. */
#ifndef SP_SEM_COMPILE_LIBSECCOMP_H
#define SP_SEM_COMPILE_LIBSECCOMP_H

#include "model/bpf.h"
#include "sem/bpf_code.h"
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

/* ---- byte order --------------------------------------------------------------------------- */

static inline bool
sp_compile_is_big(const struct sp_filter_rules *rules)
{
    return rules->arches.count > 0 && rules->arches.at[0]->big_endian;
}

static inline struct sp_bpf_insn
sp_compile_reorder(const struct sp_filter_rules *rules, struct sp_bpf_insn insn)
{
    if (sp_compile_is_big(rules) != (__BYTE_ORDER == __BIG_ENDIAN)) {
        insn.code = bswap_16(insn.code);
        insn.k = bswap_32(insn.k);
    }
    return insn;
}

/* On a big-endian machine the upper word of an argument stands first. */
static inline struct sp_bpf_insn
sp_compile_swap_words(const struct sp_filter_rules *rules, struct sp_bpf_insn insn)
{
    if (sp_compile_is_big(rules) && insn.code == SP_BPF_LD_ABS && insn.k >= SP_BPF_DATA_ARGS) {
        insn.k ^= sizeof(uint32_t);
    }
    return insn;
}

static inline bool
sp_compile_is_answer(const struct sp_filter_rules *rules, uint32_t verdict)
{
    bool is_one = verdict == rules->default_verdict || verdict == SP_VERDICT_KILL_THREAD;

    for (size_t i = 0; i < rules->rules.count && !is_one; i++) {
        is_one = rules->rules.at[i].verdict == verdict;
    }
    return is_one;
}

/* Where libseccomp repeats an answer within reach of a jump, in a long program for the other byte order,
 * it turns the answer's bytes once too often (gen_bpf.c, seen in 2.5.4).  On a machine of that order,
 * where nothing is turned, all is well: so is it here. */
static inline struct sp_bpf_insn
sp_compile_mend_answer(const struct sp_filter_rules *rules, struct sp_bpf_insn insn)
{
    if (insn.code == SP_BPF_RET_K && sp_compile_is_big(rules) != (__BYTE_ORDER == __BIG_ENDIAN)
        && !sp_compile_is_answer(rules, insn.k) && sp_compile_is_answer(rules, bswap_32(insn.k))) {
        insn.k = bswap_32(insn.k);
    }
    return insn;
}

/* An instruction as libseccomp writes it for the architectures as one for this machine, which loads
 * the words of an argument as on a little-endian one (bpf_run.h); and back. */
static inline struct sp_bpf_insn
sp_compile_to_ours(const struct sp_filter_rules *rules, struct sp_bpf_insn insn)
{
    struct sp_bpf_insn ours = sp_compile_swap_words(rules, sp_compile_reorder(rules, insn));

    return sp_compile_mend_answer(rules, ours);
}

static inline struct sp_bpf_insn
sp_compile_to_theirs(const struct sp_filter_rules *rules, struct sp_bpf_insn insn)
{
    return sp_compile_reorder(rules, sp_compile_swap_words(rules, insn));
}

/* ---- building ----------------------------------------------------------------------------- */

/* Can this libseccomp be given the rule by the name of its call? */
bool
sp_compile_is_known(const struct sp_filter_rules *rules, const struct sp_filter_rule *rule);

/* Has it the call's number on `arch`, where there is one?  An older table may lack just that. */
bool
sp_compile_is_numbered(const struct sp_filter_rules *rules, const struct sp_filter_rule *rule,
                       const struct sp_kb_arch *arch);

/* A call with a number on every architecture and without a multiplexer. */
#define SP_COMPILE_STAND_IN "close"

/* Builds a filter for one architecture, with the rules of `call` alone, given to the stand-in. */
struct sp_build
sp_compile_build_one(const struct sp_filter_rules *rules, uint16_t call,
                     const struct sp_kb_arch *arch, int fd);

#endif

/* What a word that someone asks about stands for. */
#ifndef SP_OPS_SUBJECT_H
#define SP_OPS_SUBJECT_H

#include "base/closest.h"
#include "base/str.h"
#include "kb/kb.h"
#include "ops/call_text.h"

enum sp_subject_kind {
    SP_SUBJECT_UNKNOWN,
    SP_SUBJECT_CALL,
    SP_SUBJECT_INVOCATION,  /* a call with arguments: never made by sp_subject_of */
    SP_SUBJECT_NUMBER,  /* on one architecture, or on all of them */
    SP_SUBJECT_CAP,
    SP_SUBJECT_RULE,
    SP_SUBJECT_GROUP,
    SP_SUBJECT_ERRNO,
    SP_SUBJECT_WORD,    /* a word that is no call but means some */
};

/* The member that belongs to `kind` is set. */
struct sp_subject {
    enum sp_subject_kind kind;
    const struct sp_kb_syscall *call;  /* of an invocation, too; NULL for nobody's number */
    struct sp_call_text invocation;
    const struct sp_kb_arch *arch;  /* of a number; NULL = all */
    uint32_t number;
    const struct sp_kb_cap *cap;
    const struct sp_kb_rule *rule;
    const struct sp_kb_group *group;
    const struct sp_kb_errno *error;
    const struct sp_kb_word *word;
};

/* "bpf", "321", "x32:0x40000000", "CAP_BPF", "cap_bpf", "SP107", "runs-unconfined", "@mount", "ENOSYS",
 * "fstatat"; letter case counts only for names of calls. */
struct sp_subject
sp_subject_of(struct sp_str word);

/* A word of any kind, a call with arguments among them.  False with the reason in `why` when it is
 * none: what is wrong with the arguments, or the closest names. */
bool
sp_subject_read(struct sp_str word, struct sp_subject *ret_subject, struct sp_buf *why);

/* The closest names of all kinds to a word that is none of them. */
struct sp_closest
sp_subject_closest(struct sp_str word);

#endif

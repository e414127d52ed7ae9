/* What the default profiles of a product have answered to one system call, release by release.
 *
 *     docker, io_uring_setup:  refused until 19.03.15, allowed until 24.0.9, refused since
 *
 * Every content is asked once, as the semantic core understands it (sem/meaning.h), so that two
 * releases are alike exactly when their diagrams are.  It is the profile that is asked: what
 * runc of its own accord answers to calls newer than a profile is not part of it. */
#ifndef SP_OPS_HISTORY_H
#define SP_OPS_HISTORY_H

#include "base/vec.h"
#include "kb/defaults.h"
#include "sem/dd.h"

/* The arguments for which one verdict is the answer. */
struct sp_history_part {
    sp_verdict verdict;
    const char *words;  /* "always", "domain != AF_VSOCK" */
};

/* One meaning, which some releases share.  Of the parts the one with most words is last, as what
 * remains; of others what is allowed comes first.  There are none where no container starts, or
 * where the answer could not be found out. */
struct sp_history_answer {
    bool starts;         /* false: no container does on this machine */
    sp_dd verdicts;      /* in the store of the request */
    SP_VEC(struct sp_history_part) parts;
    sp_dd allowed;       /* 1 where the call runs, else 0 */
    const char *when;    /* ... in words; NULL where there are no parts */
    const char *unless;  /* the opposite in words */
};

/* Neighbours in the order of versions that answer alike. */
struct sp_history_run {
    const struct sp_kb_release *from;
    const struct sp_kb_release *to;
    size_t answer;  /* index of an answer */
};

struct sp_history_line {
    uint64_t caps;  /* each of them alone, besides the base, gives these runs; 0 = the base */
    SP_VEC(struct sp_history_run) runs;
};

/* Releases whose versions are no numbers ("head") are not part of it. */
struct sp_history {
    const struct sp_kb_series *series;
    const struct sp_kb_syscall *call;
    const struct sp_kb_arch *arch;  /* NULL: the call has no number there, or no release of the
                                     * series is a number; there are no lines */
    SP_VEC(struct sp_history_answer) answers;
    SP_VEC(struct sp_history_line) lines;  /* the base first; of others those that differ */
};

struct sp_history_request {
    struct sp_dd_store *store;
    const struct sp_kb_series *series;
    const struct sp_kb_syscall *call;
    const struct sp_kb_arch *arch;  /* NULL: this machine's, or its first ABI with the call */
    bool caps_given;
    uint64_t caps;                  /* where given: the base; else the product's default */
    struct sp_version kernel;       /* 0 = the newest */
    bool only_base;                 /* no lines of further capabilities */
    const uint64_t *args;           /* SP_ARGS of them: a concrete call, whose answers are single
                                     * verdicts; NULL = all arguments */
    unsigned any;                   /* bit n: argument n of it may have any value; an answer that
                                     * depends on that is not decided */
};

/* Everything but the store's diagrams lives in `arena`.  False when there is no memory. */
bool
sp_history_make(struct sp_arena *arena, const struct sp_history_request *request,
                struct sp_history *ret_history);

/* Of several series, by their names; `like` tells all but the series. */
struct sp_histories {
    SP_VEC(struct sp_history) all;
};

bool
sp_histories_make(struct sp_arena *arena, const struct sp_history_request *like,
                  const char *const *series, size_t count, struct sp_histories *ret_histories);

/* A text of rules that has for `call` the meaning of the whole content, without a runtime's stub.
 * Failure is sticky in `buf`. */
void
sp_history_text(const struct sp_kb_default *content, const struct sp_kb_syscall *call,
                struct sp_buf *buf);

/* What such a text, or a whole one, means for the call; no parts.  False when there is no
 * memory. */
bool
sp_history_ask(struct sp_arena *arena, const struct sp_history_request *request,
               struct sp_str text, struct sp_history_answer *ret_answer);

#endif

/* The parts of the engine harness: what is to be tried, what we say of it, what came of it. */
#ifndef SP_SEM_ENGINE_HARNESS_H
#define SP_SEM_ENGINE_HARNESS_H

#include "base/buf.h"
#include "base/names.h"
#include "base/vec.h"
#include "sem/meaning.h"

#include <stdio.h>

/* ---- the probe's protocol (see testdata/engines/probe.c) ----------------------------- */

enum { ABI_SYSCALL, ABI_X32, ABI_INT80, ABIS };
enum { MODE_MARKED, MODE_THREAD, MODE_PLAIN };
enum {
    UNSET, RETURNED, TRAPPED, TRAPPED_ODD, KILLED, THREAD_KILLED, SIGNALLED, EXITED,
    NO_LISTENER, FAILED, KINDS
};
enum { LET_THROUGH = 0x5ec0de };
enum { STATE_STARTED = 1, STATE_DONE = 2 };

struct engine_head {
    uint32_t state, count;
    int32_t seccomp, listener;
};

struct engine_record {
    uint32_t abi, nr;
    uint64_t args[SP_ARGS];
    uint32_t mode, kind;
    int64_t value;
};

enum { X32_BIT = 0x40000000 };

/* "", "x32:", "x86:": before a call's name. */
extern const char *const engine_abi_prefixes[ABIS];

const struct sp_kb_arch *
engine_arch(unsigned abi);

/* ---- what is to be tried ------------------------------------------------------------- */

/* How a profile comes to a runtime. */
enum way { WAY_DOCKERD, WAY_DOCKER_RUNC, WAY_DOCKER_CRUN, WAY_RUNC, WAY_CRUN, WAYS };

struct engine_way {
    const char *name;
    enum sp_engine engine;
    enum sp_runtime runtime;
    bool is_dockerd;   /* dockerd gets the file */
    bool is_resolved;  /* the runtime gets what we say that Docker makes of the file */
};

extern const struct engine_way engine_ways[WAYS];
extern const char *const engine_runtimes[2];
extern const struct sp_names engine_starts;

struct engine_expected {
    unsigned abi;
    uint32_t nr;
    uint64_t args[SP_ARGS];
    const char *call;     /* as written */
    const char *verdict;
};

/* One container. */
struct engine_job {
    const char *table;
    const char *name;     /* of its case */
    const char *profile;   /* a file, a built-in name, or ENGINE_OWN */
    enum way way;
    enum sp_start start;
    uint64_t caps;
    const char *cap_add;   /* as written, or NULL */
    const char *cap_drop;
    bool no_new_privs;
    bool is_privileged;    /* decided above the profile: only the table says how */
    bool hangs;            /* refused, and the engine's client waits in vain */
    SP_VEC(struct engine_expected) calls;
};

extern struct engine_machine {
    const char *folder, *work;
    const char *runtimes[2];  /* versions; NULL: not here */
    const char *docker;
    struct sp_version kernel, libseccomp;
} engine_machine;

/* A table's word for the profile that dockerd itself has: no file is given to it, and the default of its
 * release is what we predict from. */
#define ENGINE_OWN "dockerd's-own"

bool
engine_is_own(const struct engine_job *job);

/* Lives as long as the program. */
extern struct sp_arena engine_arena;
extern struct engine_jobs {
    SP_VEC(struct engine_job) list;
} engine_jobs;

/* Reads every table of the folder. */
void
engine_read_tables(void);

/* ---- one container ------------------------------------------------------------------- */

struct engine_run {
    struct sp_arena *arena;
    const struct engine_job *job;
    struct sp_environment environment;
    struct sp_str text;          /* of the profile */
    struct sp_meaning *meaning;  /* NULL: the text is no JSON */
    enum sp_start start;         /* that we predict */
    SP_VEC(struct engine_record) records;
    SP_VEC(const struct engine_expected *) expected;  /* of the first records */
    const char *folder;          /* of its worker */
    char id[64];
    enum sp_start observed;
    struct engine_head head;
    char said[400];              /* the engine's last words */
    FILE *out;
    size_t agreed, disagreed;
};

/* A disagreement: one line, and no more than ENGINE_LISTED for each container. */
enum { ENGINE_LISTED = 6 };
void
engine_disagree(struct engine_run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Fills environment, text, meaning and start. */
void
engine_predict(struct engine_run *run, struct sp_dd_store *store);

sp_verdict
engine_simulate(struct engine_run *run, unsigned abi, uint32_t nr, const uint64_t *args,
                struct sp_outcome *ret_outcome);

/* The calls to be made: those of the table first. */
void
engine_points(struct engine_run *run);

/* config.json of an OCI bundle. */
void
engine_write_config(const struct engine_run *run, struct sp_buf *buf);

/* Starts the container, waits for its end, and reads what was observed. */
void
engine_run_container(struct engine_run *run);

void
engine_compare(struct engine_run *run);

/* ---- helpers; trouble ends the program with status 2 --------------------------------- */

void
engine_fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* The memory, when there is some. */
void *
engine_need(void *memory);

/* Formatted text in the arena. */
const char *
engine_format(struct sp_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The next word of a line that separates them by white space. */
bool
engine_next_word(struct sp_str *rest, struct sp_str *ret_word);

/* "1.1.5". */
struct sp_version
engine_version(const char *text);

#endif

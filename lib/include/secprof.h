/* libsecprof: seccomp profiles, read, checked and explained.
 *
 * Every object has one owner, who frees it.  A context is shared by reference count and may be used
 * by several threads at a time; every other object belongs to one thread at a time.  Functions that
 * can fail answer an enum secprof_status and leave their `ret_` outputs alone on failure.  The
 * library never prints, never exits and never reads the environment. */
#ifndef SECPROF_H
#define SECPROF_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SECPROF_EXPORT __attribute__((visibility("default")))

enum secprof_status {
    SECPROF_OK = 0,
    SECPROF_NO_MEMORY,
    SECPROF_BAD_ARGUMENT,  /* NULL where it may not be, or an option that says nothing known */
    SECPROF_UNREADABLE,    /* a file or folder could not be read; errno says why */
    SECPROF_UNKNOWN,       /* the subject is nothing that secprof knows */
    SECPROF_REFUSED,       /* the engine or the runtime would refuse the profile */
    SECPROF_FAULT,         /* an answer of ours failed its own proof, and is not given */
};

enum secprof_severity {
    SECPROF_STYLE = 1,
    SECPROF_INFO,
    SECPROF_WARNING,
    SECPROF_ERROR,
};

/* ---- context ------------------------------------------------------------------------- */

struct secprof;

/* A new context with one reference. */
SECPROF_EXPORT enum secprof_status
secprof_new(struct secprof **ret_context);

/* One more reference; answers its argument. */
SECPROF_EXPORT struct secprof *
secprof_ref(struct secprof *context);

/* One reference less; the last frees the context. NULL is no context and does nothing. */
SECPROF_EXPORT void
secprof_unref(struct secprof *context);

/* The largest input in bytes (at most 1 GiB), how deep arrays and objects may stand in each other
 * (at most 1000), and how many values a text may hold. 0 leaves a limit as it is.
 * Defaults: 64 MiB, 64, one million. Set before the context is shared. */
SECPROF_EXPORT enum secprof_status
secprof_set_limits(struct secprof *context, size_t bytes, unsigned depth, unsigned values);

/* Reads every text as this dialect ("docker", "systemd"; see secprof_dialect), built-in profiles apart; NULL:
 * each as its name and its first words tell, as at the beginning.  SECPROF_BAD_ARGUMENT when there is no
 * such dialect.  Set before the context is shared. */
SECPROF_EXPORT enum secprof_status
secprof_set_dialect(struct secprof *context, const char *dialect);

/* The n-th dialect's name; NULL past the last. */
SECPROF_EXPORT const char *
secprof_dialect(size_t n);

/* "0.1.0". */
SECPROF_EXPORT const char *
secprof_version(void);

/* The date of the knowledge base, "2026-11-25". */
SECPROF_EXPORT const char *
secprof_kb_date(void);

/* Frees text that a function gave to its caller. NULL does nothing. */
SECPROF_EXPORT void
secprof_text_free(char *text);

/* How text for people looks. */
struct secprof_style {
    int color;       /* 1: ANSI colours */
    unsigned width;  /* columns of the terminal; 0: do not fold */
    int quiet;       /* 1: nothing but findings */
    int verbose;     /* 1: notes, too, such as files that were passed over */
};

/* The name of the n-th built-in profile ("docker"), in byte order; NULL past the last.  It means the
 * default profile of the newest release that is known. */
SECPROF_EXPORT const char *
secprof_builtin(size_t n);

/* Lists of built-in profiles, as "text" or "json"; the caller frees the text.  Without a name a line for
 * each, with its newest release; of one ("docker") a line for each content that it ever had, newest first:
 * the first release, all releases, date, SHA-256, number of calls; of one release ("docker@24.0.9") that
 * one.  SECPROF_UNKNOWN when there is no such name, SECPROF_REFUSED when it has no such release; the text
 * is then a line for people that says so, for any word. */
SECPROF_EXPORT enum secprof_status
secprof_builtins(const char *name, const char *format, char **ret_text);

/* ---- targets --------------------------------------------------------------------------- */

/* Where a profile is put to use; NULL = not given.  Without engine it is Docker, without runtime
 * runc.  What else is not given: for a filter it is this machine's; an analysis looks at every case
 * that makes a difference. */
struct secprof_target {
    const char *target;      /* "docker@29": short for `engine`, and must not contradict it */
    const char *engine;      /* "docker", "podman@5", "crio", "containerd", "oci" */
    const char *runtime;     /* "runc", "crun@1.8.1" */
    const char *kernel;      /* "6.1" */
    const char *libseccomp;  /* "2.5.4" */
    const char *caps;        /* bounding set: "default", "none", "all", "CAP_X,CAP_Y" */
    const char *cap_add;     /* "CAP_X,CAP_Y" */
    const char *cap_drop;
    const char *const *arches;  /* any spelling, or "native"; each may be a list, by comma */
    size_t arch_count;
};

/* ---- profiles --------------------------------------------------------------------------- */

/* A profile that was read; it never changes. */
struct secprof_profile;

/* Reads a file, or a built-in profile ("docker"); a word with a `/` or a known ending is a file.
 * SECPROF_UNREADABLE: errno says why.  SECPROF_UNKNOWN: neither a file nor a built-in name.
 * SECPROF_REFUSED: it is no profile; `ret_why` (may be NULL) then holds a line for people, which the
 * caller frees. */
SECPROF_EXPORT enum secprof_status
secprof_profile_load(struct secprof *context, const char *word, struct secprof_profile **ret_profile,
                     char **ret_why);

/* The same for bytes under a name, such as "<stdin>"; they are copied. */
SECPROF_EXPORT enum secprof_status
secprof_profile_load_bytes(struct secprof *context, const char *name, const void *bytes,
                           size_t size, struct secprof_profile **ret_profile, char **ret_why);

/* NULL is no profile and does nothing. */
SECPROF_EXPORT void
secprof_profile_free(struct secprof_profile *profile);

/* ---- lint ---------------------------------------------------------------------------- */

struct secprof_lint;

/* A new run of the linter, whose findings are written as `format` ("text", "concise", "json") in
 * `style` (NULL: plain). SECPROF_BAD_ARGUMENT when there is no such format. */
SECPROF_EXPORT enum secprof_status
secprof_lint_new(struct secprof *context, const char *format, const struct secprof_style *style,
                 struct secprof_lint **ret_lint);

/* A new run that validates: of the linter's findings only errors, and whole filters are built as a
 * runtime builds them and compared with what the rules say.  With `strict` (not 0), names and keys that
 * engines pass over in silence are errors, too.  The other functions are those of the linter. */
SECPROF_EXPORT enum secprof_status
secprof_validate_new(struct secprof *context, const char *format,
                     const struct secprof_style *style, int strict,
                     struct secprof_lint **ret_lint);

SECPROF_EXPORT void
secprof_lint_free(struct secprof_lint *lint);

/* Rules by code ("SP201"), start of a code ("SP2"), slug ("unknown-syscall") or "all", separated by
 * commas.  The first call of `select` turns off every rule that it does not name.
 * SECPROF_BAD_ARGUMENT when a word names no rule. */
SECPROF_EXPORT enum secprof_status
secprof_lint_select(struct secprof_lint *lint, const char *rules);

SECPROF_EXPORT enum secprof_status
secprof_lint_ignore(struct secprof_lint *lint, const char *rules);

/* "SP201=error"; levels: error, warning, info, style. */
SECPROF_EXPORT enum secprof_status
secprof_lint_severity(struct secprof_lint *lint, const char *assignment);

/* Where the profiles are put to use (NULL: everywhere).  What is not given counts in every case.
 * SECPROF_BAD_ARGUMENT when a word says nothing known: `ret_why` (may be NULL) then holds a line for
 * people, which the caller frees. */
SECPROF_EXPORT enum secprof_status
secprof_lint_target(struct secprof_lint *lint, const struct secprof_target *target, char **ret_why);

/* Lints one file, every profile of a folder (and its folders, in order of their names), or a
 * built-in profile (see secprof_builtin).  A word with a `/` or a known ending is a file.
 * Non-profiles in a folder are passed over (`verbose` names them).
 * SECPROF_UNREADABLE: errno says why, and the run may go on; SECPROF_UNKNOWN: neither a file nor
 * the name of a built-in profile. */
SECPROF_EXPORT enum secprof_status
secprof_lint_path(struct secprof_lint *lint, const char *path);

/* Lints bytes under a name, such as "<stdin>". */
SECPROF_EXPORT enum secprof_status
secprof_lint_bytes(struct secprof_lint *lint, const char *name, const void *bytes, size_t size);

/* Takes what was written since the last call, so that a long run can be followed; it stands until
 * the next call of any function on `lint`.  A format that is one value ("json") gives nothing
 * before secprof_lint_end. */
SECPROF_EXPORT enum secprof_status
secprof_lint_take(struct secprof_lint *lint, const char **ret_text, size_t *ret_size);

/* Writes the end: summary or closing bracket. Nothing may be linted afterwards. */
SECPROF_EXPORT enum secprof_status
secprof_lint_end(struct secprof_lint *lint);

/* Findings of exactly this severity so far. */
SECPROF_EXPORT size_t
secprof_lint_count(const struct secprof_lint *lint, enum secprof_severity severity);

/* Texts that were linted. */
SECPROF_EXPORT size_t
secprof_lint_files(const struct secprof_lint *lint);

/* All rules with severity and summary, as "text" or "json"; the caller frees the text. */
SECPROF_EXPORT enum secprof_status
secprof_lint_rules(const char *format, const struct secprof_style *style, char **ret_text);

/* The n-th format of findings and a line about it; NULL past the last. */
SECPROF_EXPORT const char *
secprof_lint_format(size_t n, const char **ret_about);

/* ---- explain ------------------------------------------------------------------------- */

/* Explains a subject under Docker's default profile, as "text", "json" or "markdown" (rules only); see
 * secprof_explain_write.  The caller frees the text. */
SECPROF_EXPORT enum secprof_status
secprof_explain(struct secprof *context, const char *subject, const char *format,
                const struct secprof_style *style, char **ret_text);

/* What verdicts are asked of: a profile, and where it is put to use. */
struct secprof_explain;

/* Begins with Docker's default profile and no target. */
SECPROF_EXPORT enum secprof_status
secprof_explain_new(struct secprof *context, struct secprof_explain **ret_explain);

SECPROF_EXPORT void
secprof_explain_free(struct secprof_explain *explain);

/* Another profile, which the explain owns from now on. */
SECPROF_EXPORT enum secprof_status
secprof_explain_profile(struct secprof_explain *explain, struct secprof_profile *profile);

/* Where the profile is put to use.  What is not given counts in every case; for a concrete call it is
 * this machine's architecture, the newest kernel, and the default capabilities.
 * SECPROF_BAD_ARGUMENT when a word says nothing known; `ret_why` (may be NULL) then holds a line for people,
 * which the caller frees. */
SECPROF_EXPORT enum secprof_status
secprof_explain_target(struct secprof_explain *explain, const struct secprof_target *target,
                       char **ret_why);

/* Explains a call name or number, a concrete call ("socket(AF_VSOCK, SOCK_STREAM, 0)"), a capability, a
 * rule code, a group or an errno, as "text", "json" or "markdown" (rules only).  The caller frees the
 * text.  `ret_denied` (may be NULL): 1 when it is a concrete call that is not allowed, else 0.
 * SECPROF_UNKNOWN: `ret_text` then holds the message, with the closest names, or with what is wrong
 * with the call's arguments. */
SECPROF_EXPORT enum secprof_status
secprof_explain_write(struct secprof_explain *explain, const char *subject, const char *format,
                      const struct secprof_style *style, int *ret_denied, char **ret_text);

/* ---- diff ------------------------------------------------------------------------------ */

/* What a container can do under one profile that it cannot under another, and the reverse: for every
 * call, argument, architecture and environment. */
struct secprof_diff;

/* What secprof_diff_answer is made of; 0: no container can tell the profiles apart. */
enum {
    SECPROF_DIFF_LOOSER = 1,     /* something is answered by a less strict action */
    SECPROF_DIFF_TIGHTER = 2,    /* ... by a stricter one */
    SECPROF_DIFF_CHANGED = 4,    /* ... by the same action with another errno */
    SECPROF_DIFF_UNDECIDED = 8,  /* not everything could be found out */
};

/* Compares two profiles, each put to use at its target (NULL, and what it leaves open: every case that
 * makes a difference; an engine that is not given is the one that the profile is written for).  Engines,
 * runtimes and libraries of the targets may differ; kernel, capabilities and architectures must be the
 * same.  The profiles must outlive the diff.  SECPROF_BAD_ARGUMENT: `ret_why` (may be NULL) holds a line
 * for people, which the caller frees. */
SECPROF_EXPORT enum secprof_status
secprof_diff_new(const struct secprof_profile *from, const struct secprof_target *from_target,
                 const struct secprof_profile *to, const struct secprof_target *to_target,
                 struct secprof_diff **ret_diff, char **ret_why);

SECPROF_EXPORT void
secprof_diff_free(struct secprof_diff *diff);

/* SECPROF_DIFF_* together. */
SECPROF_EXPORT unsigned
secprof_diff_answer(const struct secprof_diff *diff);

/* Writes it as "text", "json" or "markdown" (a comment on a pull request); with `summary` (not 0) the
 * answer and counts alone.  `style` is for text (NULL: plain).  The caller frees the text.
 * SECPROF_BAD_ARGUMENT when there is no such format. */
SECPROF_EXPORT enum secprof_status
secprof_diff_write(const struct secprof_diff *diff, const char *format,
                   const struct secprof_style *style, int summary, char **ret_text);

/* ---- emit ------------------------------------------------------------------------------ */

/* A profile in another format. */
struct secprof_emission;

/* Writes a profile as `format` (see secprof_emit_format) for a target (NULL, and what it leaves open: this
 * machine with all its architectures, the newest kernel, default capabilities).  A built-in profile as
 * "docker" is the text that its project ships; with `resolve` (not 0) conditions are decided for the
 * target, as they are for every other format.  What was written was read back and means the same, but for
 * what secprof_emission_losses tells.
 * SECPROF_BAD_ARGUMENT and SECPROF_REFUSED (there is no filter to write): `ret_why` (may be NULL) holds a
 * line for people, which the caller frees.  SECPROF_FAULT: so does it, with what should be reported. */
SECPROF_EXPORT enum secprof_status
secprof_emit(const struct secprof_profile *profile, const char *format,
             const struct secprof_target *target, int resolve,
             struct secprof_emission **ret_emission, char **ret_why);

SECPROF_EXPORT void
secprof_emission_free(struct secprof_emission *emission);

/* What was written, `ret_size` bytes (raw BPF holds NULs) and a NUL behind them; it belongs to the
 * emission. */
SECPROF_EXPORT const char *
secprof_emission_text(const struct secprof_emission *emission, size_t *ret_size);

/* How many things the format cannot carry; 0: what was written means the same. */
SECPROF_EXPORT size_t
secprof_emission_loss_count(const struct secprof_emission *emission);

/* What the format cannot carry, for people, in `style` (NULL: plain): for each thing what it is
 * ("docker: loss: ..."), what became of it, and all calls concerned; an empty text when nothing is
 * lost.  The caller frees the text. */
SECPROF_EXPORT enum secprof_status
secprof_emission_losses(const struct secprof_emission *emission,
                        const struct secprof_style *style, char **ret_text);

/* The n-th format and a line about it; NULL past the last. */
SECPROF_EXPORT const char *
secprof_emit_format(size_t n, const char **ret_about);

/* ---- filters --------------------------------------------------------------------------- */

/* A program of classic BPF, as the runtime would load it on this machine. */
struct secprof_filter;

/* Compiles a profile (a file, or a built-in name) for a target.  NULL, and what it leaves open:
 * Docker, runc, this machine and its kernel and libseccomp, Docker's default capabilities.  Of
 * several `arches` one must be this machine's, for which the filter then is.
 * SECPROF_UNREADABLE: errno says why.  SECPROF_UNKNOWN: neither a file nor a built-in name.
 * SECPROF_BAD_ARGUMENT and SECPROF_REFUSED: `ret_why` holds a line for people, which the caller
 * frees; else it is left alone. */
SECPROF_EXPORT enum secprof_status
secprof_filter_new(struct secprof *context, const char *profile,
                   const struct secprof_target *target, struct secprof_filter **ret_filter,
                   char **ret_why);

SECPROF_EXPORT void
secprof_filter_free(struct secprof_filter *filter);

/* The program: `ret_count` instructions of 8 bytes, laid out as struct sock_filter of
 * <linux/filter.h>.  It belongs to the filter. */
SECPROF_EXPORT const void *
secprof_filter_program(const struct secprof_filter *filter, size_t *ret_count);

/* A listing for people, one instruction a line; the caller frees the text. */
SECPROF_EXPORT enum secprof_status
secprof_filter_listing(const struct secprof_filter *filter, char **ret_text);

/* 1 when another program can be started under the filter: execve or execveat is let through. */
SECPROF_EXPORT int
secprof_filter_lets_exec(const struct secprof_filter *filter);

/* 1 when the filter was made for this machine's architecture, on which alone it can be loaded. */
SECPROF_EXPORT int
secprof_filter_is_native(const struct secprof_filter *filter);

/* The name of the architecture that it was made for, "x86_64". */
SECPROF_EXPORT const char *
secprof_filter_arch(const struct secprof_filter *filter);

/* Makes it let every call through; what it refused is logged by the kernel instead
 * (SECCOMP_RET_LOG).  SECPROF_REFUSED when its verdicts are computed; the filter is as before
 * then. */
SECPROF_EXPORT enum secprof_status
secprof_filter_only_log(struct secprof_filter *filter);

/* What the program answers to one call, as in <linux/seccomp.h> (SECCOMP_RET_*): `arch` is one of
 * AUDIT_ARCH_*, `nr` has x32's bit where it applies. */
SECPROF_EXPORT uint32_t
secprof_filter_verdict(const struct secprof_filter *filter, uint32_t arch, uint32_t nr,
                       const uint64_t args[6]);

/* A verdict as people write it: "ALLOW", "ERRNO(EPERM)"; the caller frees the text. */
SECPROF_EXPORT enum secprof_status
secprof_verdict_text(uint32_t verdict, char **ret_text);

/* A call by which a filter can prove, once loaded, that it does what its profile means. */
struct secprof_probe {
    uint32_t arch;
    uint32_t nr;
    uint64_t args[6];
    const char *text;    /* "x32:socket(40, 0, 0)" */
    uint32_t meant;      /* by the profile's rules, as runtime and libseccomp document them */
    uint32_t verdict;    /* of the program */
    int may_be_made;     /* the program refuses it, or it changes nothing */
};

struct secprof_probes {
    const struct secprof_probe *at;
    size_t count;
    size_t left_out;     /* calls that are let through and might do harm: not listed */
    size_t undecided;    /* listed ones of which nobody knows what the rules mean; `meant` is the
                          * verdict then */
};

/* Calls that a program of this machine can make: every number, and for each verdict that the rules
 * have for it arguments that show it.  They belong to the filter. */
SECPROF_EXPORT enum secprof_status
secprof_filter_probes(struct secprof_filter *filter, struct secprof_probes *ret_probes);

/* Takes the target's `cap_drop` from every capability set of the calling thread, for good.
 * 0, or -1 and errno. */
SECPROF_EXPORT int
secprof_filter_drop_caps(const struct secprof_filter *filter);

/* Loads it for the calling thread, for good.  0, or -1 and errno: EACCES without no_new_privs and
 * without CAP_SYS_ADMIN, EINVAL where the kernel has no filters, ENOMEM where those of all outer
 * filters and this one are too long together, whatever an outer filter answers where it forbids
 * it (EPERM most often), ENOEXEC where it is not this machine's (seccomp(2)). */
SECPROF_EXPORT int
secprof_filter_load(const struct secprof_filter *filter);

#ifdef __cplusplus
}
#endif

#endif

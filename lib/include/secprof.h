/* libsecprof: seccomp profiles, read, checked and explained.
 *
 * Every object has one owner, who frees it.  A context is shared by reference count and may be used
 * by several threads at a time; every other object belongs to one thread at a time.  Functions that
 * can fail answer an enum secprof_status and leave their `ret_` outputs alone on failure.  The
 * library never prints, never exits and never reads the environment. */
#ifndef SECPROF_H
#define SECPROF_H

#include <stddef.h>

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

/* ---- lint ---------------------------------------------------------------------------- */

struct secprof_lint;

/* A new run of the linter, whose findings are written as `format` ("text", "concise", "json") in
 * `style` (NULL: plain). SECPROF_BAD_ARGUMENT when there is no such format. */
SECPROF_EXPORT enum secprof_status
secprof_lint_new(struct secprof *context, const char *format, const struct secprof_style *style,
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

/* An architecture that the profile must serve ("x86_64", "SCMP_ARCH_AARCH64", "native");
 * may be called several times. Without it: all that the profile names. */
SECPROF_EXPORT enum secprof_status
secprof_lint_arch(struct secprof_lint *lint, const char *arch);

/* The version of libseccomp that will build the filter, "2.5.4". */
SECPROF_EXPORT enum secprof_status
secprof_lint_libseccomp(struct secprof_lint *lint, const char *version);

/* Lints one file, every profile of a folder (and its folders, in order of their names), or a
 * built-in profile ("docker").  A word with a `/` or a known ending is a file.
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

/* Explains a call name or number, a capability, a rule code, a group or an errno, as "text", "json"
 * or "markdown" (rules only).  The caller frees the text.  SECPROF_UNKNOWN: `ret_text` then
 * holds the message, with the closest names. */
SECPROF_EXPORT enum secprof_status
secprof_explain(struct secprof *context, const char *subject, const char *format,
                const struct secprof_style *style, char **ret_text);

/* ---- filters --------------------------------------------------------------------------- */

/* For which engine and machine a filter is made.  NULL: Docker, runc, this machine's kernel and
 * libseccomp, Docker's default capabilities. */
struct secprof_target {
    const char *engine;      /* "docker", "podman@5", "crio", "containerd", "oci" */
    const char *runtime;     /* "runc", "crun@1.8.1" */
    const char *kernel;      /* "6.1" */
    const char *libseccomp;  /* "2.5.4" */
    const char *caps;        /* bounding set: "default", "none", "all", "CAP_X,CAP_Y" */
    const char *cap_add;     /* "CAP_X,CAP_Y" */
    const char *cap_drop;
};

/* A program of classic BPF, as the runtime would load it on this machine. */
struct secprof_filter;

/* Compiles a profile (a file, or a built-in name) for a target (NULL: all defaults).
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

/* Takes the target's `cap_drop` from every capability set of the calling thread, for good.
 * 0, or -1 and errno. */
SECPROF_EXPORT int
secprof_filter_drop_caps(const struct secprof_filter *filter);

/* Loads it for the calling thread, for good. 0, or -1 and errno: EACCES without no_new_privs and
 * without CAP_SYS_ADMIN, EINVAL where the kernel has no filters, EPERM where an outer filter forbids
 * it (seccomp(2)). */
SECPROF_EXPORT int
secprof_filter_load(const struct secprof_filter *filter);

#ifdef __cplusplus
}
#endif

#endif

/* Source: firejail src/firejail/profile.c (seccomp-error-action), src/lib/syscall.c
 * (syscall_process_name), src/lib/errno.c; 0.9.72. */
#include "format/firejail_verdict.h"

#include <errno.h>

static const char kill_word[] = "kill";
static const char log_word[] = "log";

/* Firejail takes errnos by name, and its host's C library says the number: past 34 some
 * architectures have numbers of their own, and a profile says numbers. */
static bool
has_name(uint32_t number, const struct sp_kb_arch *arch)
{
    static const char *const others[] = { "mips", "parisc", "sparc", "alpha" };
    enum { SAME_EVERYWHERE = 34 };
    struct sp_str name = sp_str_of(sp_kb_text(arch->name));

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (number > SAME_EVERYWHERE && sp_str_has_prefix(name, others[i])) {
            return false;
        }
    }
    return sp_kb_errno_by_number(number) != NULL;
}

struct sp_firejail_nearest
sp_firejail_nearest(sp_verdict verdict, const struct sp_kb_arch *arch)
{
    switch (verdict & SP_VERDICT_ACTION) {
    case SP_VERDICT_KILL_PROCESS:
        return (struct sp_firejail_nearest){
            .verdict = SP_VERDICT_KILL_THREAD,
            .what = "firejail kills the thread, never the whole process",
            .became = "the thread is killed",
        };
    case SP_VERDICT_TRAP:
        return (struct sp_firejail_nearest){
            .verdict = SP_VERDICT_KILL_THREAD,
            .what = "firejail has no TRAP",
            .became = "the thread is killed, and no handler sees the signal",
        };
    case SP_VERDICT_NOTIFY:
    case SP_VERDICT_TRACE:
        return (struct sp_firejail_nearest){
            .verdict = SP_VERDICT_ERRNO | ENOSYS,
            .what = "firejail asks no tracer and no listener",
            .became = "denied with ENOSYS, as the kernel does where there is none",
        };
    case SP_VERDICT_ERRNO:
        break;
    default:
        return (struct sp_firejail_nearest){ .verdict = verdict & SP_VERDICT_ACTION };
    }
    if (!has_name(verdict & SP_VERDICT_DATA, arch)) {
        return (struct sp_firejail_nearest){
            .verdict = SP_VERDICT_ERRNO | EPERM,
            .what = "firejail takes errnos by name, and this number has none",
            .became = "denied with EPERM",
        };
    }
    return (struct sp_firejail_nearest){ .verdict = verdict };
}

const char *
sp_firejail_suffix(sp_verdict verdict)
{
    if (verdict == SP_VERDICT_LOG) {
        return NULL;
    }
    return verdict == SP_VERDICT_KILL_THREAD
        ? kill_word : sp_kb_text(sp_kb_errno_by_number(verdict & SP_VERDICT_DATA)->name);
}

const char *
sp_firejail_word(sp_verdict verdict)
{
    return verdict == SP_VERDICT_LOG ? log_word : sp_firejail_suffix(verdict);
}

bool
sp_firejail_read_word(struct sp_str word, bool is_suffix, sp_verdict *ret_verdict)
{
    const struct sp_kb_errno *error = sp_kb_errno_find(word);

    if (sp_str_is(word, kill_word)) {
        *ret_verdict = SP_VERDICT_KILL_THREAD;
        return true;
    }
    if (!is_suffix && sp_str_is(word, log_word)) {
        *ret_verdict = SP_VERDICT_LOG;
        return true;
    }
    if (error != NULL) {
        *ret_verdict = SP_VERDICT_ERRNO | error->number;
    }
    return error != NULL;
}

#include "sem/meaning_work.h"

#include <linux/audit.h>

/* Calls of x86_64 that a trampoline of the kernel makes, not a program: its test for what is
 * always allowed (kernel/seccomp.c, seccomp_is_const_allow) passes them before any filter. */
static const struct {
    uint32_t nr;
    struct sp_version since;
} passing[] = {
    { .nr = 335, .since = { .major = 6, .minor = 14 } },  /* uretprobe */
    { .nr = 336, .since = { .major = 6, .minor = 18 } },  /* uprobe */
};

/* The kernel's MAX_ERRNO: larger data of ERRNO are cut to it. */
enum { ERRNO_MAX = 4095 };

bool
sp_meaning_passes_kernel(const struct sp_meaning *meaning, const struct sp_kb_arch *arch,
                         uint32_t nr)
{
    const struct sp_kb_arch *host = meaning->environment.host;

    if (arch->audit != AUDIT_ARCH_X86_64 || host->audit != AUDIT_ARCH_X86_64) {
        return false;
    }
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++) {
        if (passing[i].nr == nr) {
            return sp_version_compare(meaning->environment.kernel, passing[i].since) >= 0;
        }
    }
    return false;
}

sp_verdict
sp_meaning_cap_errno(sp_verdict verdict)
{
    bool is_errno = (verdict & SP_VERDICT_ACTION) == SP_VERDICT_ERRNO;

    return is_errno && (verdict & SP_VERDICT_DATA) > ERRNO_MAX ? SP_VERDICT_ERRNO | ERRNO_MAX
                                                               : verdict;
}

static uint32_t
cap_errno(uint32_t verdict, void *user)
{
    (void)user;
    return sp_meaning_cap_errno(verdict);
}

sp_dd
sp_meaning_in_kernel(struct sp_dd_store *store, sp_dd verdicts)
{
    return sp_dd_map(store, verdicts, cap_errno, NULL);
}

#include "ops/drop_caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CAPS = 64, CAPS_PER_WORD = 32 };

/* The sets that exec multiplies: must go while CAP_SETPCAP is still there. */
static int
drop_bounding(uint64_t caps)
{
    for (unsigned cap = 0; cap < CAPS; cap++) {
        if ((caps >> cap & 1) == 0) {
            continue;
        }
        (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, cap, 0, 0);
        if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1
            && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0 && errno != EPERM) {
            return -1;
        }
    }
    return 0;
}

static int
drop_own(uint64_t caps)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

    if (syscall(SYS_capget, &header, data) != 0) {
        return -1;
    }
    for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        uint32_t keep = ~(uint32_t)(caps >> (i * CAPS_PER_WORD));
        data[i].effective &= keep;
        data[i].permitted &= keep;
        data[i].inheritable &= keep;
    }
    return (int)syscall(SYS_capset, &header, data);
}

int
sp_drop_caps(uint64_t caps)
{
    return caps == 0 ? 0 : drop_bounding(caps) != 0 ? -1 : drop_own(caps);
}

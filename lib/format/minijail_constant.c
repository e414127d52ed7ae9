#include "format/minijail_constant.h"

#include "base/closest.h"

#include <string.h>

/* What no argument of the knowledge base takes by this name: asm-generic/mman-common.h,
 * linux/sched.h, linux/fs.h, linux/fscrypt.h, linux/stat.h, linux/fcntl.h and bits/socket.h. */
static const struct {
    const char *name;
    uint64_t value;
} more[] = {
    { "FSCRYPT_POLICY_FLAGS_PAD_32", 0x3 },
    { "FS_IOC_ADD_ENCRYPTION_KEY", 0xc0506617 },
    { "FS_IOC_FSGETXATTR", 0x801c581f },
    { "FS_IOC_FSSETXATTR", 0x401c5820 },
    { "FS_IOC_GET_ENCRYPTION_POLICY", 0x400c6615 },
    { "FS_IOC_GET_ENCRYPTION_POLICY_EX", 0xc0096616 },
    { "FS_IOC_SET_ENCRYPTION_POLICY", 0x800c6613 },
    { "PF_INET", 2 },
    { "PF_INET6", 10 },
    { "PF_LOCAL", 1 },
    { "PF_NETLINK", 16 },
    { "PF_PACKET", 17 },
    { "PF_UNIX", 1 },
    { "PF_UNSPEC", 0 },
    { "PROT_NONE", 0 },
    { "SCHED_BATCH", 3 },
    { "SCHED_DEADLINE", 6 },
    { "SCHED_FIFO", 1 },
    { "SCHED_IDLE", 5 },
    { "SCHED_NORMAL", 0 },
    { "SCHED_OTHER", 0 },
    { "SCHED_RESET_ON_FORK", 0x40000000 },
    { "SCHED_RR", 2 },
    { "S_IFBLK", 0x6000 },
    { "S_IFCHR", 0x2000 },
    { "S_IFDIR", 0x4000 },
    { "S_IFIFO", 0x1000 },
    { "S_IFLNK", 0xa000 },
    { "S_IFMT", 0xf000 },
    { "S_IFREG", 0x8000 },
    { "S_IFSOCK", 0xc000 },
    { "S_ISGID", 0x400 },
    { "S_ISUID", 0x800 },
    { "S_ISVTX", 0x200 },
};

enum { MORE = sizeof more / sizeof *more };

/* Values of arm and aarch64 that are not those of x86.
 * Source: arch/arm/include/uapi/asm/fcntl.h and arch/arm64/include/uapi/asm/fcntl.h of
 * Linux. */
static const struct {
    const char *name;
    uint64_t arm;
} of_arm[] = {
    { "O_DIRECT", 0x10000 },
    { "O_DIRECTORY", 0x4000 },
    { "O_NOFOLLOW", 0x8000 },
    { "O_TMPFILE", 0x404000 },
};

enum { OF_ARM = sizeof of_arm / sizeof *of_arm };

/* Kernel, glibc and bionic do not agree on its value. */
static const char open_to_all[] = "O_LARGEFILE";

/* Those that have the values of the knowledge base, which are those of x86_64, but for
 * `of_arm`. */
static const char *const same[] = {
    "x86_64", "x86", "aarch64", "arm", "riscv64", "loongarch64",
};

static bool
is_one_of(const struct sp_kb_arch *arch, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (arch != NULL && strcmp(sp_kb_text(arch->name), names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool
is_arm(const struct sp_kb_arch *arch)
{
    static const char *const arm[] = { "arm", "aarch64" };

    return is_one_of(arch, arm, sizeof arm / sizeof *arm);
}

static bool
has_known_values(const struct sp_kb_arch *arch)
{
    return is_one_of(arch, same, sizeof same / sizeof *same);
}

/* Requests have the size of what they point to in their number, and some of it is a long or
 * a pointer. */
static bool
is_sized_request(struct sp_str name)
{
    if (sp_str_has_prefix(name, "FS_IOC_")) {
        return true;
    }
    for (size_t i = 0; i < sp_kb_sets_count; i++) {
        const struct sp_kb_set *set = &sp_kb_sets[i];
        bool is_requests = strcmp(sp_kb_text(set->name), "ioctl-requests") == 0;
        for (size_t j = 0; is_requests && j < set->values.count; j++) {
            const struct sp_kb_constant *constant = &sp_kb_constants[set->values.first + j];
            if (sp_str_is(name, sp_kb_text(constant->name))) {
                return constant->value > UINT16_MAX;
            }
        }
    }
    return false;
}

static bool
has_known_value(const struct sp_kb_arch *arch, struct sp_str name)
{
    return has_known_values(arch) && !sp_str_is(name, open_to_all)
        && (arch->bits == 64 || !is_sized_request(name));
}

static bool
find_value(const struct sp_kb_arch *arch, struct sp_str name, uint64_t *ret_value)
{
    const struct sp_kb_errno *error = sp_kb_errno_find(name);

    for (size_t i = 0; is_arm(arch) && i < OF_ARM; i++) {
        if (sp_str_is(name, of_arm[i].name)) {
            *ret_value = of_arm[i].arm;
            return true;
        }
    }
    for (size_t i = 0; i < sp_kb_constants_count; i++) {
        if (sp_str_is(name, sp_kb_text(sp_kb_constants[i].name))) {
            *ret_value = sp_kb_constants[i].value;
            return true;
        }
    }
    for (size_t i = 0; i < MORE; i++) {
        if (sp_str_is(name, more[i].name)) {
            *ret_value = more[i].value;
            return true;
        }
    }
    *ret_value = error == NULL ? 0 : error->number;
    return error != NULL;
}

enum sp_minijail_constant
sp_minijail_constant_find(const struct sp_kb_arch *arch, struct sp_str name,
                          uint64_t *ret_value)
{
    if (!find_value(arch, name, ret_value)) {
        return SP_MINIJAIL_CONSTANT_UNKNOWN;
    }
    return has_known_value(arch, name) ? SP_MINIJAIL_CONSTANT_OK : SP_MINIJAIL_CONSTANT_OPEN;
}

const char *
sp_minijail_constant_closest(struct sp_str name)
{
    struct sp_closest closest = sp_closest_to(name);

    for (size_t i = 0; i < sp_kb_constants_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_constants[i].name));
    }
    for (size_t i = 0; i < MORE; i++) {
        sp_closest_offer(&closest, more[i].name);
    }
    for (size_t i = 0; i < sp_kb_errnos_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_errnos[i].name));
    }
    return closest.count > 0 ? closest.best[0].name : NULL;
}

const char *
sp_minijail_errno_name(const struct sp_kb_arch *arch, uint32_t number)
{
    const struct sp_kb_errno *error = sp_kb_errno_by_number(number);
    uint64_t value;

    if (error == NULL || !has_known_values(arch)
        || !find_value(arch, sp_str_of(sp_kb_text(error->name)), &value) || value != number) {
        return NULL;
    }
    return sp_kb_text(error->name);
}

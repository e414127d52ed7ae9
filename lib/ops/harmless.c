#include "ops/harmless.h"

#include <stdlib.h>
#include <string.h>

/* Sorted.  All bits of an argument set are: the descriptor -1 (EBADF), an address at the very
 * end, where nothing of a program can be (EFAULT), the process -1 (ESRCH), flags that no
 * kernel has (EINVAL).  Memory, signals, scheduling and whatever starts, ends or names a
 * process are not here: -1 has a meaning there, or a wrong answer would do harm. */
static const char *const names[] = {
    "_llseek", "accept", "accept4", "access", "bind", "capget", "chdir", "chmod", "chown",
    "chown32", "clock_getres", "clock_getres_time64", "clock_gettime", "clock_gettime64",
    "close", "connect", "copy_file_range", "creat", "dup", "dup2", "dup3", "epoll_create1",
    "epoll_ctl", "eventfd2", "faccessat", "faccessat2", "fadvise64", "fallocate", "fchdir",
    "fchmod", "fchmodat", "fchmodat2", "fchown", "fchown32", "fchownat", "fcntl", "fcntl64",
    "fdatasync", "fgetxattr", "flistxattr", "flock", "fremovexattr", "fsetxattr", "fstat",
    "fstat64", "fstatat64", "fstatfs", "fstatfs64", "fsync", "ftruncate", "ftruncate64",
    "futimesat", "getcwd", "getdents", "getdents64", "getegid", "getegid32", "geteuid",
    "geteuid32", "getgid", "getgid32", "getgroups", "getitimer", "getpeername", "getpgid",
    "getpgrp", "getpid", "getppid", "getpriority", "getrandom", "getresgid", "getresuid",
    "getrlimit", "getrusage", "getsid", "getsockname", "getsockopt", "gettid", "gettimeofday",
    "getuid", "getuid32", "getxattr", "inotify_add_watch", "inotify_init1", "inotify_rm_watch",
    "ioctl", "lchown", "lchown32", "lgetxattr", "link", "linkat", "listen", "listxattr",
    "llistxattr", "lremovexattr", "lseek", "lsetxattr", "lstat", "lstat64", "memfd_create",
    "mkdir", "mkdirat", "newfstatat", "open", "openat", "openat2", "pipe", "pipe2", "pread64",
    "preadv", "preadv2", "prlimit64", "pwrite64", "pwritev", "pwritev2", "read", "readahead",
    "readlink", "readlinkat", "readv", "recvfrom", "recvmmsg", "recvmsg", "removexattr",
    "rename", "renameat", "renameat2", "rmdir", "sched_get_priority_max",
    "sched_get_priority_min", "sched_getaffinity", "sched_getparam", "sched_getscheduler",
    "sched_yield", "sendfile", "sendfile64", "sendmmsg", "sendmsg", "sendto", "setsockopt",
    "setxattr", "shutdown", "signalfd4", "socket", "socketpair", "splice", "stat", "stat64",
    "statfs", "statfs64", "statx", "symlink", "symlinkat", "sysinfo", "tee", "timerfd_create",
    "timerfd_gettime", "timerfd_settime", "times", "truncate", "truncate64", "ugetrlimit",
    "uname", "unlink", "unlinkat", "utime", "utimensat", "utimes", "write", "writev",
};

static int
compare(const void *word, const void *name)
{
    return strcmp(word, *(const char *const *)name);
}

bool
sp_harmless_has(const char *name)
{
    return bsearch(name, names, sizeof names / sizeof *names, sizeof *names, compare) != NULL;
}

const char *
sp_harmless_name(size_t n)
{
    return n < sizeof names / sizeof *names ? names[n] : NULL;
}

/* Calls that the probe does not let through: they change the machine, signal others, or do not
 * come back. */
#ifndef HARMFUL_H
#define HARMFUL_H

#include <stdint.h>

/* Numbers of x86_64, and those that x32 alone has. */
static const uint16_t native_table[] = {
    15 /* rt_sigreturn */, 34 /* pause */, 35 /* nanosleep */, 56 /* clone */, 57 /* fork */,
    58 /* vfork */, 59 /* execve */, 60 /* exit */, 62 /* kill */, 101 /* ptrace */,
    103 /* syslog */, 129 /* rt_sigqueueinfo */, 130 /* rt_sigsuspend */, 153 /* vhangup */,
    155 /* pivot_root */, 159 /* adjtimex */, 161 /* chroot */, 162 /* sync */, 163 /* acct */,
    164 /* settimeofday */, 165 /* mount */, 166 /* umount2 */, 167 /* swapon */,
    168 /* swapoff */, 169 /* reboot */, 170 /* sethostname */, 171 /* setdomainname */,
    172 /* iopl */, 173 /* ioperm */, 174 /* create_module */, 175 /* init_module */,
    176 /* delete_module */, 179 /* quotactl */, 200 /* tkill */, 227 /* clock_settime */,
    230 /* clock_nanosleep */, 231 /* exit_group */, 234 /* tgkill */, 246 /* kexec_load */,
    297 /* rt_tgsigqueueinfo */, 305 /* clock_adjtime */, 306 /* syncfs */,
    313 /* finit_module */, 320 /* kexec_file_load */, 321 /* bpf */, 322 /* execveat */,
    424 /* pidfd_send_signal */, 435 /* clone3 */,
    513 /* x32 rt_sigreturn */, 520 /* x32 execve */, 521 /* x32 ptrace */,
    524 /* x32 rt_sigqueueinfo */, 528 /* x32 kexec_load */, 536 /* x32 rt_tgsigqueueinfo */,
    545 /* x32 execveat */,
};

static const uint16_t i386_table[] = {
    1 /* exit */, 2 /* fork */, 11 /* execve */, 21 /* mount */, 22 /* umount */,
    25 /* stime */, 26 /* ptrace */, 29 /* pause */, 36 /* sync */, 37 /* kill */,
    51 /* acct */, 52 /* umount2 */, 61 /* chroot */, 72 /* sigsuspend */,
    74 /* sethostname */, 79 /* settimeofday */, 87 /* swapon */, 88 /* reboot */,
    101 /* ioperm */, 103 /* syslog */, 110 /* iopl */, 111 /* vhangup */, 113 /* vm86old */,
    115 /* swapoff */, 119 /* sigreturn */, 120 /* clone */, 121 /* setdomainname */,
    124 /* adjtimex */, 127 /* create_module */, 128 /* init_module */,
    129 /* delete_module */, 131 /* quotactl */, 162 /* nanosleep */, 166 /* vm86 */,
    173 /* rt_sigreturn */, 178 /* rt_sigqueueinfo */, 179 /* rt_sigsuspend */,
    190 /* vfork */, 217 /* pivot_root */, 238 /* tkill */, 252 /* exit_group */,
    264 /* clock_settime */, 267 /* clock_nanosleep */, 270 /* tgkill */,
    283 /* kexec_load */, 335 /* rt_tgsigqueueinfo */, 343 /* clock_adjtime */,
    344 /* syncfs */, 350 /* finit_module */, 357 /* bpf */, 358 /* execveat */,
    404 /* clock_settime64 */, 405 /* clock_adjtime64 */, 407 /* clock_nanosleep_time64 */,
    424 /* pidfd_send_signal */, 435 /* clone3 */,
};

#endif

#include "format/kafel_targets.h"

#include <string.h>

bool
sp_kafel_is_target(const struct sp_kb_arch *arch)
{
    /* Source: google/kafel src/syscall.c. */
    static const char *const targets[] = {
        "aarch64", "arm", "m68k", "mips", "mips64", "riscv64", "x86", "x86_64",
    };

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        if (strcmp(targets[i], sp_kb_text(arch->name)) == 0) {
            return true;
        }
    }
    return false;
}

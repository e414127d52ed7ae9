/* What the probe has instead of a C library: raw system calls of x86_64, and reading and
 * writing by them. */
#ifndef BARE_H
#define BARE_H

#include <asm/unistd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { X32_BIT = 0x40000000 };

static long
native(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
    long result;
    register uint64_t r10 __asm__("r10") = d;
    register uint64_t r8 __asm__("r8") = e;
    register uint64_t r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

/* All 64 bits of each register: a filter sees them, though the call takes the lower half. */
static long
int80(uint32_t nr, const uint64_t *args)
{
    long result;
    register uint64_t sixth __asm__("r8") = args[5];
    __asm__ volatile("push %%rbp\n\tmov %%r8, %%rbp\n\tint $0x80\n\tpop %%rbp"
                     : "=a"(result), "+r"(sixth)
                     : "a"((uint64_t)nr), "b"(args[0]), "c"(args[1]), "d"(args[2]),
                       "S"(args[3]), "D"(args[4])
                     : "r9", "r10", "r11", "memory");
    return (int32_t)result;
}

static long
sys(long nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    return native((uint64_t)nr, a, b, c, d, 0, 0);
}

static uint64_t
at(const volatile void *pointer)
{
    return (uint64_t)pointer;
}

__attribute__((noreturn)) static void
leave(int status)
{
    for (;;) {
        sys(__NR_exit_group, (uint64_t)status, 0, 0, 0);
    }
}

/* The compiler may ask for it even here. */
void *
memset(void *to, int byte, size_t size)
{
    volatile char *p = to;
    for (size_t i = 0; i < size; i++) {
        p[i] = (char)byte;
    }
    return to;
}

/* Reads all of `size`; false at the end of the input. */
static bool
read_all(void *to, size_t size)
{
    char *p = to;
    while (size > 0) {
        long n = sys(__NR_read, 0, at(p), size, 0);
        if (n <= 0) {
            return false;
        }
        p += n;
        size -= (size_t)n;
    }
    return true;
}

static void
write_all(const void *from, size_t size)
{
    const char *p = from;
    while (size > 0) {
        long n = sys(__NR_write, 1, at(p), size, 0);
        if (n <= 0) {
            leave(2);
        }
        p += n;
        size -= (size_t)n;
    }
}

#endif

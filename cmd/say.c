#include "say.h"

#include "verb.h"

#include <stdarg.h>
#include <stdio.h>

enum { LONGEST = 4096 };

/* Words come from outside: a control byte in them must not reach the terminal. */
static void
show(const char *text)
{
    for (; *text != '\0'; text++) {
        fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, stderr);
    }
}

__attribute__((format(printf, 2, 0))) static void
say(const char *verb, const char *format, va_list list)
{
    char text[LONGEST];

    vsnprintf(text, sizeof text, format, list);
    fputs("secprof: ", stderr);
    if (verb != NULL) {
        fprintf(stderr, "%s: ", verb);
    }
    show(text);
    fputc('\n', stderr);
}

int
cmd_usage(const char *verb, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    say(verb, format, list);
    va_end(list);
    return CMD_USAGE;
}

int
cmd_failure(const char *verb, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    say(verb, format, list);
    va_end(list);
    return CMD_FAILURE;
}

int
cmd_no_memory(const char *verb)
{
    return cmd_failure(verb, "out of memory");
}

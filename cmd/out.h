/* Where answers go: standard output or a file, whole or not at all. */
#ifndef CMD_OUT_H
#define CMD_OUT_H

#include <stddef.h>

struct cmd_out {
    const char *path;     /* NULL: standard output */
    char *temporary;      /* the file beside `path` that becomes it at the end; NULL for a pipe,
                           * device or link, which is written as it is */
    int fd;
};

/* Opens `path` (NULL: standard output). CMD_CLEAN, or a status after a message. */
int
cmd_out_open(struct cmd_out *out, const char *verb, const char *path);

/* Writes all of it. CMD_CLEAN, or CMD_FAILURE after a message; a reader who closed the pipe has
 * seen enough and is no failure. */
int
cmd_out_write(struct cmd_out *out, const char *verb, const char *text, size_t size);

/* Puts the file in its place when `keep`, else removes it. CMD_CLEAN, or a status after a
 * message. */
int
cmd_out_close(struct cmd_out *out, const char *verb, int keep);

/* Open, write, close in one. */
int
cmd_out_text(const char *verb, const char *path, const char *text);

#endif

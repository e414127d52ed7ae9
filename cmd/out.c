#include "out.h"

#include "say.h"
#include "verb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The mode that the new file gets: that of the file it replaces, else what a shell redirection gives;
 * mkstemp alone gives 0600. */
static mode_t
mode_of(const struct stat *old)
{
    mode_t mask;

    if (old != NULL) {
        return old->st_mode & 07777;
    }
    mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* What is there already and is no plain file (a pipe, a device, a link) stays what it is. */
static int
open_directly(struct cmd_out *out, const char *verb)
{
    out->fd = open(out->path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    return out->fd >= 0 ? CMD_CLEAN
                        : cmd_usage(verb, "cannot write %s: %s", out->path, strerror(errno));
}

int
cmd_out_open(struct cmd_out *out, const char *verb, const char *path)
{
    struct stat status;

    *out = (struct cmd_out){ .path = path, .fd = STDOUT_FILENO };
    if (path == NULL) {
        return CMD_CLEAN;
    }
    bool exists = lstat(path, &status) == 0;
    if (exists && !S_ISREG(status.st_mode)) {
        return open_directly(out, verb);
    }
    if (asprintf(&out->temporary, "%s.XXXXXX", path) < 0) {
        out->temporary = NULL;
        return cmd_no_memory(verb);
    }

    out->fd = mkstemp(out->temporary);
    if (out->fd < 0) {
        int result = cmd_usage(verb, "cannot write %s: %s", path, strerror(errno));
        free(out->temporary);
        return result;
    }
    (void)fchmod(out->fd, mode_of(exists ? &status : NULL));
    return CMD_CLEAN;
}

int
cmd_out_write(struct cmd_out *out, const char *verb, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t written = write(out->fd, text, size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0 && errno == EPIPE) {
            return CMD_CLEAN;
        }
        if (written < 0) {
            return cmd_failure(verb, "cannot write %s: %s",
                               out->path == NULL ? "standard output" : out->path,
                               strerror(errno));
        }
        text += written;
        size -= (size_t)written;
    }
    return CMD_CLEAN;
}

int
cmd_out_close(struct cmd_out *out, const char *verb, int keep)
{
    int status = CMD_CLEAN;

    if (out->path == NULL) {
        return CMD_CLEAN;
    }
    if (close(out->fd) != 0
        || (keep && out->temporary != NULL && rename(out->temporary, out->path) != 0)) {
        status = cmd_failure(verb, "cannot write %s: %s", out->path, strerror(errno));
    }
    if (out->temporary != NULL && (!keep || status != CMD_CLEAN)) {
        (void)unlink(out->temporary);
    }
    free(out->temporary);
    return status;
}

int
cmd_out_text(const char *verb, const char *path, const char *text)
{
    struct cmd_out out;
    int status = cmd_out_open(&out, verb, path);

    if (status != CMD_CLEAN) {
        return status;
    }
    status = cmd_out_write(&out, verb, text, strlen(text));
    int closed = cmd_out_close(&out, verb, status == CMD_CLEAN);
    return status != CMD_CLEAN ? status : closed;
}

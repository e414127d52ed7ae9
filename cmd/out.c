#include "out.h"

#include "say.h"
#include "verb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The mode a file made by a shell redirection would get; mkstemp alone gives 0600. */
static mode_t
usual_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

int
cmd_out_open(struct cmd_out *out, const char *verb, const char *path)
{
    *out = (struct cmd_out){ .path = path, .fd = STDOUT_FILENO };
    if (path == NULL) {
        return CMD_CLEAN;
    }
    if (asprintf(&out->temporary, "%s.XXXXXX", path) < 0) {
        out->temporary = NULL;
        return cmd_no_memory(verb);
    }

    out->fd = mkstemp(out->temporary);
    if (out->fd < 0) {
        int status = cmd_usage(verb, "cannot write %s: %s", path, strerror(errno));
        free(out->temporary);
        return status;
    }
    (void)fchmod(out->fd, usual_mode());
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
    if (close(out->fd) != 0 || (keep && rename(out->temporary, out->path) != 0)) {
        status = cmd_failure(verb, "cannot write %s: %s", out->path, strerror(errno));
    }
    if (!keep || status != CMD_CLEAN) {
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

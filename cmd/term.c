#include "term.h"

#include "say.h"
#include "verb.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Wider lines are hard to read, narrower ones hard to fill. */
enum { WIDEST = 120, NARROWEST = 40 };

static bool
is_set(const char *variable)
{
    const char *value = getenv(variable);

    return value != NULL && *value != '\0' && strcmp(value, "0") != 0;
}

/* NO_COLOR counts when it is not empty, whatever it says (no-color.org). */
static bool
wants_color(bool is_terminal)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    if (no_color != NULL && *no_color != '\0') {
        return false;
    }
    if (is_set("CLICOLOR_FORCE")) {
        return true;
    }
    return is_terminal && term != NULL && strcmp(term, "dumb") != 0;
}

static unsigned
terminal_width(int fd)
{
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return 80;
    }
    if (size.ws_col > WIDEST) {
        return WIDEST;
    }
    return size.ws_col < NARROWEST ? NARROWEST : size.ws_col;
}

/* `fd` is -1 for a file. */
static int
style_of(const char *verb, const char *color, int fd, struct secprof_style *ret_style)
{
    bool is_terminal = fd >= 0 && isatty(fd);
    struct secprof_style style = { .width = is_terminal ? terminal_width(fd) : 0 };

    if (color == NULL || strcmp(color, "auto") == 0) {
        style.color = fd >= 0 && wants_color(is_terminal);
    } else if (strcmp(color, "always") == 0) {
        style.color = 1;
    } else if (strcmp(color, "never") != 0) {
        return cmd_usage(verb, "--color takes auto, always or never, not '%s'", color);
    }
    *ret_style = style;
    return CMD_CLEAN;
}

int
cmd_term_style(const char *verb, const char *color, int to_file, struct secprof_style *ret_style)
{
    return style_of(verb, color, to_file ? -1 : STDOUT_FILENO, ret_style);
}

int
cmd_term_style_of_errors(const char *verb, const char *color, struct secprof_style *ret_style)
{
    return style_of(verb, color, STDERR_FILENO, ret_style);
}

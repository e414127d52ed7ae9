#include "input.h"

#include "say.h"
#include "verb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_SIZE = 64 * 1024 };

static int
grow(char **text, size_t *capacity)
{
    size_t wanted = *capacity == 0 ? FIRST_SIZE : *capacity * 2;
    char *grown = realloc(*text, wanted);

    if (grown == NULL) {
        return CMD_FAILURE;
    }
    *text = grown;
    *capacity = wanted;
    return CMD_CLEAN;
}

int
cmd_input_read(const char *verb, size_t limit, char **ret_text, size_t *ret_size)
{
    char *text = NULL;
    size_t size = 0;
    size_t capacity = 0;

    while (size <= limit) {
        if (size == capacity && grow(&text, &capacity) != CMD_CLEAN) {
            free(text);
            return cmd_no_memory(verb);
        }
        ssize_t got = read(STDIN_FILENO, text + size, capacity - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            free(text);
            return cmd_usage(verb, "cannot read standard input: %s", strerror(errno));
        }
        if (got == 0) {
            break;
        }
        size += (size_t)got;
    }
    *ret_text = text;
    *ret_size = size;
    return CMD_CLEAN;
}

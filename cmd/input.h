/* Standard input, read whole. */
#ifndef CMD_INPUT_H
#define CMD_INPUT_H

#include <stddef.h>

/* Reads all of standard input, at most one byte more than `limit`, so that whoever has the limit can
 * say that it was passed. CMD_CLEAN, or a status after a message; the caller frees the text. */
int
cmd_input_read(const char *verb, size_t limit, char **ret_text, size_t *ret_size);

#endif

/* Tables of names and their values, readable in both directions.
 *
 * One table serves the reader, the writer, `--help` and the suggestions for a misspelt word.
 * Rows are sorted by name; where several names share a value, all but one are aliases. */
#ifndef SP_BASE_NAMES_H
#define SP_BASE_NAMES_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct sp_name {
    const char *name;
    int value;
    bool alias;  /* accepted, never written */
};

struct sp_names {
    const struct sp_name *rows;
    size_t count;
};

#define SP_NAMES(table) ((struct sp_names){ .rows = (table), .count = sizeof(table) / sizeof *(table) })

/* True and the value when the table has exactly this name. */
bool
sp_names_find(struct sp_names names, struct sp_str name, int *ret_value);

/* The name that is not an alias of `value`; NULL when there is none. */
const char *
sp_names_of(struct sp_names names, int value);

/* The name closest to a misspelt `word`; NULL when none is close. */
const char *
sp_names_closest(struct sp_names names, struct sp_str word);

#endif

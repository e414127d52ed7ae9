/* Tables of `testdata/`: a line for each file that is special, its name first, then why. */
#ifndef SP_TEXT_TABLE_TESTING_H
#define SP_TEXT_TABLE_TESTING_H

#include "base/testing.h"

#include <stdlib.h>
#include <string.h>

static inline const char *
sp_testing_base_name(const char *path)
{
    return strrchr(path, '/') + 1;
}

/* What the table says about a file, in memory that the caller frees; NULL when it says nothing. */
static inline char *
sp_testing_row(const char *table, const char *name)
{
    struct sp_str text = sp_testing_read(table);
    struct sp_str rest = text;
    struct sp_str line;
    char *row = NULL;

    while (row == NULL && sp_str_next(&rest, "\n", &line)) {
        struct sp_str words = line;
        struct sp_str first;
        if (sp_str_next(&words, " ", &first) && sp_str_is(first, name) && words.len > 0) {
            row = strndup(words.ptr, words.len);
        }
    }
    free((void *)text.ptr);
    return row;
}

#endif

/* One list of firejail, as its fseccomp reads it: lib/format/firejail_*.c alone. */
#ifndef SP_FORMAT_FIREJAIL_LIST_H
#define SP_FORMAT_FIREJAIL_LIST_H

#include "format/list_names.h"

struct sp_firejail_list {
    const struct sp_source *source;
    struct sp_report *report;
    struct sp_list_answers *answers;  /* the first answer for a call counts, as in the filter */
    struct sp_span span;              /* of the list; empty = there is none */
    sp_verdict action;                /* the error action */
    bool keeps;
};

/* The entries that stand first in the filter: calls with an errno of their own and
 * !exceptions.  False after an error. */
bool
sp_firejail_list_first(const struct sp_firejail_list *list);

/* All other entries, which are allowed in a keep list and have the error action in others.
 * False after an error. */
bool
sp_firejail_list_rest(const struct sp_firejail_list *list);

/* The calls of a group of firejail; it must exist. */
void
sp_firejail_list_group(const struct sp_firejail_list *list, const char *group,
                       struct sp_span span, sp_verdict verdict);

#endif

/* From what a unit adds up to, to the tree of a profile: lib/format/systemd*.c alone. */
#ifndef SP_FORMAT_SYSTEMD_TREE_H
#define SP_FORMAT_SYSTEMD_TREE_H

#include "format/systemd_filter.h"
#include "text/doc.h"

/* `span`: of the section, for what no word says.  False when there is no memory. */
bool
sp_systemd_tree(struct sp_systemd_filter *filter, const struct sp_source *source,
                struct sp_span span, struct sp_doc *ret_doc);

#endif

/* The calls that a profile allows whatever their arguments, one a line.
 *
 * Calls that run with some arguments only are left out (a list that had them would allow
 * them all) and told in comments; so the list may allow less than the profile, and never
 * more. */
#ifndef SP_FORMAT_LIST_WRITE_H
#define SP_FORMAT_LIST_WRITE_H

#include "format/emission.h"

void
sp_list_write(struct sp_emission *emission);

#endif

/* A profile's policies in kafel's language: one architecture, the host's, exactly.
 *
 * Calls that kafel's tables may not know, or know by another name, are defined as constants
 * with their numbers; arguments are declared by the rules that ask for them, so that kafel
 * compares all 64 bits. */
#ifndef SP_FORMAT_KAFEL_WRITE_H
#define SP_FORMAT_KAFEL_WRITE_H

#include "format/emission.h"

void
sp_kafel_write(struct sp_emission *emission);

#endif

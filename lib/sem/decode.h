/* A profile as an environment's first reader decodes it: an engine, or the runtime where there
 * is no engine. */
#ifndef SP_SEM_DECODE_H
#define SP_SEM_DECODE_H

#include "format/decode.h"
#include "model/environment.h"

/* Who decodes the text. */
enum sp_decoder
sp_decoder_of(const struct sp_environment *environment);

/* sp_decode for an environment, of which only engine, runtime and their versions count. */
bool
sp_decode_in(struct sp_arena *arena, const struct sp_profile *profile,
             const struct sp_environment *environment, struct sp_decoded *ret_decoded);

/* For analyses, which compare rules by address: the profile whose rules all meanings point to.
 * It is the one that was given when the text is refused; NULL when there is no memory. */
const struct sp_profile *
sp_decode_rules(struct sp_arena *arena, const struct sp_profile *profile,
                const struct sp_environment *environment);

#endif

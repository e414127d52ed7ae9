/* Where profiles are put to use, from the words of the public interface. */
#ifndef SP_API_TARGET_H
#define SP_API_TARGET_H

#include "base/buf.h"
#include "model/target.h"

#include <secprof.h>

/* What `target` says (NULL: nothing).  SECPROF_BAD_ARGUMENT with the reason in `why` when a
 * word of it says nothing known. */
enum secprof_status
sp_api_target(const struct secprof_target *target, struct sp_target *ret_target,
              struct sp_buf *why);

#endif

/* Names of releases, as projects tag them: "29.4.3", "0.2", "1.12.0-conditional", "head". */
#ifndef SP_BASE_RELEASE_H
#define SP_BASE_RELEASE_H

#include "base/str.h"

#include <stdbool.h>

/* By the numbers at their begin, one by one (1.9.0 before 1.10.0, 1.10 before 1.10.0); equal
 * ones by what stands behind, where nothing comes first; a name that begins with no number is
 * last. */
int
sp_release_compare(struct sp_str left, struct sp_str right);

/* Numbers with dots between them, and nothing else. */
bool
sp_release_is_number(struct sp_str release);

/* "24.0.9" begins with the parts "24" and "24.0", but not with "2" or "24.0.9.1". */
bool
sp_release_begins_with(struct sp_str release, struct sp_str parts);

#endif

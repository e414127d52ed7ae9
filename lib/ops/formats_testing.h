/* Round trips through formats: what one format says of a profile, said again in another, still means the
 * profile.
 *
 * A profile is written in each format; where that loses nothing, the text is read and written in each format
 * again, and where that loses nothing either, the second text must mean the first profile.  sp_emit proves
 * every text against the profile that it was made from, with losses and without; here what is left over two
 * steps is proven, once for each different text. */
#ifndef SP_OPS_FORMATS_TESTING_H
#define SP_OPS_FORMATS_TESTING_H

#include "base/buf.h"
#include "model/target.h"

#include <stdint.h>

enum { SP_FORMATS = 9 };  /* that are read, too */

const char *
sp_formats_name(size_t format);

struct sp_formats_counts {
    size_t profiles;
    size_t first[SP_FORMATS];              /* written without losses */
    size_t pairs[SP_FORMATS][SP_FORMATS];  /* the same of two steps */
    size_t lost[SP_FORMATS][SP_FORMATS];   /* the second format would have carried the profile itself */
    size_t texts;       /* that were read and compared */
    size_t programs;    /* of those: programs ... */
    size_t unreadable;  /* ... that are no profile's, as the reader says */
    size_t stubbed;     /* programs that runc's stub keeps from saying what their profile says */
    size_t unproven;    /* texts of two steps that no profile says, so that nothing can be compared */
    size_t differences;
    struct sp_buf told; /* a line for each difference */
};

/* All pairs for a profile on one architecture, which every format can say. */
void
sp_formats_try(const char *label, struct sp_str text, const struct sp_target *target,
               struct sp_formats_counts *counts);

/* The same for the n-th content of the built-in profiles, on x86_64. */
void
sp_formats_try_content(size_t n, struct sp_formats_counts *counts);

/* The same for so many random profiles; `*seed` goes on. */
void
sp_formats_try_random(size_t count, uint64_t *seed, struct sp_formats_counts *counts);

#endif

/* Places as people read them: lines and columns instead of offsets. */
#ifndef SP_REPORT_WHERE_H
#define SP_REPORT_WHERE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "text/report.h"

struct sp_where {
    const struct sp_source *source;  /* with its index; NULL when the place is in no source */
    struct sp_position start;
    struct sp_position end;
};

/* The sources that reports speak of, each indexed when it is first asked for: a clean file
 * needs no lines. Begins as zero but for the arena. */
struct sp_atlas {
    struct sp_arena *arena;
    SP_VEC(struct sp_atlas_entry) entries;
};

struct sp_atlas_entry {
    const struct sp_source *source;
    const struct sp_source *indexed;
};

/* Without memory the answer has no source, and the arena has failed. */
struct sp_where
sp_where_is(struct sp_atlas *atlas, const struct sp_place *place);

/* Appends "path:line:column"; only the path of a place without source. */
void
sp_where_add(struct sp_buf *out, const char *path, const struct sp_where *where);

#endif

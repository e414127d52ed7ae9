/* From a word on the command line to a profile: a file or a built-in name, read and
 * detected. */
#ifndef SP_OPS_LOAD_H
#define SP_OPS_LOAD_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/profile.h"
#include "text/doc.h"

enum sp_load {
    SP_LOAD_OK,
    SP_LOAD_NO_MEMORY,
    SP_LOAD_UNREADABLE,  /* errno says why */
    SP_LOAD_UNKNOWN,     /* neither a file nor a built-in profile */
    SP_LOAD_BAD,         /* it cannot be read, or is no profile; `why` says where and what */
};

/* Everything lives in `arena`. `dialect` is UNKNOWN where the file itself is to tell;
 * built-in profiles are what they are. `why` is written only with SP_LOAD_BAD. */
enum sp_load
sp_load_profile(struct sp_arena *arena, const struct sp_doc_limits *limits, enum sp_dialect dialect,
                const char *word, const struct sp_profile **ret_profile, struct sp_buf *why);

/* The same for a text under a name, such as "<stdin>"; both must live as long as the
 * profile. */
enum sp_load
sp_load_text(struct sp_arena *arena, const struct sp_doc_limits *limits, enum sp_dialect dialect,
             const char *name, struct sp_str text, const struct sp_profile **ret_profile,
             struct sp_buf *why);

/* "web.json:12:3", the place of a node. */
void
sp_load_write_place(const struct sp_doc *doc, const struct sp_node *node, struct sp_buf *buf);

#endif

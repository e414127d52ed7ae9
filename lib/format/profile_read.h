/* From a document to a profile. */
#ifndef SP_FORMAT_PROFILE_READ_H
#define SP_FORMAT_PROFILE_READ_H

#include "base/arena.h"
#include "model/profile.h"
#include "text/doc.h"

/* What a document looks like.  Detection never fails: what is nothing else is SP_LOOKS_OTHER. */
enum sp_looks {
    SP_LOOKS_PROFILE,      /* an object with at least one of a profile's own keys */
    SP_LOOKS_CONFIG,       /* a runtime configuration with linux.seccomp */
    SP_LOOKS_CONFIG_BARE,  /* a runtime configuration without linux.seccomp */
    SP_LOOKS_EMPTY,        /* {} or null */
    SP_LOOKS_RULES,        /* an array of rules */
    SP_LOOKS_RULE,         /* one rule */
    SP_LOOKS_NESTED,       /* a profile one or more levels too deep (but no runtime configuration) */
    SP_LOOKS_MANIFEST,     /* a Kubernetes object: apiVersion and kind */
    SP_LOOKS_COMPOSE,      /* a Compose file: services */
    SP_LOOKS_FIRECRACKER,  /* Firecracker's filter file: objects with default_action */
    SP_LOOKS_OTHER,
};

struct sp_detected {
    enum sp_looks looks;
    enum sp_dialect dialect;
    const struct sp_node *profile;  /* the object to read as profile; NULL when there is none */
};

struct sp_detected
sp_profile_detect(const struct sp_doc *doc);

/* Fills a profile from its object. `profile` must be zero but for doc, dialect, odd and
 * written. */
void
sp_profile_read_object(struct sp_arena *arena, struct sp_profile *profile,
                       const struct sp_node *node);

/* Reads the detected object.  Keys and words count exactly as written (letter case, too); of
 * duplicate keys the last counts; what a certain engine makes of them format/decode.h tells.
 * A profile without an object to read is empty, with `node` NULL.  NULL when there is no
 * memory. */
const struct sp_profile *
sp_profile_read(struct sp_arena *arena, const struct sp_doc *doc, struct sp_detected detected);

#endif

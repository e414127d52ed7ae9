/* A profile as the program that decodes its text reads it.
 *
 * Go's decoder and crun's agree on a plain text.  They differ over keys that stand twice, keys
 * in another letter case, nulls, keys that are missing, and values of a wrong type: then this
 * says what each of them is left with, or that it refuses the text.
 *
 * Source: Go encoding/json decode.go; moby/profiles seccomp/seccomp.go; container-libs
 * common/pkg/seccomp/types.go; runtime-spec specs-go/config.go; libocispec
 * src/ocispec/sources.py and json_common.c. */
#ifndef SP_FORMAT_DECODE_H
#define SP_FORMAT_DECODE_H

#include "base/arena.h"
#include "model/profile.h"

/* Who decodes: the types that Go decodes into differ. */
enum sp_decoder {
    SP_DECODER_DOCKER,
    SP_DECODER_DOCKER_OLD,  /* before 23: no flags, no listener, no errno of the default */
    SP_DECODER_CONTAINERS,  /* Podman, CRI-O */
    SP_DECODER_OCI,         /* containerd, runc: the types of the runtime specification */
    SP_DECODER_CRUN,
};

struct sp_decoded {
    const struct sp_profile *profile;  /* NULL when the text is refused */
    const char *why;
    const struct sp_node *where;
};

/* The profile as it was written when the decoder reads it as it stands there, or the very one
 * that was given when that was decoded already; else a new one, whose nodes have the spans of
 * the document's.  Null under Go, and whatever is no object under
 * crun, is a profile without a node.  `by` begins the messages: "docker". False when there is
 * no memory. */
bool
sp_decode(struct sp_arena *arena, const struct sp_profile *profile, enum sp_decoder decoder,
          const char *by, struct sp_decoded *ret_decoded);

/* What is odd about the object of a profile: SP_ODD_TO_GO, SP_ODD_TO_CRUN. */
unsigned
sp_decode_odd(const struct sp_node *object);

#endif

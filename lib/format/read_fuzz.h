/* What must hold of every reader of a foreign text, whatever the text: for fuzzing alone. */
#ifndef SP_FORMAT_READ_FUZZ_H
#define SP_FORMAT_READ_FUZZ_H

#include "format/profile_read.h"
#include "text/read_fuzz.h"

/* The tree is that of a profile, as JSON could have it. */
static inline void
sp_fuzz_check_profile(struct sp_arena *arena, const struct sp_doc *doc)
{
    struct sp_detected detected = sp_profile_detect(doc);

    sp_fuzz_check_node(doc, doc->root);
    sp_fuzz_check_json(arena, doc);
    sp_doc_check_that(detected.looks == SP_LOOKS_PROFILE && detected.profile == doc->root);
    const struct sp_profile *profile = sp_profile_read(arena, doc, detected);
    sp_doc_check_that(profile != NULL && profile->node == doc->root);
    sp_doc_check_that(profile->default_action != SP_ACTION_NONE);
}

/* One input of a fuzzer.  A text that is refused is so with one error, or `most`. */
static inline int
sp_fuzz_profile(sp_fuzz_reader *read, const uint8_t *data, size_t size, size_t most)
{
    SP_SCRATCH(arena);
    struct sp_doc doc;

    if (sp_fuzz_read(&arena, read, data, size, most, &doc)) {
        sp_fuzz_check_profile(&arena, &doc);
    }
    return 0;
}

#endif

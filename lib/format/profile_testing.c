#include "format/profile_testing.h"

#include "base/testing.h"
#include "format/profile_read.h"
#include "text/json_read.h"

const struct sp_profile *
sp_testing_profile(struct sp_arena *arena, struct sp_str text)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = arena };
    const struct sp_source *source = sp_source_new(arena, "test", text);
    struct sp_doc *doc = sp_arena_new(arena, struct sp_doc);

    ck_assert(source != NULL && doc != NULL);
    ck_assert(sp_json_read(arena, source, &limits, &report, doc));
    const struct sp_profile *profile = sp_profile_read(arena, doc, sp_profile_detect(doc));
    ck_assert_ptr_nonnull(profile);
    return profile;
}

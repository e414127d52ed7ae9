#include "api/context.h"
#include "api/profile.h"
#include "api/target.h"
#include "api/text.h"
#include "base/vec.h"
#include "ops/emit.h"

#include <stdlib.h>

struct secprof_emission {
    struct sp_arena arena;
    struct sp_buf text;
    SP_VEC(const char *) losses;
};

const char *
secprof_emit_format(size_t n, const char **ret_about)
{
    const char *about;
    const char *name = sp_emit_format(n, &about);

    if (name != NULL && ret_about != NULL) {
        *ret_about = about;
    }
    return name;
}

void
secprof_emission_free(struct secprof_emission *emission)
{
    if (emission != NULL) {
        sp_buf_free(&emission->text);
        sp_arena_free(&emission->arena);
        free(emission);
    }
}

const char *
secprof_emission_text(const struct secprof_emission *emission, size_t *ret_size)
{
    *ret_size = emission->text.len;
    return emission->text.data == NULL ? "" : emission->text.data;
}

const char *
secprof_emission_loss(const struct secprof_emission *emission, size_t n)
{
    return n < emission->losses.count ? emission->losses.at[n] : NULL;
}

/* "a unit cannot test arguments: clone, socket (2 calls) are allowed whatever their arguments". */
static bool
tell_loss(struct secprof_emission *emission, const struct sp_loss *loss)
{
    const char **told = sp_vec_push(&emission->arena, &emission->losses);
    SP_BUF(text);

    sp_buf_format(&text, "%s; %s", loss->what, loss->became);
    for (size_t i = 0; i < loss->calls.count; i++) {
        sp_buf_format(&text, "%s%s", i == 0 ? ": " : ", ", loss->calls.at[i]);
    }
    if (told == NULL || text.failed) {
        return false;
    }
    *told = sp_arena_copy(&emission->arena, sp_buf_view(&text));
    return *told != NULL;
}

static enum secprof_status
finish(struct secprof_emission *emission, const struct sp_losses *losses)
{
    if (losses->failed || emission->text.failed) {
        return SECPROF_NO_MEMORY;
    }
    for (size_t i = 0; i < losses->all.count; i++) {
        if (!tell_loss(emission, &losses->all.at[i])) {
            return SECPROF_NO_MEMORY;
        }
    }
    return SECPROF_OK;
}

static enum secprof_status
emit(struct secprof_emission *emission, const struct secprof_profile *profile,
     struct sp_emit_request *request, struct sp_buf *why)
{
    SP_SCRATCH(scratch);
    struct sp_losses losses = { .arena = &scratch };

    request->profile = profile->profile;
    request->name = profile->name;
    request->limits = &profile->context->limits;
    switch (sp_emit(&scratch, request, &emission->text, &losses, why)) {
    case SP_EMIT_OK:
        return finish(emission, &losses);
    case SP_EMIT_UNKNOWN:
        sp_buf_format(why, "there is no format '%s'", request->format);
        return SECPROF_BAD_ARGUMENT;
    case SP_EMIT_REFUSED:
        return SECPROF_REFUSED;
    case SP_EMIT_WRONG:
        return SECPROF_FAULT;
    case SP_EMIT_NO_MEMORY:
        break;
    }
    return SECPROF_NO_MEMORY;
}

enum secprof_status
secprof_emit(const struct secprof_profile *profile, const char *format,
             const struct secprof_target *target, int resolve,
             struct secprof_emission **ret_emission, char **ret_why)
{
    struct sp_target asked;
    SP_BUF(why);

    if (profile == NULL || format == NULL || ret_emission == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    enum secprof_status status = sp_api_target(target, &asked, &why);
    struct secprof_emission *emission = calloc(1, sizeof *emission);
    if (emission == NULL) {
        return SECPROF_NO_MEMORY;
    }
    if (status == SECPROF_OK) {
        sp_api_choose_engine(profile, &asked);
        struct sp_emit_request request = {
            .target = &asked, .format = format, .resolve = resolve != 0,
        };
        status = emit(emission, profile, &request, &why);
    }
    if (status == SECPROF_OK) {
        *ret_emission = emission;
        return SECPROF_OK;
    }
    secprof_emission_free(emission);
    return status != SECPROF_NO_MEMORY && why.len > 0 && ret_why != NULL
        ? sp_api_give(&why, status, ret_why) : status;
}

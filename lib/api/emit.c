#include "api/context.h"
#include "api/profile.h"
#include "api/target.h"
#include "api/text.h"
#include "ops/emit.h"
#include "report/losses.h"

#include <stdlib.h>

struct secprof_emission {
    struct sp_arena arena;
    const char *name;  /* of the profile */
    struct sp_buf text;
    struct sp_losses losses;
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
    if (emission == NULL || ret_size == NULL) {
        return NULL;
    }
    *ret_size = emission->text.len;
    return emission->text.data == NULL ? "" : emission->text.data;
}

size_t
secprof_emission_loss_count(const struct secprof_emission *emission)
{
    return emission == NULL ? 0 : emission->losses.all.count;
}

enum secprof_status
secprof_emission_losses(const struct secprof_emission *emission,
                        const struct secprof_style *style, char **ret_text)
{
    struct sp_style look = sp_api_style(style);
    SP_BUF(text);

    if (emission == NULL || ret_text == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    sp_losses_render(&emission->losses, emission->name, &look, &text);
    return sp_api_give(&text, SECPROF_OK, ret_text);
}

/* What was found out, as a line for people who can only report it. */
static enum secprof_status
tell_fault(const char *name, struct sp_buf *why)
{
    SP_BUF(found);

    sp_buf_add(&found, sp_buf_view(why));
    sp_buf_cut(why, 0);
    sp_buf_format(why, "%s: %s; this is a fault of secprof, please report it", name,
                  sp_buf_part(&found, &why->failed).ptr);
    return why->failed ? SECPROF_NO_MEMORY : SECPROF_FAULT;
}

static enum secprof_status
emit(struct secprof_emission *emission, const struct secprof_profile *profile,
     struct sp_emit_request *request, struct sp_buf *why)
{
    SP_SCRATCH(scratch);

    emission->name = sp_arena_copy(&emission->arena, sp_str_of(profile->name));
    emission->losses.arena = &emission->arena;
    request->profile = profile->profile;
    request->name = profile->name;
    request->limits = &profile->context->limits;
    switch (sp_emit(&scratch, request, &emission->text, &emission->losses, why)) {
    case SP_EMIT_OK:
        return emission->name == NULL || emission->losses.failed || emission->text.failed
            ? SECPROF_NO_MEMORY : SECPROF_OK;
    case SP_EMIT_UNKNOWN:
        sp_buf_format(why, "there is no format '%s'", request->format);
        return SECPROF_BAD_ARGUMENT;
    case SP_EMIT_REFUSED:
        return SECPROF_REFUSED;
    case SP_EMIT_WRONG:
        return tell_fault(profile->name, why);
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
    return status != SECPROF_NO_MEMORY && (why.len > 0 || why.failed) && ret_why != NULL
        ? sp_api_give(&why, status, ret_why) : status;
}

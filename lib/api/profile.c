#include "api/profile.h"

#include "api/context.h"
#include "api/text.h"
#include "ops/load.h"
#include "ops/operand.h"

#include <stdlib.h>

static const enum secprof_status statuses[] = {
    [SP_LOAD_OK] = SECPROF_OK, [SP_LOAD_NO_MEMORY] = SECPROF_NO_MEMORY,
    [SP_LOAD_UNREADABLE] = SECPROF_UNREADABLE, [SP_LOAD_UNKNOWN] = SECPROF_UNKNOWN,
    [SP_LOAD_BAD] = SECPROF_REFUSED,
};

static struct secprof_profile *
new_profile(struct secprof *context, const char *name)
{
    struct secprof_profile *profile = calloc(1, sizeof *profile);

    if (profile == NULL) {
        return NULL;
    }
    profile->context = secprof_ref(context);
    profile->name = sp_arena_copy(&profile->arena, sp_str_of(name));
    if (profile->name == NULL) {
        secprof_profile_free(profile);
        return NULL;
    }
    return profile;
}

void
secprof_profile_free(struct secprof_profile *profile)
{
    if (profile != NULL) {
        sp_arena_free(&profile->arena);
        secprof_unref(profile->context);
        free(profile);
    }
}

/* Gives the profile, or the reason why there is none. */
static enum secprof_status
give(struct secprof_profile *profile, enum sp_load load, struct sp_buf *why,
     struct secprof_profile **ret_profile, char **ret_why)
{
    enum secprof_status status = statuses[load];

    if (status == SECPROF_OK) {
        *ret_profile = profile;
        return SECPROF_OK;
    }
    secprof_profile_free(profile);
    return status == SECPROF_REFUSED && ret_why != NULL ? sp_api_give(why, status, ret_why) : status;
}

enum secprof_status
secprof_profile_load(struct secprof *context, const char *word, struct secprof_profile **ret_profile,
                     char **ret_why)
{
    SP_BUF(why);

    if (context == NULL || word == NULL || ret_profile == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    struct secprof_profile *profile = new_profile(context, word);
    if (profile == NULL) {
        return SECPROF_NO_MEMORY;
    }
    enum sp_load load = sp_load_profile(&profile->arena, &context->limits, context->dialect,
                                        profile->name, &profile->profile, &why);
    return give(profile, load, &why, ret_profile, ret_why);
}

enum secprof_status
secprof_profile_load_bytes(struct secprof *context, const char *name, const void *bytes,
                           size_t size, struct secprof_profile **ret_profile, char **ret_why)
{
    SP_BUF(why);

    if (context == NULL || name == NULL || (bytes == NULL && size > 0) || ret_profile == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    struct secprof_profile *profile = new_profile(context, name);
    if (profile == NULL) {
        return SECPROF_NO_MEMORY;
    }
    char *text = sp_arena_copy(&profile->arena, (struct sp_str){ .ptr = bytes, .len = size });
    enum sp_load load = text == NULL
        ? SP_LOAD_NO_MEMORY
        : sp_load_text(&profile->arena, &context->limits, context->dialect, profile->name,
                       (struct sp_str){ .ptr = text, .len = size }, &profile->profile, &why);
    return give(profile, load, &why, ret_profile, ret_why);
}

void
sp_api_choose_engine(const struct secprof_profile *profile, struct sp_target *target)
{
    sp_operand_choose_engine(profile->name, profile->profile->dialect, target);
}

/* One side: a profile on all hosts. */
#include "ops/diff_build.h"

struct sp_environment
sp_diff_side_environment(const struct sp_diff_side *side, const struct sp_environment *like)
{
    struct sp_environment environment = sp_asked_of(side->target, like->host).base;

    environment.kernel = like->kernel;
    environment.caps = like->caps;
    return environment;
}

/* ---- a host ------------------------------------------------------------------------------ */

static bool
begin(struct sp_diff_build *build)
{
    struct sp_cases cases;

    if (!sp_diff_build_rules(build)
        || !sp_diff_build_guards(build, SP_CASES_NONE, NULL, &build->none)
        || !sp_cases_of_guards(build->scratch, build->host->asked, &build->none, &cases)) {
        return false;
    }
    build->host->base = cases.all.at[0].environment;
    build->base = sp_diff_build_meaning(build, &build->host->base);
    return build->base != NULL;
}

static bool
make_host(struct sp_diff_build *build)
{
    struct sp_arena *arena = build->side->sides->arena;
    struct sp_diff_host *host = build->host;

    if (!begin(build)) {
        return false;
    }
    host->start = build->base->start;
    host->why = build->base->why == NULL
        ? NULL : sp_arena_copy(arena, sp_str_of(build->base->why));
    if (build->base->why != NULL && host->why == NULL) {
        return false;
    }
    return host->start != SP_START_FILTER
        || (sp_diff_build_reaches(build) && sp_diff_build_blocks(build)
            && sp_diff_build_records(build));
}

const struct sp_diff_host *
sp_diff_side_host(struct sp_diff_side *side, const struct sp_kb_arch *arch)
{
    struct sp_arena *arena = side->sides->arena;
    SP_SCRATCH(scratch);

    for (size_t i = 0; i < side->hosts.count; i++) {
        if (side->hosts.at[i]->host == arch) {
            return side->hosts.at[i];
        }
    }
    struct sp_diff_host *host = sp_arena_new(arena, struct sp_diff_host);
    struct sp_asked *asked = sp_arena_new(arena, struct sp_asked);
    struct sp_diff_build build = { .side = side, .host = host, .scratch = &scratch };
    if (host == NULL || asked == NULL) {
        return NULL;
    }
    *asked = sp_asked_of(side->target, arch);
    host->host = arch;
    host->asked = asked;
    if (!make_host(&build) || scratch.failed) {
        return NULL;
    }
    struct sp_diff_host **place = sp_vec_push(arena, &side->hosts);
    if (place != NULL) {
        *place = host;
    }
    return place == NULL ? NULL : host;
}

/* The container starts under a filter in all environments that some call's rules tell apart:
 * what is refused is refused for the rules of one call. */
static bool
always_starts(const struct sp_diff_host *host)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_diff_record *record = host->records[i];
        for (size_t j = 0; j < record->answer_count; j++) {
            if (record->answers[j].start != SP_START_FILTER) {
                return false;
            }
        }
        if (record->too_many) {
            return false;
        }
    }
    return true;
}

/* Without its rules it does not start, either: none of their guards matters.  `ret_is` is the
 * answer; false when there is no memory. */
static bool
never_starts(struct sp_diff_build *build, bool *ret_is)
{
    struct sp_profile bare = *build->side->profile;
    struct sp_meaning *meaning;

    bare.rule_count = 0;
    if (!sp_meaning_make(build->scratch, build->side->sides->store, &bare,
                         &build->host->base, &meaning)) {
        return false;
    }
    *ret_is = meaning->start == SP_START_REFUSED || meaning->start == SP_START_ENDLESS;
    return true;
}

static bool
find_what_starts(struct sp_diff_build *build, const struct sp_diff_host *host, bool *ret_is_alike)
{
    switch (host->start) {
    case SP_START_FILTER:
        *ret_is_alike = always_starts(host);
        return true;
    case SP_START_UNCONFINED:
        *ret_is_alike = true;  /* no rule has a say in it */
        return true;
    case SP_START_REFUSED:
    case SP_START_ENDLESS:
        break;
    }
    return never_starts(build, ret_is_alike);
}

const struct sp_diff_record *
sp_diff_side_starts(struct sp_diff_side *side, const struct sp_diff_host *const_host)
{
    SP_SCRATCH(scratch);
    struct sp_diff_host host = *const_host;
    struct sp_diff_build build = { .side = side, .host = &host, .scratch = &scratch };
    const struct sp_diff_subject subject = { .call = NULL };
    struct sp_case_guards guards;
    bool is_alike;

    host.blocks.count = 0;
    if (!begin(&build) || !find_what_starts(&build, const_host, &is_alike)) {
        return NULL;
    }
    uint16_t asked = is_alike ? SP_CASES_NONE : SP_CASES_ALL;
    return sp_diff_build_guards(&build, asked, NULL, &guards)
        ? sp_diff_build_record(&build, &subject, &guards) : NULL;
}

/* ---- sides ------------------------------------------------------------------------------- */

struct sp_diff_sides *
sp_diff_sides_new(struct sp_arena *arena)
{
    struct sp_diff_sides *sides = sp_arena_new(arena, struct sp_diff_sides);

    if (sides == NULL) {
        return NULL;
    }
    sides->arena = arena;
    sides->store = sp_dd_store_new(SP_DD_BUDGET);
    return sides->store == NULL ? NULL : sides;
}

void
sp_diff_sides_free(struct sp_diff_sides *sides)
{
    if (sides != NULL) {
        sp_dd_store_free(sides->store);
        sides->store = NULL;
    }
}

struct sp_dd_store *
sp_diff_store(struct sp_diff_sides *sides)
{
    return sides->store;
}

struct sp_diff_side *
sp_diff_side_new(struct sp_diff_sides *sides, const struct sp_profile *profile,
                 const struct sp_target *target)
{
    struct sp_diff_side *side = sp_arena_new(sides->arena, struct sp_diff_side);

    if (side == NULL) {
        return NULL;
    }
    side->sides = sides;
    side->target = target;
    side->scenes = sp_scenes_new(sides->arena, sides->store, profile, target);
    if (side->scenes == NULL) {
        return NULL;
    }
    side->profile = sp_scenes_profile(side->scenes);
    return side;
}

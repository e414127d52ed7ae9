#include "sem/scenes.h"

#include "sem/decode.h"

#include <string.h>

/* A machine that profiles are written for when they say nothing of architectures. */
static const char *const usual_hosts[] = { "x86_64", "aarch64" };

/* What is known of one call so far. */
struct entry {
    bool is_guarded;  /* some rule that names it has guards, so that it has cases of its own */
    bool is_made;
    struct sp_scene_list list;
};

struct sp_scenes {
    struct sp_arena *arena;
    struct sp_dd_store *store;
    const struct sp_profile *profile;
    const struct sp_target *target;
    SP_VEC(const struct sp_kb_arch *) hosts;
    SP_VEC(struct sp_meaning *) meanings;
    struct entry *entries;    /* by row of sp_kb_syscalls */
    struct entry all;         /* of SP_CASES_ALL */
    struct entry unguarded;   /* of every call whose rules have no guards */
};

/* ---- hosts ------------------------------------------------------------------------------- */

static bool
has_arch(const struct sp_kb_arch *const *list, size_t count, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] == arch) {
            return true;
        }
    }
    return false;
}

static bool
add_host(struct sp_scenes *scenes, const struct sp_kb_arch *arch)
{
    if (arch == NULL || has_arch(scenes->hosts.at, scenes->hosts.count, arch)) {
        return true;
    }
    const struct sp_kb_arch **place = sp_vec_push(scenes->arena, &scenes->hosts);
    if (place != NULL) {
        *place = arch;
    }
    return place != NULL;
}

/* The machines that run programs of `arch`: itself when it has 64 bits, else the 64-bit ones that
 * serve it (itself when there is none). */
static bool
add_hosts_of(struct sp_scenes *scenes, const struct sp_kb_arch *arch)
{
    size_t before = scenes->hosts.count;
    bool is_served = false;

    if (arch == NULL || arch->bits == 64) {
        return add_host(scenes, arch);
    }
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (sp_kb_arch_serves(&sp_kb_arches[i], arch)) {
            is_served = true;
            if (!add_host(scenes, &sp_kb_arches[i])) {
                return false;
            }
        }
    }
    return is_served || scenes->hosts.count > before || add_host(scenes, arch);
}

static const struct sp_kb_arch *
arch_of_guard(enum sp_engine engine, struct sp_str word)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        const struct sp_kb_arch *arch = &sp_kb_arches[i];
        sp_text spelling = engine == SP_ENGINE_DOCKER ? arch->docker : arch->containers;
        if (spelling != 0 && sp_str_is(word, sp_kb_text(spelling))) {
            return arch;
        }
    }
    return NULL;
}

/* 64-bit machines that rules are restricted to. */
static bool
add_guards(struct sp_scenes *scenes)
{
    const struct sp_profile *profile = scenes->profile;

    for (size_t i = 0; i < profile->rule_count; i++) {
        const struct sp_words *words = &profile->rules[i].includes.arches;
        for (size_t j = 0; j < words->count; j++) {
            const struct sp_kb_arch *arch = arch_of_guard(scenes->target->engine,
                                                          words->at[j].text);
            if (arch != NULL && arch->bits == 64 && !add_host(scenes, arch)) {
                return false;
            }
        }
    }
    return true;
}

static bool
add_listed(struct sp_scenes *scenes)
{
    const struct sp_profile *profile = scenes->profile;
    bool fine = true;

    for (size_t i = 0; i < profile->architectures.count && fine; i++) {
        const struct sp_kb_arch *arch = sp_kb_arch_guess(profile->architectures.at[i].text);
        fine = arch == NULL || arch->bits != 64 || add_host(scenes, arch);
    }
    for (size_t i = 0; i < profile->arch_map_count && fine; i++) {
        fine = add_host(scenes, sp_kb_arch_guess(profile->arch_maps[i].architecture.text));
    }
    /* A list of 32-bit ABIs alone means the machines that serve them. */
    for (size_t i = 0; i < profile->architectures.count && fine && scenes->hosts.count == 0; i++) {
        fine = add_hosts_of(scenes, sp_kb_arch_guess(profile->architectures.at[i].text));
    }
    return fine;
}

static int
rank(const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < sizeof usual_hosts / sizeof *usual_hosts; i++) {
        if (strcmp(sp_kb_text(arch->name), usual_hosts[i]) == 0) {
            return (int)i;
        }
    }
    return (int)(sizeof usual_hosts / sizeof *usual_hosts);
}

/* The machines that people know best come first: they make the better witness. */
static void
sort_hosts(struct sp_scenes *scenes)
{
    const struct sp_kb_arch **hosts = scenes->hosts.at;

    for (size_t i = 1; i < scenes->hosts.count; i++) {
        const struct sp_kb_arch *host = hosts[i];
        size_t j = i;
        for (; j > 0 && rank(hosts[j - 1]) > rank(host); j--) {
            hosts[j] = hosts[j - 1];
        }
        hosts[j] = host;
    }
}

/* Of the machines that the profile is for, those on which the target's architectures run; where there
 * is none, any. */
static bool
choose_targets(struct sp_scenes *scenes)
{
    const struct sp_target *target = scenes->target;
    size_t kept = 0;

    for (size_t i = 0; i < scenes->hosts.count; i++) {
        const struct sp_kb_arch *host = scenes->hosts.at[i];
        bool is_wanted = has_arch(target->arches, target->arch_count, host);
        for (size_t j = 0; j < target->arch_count && !is_wanted; j++) {
            is_wanted = sp_kb_arch_serves(host, target->arches[j]);
        }
        if (is_wanted) {
            scenes->hosts.at[kept++] = host;
        }
    }
    scenes->hosts.count = kept;
    for (size_t j = 0; j < target->arch_count; j++) {
        bool is_run = false;
        for (size_t i = 0; i < scenes->hosts.count && !is_run; i++) {
            const struct sp_kb_arch *host = scenes->hosts.at[i];
            is_run = host == target->arches[j] || sp_kb_arch_serves(host, target->arches[j]);
        }
        if (!is_run && !add_hosts_of(scenes, target->arches[j])) {
            return false;
        }
    }
    return true;
}

static bool
choose_hosts(struct sp_scenes *scenes)
{
    if (!add_listed(scenes)) {
        return false;
    }
    for (size_t i = 0; i < sizeof usual_hosts / sizeof *usual_hosts; i++) {
        if (scenes->hosts.count <= i
            && scenes->profile->architectures.count == 0 && scenes->profile->arch_map_count == 0
            && !add_host(scenes, sp_kb_arch_find(sp_str_of(usual_hosts[i])))) {
            return false;
        }
    }
    if (!add_guards(scenes)) {
        return false;
    }
    if (scenes->target->arch_count > 0 && !choose_targets(scenes)) {
        return false;
    }
    if (scenes->hosts.count == 0 && !add_host(scenes, sp_kb_arch_find(SP_STR("x86_64")))) {
        return false;
    }
    sort_hosts(scenes);
    return true;
}

/* ---- meanings ---------------------------------------------------------------------------- */

static bool
is_same(const struct sp_environment *left, const struct sp_environment *right)
{
    return left->host == right->host && left->caps == right->caps
        && sp_version_compare(left->kernel, right->kernel) == 0;
}

/* The meaning in an environment; engine, runtime and library are the same in all. */
static struct sp_meaning *
meaning_in(struct sp_scenes *scenes, const struct sp_environment *environment)
{
    for (size_t i = 0; i < scenes->meanings.count; i++) {
        if (is_same(&scenes->meanings.at[i]->environment, environment)) {
            return scenes->meanings.at[i];
        }
    }

    struct sp_meaning **place = sp_vec_push(scenes->arena, &scenes->meanings);
    if (place == NULL
        || !sp_meaning_make(scenes->arena, scenes->store, scenes->profile, environment, place)) {
        scenes->meanings.count -= place != NULL;
        return NULL;
    }
    return *place;
}

static bool
make_list(struct sp_scenes *scenes, uint16_t call, struct entry *entry)
{
    SP_VEC(struct sp_scene) all = { .at = NULL };

    for (size_t i = 0; i < scenes->hosts.count; i++) {
        SP_SCRATCH(scratch);
        const struct sp_asked asked = sp_asked_of(scenes->target, scenes->hosts.at[i]);
        struct sp_cases cases;

        if (!sp_cases_make(&scratch, scenes->profile, &asked, call, &cases)) {
            return false;
        }
        entry->list.undecided |= cases.undecided;
        for (size_t j = 0; j < cases.all.count; j++) {
            struct sp_scene *scene = sp_vec_push(scenes->arena, &all);
            if (scene == NULL) {
                return false;
            }
            scene->when = cases.all.at[j].when;
            scene->meaning = meaning_in(scenes, &cases.all.at[j].environment);
            if (scene->meaning == NULL) {
                return false;
            }
        }
    }
    entry->list.at = all.at;
    entry->list.count = all.count;
    entry->is_made = true;
    return true;
}

/* ---- the scenes -------------------------------------------------------------------------- */

static bool
is_empty(const struct sp_guard *guard)
{
    return guard->node == NULL;
}

static void
mark_guarded(struct sp_scenes *scenes)
{
    const struct sp_profile *profile = scenes->profile;

    for (size_t i = 0; i < profile->rule_count; i++) {
        const struct sp_rule *rule = &profile->rules[i];
        if (is_empty(&rule->includes) && is_empty(&rule->excludes)) {
            continue;
        }
        for (size_t j = 0; j < rule->names.count; j++) {
            const struct sp_kb_syscall *call = sp_kb_syscall_find(rule->names.at[j].text);
            if (call != NULL) {
                scenes->entries[sp_kb_syscall_index(call)].is_guarded = true;
            }
        }
    }
}

/* Rules are compared by address: what is decoded is decoded once for all scenes. */
static const struct sp_profile *
decoded_for(struct sp_arena *arena, const struct sp_profile *profile,
            const struct sp_target *target)
{
    const struct sp_environment environment = {
        .engine = target->engine,
        .engine_version = target->engine_version,
        .runtime = target->runtime,
        .runtime_version = target->runtime_version,
    };

    return sp_decode_rules(arena, profile, &environment);
}

struct sp_scenes *
sp_scenes_new(struct sp_arena *arena, struct sp_dd_store *store, const struct sp_profile *profile,
              const struct sp_target *target)
{
    struct sp_scenes *scenes = sp_arena_new(arena, struct sp_scenes);

    if (scenes == NULL) {
        return NULL;
    }
    *scenes = (struct sp_scenes){
        .arena = arena, .store = store, .target = target,
        .profile = decoded_for(arena, profile, target),
        .entries = sp_arena_new_array(arena, sp_kb_syscalls_count, struct entry),
    };
    if (scenes->profile == NULL || scenes->entries == NULL || !choose_hosts(scenes)) {
        return NULL;
    }
    mark_guarded(scenes);
    return scenes;
}

static struct entry *
entry_of(struct sp_scenes *scenes, uint16_t call)
{
    if (call == SP_CASES_ALL) {
        return &scenes->all;
    }
    return call != SP_CASES_NONE && scenes->entries[call].is_guarded ? &scenes->entries[call]
                                                                     : &scenes->unguarded;
}

bool
sp_scenes_of(struct sp_scenes *scenes, uint16_t call, struct sp_scene_list *ret_list)
{
    struct entry *entry = entry_of(scenes, call);

    if (!entry->is_made
        && !make_list(scenes, entry == &scenes->unguarded ? SP_CASES_NONE : call, entry)) {
        return false;
    }
    *ret_list = entry->list;
    return true;
}

struct sp_meaning *
sp_scenes_first(struct sp_scenes *scenes)
{
    struct sp_scene_list list;

    return sp_scenes_of(scenes, SP_CASES_NONE, &list) ? list.at[0].meaning : NULL;
}

const struct sp_profile *
sp_scenes_profile(const struct sp_scenes *scenes)
{
    return scenes->profile;
}

bool
sp_scenes_wants(const struct sp_scenes *scenes, const struct sp_kb_arch *arch)
{
    return scenes->target->arch_count == 0
        || has_arch(scenes->target->arches, scenes->target->arch_count, arch);
}

size_t
sp_scenes_hosts(const struct sp_scenes *scenes, const struct sp_kb_arch *const **ret_hosts)
{
    *ret_hosts = scenes->hosts.at;
    return scenes->hosts.count;
}

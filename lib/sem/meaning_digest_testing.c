#include "sem/meaning_digest_testing.h"

#include "base/testing.h"
#include "sem/scenes.h"

#include <stdlib.h>

struct work {
    struct sp_arena arena;
    struct sp_dd_store *store;
    struct sp_scenes *scenes;
    uint64_t *diagrams;  /* digests by reference; 0 = not made yet */
};

/* The finalizer of MurmurHash3, over and over. */
static uint64_t
mix(uint64_t digest, uint64_t value)
{
    digest ^= value + UINT64_C(0x9e3779b97f4a7c15);
    digest = (digest ^ digest >> 33) * UINT64_C(0xff51afd7ed558ccd);
    digest = (digest ^ digest >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return digest ^ digest >> 33;
}

static uint64_t
mix_text(uint64_t digest, const char *text)
{
    for (; *text != '\0'; text++) {
        digest = mix(digest, (unsigned char)*text);
    }
    return mix(digest, 0);
}

static uint64_t
mix_version(uint64_t digest, struct sp_version version)
{
    return mix(mix(mix(digest, version.major), version.minor), version.patch);
}

static uint64_t
diagram_digest(struct work *work, sp_dd diagram)
{
    ck_assert_uint_lt(diagram, SP_DD_BUDGET);
    ck_assert_uint_ne(diagram, SP_DD_UNDECIDED);
    uint64_t *known = &work->diagrams[diagram];
    if (*known == 0 && sp_dd_is_leaf(work->store, diagram)) {
        *known = mix(1, sp_dd_value(work->store, diagram));
    } else if (*known == 0) {
        struct sp_dd_branch branch = sp_dd_branch(work->store, diagram);
        uint64_t digest = mix(mix(2, branch.arg), branch.bit);
        digest = mix(digest, diagram_digest(work, branch.low));
        *known = mix(digest, diagram_digest(work, branch.high));
    }
    return *known;
}

/* What the rules say, and what libseccomp makes of them by its documented algorithm: neither
 * depends on which libseccomp there is. */
static uint64_t
verdicts_digest(struct work *work, struct sp_meaning *meaning, const struct sp_kb_arch *arch,
                uint32_t nr)
{
    sp_dd intended = sp_meaning_of(meaning, arch, nr, SP_READING_INTENDED);
    sp_dd modelled = sp_meaning_of(meaning, arch, nr, SP_READING_MODELLED);
    uint64_t digest = mix_text(4, sp_kb_text(arch->name));

    digest = mix(mix(digest, nr), diagram_digest(work, intended));
    return mix(digest, diagram_digest(work, modelled));
}

/* What one call may do in one environment. */
static uint64_t
scene_digest(struct work *work, const struct sp_scene *scene, const struct sp_kb_syscall *call)
{
    struct sp_meaning *meaning = scene->meaning;
    uint64_t digest = mix_text(3, sp_kb_text(meaning->environment.host->name));

    digest = mix(mix(digest, scene->when.caps), scene->when.without_caps);
    digest = mix_version(mix_version(digest, scene->when.from), scene->when.before);
    digest = mix(digest, meaning->start);
    for (size_t i = 0; i < meaning->arch_count && meaning->start == SP_START_FILTER; i++) {
        const struct sp_kb_arch *arch = meaning->arches[i].arch;
        int64_t nr = sp_kb_number(arch, call);
        if (nr != SP_KB_NO_NUMBER) {
            digest = mix(digest, verdicts_digest(work, meaning, arch, (uint32_t)nr));
        }
    }
    return digest;
}

/* Cases come in the order in which rules mention capabilities, so they are added up. */
static uint64_t
call_digest(struct work *work, size_t index)
{
    const struct sp_kb_syscall *call = &sp_kb_syscalls[index];
    struct sp_scene_list list;
    uint64_t sum = 0;

    ck_assert(sp_scenes_of(work->scenes, (uint16_t)index, &list));
    ck_assert_msg(!list.undecided, "%s", sp_kb_text(call->name));
    for (size_t i = 0; i < list.count; i++) {
        sum += scene_digest(work, &list.at[i], call);
    }
    return mix_text(sum, sp_kb_text(call->name));
}

uint64_t
sp_testing_meaning_digest(const struct sp_profile *profile, enum sp_engine engine)
{
    struct sp_target target = { .engine = engine, .engine_given = true };
    struct work work = { .arena = { .block = NULL } };
    uint64_t digest = 0;

    for (size_t i = 0; i < sp_kb_arches_count && i < SP_TARGET_ARCHES; i++) {
        target.arches[target.arch_count++] = &sp_kb_arches[i];
    }
    work.store = sp_dd_store_new(SP_DD_BUDGET);
    work.diagrams = calloc(SP_DD_BUDGET, sizeof *work.diagrams);
    work.scenes = sp_scenes_new(&work.arena, work.store, profile, &target);
    ck_assert_ptr_nonnull(work.diagrams);
    ck_assert_ptr_nonnull(work.scenes);
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        digest = mix(digest, call_digest(&work, i));
    }
    ck_assert(!sp_dd_store_is_spent(work.store));
    free(work.diagrams);
    sp_dd_store_free(work.store);
    sp_arena_free(&work.arena);
    return digest;
}

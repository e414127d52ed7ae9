/* A profile in every environment that makes a difference: what analyses walk over.
 *
 *     struct sp_scenes *scenes = sp_scenes_new(&arena, store, profile, &target);
 *     struct sp_scene_list list;
 *     if (sp_scenes_of(scenes, call, &list)) {
 *         for (size_t i = 0; i < list.count; i++) {
 *             struct sp_meaning *meaning = list.at[i].meaning;
 *             ... every architecture of meaning->arches that sp_scenes_wants ...
 *
 * A call's scenes are its cases (sem/cases.h) on every host that the target or the profile names.
 * Meanings are made once for each environment and shared by the calls. */
#ifndef SP_SEM_SCENES_H
#define SP_SEM_SCENES_H

#include "model/target.h"
#include "sem/cases.h"
#include "sem/meaning.h"

struct sp_scene {
    struct sp_meaning *meaning;  /* its start may be any; meaning->environment says where */
    struct sp_when when;         /* what is common to all environments that are alike for the call */
};

struct sp_scene_list {
    const struct sp_scene *at;
    size_t count;
    bool undecided;  /* there are more cases than could be looked at */
};

struct sp_scenes;

/* NULL when there is no memory.  Everything lives in `arena`; arguments must outlive the scenes. */
struct sp_scenes *
sp_scenes_new(struct sp_arena *arena, struct sp_dd_store *store, const struct sp_profile *profile,
              const struct sp_target *target);

/* The scenes of one call, the most common first; SP_CASES_ALL and SP_CASES_NONE as in cases.h.
 * False when there is no memory. */
bool
sp_scenes_of(struct sp_scenes *scenes, uint16_t call, struct sp_scene_list *ret_list);

/* The one scene that stands for the profile as a whole: first host, default capabilities (or those
 * asked for), newest kernel. NULL when there is no memory. */
struct sp_meaning *
sp_scenes_first(struct sp_scenes *scenes);

/* The profile as it is decoded in all scenes, which all their rules are of; the one that was given
 * where the text is plain, or refused. */
const struct sp_profile *
sp_scenes_profile(const struct sp_scenes *scenes);

/* Is this architecture asked about?  All of a filter's are, unless the target names some. */
bool
sp_scenes_wants(const struct sp_scenes *scenes, const struct sp_kb_arch *arch);

/* The hosts: machines on which the profile is looked at. */
size_t
sp_scenes_hosts(const struct sp_scenes *scenes, const struct sp_kb_arch *const **ret_hosts);

#endif

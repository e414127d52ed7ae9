/* SP713: the container does not start, for a reason that no other rule tells. */
#include "lint/meaning.h"
#include "lint/meaning_rules.h"
#include "lint/names_find.h"
#include "ops/answer.h"

#include <string.h>

/* Rules that tell of a container that does not start, each for one reason. */
static const unsigned others[] = { 112, 114, 115, 116, 310, 311, 409, 415 };

enum { RUNTIMES = 2 };

/* A refusal, by the place that it points at. */
struct refusal {
    const struct sp_node *where;
    const char *why;
    struct sp_when when;
    bool by[RUNTIMES];
};

struct search {
    const struct sp_lint *lint;
    struct sp_arena *arena;
    enum sp_runtime runtime;
    SP_VEC(struct refusal) found;
};

static bool
is_told_by_others(const struct sp_lint *lint)
{
    for (size_t i = 0; i < lint->report->diags.count; i++) {
        for (size_t j = 0; j < sizeof others / sizeof *others; j++) {
            if (lint->report->diags.at[i]->code == others[j]) {
                return true;
            }
        }
    }
    return false;
}

static bool
note(struct search *search, const struct sp_scene *scene)
{
    const struct sp_meaning *meaning = scene->meaning;

    for (size_t i = 0; i < search->found.count; i++) {
        if (search->found.at[i].where == meaning->where) {
            search->found.at[i].by[search->runtime] = true;
            return true;
        }
    }
    struct refusal *refusal = sp_vec_push(search->arena, &search->found);
    if (refusal == NULL) {
        return false;
    }
    *refusal = (struct refusal){
        .where = meaning->where, .why = meaning->why, .when = scene->when,
    };
    refusal->by[search->runtime] = true;
    return true;
}

/* " with CAP_BPF": what the refusal hangs on, when it is not always so. */
static const char *
conditions(const struct sp_lint *lint, const struct sp_when *when)
{
    SP_BUF(buf);

    sp_buf_text(&buf, "");
    sp_answer_when(when, " ", &buf);
    return sp_names_take(lint, &buf);
}

static void
tell(const struct sp_lint *lint, const struct refusal *refusal)
{
    bool is_one = refusal->by[SP_RUNTIME_RUNC] != refusal->by[SP_RUNTIME_CRUN];
    const char *name = sp_runtime_text(refusal->by[SP_RUNTIME_RUNC] ? SP_RUNTIME_RUNC
                                                                    : SP_RUNTIME_CRUN);
    const struct sp_node *where = refusal->where == NULL ? lint->profile->node : refusal->where;
    struct sp_diag *diag = sp_report_add(
        lint->report, 713, sp_at_node(lint->doc, where), "the container does not start%s%s%s: %s",
        is_one ? " under " : "", is_one ? name : "", conditions(lint, &refusal->when),
        refusal->why);

    if (is_one && !lint->meaning->target.runtime_given) {
        sp_report_help(lint->report, diag,
                       "mend it, or name the runtime that the profile is for: --runtime %s",
                       sp_runtime_text(refusal->by[SP_RUNTIME_RUNC] ? SP_RUNTIME_CRUN
                                                                    : SP_RUNTIME_RUNC));
    }
}

static bool
look_at_call(struct search *search, struct sp_scenes *scenes, uint16_t call)
{
    struct sp_scene_list list;

    if (!sp_scenes_of(scenes, call, &list)) {
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        if (list.at[i].meaning->start == SP_START_REFUSED && !note(search, &list.at[i])) {
            return false;
        }
    }
    return true;
}

/* Every guard is decided both ways on one machine; on the others what holds for all calls. */
static bool
look(struct search *search)
{
    const struct sp_lint *lint = search->lint;
    const struct sp_kb_arch *const *hosts;
    struct sp_target everywhere = lint->meaning->target;
    struct sp_target *here = sp_arena_new(lint->arena, struct sp_target);
    struct sp_scenes *scenes;

    if (here == NULL) {
        return false;
    }
    sp_scenes_hosts(lint->meaning->scenes, &hosts);
    *here = everywhere;
    here->runtime = search->runtime;
    here->arches[0] = hosts[0];
    here->arch_count = 1;
    scenes = sp_scenes_new(lint->arena, lint->meaning->store, lint->profile, here);
    if (scenes == NULL || !look_at_call(search, scenes, SP_CASES_NONE)) {
        return false;
    }
    for (size_t i = 0; i < lint->meaning->calls.count; i++) {
        if (!look_at_call(search, scenes, lint->meaning->calls.at[i].row)) {
            return false;
        }
    }
    return search->runtime != everywhere.runtime
        || look_at_call(search, lint->meaning->scenes, SP_CASES_NONE);
}

void
sp_check_start_refused(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    const struct sp_target *target = &lint->meaning->target;
    struct search search = { .lint = lint, .arena = &scratch };

    if (is_told_by_others(lint)) {
        return;
    }
    for (int i = 0; i < RUNTIMES; i++) {
        search.runtime = (enum sp_runtime)i;
        if ((!target->runtime_given || target->runtime == search.runtime) && !look(&search)) {
            lint->arena->failed = true;
            return;
        }
    }
    for (size_t i = 0; i < search.found.count; i++) {
        tell(lint, &search.found.at[i]);
    }
}

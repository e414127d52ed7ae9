#include "ops/call_verdicts.h"

#include "sem/verdict.h"
#include "sem/words.h"

#include <string.h>

/* Verdicts of one call that are told apart, and alternatives of a condition that are told. */
enum { VERDICTS_MAX = 32, WORDS_MAX = 24 };

/* ---- words --------------------------------------------------------------------------- */

/* The upper halves of all arguments are 0: what a 32-bit ABI gives. */
static sp_dd
upper_halves_are_zero(struct sp_dd_store *store, unsigned args)
{
    sp_dd all = sp_dd_leaf(store, 1);

    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        if ((args >> arg & 1) != 0) {
            all = sp_dd_and(store, all, sp_dd_compare(store, arg, SP_DD_EQ,
                                                      ~(uint64_t)UINT32_MAX, 0));
        }
    }
    return all;
}

/* The call whose names of arguments are right.  On s390 clone's first two arguments stand the other
 * way round (kernel/fork.c, CONFIG_CLONE_BACKWARDS2): there they have numbers, no names. */
static const struct sp_kb_syscall *
call_with_names(const struct sp_kb_arch *arch, uint32_t nr)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_by_number(arch, nr);
    bool is_swapped = call != NULL && strcmp(sp_kb_text(call->name), "clone") == 0
        && strncmp(sp_kb_text(arch->name), "s390", strlen("s390")) == 0;

    return is_swapped ? NULL : call;
}

/* Appends the words of a condition; false when there are none, because it is undecided somewhere. */
static bool
write_words(struct sp_dd_store *store, sp_dd condition, sp_dd given,
            const struct sp_kb_syscall *call, struct sp_buf *buf)
{
    struct sp_alternatives words;
    SP_SCRATCH(scratch);

    if (!sp_words_given(&scratch, store, condition, given, WORDS_MAX, &words)) {
        buf->failed |= !sp_dd_has_undecided(store, condition);
        return false;
    }
    sp_words_write(&words, call, buf);
    return true;
}

/* Registers of 32 bits leave a choice: with the upper halves at 0 "domain <= 37" says it all, but a
 * mask may be told shorter as it is. */
const char *
sp_call_words(struct sp_arena *arena, struct sp_dd_store *store, const struct sp_kb_arch *arch,
              uint32_t nr, sp_dd condition)
{
    const struct sp_kb_syscall *call = call_with_names(arch, nr);
    sp_dd given = upper_halves_are_zero(store, sp_dd_args(store, condition));
    SP_BUF(exact);
    SP_BUF(narrow);
    bool told = write_words(store, condition, sp_dd_leaf(store, 1), call, &exact);

    if (told && arch->bits == 32 && write_words(store, condition, given, call, &narrow)
        && narrow.len < exact.len) {
        return narrow.failed ? NULL : sp_arena_copy(arena, sp_buf_view(&narrow));
    }
    if (exact.failed || narrow.failed) {
        return NULL;
    }
    return told ? sp_arena_copy(arena, sp_buf_view(&exact)) : "for some arguments";
}

/* ---- rules --------------------------------------------------------------------------- */

const struct sp_arch_call *
sp_call_rules(const struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr)
{
    for (size_t i = 0; i < meaning->arch_count; i++) {
        if (meaning->arches[i].arch == arch) {
            return sp_arch_rules_find(&meaning->arches[i], nr);
        }
    }
    return NULL;
}

/* A rule without conditions replaces all others: the first of them alone answers. */
static const struct sp_filter_rule *
absorbing_rule(const struct sp_arch_call *call)
{
    for (size_t i = 0; i < call->count; i++) {
        if (call->rules[i].condition_count == 0) {
            return &call->rules[i];
        }
    }
    return NULL;
}

static bool
takes_part(const struct sp_meaning *meaning, const struct sp_kb_arch *arch,
           const struct sp_filter_rule *rule, const struct sp_call_part *part)
{
    if (rule->verdict != part->verdict) {
        return false;
    }
    sp_dd holds = sp_modelled_condition(meaning->store, rule, arch->bits);
    return sp_dd_and(meaning->store, holds, part->condition) != sp_dd_leaf(meaning->store, 0);
}

static bool
add_rule(struct sp_arena *arena, struct sp_call_part *part, const struct sp_rule *rule)
{
    for (size_t i = 0; i < part->rules.count; i++) {
        if (part->rules.at[i] == rule) {
            return true;
        }
    }
    const struct sp_rule **place = sp_vec_push(arena, &part->rules);
    if (place == NULL) {
        return false;
    }
    *place = rule;
    return true;
}

/* Rules lie in one array: their addresses are in listing order. */
static void
sort_rules(struct sp_call_part *part)
{
    for (size_t i = 1; i < part->rules.count; i++) {
        const struct sp_rule *rule = part->rules.at[i];
        size_t j = i;
        for (; j > 0 && part->rules.at[j - 1] > rule; j--) {
            part->rules.at[j] = part->rules.at[j - 1];
        }
        part->rules.at[j] = rule;
    }
}

static bool
find_rules(struct sp_arena *arena, const struct sp_meaning *meaning,
           const struct sp_kb_arch *arch, uint32_t nr, struct sp_call_part *part)
{
    const struct sp_arch_call *call = sp_call_rules(meaning, arch, nr);
    const struct sp_filter_rule *only = call == NULL ? NULL : absorbing_rule(call);

    for (size_t i = 0; call != NULL && i < call->count; i++) {
        const struct sp_filter_rule *rule = &call->rules[i];
        if ((only == NULL || rule == only) && rule->rule != NULL
            && takes_part(meaning, arch, rule, part) && !add_rule(arena, part, rule->rule)) {
            return false;
        }
    }
    sort_rules(part);
    return true;
}

/* ---- parts --------------------------------------------------------------------------- */

static uint32_t
is_equal(uint32_t value, void *user)
{
    return value == *(const uint32_t *)user;
}

/* Who decides for the first arguments that the part is about. */
static bool
find_decider(struct sp_meaning *meaning, const struct sp_kb_arch *arch, uint32_t nr,
             struct sp_call_part *part)
{
    struct sp_call call = { .arch = arch->audit, .nr = nr };
    struct sp_outcome outcome;

    if (!sp_dd_find(meaning->store, part->condition, NULL, NULL, call.args)
        || !sp_meaning_simulate(meaning, arch, &call, &outcome)) {
        return !meaning->arena->failed;
    }
    part->decider = outcome.decider;
    return true;
}

static bool
add_part(struct sp_arena *arena, struct sp_meaning *meaning, const struct sp_kb_arch *arch,
         uint32_t nr, sp_dd verdicts, uint32_t verdict, struct sp_call_parts *parts)
{
    struct sp_call_part *part = sp_vec_push(arena, &parts->all);

    if (part == NULL) {
        return false;
    }
    *part = (struct sp_call_part){
        .decided = true, .verdict = verdict, .decider = SP_DECIDER_DEFAULT,
        .condition = sp_dd_map(meaning->store, verdicts, is_equal, &verdict),
    };
    part->words = sp_call_words(arena, meaning->store, arch, nr, part->condition);
    if (part->words == NULL || !find_decider(meaning, arch, nr, part)) {
        return false;
    }
    return part->decider != SP_DECIDER_RULE || find_rules(arena, meaning, arch, nr, part);
}

static bool
add_undecided(struct sp_arena *arena, struct sp_meaning *meaning, struct sp_call_parts *parts)
{
    struct sp_call_part *part = sp_vec_push(arena, &parts->all);

    if (part == NULL) {
        return false;
    }
    *part = (struct sp_call_part){
        .condition = sp_dd_leaf(meaning->store, 1), .words = "always",
    };
    return true;
}

/* Allowed first, the default action last. */
static int
rank(const struct sp_meaning *meaning, sp_verdict verdict)
{
    if (meaning->start == SP_START_FILTER && verdict == meaning->rules.default_verdict) {
        return 2;
    }
    return sp_verdict_runs(verdict) ? 0 : 1;
}

static void
sort_verdicts(const struct sp_meaning *meaning, uint32_t *verdicts, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint32_t verdict = verdicts[i];
        size_t j = i;
        for (; j > 0 && rank(meaning, verdicts[j - 1]) > rank(meaning, verdict); j--) {
            verdicts[j] = verdicts[j - 1];
        }
        verdicts[j] = verdict;
    }
}

static const char *
summarise(struct sp_arena *arena, const struct sp_call_parts *parts)
{
    size_t count = parts->all.count;
    SP_BUF(buf);

    for (size_t i = 0; i < count; i++) {
        const struct sp_call_part *part = &parts->all.at[i];
        bool is_rest = i > 0 && i + 1 == count;
        sp_buf_text(&buf, i == 0 ? "" : is_rest ? ", else " : ", ");
        if (part->decided) {
            sp_verdict_write(part->verdict, &buf);
        } else {
            sp_buf_text(&buf, "undecided");
        }
        if (count > 1 && !is_rest) {
            sp_buf_format(&buf, " when %s", part->words);
        }
    }
    return buf.failed ? NULL : sp_arena_copy(arena, sp_buf_view(&buf));
}

bool
sp_call_parts_make(struct sp_arena *arena, struct sp_meaning *meaning,
                   const struct sp_kb_arch *arch, uint32_t nr, sp_dd verdicts,
                   struct sp_call_parts *ret_parts)
{
    struct sp_call_parts parts = { .summary = NULL };
    uint32_t values[VERDICTS_MAX];
    size_t count = sp_dd_leaves(meaning->store, verdicts, values, VERDICTS_MAX);

    if (count > VERDICTS_MAX || sp_dd_has_undecided(meaning->store, verdicts)) {
        count = 0;
        if (!add_undecided(arena, meaning, &parts)) {
            return false;
        }
    }
    sort_verdicts(meaning, values, count);
    for (size_t i = 0; i < count; i++) {
        if (!add_part(arena, meaning, arch, nr, verdicts, values[i], &parts)) {
            return false;
        }
    }
    parts.summary = summarise(arena, &parts);
    if (parts.summary == NULL) {
        return false;
    }
    *ret_parts = parts;
    return true;
}

/* ---- targets ------------------------------------------------------------------------- */

struct sp_target
sp_call_target_here(const struct sp_target *target)
{
    const struct sp_kb_arch *native = sp_kb_arch_native();
    struct sp_target here = *target;
    struct sp_str name;

    if (here.arch_count > 0 || native == NULL) {
        return here;
    }
    here.arches[here.arch_count++] = native;
    struct sp_str rest = sp_str_of(sp_kb_text(native->compat));
    while (here.arch_count < SP_TARGET_ARCHES && sp_str_next(&rest, " ", &name)) {
        const struct sp_kb_arch *arch = sp_kb_arch_find(name);
        if (arch != NULL) {
            here.arches[here.arch_count++] = arch;
        }
    }
    return here;
}

/* ---- scenes -------------------------------------------------------------------------- */

static bool
fill_scene(struct sp_arena *arena, struct sp_call_scene *scene)
{
    struct sp_meaning *meaning = scene->scene->meaning;

    scene->starts = meaning->start == SP_START_FILTER || meaning->start == SP_START_UNCONFINED;
    if (!scene->starts) {
        scene->parts.summary = "the container does not start";
        return true;
    }
    return sp_call_parts_make(arena, meaning, scene->arch, scene->nr,
                              sp_meaning_of(meaning, scene->arch, scene->nr, SP_READING_KERNEL),
                              &scene->parts);
}

static bool
add_scene(struct sp_arena *arena, const struct sp_scene *scene, const struct sp_kb_arch *arch,
          const struct sp_kb_syscall *call, struct sp_call_verdicts *verdicts)
{
    int64_t number = sp_kb_number(arch, call);

    if (number == SP_KB_NO_NUMBER) {
        return true;
    }
    struct sp_call_scene *added = sp_vec_push(arena, &verdicts->all);
    if (added == NULL) {
        return false;
    }
    *added = (struct sp_call_scene){ .scene = scene, .arch = arch, .nr = (uint32_t)number };
    return fill_scene(arena, added);
}

/* Does a kernel of `host` run programs of `arch`? */
static bool
runs(const struct sp_kb_arch *host, const struct sp_kb_arch *arch)
{
    struct sp_str rest = sp_str_of(sp_kb_text(host->compat));
    struct sp_str name;

    while (host != arch && sp_str_next(&rest, " ", &name)) {
        if (sp_str_is(name, sp_kb_text(arch->name))) {
            return true;
        }
    }
    return host == arch;
}

/* Are architectures asked about by name? */
static bool
names_arches(const struct sp_scenes *scenes)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (!sp_scenes_wants(scenes, &sp_kb_arches[i])) {
            return true;
        }
    }
    return false;
}

static bool
has_arch(const struct sp_meaning *meaning, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < meaning->arch_count; i++) {
        if (meaning->arches[i].arch == arch) {
            return true;
        }
    }
    return false;
}

/* Architectures that are asked about and that the filter does not have: it kills their calls. */
static bool
add_foreign(struct sp_arena *arena, const struct sp_scenes *scenes, const struct sp_scene *scene,
            const struct sp_kb_syscall *call, struct sp_call_verdicts *verdicts)
{
    const struct sp_meaning *meaning = scene->meaning;

    for (size_t i = 0; i < sp_kb_arches_count && names_arches(scenes); i++) {
        const struct sp_kb_arch *arch = &sp_kb_arches[i];
        if (sp_scenes_wants(scenes, arch) && runs(meaning->environment.host, arch)
            && !has_arch(meaning, arch) && !add_scene(arena, scene, arch, call, verdicts)) {
            return false;
        }
    }
    return true;
}

/* Without a filter there is no list of architectures: the machine's own stands for all. */
static bool
add_scenes(struct sp_arena *arena, const struct sp_scenes *scenes, const struct sp_scene *scene,
           const struct sp_kb_syscall *call, struct sp_call_verdicts *verdicts)
{
    const struct sp_meaning *meaning = scene->meaning;

    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_kb_arch *arch = meaning->arches[i].arch;
        if (sp_scenes_wants(scenes, arch) && !add_scene(arena, scene, arch, call, verdicts)) {
            return false;
        }
    }
    return meaning->arch_count > 0
        ? add_foreign(arena, scenes, scene, call, verdicts)
        : add_scene(arena, scene, meaning->environment.host, call, verdicts);
}

bool
sp_call_verdicts_make(struct sp_arena *arena, struct sp_scenes *scenes,
                      const struct sp_kb_syscall *call, struct sp_call_verdicts *ret_verdicts)
{
    struct sp_call_verdicts verdicts = { .undecided = false };
    struct sp_scene_list list;

    if (!sp_scenes_of(scenes, (uint16_t)sp_kb_syscall_index(call), &list)) {
        return false;
    }
    verdicts.undecided = list.undecided;
    for (size_t i = 0; i < list.count; i++) {
        if (!add_scenes(arena, scenes, &list.at[i], call, &verdicts)) {
            return false;
        }
    }
    *ret_verdicts = verdicts;
    return true;
}

/* SP415 and SP116: filters that are never finished, and filters that the kernel does not
 * take. */
#include "lint/args_find.h"
#include "lint/meaning_rules.h"
#include "lint/names_find.h"
#include "model/bpf.h"
#include "ops/answer.h"

/* " on x86_64 with CAP_BPF": where it is so. */
static const char *
where_it_is(const struct sp_lint *lint, const struct sp_scene *scene)
{
    SP_BUF(buf);

    sp_buf_format(&buf, " on %s", sp_kb_text(scene->meaning->environment.host->name));
    sp_answer_when(&scene->when, " ", &buf);
    return sp_names_take(lint, &buf);
}

typedef bool
is_wanted_scene(const struct sp_meaning *meaning);

static const struct sp_scene *
find_in(const struct sp_lint *lint, uint16_t call, is_wanted_scene *is_wanted)
{
    struct sp_scene_list list;

    if (!sp_scenes_of(lint->meaning->scenes, call, &list)) {
        lint->arena->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < list.count; i++) {
        if (is_wanted(list.at[i].meaning)) {
            return &list.at[i];
        }
    }
    return NULL;
}

/* The first environment of its kind: for all calls, or for those whose conditions hang on
 * guards. */
static const struct sp_scene *
find_scene(const struct sp_lint *lint, is_wanted_scene *is_wanted)
{
    const struct sp_scene *scene = find_in(lint, SP_CASES_NONE, is_wanted);

    for (size_t i = 0; i < lint->meaning->calls.count && scene == NULL; i++) {
        const struct sp_lint_call *call = &lint->meaning->calls.at[i];
        if (call->has_conditions) {
            scene = find_in(lint, call->row, is_wanted);
        }
    }
    return scene;
}

/* ---- SP415 ------------------------------------------------------------------------------- */

static bool
is_endless(const struct sp_meaning *meaning)
{
    return meaning->start == SP_START_ENDLESS;
}

/* libseccomp cannot say at which rule it hangs: the first call that has the shape for it. */
static const struct sp_arch_call *
find_shape(const struct sp_meaning *meaning)
{
    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_arch_rules *rules = &meaning->arches[i];
        for (size_t j = 0; j < rules->calls.count; j++) {
            const struct sp_arch_call *call = &rules->calls.at[j];
            struct sp_modelled modelled = { .hazards = 0 };
            if (call->count > 1
                && sp_modelled_make(meaning->store, call->rules, call->count, rules->arch->bits,
                                    meaning->rules.default_verdict,
                                    meaning->environment.libseccomp, &modelled)
                && (modelled.hazards & SP_HAZARD_SHARED_LEVEL) != 0) {
                return call;
            }
        }
    }
    return NULL;
}

static bool
branches_early(const struct sp_filter_rule *rule)
{
    for (size_t i = 0; i + 1 < rule->condition_count; i++) {
        if (rule->conditions[i].op != SP_OPERATOR_EQ
            && rule->conditions[i].op != SP_OPERATOR_MASKED_EQ) {
            return true;
        }
    }
    return false;
}

static void
tell_shape(const struct sp_lint *lint, const struct sp_scene *scene,
           const struct sp_arch_call *call)
{
    const struct sp_rule *rules[2] = { call->rules[0].rule, call->rules[1].rule };
    size_t count = 0;

    for (size_t i = 0; i < call->count && count < 2; i++) {
        if (branches_early(&call->rules[i])) {
            rules[count++] = call->rules[i].rule;
        }
    }
    struct sp_diag *diag = sp_report_add(
        lint->report, 415, sp_args_place_rule(lint, rules[1]),
        "libseccomp never finishes the rules for `%s`: the container does not start%s",
        sp_kb_text(sp_kb_syscalls[call->call].name), where_it_is(lint, scene));

    sp_report_related(lint->report, diag, sp_args_place_rule(lint, rules[0]),
                      "it runs in a circle with this rule");
    sp_report_help(lint->report, diag,
                   "let rules of several conditions use SCMP_CMP_EQ and SCMP_CMP_MASKED_EQ "
                   "alone");
}

static void
check_endless(const struct sp_lint *lint)
{
    const struct sp_scene *scene = find_scene(lint, is_endless);
    const struct sp_arch_call *call = scene == NULL ? NULL : find_shape(scene->meaning);

    if (call != NULL) {
        tell_shape(lint, scene, call);
    } else if (scene != NULL) {
        struct sp_diag *diag = sp_report_add(
            lint->report, 415, sp_at_node(lint->doc, lint->profile->node),
            "libseccomp does not finish this filter: the container does not start%s",
            where_it_is(lint, scene));
        sp_report_help(lint->report, diag, "write fewer rules with conditions for each call");
    }
}

/* ---- SP116 ------------------------------------------------------------------------------- */

static bool
is_too_long(const struct sp_meaning *meaning)
{
    /* Where it was not built, nothing was refused for its size: asking would build it. */
    return meaning->start == SP_START_REFUSED && meaning->rules.refused == NULL
        && meaning->rule == NULL && meaning->where == NULL
        && meaning->oci.resolution == SP_RESOLUTION_PROFILE;
}

/* The call that makes most of it. */
static const struct sp_arch_call *
find_longest(const struct sp_meaning *meaning)
{
    const struct sp_arch_call *longest = NULL;

    for (size_t i = 0; i < meaning->arch_count; i++) {
        for (size_t j = 0; j < meaning->arches[i].calls.count; j++) {
            const struct sp_arch_call *call = &meaning->arches[i].calls.at[j];
            longest = longest == NULL || call->count > longest->count ? call : longest;
        }
    }
    return longest;
}

static void
check_too_long(const struct sp_lint *lint)
{
    const struct sp_scene *scene = find_scene(lint, is_too_long);
    size_t count = scene == NULL ? 0 : sp_meaning_compiled(scene->meaning)->too_long;

    if (count == 0) {
        return;
    }
    const struct sp_arch_call *longest = find_longest(scene->meaning);
    const struct sp_node *node = lint->profile->rules_node;
    struct sp_diag *diag = sp_report_add(
        lint->report, 116, node == NULL ? sp_at_node(lint->doc, lint->profile->node)
                                        : sp_at_key(lint->doc, node),
        "the filter has %zu instructions, and the kernel takes %d: the container does not "
        "start%s",
        count, SP_BPF_MAX, where_it_is(lint, scene));
    sp_report_help(lint->report, diag,
                   "write masks or ranges in place of single values: `%s` alone has %zu rules",
                   longest == NULL ? "" : sp_kb_text(sp_kb_syscalls[longest->call].name),
                   longest == NULL ? 0 : longest->count);
}

/* The size of a filter is told under the code of other things that are too large. */
void
sp_check_compilation(const struct sp_lint *lint)
{
    check_endless(lint);
    check_too_long(lint);
}

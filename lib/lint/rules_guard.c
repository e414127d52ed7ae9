/* SP306: guards that no container can meet. */
#include "lint/form_text.h"
#include "lint/meaning.h"
#include "lint/meaning_rules.h"
#include "sem/guards.h"

#include <stddef.h>

static void
tell(const struct sp_lint *lint, const struct sp_rule *rule, const struct sp_node *included,
     const struct sp_node *excluded, const char *what)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 306, sp_at_node(lint->doc, excluded == NULL ? rule->node : excluded),
        "this rule never applies: %s", what);

    if (included != NULL) {
        sp_report_related(lint->report, diag, sp_at_node(lint->doc, included), "included here");
    }
    sp_report_help(lint->report, diag,
                   "remove it from `includes` or from `excludes`: a rule applies where all of "
                   "the first and none of the second holds");
}

/* All capabilities of `includes` must be there, and none of `excludes`: one in both is enough.
 * */
static bool
check_caps(const struct sp_lint *lint, const struct sp_rule *rule)
{
    const struct sp_words *excludes = &rule->excludes.caps;

    for (size_t i = 0; i < rule->includes.caps.count; i++) {
        const struct sp_word *word = &rule->includes.caps.at[i];
        for (size_t j = 0; j < excludes->count; j++) {
            if (sp_str_equal(word->text, excludes->at[j].text)
                && sp_kb_cap_find(word->text) != NULL) {
                tell(lint, rule, word->node, excludes->at[j].node,
                     sp_arena_format(lint->arena, "it includes and excludes `%s`",
                                     sp_form_show(lint, word->text)));
                return true;
            }
        }
    }
    return false;
}

static const struct sp_word *
find_word(const struct sp_words *words, struct sp_str text)
{
    for (size_t i = 0; i < words->count; i++) {
        if (sp_str_equal(words->at[i].text, text)) {
            return &words->at[i];
        }
    }
    return NULL;
}

/* One architecture of `includes` is enough: all of them must be excluded. */
static bool
check_arches(const struct sp_lint *lint, const struct sp_rule *rule)
{
    const struct sp_words *includes = &rule->includes.arches;
    const struct sp_word *excluded = NULL;

    for (size_t i = 0; i < includes->count; i++) {
        excluded = find_word(&rule->excludes.arches, includes->at[i].text);
        if (excluded == NULL) {
            return false;
        }
    }
    if (excluded == NULL) {
        return false;
    }
    tell(lint, rule, includes->at[includes->count - 1].node, excluded->node,
         includes->count == 1 ? "it includes and excludes the same architecture"
                              : "it excludes every architecture that it includes");
    return true;
}

/* From the kernel of `includes` on, and before the one of `excludes`. */
static void
check_kernel(const struct sp_lint *lint, const struct sp_rule *rule)
{
    enum sp_engine engine = lint->meaning->target.engine;
    struct sp_version from = { .major = 0 };
    struct sp_version before;

    if (!sp_guards_min_kernel(engine, &rule->excludes, &before)) {
        return;
    }
    bool has_from = sp_guards_min_kernel(engine, &rule->includes, &from);
    if (before.major == 0 && before.minor == 0) {
        tell(lint, rule, NULL, rule->excludes.min_kernel.node,
             "an empty `minKernel` excludes every kernel");
    } else if (has_from && sp_version_compare(from, before) >= 0) {
        tell(lint, rule, rule->includes.min_kernel.node, rule->excludes.min_kernel.node,
             sp_arena_format(lint->arena,
                             "it includes kernels from %u.%u on and excludes those from "
                             "%u.%u on",
                             from.major, from.minor, before.major, before.minor));
    }
}

void
sp_check_guard_impossible(const struct sp_lint *lint)
{
    if (!sp_guards_read_by(lint->meaning->target.engine).guards) {
        return;
    }
    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        if (!check_caps(lint, rule) && !check_arches(lint, rule)) {
            check_kernel(lint, rule);
        }
    }
}

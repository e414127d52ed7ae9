/* SP205 and SP206: words of `includes` and `excludes` that no engine compares with. */
#include "base/closest.h"
#include "lint/form_text.h"
#include "lint/names_find.h"
#include "lint/names_rules.h"

#include <string.h>

/* What a word does that never matches. */
enum effect {
    EFFECT_NEVER,     /* the rule never applies */
    EFFECT_NOTHING,   /* other words of `includes` may match */
    EFFECT_EXCLUDES,  /* the rule is not excluded */
};

static const char *const effects[] = {
    [EFFECT_NEVER] = "the rule never applies",
    [EFFECT_NOTHING] = "it adds nothing",
    [EFFECT_EXCLUDES] = "it excludes nothing",
};

/* containerd and the runtimes do not know guards at all: SP710 speaks of that. */
static bool
has_readers(const struct sp_lint *lint)
{
    return (sp_form_readers(lint) & (SP_READER_DOCKER | SP_READER_CONTAINERS)) != 0;
}

static void
edit_all(const struct sp_lint *lint, struct sp_diag *diag, struct sp_names_slice slice,
         const char *text)
{
    for (size_t i = 0; i < slice.count && i < SP_NAMES_EDITS; i++) {
        sp_report_edit(lint->report, diag, slice.at[i].word->node->span, "\"%s\"", text);
    }
}

/* ---- SP205 --------------------------------------------------------------------------- */

/* "SYSADMIN" -> "CAP_SYSADMIN" */
static const char *
with_prefix(const struct sp_lint *lint, struct sp_str word)
{
    const char *prefix = sp_str_equal_folded(sp_str_slice(word, 0, 4), SP_STR("CAP_")) ? ""
                                                                                       : "CAP_";
    const char *text = sp_arena_format(lint->arena, "%s%.*s", prefix, SP_STR_ARG(word));

    return text == NULL ? "" : text;
}

/* "CAP_PTRACE" -> "CAP_SYS_PTRACE": the only one that ends so; NULL when there are more. */
static const char *
cap_that_ends(struct sp_str stem)
{
    const char *found = NULL;

    for (size_t i = 0; stem.len > 1 && i < sp_kb_caps_count; i++) {
        struct sp_str name = sp_str_of(sp_kb_text(sp_kb_caps[i].name));
        if (name.len > stem.len
            && sp_str_equal_folded(sp_str_slice(name, name.len - stem.len, name.len), stem)) {
            if (found != NULL) {
                return NULL;
            }
            found = name.ptr;
        }
    }
    return found;
}

static const char *
closest_cap(const struct sp_lint *lint, struct sp_str word)
{
    struct sp_str start = sp_str_slice(word, 0, SP_CLOSEST_WORD_MAX);
    struct sp_str whole = sp_str_of(with_prefix(lint, start));
    const char *found = cap_that_ends(sp_str_slice(whole, 3, whole.len));
    struct sp_closest closest = sp_closest_to(whole);

    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_caps[i].name));
    }
    return found != NULL || closest.count == 0 ? found : closest.best[0].name;
}

static void
help_cap(const struct sp_lint *lint, struct sp_diag *diag, struct sp_names_slice slice)
{
    struct sp_str word = sp_str_trim(slice.at[0].word->text);
    const struct sp_kb_cap *cap = sp_kb_cap_guess(word);

    if (cap != NULL) {
        sp_report_help(lint->report, diag, "write `%s`", sp_kb_text(cap->name));
        edit_all(lint, diag, slice, sp_kb_text(cap->name));
        return;
    }
    const char *closest = closest_cap(lint, word);
    if (sp_str_equal_folded(word, SP_STR("ALL"))) {
        sp_report_help(lint->report, diag, "no word stands for every capability: name each");
    } else if (closest != NULL) {
        sp_report_help(lint->report, diag, "is it `%s`?", closest);
    } else {
        sp_report_help(lint->report, diag, "write the name of a capability, such as "
                                           "`CAP_SYS_ADMIN`");
    }
}

static void
tell_cap(const struct sp_lint *lint, void *user, struct sp_names_slice slice)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 205, sp_names_place(lint, &slice.at[0]), "`%s` is no capability: %s",
        sp_form_show(lint, slice.at[0].word->text), effects[slice.at[0].class]);

    (void)user;
    help_cap(lint, diag, slice);
    sp_names_relate(lint, diag, slice);
}

static void
gather_caps(struct sp_names_finds *finds, const struct sp_rule *rule,
            const struct sp_words *caps, enum effect effect)
{
    for (size_t i = 0; i < caps->count; i++) {
        if (sp_kb_cap_find(caps->at[i].text) == NULL) {
            sp_names_add(finds, (struct sp_names_find){
                .rule = rule, .word = &caps->at[i], .class = effect,
            });
        }
    }
}

void
sp_check_unknown_capability(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_names_finds finds = { .arena = &scratch };

    for (size_t i = 0; has_readers(lint) && i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        gather_caps(&finds, rule, &rule->includes.caps, EFFECT_NEVER);
        gather_caps(&finds, rule, &rule->excludes.caps, EFFECT_EXCLUDES);
    }
    sp_names_tell_texts(lint, &finds, tell_cap, NULL);
}

/* ---- SP206 --------------------------------------------------------------------------- */

/* Which architecture an engine means by a word; NULL when it never compares with it. */
static const struct sp_kb_arch *
arch_of(struct sp_str word, bool docker)
{
    for (size_t i = 0; i < sp_kb_arches_count && word.len > 0; i++) {
        const struct sp_kb_arch *arch = &sp_kb_arches[i];
        if (sp_str_is(word, sp_kb_text(docker ? arch->docker : arch->containers))) {
            return arch;
        }
    }
    return NULL;
}

static bool
is_known(struct sp_str word)
{
    return arch_of(word, true) != NULL || arch_of(word, false) != NULL;
}

static bool
has_known(const struct sp_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        if (is_known(words->at[i].text)) {
            return true;
        }
    }
    return false;
}

/* The word of the other engine for what one of them means, when the list does not have it. */
static const char *
missing_word(const struct sp_words *words, struct sp_str word)
{
    const struct sp_kb_arch *docker = arch_of(word, true);
    const struct sp_kb_arch *containers = arch_of(word, false);
    sp_text other;

    if ((docker == NULL) == (containers == NULL)) {
        return NULL;
    }
    other = docker == NULL ? containers->docker : docker->containers;
    return other == 0 || sp_profile_has_word(words, sp_kb_text(other)) ? NULL : sp_kb_text(other);
}

static void
help_arch(const struct sp_lint *lint, struct sp_diag *diag, struct sp_names_slice slice)
{
    const struct sp_kb_arch *arch = sp_kb_arch_guess(sp_str_trim(slice.at[0].word->text));
    const char *docker = arch == NULL ? "" : sp_kb_text(arch->docker);
    const char *containers = arch == NULL ? "" : sp_kb_text(arch->containers);

    if (docker[0] == '\0' && containers[0] == '\0') {
        sp_report_help(lint->report, diag, "write Go's word for an architecture, such as "
                                           "`amd64`, `arm64`, `ppc64le` or `s390x`");
    } else if (strcmp(docker, containers) == 0) {
        sp_report_help(lint->report, diag, "write `%s`", docker);
        edit_all(lint, diag, slice, docker);
    } else if (docker[0] == '\0') {
        sp_report_help(lint->report, diag, "write `%s`, which Podman and CRI-O compare with; "
                                           "Docker has no word for it", containers);
    } else {
        sp_report_help(lint->report, diag,
                       "write both `%s`, which Docker compares with, and `%s`, which Podman "
                       "and CRI-O do", docker, containers);
    }
}

static void
tell_arch(const struct sp_lint *lint, void *user, struct sp_names_slice slice)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 206, sp_names_place(lint, &slice.at[0]),
        "`%s` is no engine's word for an architecture: %s",
        sp_form_show(lint, slice.at[0].word->text), effects[slice.at[0].class]);

    (void)user;
    help_arch(lint, diag, slice);
    sp_names_relate(lint, diag, slice);
}

static void
tell_missing(const struct sp_lint *lint, const struct sp_word *word, const char *other)
{
    bool docker = arch_of(word->text, true) != NULL;
    struct sp_diag *diag = sp_report_add(
        lint->report, 206, sp_at_node(lint->doc, word->node),
        "only %s for this architecture: %s with `%s`",
        docker ? "Docker has this word" : "Podman and CRI-O have this word",
        docker ? "Podman and CRI-O compare" : "Docker compares", other);

    diag->severity = SP_SEVERITY_INFO;
    sp_report_help(lint->report, diag, "write both `%s` and `%s`",
                   sp_form_show(lint, word->text), other);
}

static void
gather_arches(const struct sp_lint *lint, struct sp_names_finds *finds,
              const struct sp_rule *rule, const struct sp_words *arches, enum effect effect)
{
    for (size_t i = 0; i < arches->count; i++) {
        const struct sp_word *word = &arches->at[i];
        const char *other = missing_word(arches, word->text);
        if (other != NULL) {
            tell_missing(lint, word, other);
        } else if (!is_known(word->text)) {
            sp_names_add(finds, (struct sp_names_find){
                .rule = rule, .word = word, .class = effect,
            });
        }
    }
}

void
sp_check_unknown_guard_arch(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_names_finds finds = { .arena = &scratch };

    for (size_t i = 0; has_readers(lint) && i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        gather_arches(lint, &finds, rule, &rule->includes.arches,
                      has_known(&rule->includes.arches) ? EFFECT_NOTHING : EFFECT_NEVER);
        gather_arches(lint, &finds, rule, &rule->excludes.arches, EFFECT_EXCLUDES);
    }
    sp_names_tell_texts(lint, &finds, tell_arch, NULL);
}

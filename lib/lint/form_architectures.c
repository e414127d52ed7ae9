#include "base/closest.h"
#include "lint/form_rules.h"
#include "lint/form_text.h"

#include <string.h>

#define PREFIX "SCMP_ARCH_"

/* Where an architecture is named. */
enum use {
    USE_FILTER,  /* the engine adds it to the filter: `architectures`, `subArchitectures` */
    USE_MATCH,   /* Docker and Podman compare it with the host's: `architecture` of archMap */
};

static struct sp_str
without_prefix(struct sp_str word)
{
    size_t len = strlen(PREFIX);

    return sp_str_equal_folded(sp_str_slice(word, 0, len), SP_STR(PREFIX))
        ? sp_str_slice(word, len, word.len) : word;
}

static const struct sp_kb_arch *
find_token(struct sp_str word)
{
    const struct sp_kb_arch *arch = sp_kb_arch_find(word);

    return arch != NULL && sp_str_is(word, sp_kb_text(arch->token)) ? arch : NULL;
}

/* crun takes the prefix off, folds the letters and asks libseccomp, whose names are those of
 * the knowledge base (measured with 1.8.1). */
static bool
is_known_to_crun(struct sp_str word)
{
    struct sp_str name = without_prefix(word);

    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        if (sp_str_equal_folded(name, sp_str_of(sp_kb_text(sp_kb_arches[i].name)))) {
            return true;
        }
    }
    return false;
}

/* runc's table has no row for these, although libseccomp serves them (runc
 * libcontainer/seccomp/config.go). */
static bool
is_unknown_to_runc(const struct sp_kb_arch *arch)
{
    static const char *const names[] = { "m68k", "parisc", "parisc64", "sh", "sheb" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(sp_kb_text(arch->name), names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const char *
guess(struct sp_str word)
{
    struct sp_str name = without_prefix(sp_str_trim(word));
    const struct sp_kb_arch *arch = sp_kb_arch_guess(name);
    struct sp_closest closest = sp_closest_to(name);

    for (size_t i = 0; arch == NULL && i < sp_kb_arches_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_arches[i].name));
    }
    if (closest.count > 0) {
        arch = sp_kb_arch_find(sp_str_of(closest.best[0].name));
    }
    return arch == NULL ? NULL : sp_kb_text(arch->token);
}

/* What comes of the word that is wrong. */
static const char *
outcome(struct sp_str word, enum use use)
{
    if (use == USE_MATCH) {
        return "it matches no host";
    }
    return is_known_to_crun(word) ? "crun takes it, runc refuses to start"
                                         : "runc and crun refuse to start";
}

static void
tell_empty(const struct sp_lint *lint, const struct sp_word *word, enum use use)
{
    struct sp_diag *diag = sp_report_add(lint->report, 111, sp_at_node(lint->doc, word->node),
                                         "the name of an architecture is empty: %s",
                                         outcome(word->text, use));

    sp_report_help(lint->report, diag, "write a name such as `SCMP_ARCH_X86_64`, or remove it");
}

static void
tell_unknown(const struct sp_lint *lint, const struct sp_word *word, enum use use)
{
    struct sp_diag *diag = sp_report_add(lint->report, 111, sp_at_node(lint->doc, word->node),
                                         "`%s` is no architecture: %s",
                                         sp_form_show(lint, word->text),
                                         outcome(word->text, use));
    const char *meant = guess(word->text);

    if (sp_str_equal_folded(without_prefix(word->text), SP_STR("NATIVE"))) {
        sp_report_help(lint->report, diag,
                       "leave it out: the architecture of the host is part of every filter");
    } else if (meant != NULL) {
        sp_report_help(lint->report, diag, "did you mean `%s`?", meant);
    } else {
        sp_report_help(lint->report, diag, "write a name such as `SCMP_ARCH_X86_64`");
    }
}

static void
check(const struct sp_lint *lint, const struct sp_word *word, enum use use)
{
    const struct sp_kb_arch *arch = find_token(word->text);

    if (word->text.len == 0) {
        tell_empty(lint, word, use);
    } else if (arch == NULL) {
        tell_unknown(lint, word, use);
    } else if (use == USE_FILTER && is_unknown_to_runc(arch)) {
        struct sp_diag *diag = sp_report_add(
            lint->report, 111, sp_at_node(lint->doc, word->node),
            "runc does not know `%s` and refuses to start", sp_form_show(lint, word->text));
        sp_report_help(lint->report, diag,
                       "remove it, or use the profile with crun on such a host only");
    }
}

static void
check_list(const struct sp_lint *lint, const struct sp_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        check(lint, &words->at[i], USE_FILTER);
    }
}

void
sp_form_unknown_architectures(const struct sp_lint *lint)
{
    const struct sp_profile *profile = lint->profile;

    check_list(lint, &profile->architectures);
    if ((sp_form_readers(lint) & SP_READER_DOCKER) == 0) {
        return;
    }
    for (size_t i = 0; i < profile->arch_map_count; i++) {
        const struct sp_word *word = &profile->arch_maps[i].architecture;
        if (word->node != NULL && word->node->kind == SP_NODE_STRING) {
            check(lint, word, USE_MATCH);
        }
        check_list(lint, &profile->arch_maps[i].sub_architectures);
    }
}

/* SP201: names that no system call has. */
#include "lint/form_text.h"
#include "lint/names_denied.h"
#include "lint/names_find.h"
#include "lint/names_guess.h"
#include "lint/names_number.h"
#include "lint/names_rules.h"

/* Each edit is looked up in its rule: longer rules get none. */
enum { EDITED_RULE_MAX = 2000 };

/* What happens instead of what the rule says. */
enum outcome {
    OUTCOME_DEFAULT,
    OUTCOME_DENIED,   /* what the rule allows stays denied */
    OUTCOME_ALLOWED,  /* what it denies stays allowed */
    OUTCOME_COUNT,
};

static const char *const outcomes[] = {
    [OUTCOME_DEFAULT] = "the default action applies",
    [OUTCOME_DENIED] = "what it should allow stays denied",
    [OUTCOME_ALLOWED] = "what it should deny stays allowed",
};

static const char *const outcomes_of_many[] = {
    [OUTCOME_DEFAULT] = "the default action applies",
    [OUTCOME_DENIED] = "what they should allow stays denied",
    [OUTCOME_ALLOWED] = "what they should deny stays allowed",
};

/* An edit that was offered: the same name must not be written twice into a rule. */
struct offered {
    const struct sp_rule *rule;
    const char *name;
};

struct offers {
    struct sp_arena *arena;
    SP_VEC(struct offered) list;
    struct sp_names_denied denied;
};

static bool
denies(enum sp_action action)
{
    return action == SP_ACTION_ERRNO || action == SP_ACTION_KILL_PROCESS
        || action == SP_ACTION_KILL_THREAD || action == SP_ACTION_TRAP;
}

static enum outcome
outcome_of(const struct sp_lint *lint, const struct sp_rule *rule)
{
    if (sp_names_is_hole(lint, rule)) {
        return OUTCOME_ALLOWED;
    }
    return denies(lint->profile->default_action) && sp_names_runs(rule->action)
        ? OUTCOME_DENIED : OUTCOME_DEFAULT;
}

/* ---- who reads the names ------------------------------------------------------------- */

/* Readers of other texts than JSON and units refuse what is no system call. */
static bool
is_unit(const struct sp_lint *lint)
{
    return lint->profile->dialect == SP_DIALECT_SYSTEMD;
}

static const char *
who_passes(const struct sp_lint *lint)
{
    return is_unit(lint) ? "systemd passes" : "engines pass";
}

/* ---- help ---------------------------------------------------------------------------- */

static const char *
list_names(const struct sp_lint *lint, const struct sp_guess *guess)
{
    return sp_names_join(lint, guess->names, guess->total, SP_NAMES_LISTED, sp_names_quoted);
}

static bool
are_gone(const struct sp_kb_word *word)
{
    for (size_t i = 0; i < word->calls.count; i++) {
        if (sp_names_member(word->calls, i)->removed == 0) {
            return false;
        }
    }
    return true;
}

static void
help_word(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_guess *guess)
{
    const char *why = sp_kb_text(guess->word->why);

    if (are_gone(guess->word)) {
        sp_report_help(lint->report, diag, "remove it: %s", why);
    } else {
        sp_report_help(lint->report, diag, "write %s; %s",
                       list_names(lint, guess), why);
    }
}

static void
help_group(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_guess *guess)
{
    if (is_unit(lint)) {
        sp_report_help(lint->report, diag,
                       "write a group that systemd has (`systemd-analyze syscall-filter` lists "
                       "them), or the names of the calls");
    } else if (guess->group == NULL) {
        sp_report_help(lint->report, diag,
                       "write the names of the calls: engines know no groups, and systemd has "
                       "none with this name");
    } else {
        sp_report_help(lint->report, diag,
                       "engines know no groups: write the names of the calls that it stands "
                       "for in systemd, %s", list_names(lint, guess));
    }
}

static void
help_pattern(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_guess *guess)
{
    if (guess->total == sp_kb_syscalls_count) {
        sp_report_help(lint->report, diag,
                       "remove it: the default action is for every call that no rule names");
    } else if (guess->total == 0) {
        sp_report_help(lint->report, diag, "write the names of the calls: there are no patterns");
    } else {
        sp_report_help(lint->report, diag, "there are no patterns: write %s",
                       list_names(lint, guess));
    }
}

static void
help_negation(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_guess *guess)
{
    if (is_unit(lint)) {
        sp_report_help(lint->report, diag,
                       "systemd takes `~` in front of a whole list only: write the calls to be "
                       "denied in a SystemCallFilter= of their own");
    } else if (guess->count == 0) {
        sp_report_help(lint->report, diag,
                       "engines know no negation, unlike systemd and firejail: give the call a "
                       "rule with another action");
    } else {
        sp_report_help(lint->report, diag,
                       "engines know no negation, unlike systemd and firejail: give `%s` a "
                       "rule with another action", guess->names[0]);
    }
}

/* Does it begin or end with something that may be hard to see? */
static bool
has_blank_edge(struct sp_str name)
{
    unsigned char first = name.len == 0 ? 'x' : (unsigned char)name.ptr[0];
    unsigned char last = name.len == 0 ? 'x' : (unsigned char)name.ptr[name.len - 1];

    return first <= ' ' || first > '~' || last <= ' ' || last > '~';
}

static void
help_spelling(const struct sp_lint *lint, struct sp_diag *diag,
              const struct sp_names_find *find, const struct sp_guess *guess)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(guess->names[0]));

    if (sp_names_has(find->rule, call)) {
        sp_report_help(lint->report, diag, "remove it: the rule names `%s`", guess->names[0]);
    } else {
        sp_report_help(lint->report, diag, "write `%s`%s", guess->names[0],
                       has_blank_edge(find->word->text) ? " without white space around it"
                                                        : "");
    }
}

static void
help(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_names_find *find,
     const struct sp_guess *guess)
{
    switch (guess->kind) {
    case SP_GUESS_NONE:
        sp_report_help(lint->report, diag, "write the name of a system call, or remove it");
        break;
    case SP_GUESS_SPELLING:
        help_spelling(lint, diag, find, guess);
        break;
    case SP_GUESS_LIST:
        sp_report_help(lint->report, diag, "write a string for each: %s",
                       list_names(lint, guess));
        break;
    case SP_GUESS_WORD:
        help_word(lint, diag, guess);
        break;
    case SP_GUESS_GROUP:
        help_group(lint, diag, guess);
        break;
    case SP_GUESS_PATTERN:
        help_pattern(lint, diag, guess);
        break;
    case SP_GUESS_NEGATION:
        help_negation(lint, diag, guess);
        break;
    case SP_GUESS_CLOSE:
        sp_report_help(lint->report, diag, "is it %s?",
                       list_names(lint, guess));
        break;
    }
}

/* ---- edits --------------------------------------------------------------------------- */

static bool
is_named(const struct offers *offers, const struct sp_rule *rule, const char *name)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        if (sp_str_is(rule->names.at[i].text, name)) {
            return true;
        }
    }
    for (size_t i = 0; i < offers->list.count; i++) {
        if (offers->list.at[i].rule == rule && sp_str_is(sp_str_of(name),
                                                         offers->list.at[i].name)) {
            return true;
        }
    }
    return false;
}

static void
add_missing(struct sp_buf *buf, struct offers *offers, const struct sp_rule *rule,
            const char *name)
{
    struct offered *place = is_named(offers, rule, name)
        ? NULL : sp_vec_push(offers->arena, &offers->list);

    if (place != NULL) {
        *place = (struct offered){ .rule = rule, .name = name };
        sp_buf_format(buf, "%s\"%s\"", buf->len > 0 ? ", " : "", name);
    }
}

/* Puts the names that the rule does not have yet in the place of the word. */
static void
edit(const struct sp_lint *lint, struct offers *offers, struct sp_diag *diag,
     const struct sp_names_find *find, const struct sp_guess *guess)
{
    SP_BUF(buf);

    if (!guess->sure || find->rule->names.count > EDITED_RULE_MAX
        || offers->list.count >= SP_NAMES_EDITS
        || (guess->count > 1 && find->word->node == find->rule->legacy_name)) {
        return;
    }
    for (size_t i = 0; i < guess->count; i++) {
        add_missing(&buf, offers, find->rule, guess->names[i]);
    }
    if (buf.failed) {
        lint->report->failed = true;
    } else if (buf.len > 0) {
        sp_report_edit(lint->report, diag, find->word->node->span, "%s", buf.data);
    }
}

/* ---- findings ------------------------------------------------------------------------ */

static const char *
what_it_is(enum sp_guess_kind kind)
{
    switch (kind) {
    case SP_GUESS_GROUP:
        return "a group, not a system call";
    case SP_GUESS_PATTERN:
        return "a pattern, not a system call";
    case SP_GUESS_NEGATION:
        return "a negation, not a system call";
    case SP_GUESS_LIST:
        return "several names in one string";
    case SP_GUESS_NONE:
    case SP_GUESS_SPELLING:
    case SP_GUESS_WORD:
    case SP_GUESS_CLOSE:
        break;
    }
    return "no system call";
}

/* Another tool's grammar is worse than a slip: its author counts on calls by the dozen. */
static bool
is_grave(unsigned class)
{
    return class >= OUTCOME_COUNT || class == OUTCOME_ALLOWED;
}

/* A deny list that has the right names beside the wrong one has no hole; nor is a call one that
 * is gone from the kernel. */
static bool
is_denied_anyway(struct sp_names_denied *denied, const struct sp_guess *guess)
{
    for (size_t i = 0; i < guess->count; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_of(guess->names[i]));
        if (call == NULL || (call->removed == 0 && !sp_names_is_denied(denied, call))) {
            return false;
        }
    }
    return guess->count > 0 && guess->count == guess->total && guess->kind != SP_GUESS_CLOSE;
}

static void
tell_one(const struct sp_lint *lint, struct offers *offers, const struct sp_names_find *find)
{
    struct sp_guess guess = sp_guess(find->word->text);
    bool denied = find->class == OUTCOME_ALLOWED && is_denied_anyway(&offers->denied, &guess);
    struct sp_diag *diag = sp_report_add(
        lint->report, 201, sp_names_place(lint, find),
        "`%s` is %s: %s over it, and %s", sp_form_show(lint, find->word->text),
        what_it_is(guess.kind), who_passes(lint),
        outcomes[denied ? OUTCOME_DEFAULT : find->class % OUTCOME_COUNT]);

    if (is_grave(find->class) && !denied) {
        diag->severity = SP_SEVERITY_ERROR;
    }
    help(lint, diag, find, &guess);
    edit(lint, offers, diag, find, &guess);
}

static void
add_meaning(const struct sp_lint *lint, struct sp_buf *buf, const void *finds_, size_t index)
{
    const struct sp_names_find *finds = finds_;
    struct sp_guess guess = sp_guess(finds[index].word->text);

    sp_buf_format(buf, "`%s`", sp_form_show(lint, finds[index].word->text));
    if (guess.count > 0) {
        sp_buf_format(buf, " (%s%s)", guess.names[0], guess.total > 1 ? " ..." : "");
    }
}

static void
tell_many(const struct sp_lint *lint, struct offers *offers, struct sp_names_slice slice)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 201, sp_names_place(lint, &slice.at[0]),
        "%zu names are no system calls: %s over them, and %s", slice.count, who_passes(lint),
        outcomes_of_many[slice.at[0].class % OUTCOME_COUNT]);

    if (is_grave(slice.at[0].class)) {
        diag->severity = SP_SEVERITY_ERROR;
    }
    sp_report_help(lint->report, diag, "write what is meant, in brackets where it can be told: "
                                       "%s",
                   sp_names_join(lint, slice.at, slice.count, SP_NAMES_LISTED, add_meaning));
    for (size_t i = 0; slice.at[0].class < OUTCOME_COUNT && i < slice.count
                       && offers->list.count < SP_NAMES_EDITS; i++) {
        struct sp_guess guess = sp_guess_quickly(slice.at[i].word->text);
        edit(lint, offers, diag, &slice.at[i], &guess);
    }
    sp_names_relate(lint, diag, slice);
}

static void
tell(const struct sp_lint *lint, void *user, struct sp_names_slice slice)
{
    if (slice.count == 1) {
        tell_one(lint, user, &slice.at[0]);
    } else {
        tell_many(lint, user, slice);
    }
}

/* SP113, SP208 and SP209 speak of the others. */
static bool
is_unknown(struct sp_str name)
{
    uint64_t number;
    const struct sp_kb_word *word;

    if (name.len == 0 || sp_kb_syscall_find(name) != NULL || sp_names_number(name, &number)) {
        return false;
    }
    word = sp_kb_word_find(name);
    return word == NULL || word->kind != SP_WORD_PSEUDO;
}

static void
gather(const struct sp_lint *lint, const struct sp_rule *rule, struct sp_names_finds *finds)
{
    unsigned outcome = outcome_of(lint, rule);

    for (size_t i = 0; i < rule->names.count; i++) {
        const struct sp_word *word = &rule->names.at[i];
        if (is_unknown(word->text)) {
            unsigned grammar = sp_guess_is_grammar(word->text) ? OUTCOME_COUNT : 0;
            sp_names_add(finds, (struct sp_names_find){
                .rule = rule, .word = word, .class = outcome + grammar,
            });
        }
    }
}

void
sp_check_unknown_syscall(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_names_finds finds = { .arena = &scratch };
    struct offers offers = {
        .arena = &scratch, .denied = { .lint = lint, .arena = &scratch },
    };

    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        gather(lint, &lint->profile->rules[i], &finds);
    }
    sp_names_tell(lint, &finds, tell, &offers);
    sp_names_complete(lint, &scratch);
}

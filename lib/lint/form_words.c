#include "base/closest.h"
#include "lint/form_rules.h"
#include "lint/form_text.h"

#include <string.h>

enum { PREFIXES_MAX = 4 };

/* What people write for a word of a table, without its prefix. */
struct alias {
    const char *word;
    const char *name;
};

/* A table of words and the ways in which they are missed. */
struct vocabulary {
    unsigned code;
    const char *what;
    const struct sp_names *names;
    const char *prefixes[PREFIXES_MAX];  /* the first is the right one; then those of others */
    const struct alias *aliases;         /* ends with a NULL word */
    const char *all;                     /* for who is nowhere near */
};

static const struct alias action_aliases[] = {
    { "ACCEPT", "SCMP_ACT_ALLOW" },     { "AUDIT", "SCMP_ACT_LOG" },
    { "BLOCK", "SCMP_ACT_ERRNO" },      { "DENY", "SCMP_ACT_ERRNO" },
    { "DISALLOW", "SCMP_ACT_ERRNO" },   { "EPERM", "SCMP_ACT_ERRNO" },
    { "FORBID", "SCMP_ACT_ERRNO" },     { "KILL", "SCMP_ACT_KILL_PROCESS" },
    { "PERMIT", "SCMP_ACT_ALLOW" },     { "REJECT", "SCMP_ACT_ERRNO" },
    { "USER_NOTIF", "SCMP_ACT_NOTIFY" },
    { NULL, NULL },
};

static const struct alias operator_aliases[] = {
    { "!=", "SCMP_CMP_NE" },            { "&", "SCMP_CMP_MASKED_EQ" },
    { "&=", "SCMP_CMP_MASKED_EQ" },     { "<", "SCMP_CMP_LT" },
    { "<=", "SCMP_CMP_LE" },            { "<>", "SCMP_CMP_NE" },
    { "=", "SCMP_CMP_EQ" },             { "==", "SCMP_CMP_EQ" },
    { ">", "SCMP_CMP_GT" },             { ">=", "SCMP_CMP_GE" },
    { "EQUAL", "SCMP_CMP_EQ" },         { "EQUALS", "SCMP_CMP_EQ" },
    { "EQUAL_TO", "SCMP_CMP_EQ" },      { "GREATER_THAN", "SCMP_CMP_GT" },
    { "GTE", "SCMP_CMP_GE" },           { "LESS_THAN", "SCMP_CMP_LT" },
    { "LTE", "SCMP_CMP_LE" },           { "MASK", "SCMP_CMP_MASKED_EQ" },
    { "MASKED", "SCMP_CMP_MASKED_EQ" }, { "NEQ", "SCMP_CMP_NE" },
    { "NOT_EQUAL", "SCMP_CMP_NE" },     { NULL, NULL },
};

/* libseccomp calls the same things attributes. */
static const struct alias flag_aliases[] = {
    { "SSB", "SECCOMP_FILTER_FLAG_SPEC_ALLOW" },
    { "WAITKILL", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" },
    { NULL, NULL },
};

static const struct vocabulary actions = {
    .code = 108,
    .what = "action",
    .names = &sp_action_names,
    .prefixes = { "SCMP_ACT_", "SECCOMP_RET_", "ACT_", NULL },
    .aliases = action_aliases,
    .all = "SCMP_ACT_ALLOW, _ERRNO, _KILL_PROCESS, _KILL_THREAD, _LOG, _NOTIFY, _TRACE or "
           "_TRAP",
};

static const struct vocabulary operators = {
    .code = 109,
    .what = "operator",
    .names = &sp_operator_names,
    .prefixes = { "SCMP_CMP_", "CMP_", NULL },
    .aliases = operator_aliases,
    .all = "SCMP_CMP_EQ, _NE, _LT, _LE, _GT, _GE or _MASKED_EQ",
};

static const struct vocabulary flags = {
    .code = 110,
    .what = "flag",
    .names = &sp_flag_names,
    .prefixes = { "SECCOMP_FILTER_FLAG_", "SCMP_FLTATR_CTL_", "FILTER_FLAG_", NULL },
    .aliases = flag_aliases,
    .all = "SECCOMP_FILTER_FLAG_LOG, _SPEC_ALLOW, _TSYNC or _WAIT_KILLABLE_RECV",
};

/* ---- what was meant ------------------------------------------------------------------ */

static bool
has_prefix_folded(struct sp_str word, const char *prefix)
{
    return sp_str_equal_folded(sp_str_slice(word, 0, strlen(prefix)), sp_str_of(prefix));
}

/* "scmp_act_errno(1)" -> "errno": without white space, prefix and what stands in brackets. */
static struct sp_str
stem_of(const struct vocabulary *vocabulary, struct sp_str word)
{
    const char *bracket = word.len == 0 ? NULL : memchr(word.ptr, '(', word.len);

    if (bracket != NULL) {
        word = sp_str_slice(word, 0, (size_t)(bracket - word.ptr));
    }
    word = sp_str_trim(word);
    for (size_t i = 0; vocabulary->prefixes[i] != NULL; i++) {
        if (has_prefix_folded(word, vocabulary->prefixes[i])) {
            return sp_str_slice(word, strlen(vocabulary->prefixes[i]), word.len);
        }
    }
    return word;
}

/* Letter case, `-` and space apart; a short word must not be missed by more. */
static bool
is_alias(struct sp_str stem, const char *word)
{
    return sp_closest_distance(stem, sp_str_of(word), 0) == 0;
}

static const char *
guess(const struct vocabulary *vocabulary, struct sp_str word)
{
    size_t prefix = strlen(vocabulary->prefixes[0]);
    struct sp_str stem = stem_of(vocabulary, word);
    struct sp_closest closest = sp_closest_to(stem);

    for (const struct alias *alias = vocabulary->aliases; alias->word != NULL; alias++) {
        if (is_alias(stem, alias->word)) {
            return alias->name;
        }
    }
    for (size_t i = 0; i < vocabulary->names->count; i++) {
        if (is_alias(stem, vocabulary->names->rows[i].name + prefix)) {
            return vocabulary->names->rows[i].name;
        }
        sp_closest_offer(&closest, vocabulary->names->rows[i].name + prefix);
    }
    return closest.count > 0 ? closest.best[0].name - prefix
                             : sp_names_closest(*vocabulary->names, word);
}

/* ---- how it is said ------------------------------------------------------------------ */

static struct sp_diag *
add_unknown(const struct sp_lint *lint, const struct vocabulary *vocabulary,
            const struct sp_node *node)
{
    return sp_report_add(lint->report, vocabulary->code, sp_at_node(lint->doc, node),
                         "no engine knows the %s `%s`", vocabulary->what,
                         sp_form_show(lint, node->text));
}

static void
check_word(const struct sp_lint *lint, const struct vocabulary *vocabulary,
           const struct sp_node *node)
{
    int value;

    if (node->kind != SP_NODE_STRING || sp_names_find(*vocabulary->names, node->text, &value)) {
        return;
    }

    struct sp_diag *diag = add_unknown(lint, vocabulary, node);
    const char *meant = guess(vocabulary, node->text);
    if (meant != NULL) {
        sp_report_help(lint->report, diag,
                       "did you mean `%s`? a container with this %s does not start", meant,
                       vocabulary->what);
    } else {
        sp_report_help(lint->report, diag,
                       "write %s: a container with this %s does not start", vocabulary->all,
                       vocabulary->what);
    }
}

/* Both engines name a word that is missing or empty as an unknown one, and do not start. */
static void
tell_missing(const struct sp_lint *lint, const struct vocabulary *vocabulary,
             const struct sp_node *object, const struct sp_node *node, const char *key)
{
    const char *whose = vocabulary == &actions ? "rule" : "condition";
    const char *state = "no";

    if (node != NULL) {
        state = node->kind == SP_NODE_NULL ? "null as" : "an empty";
    }
    struct sp_diag *diag = sp_report_add(
        lint->report, vocabulary->code, sp_at_node(lint->doc, node == NULL ? object : node),
        "%s has %s `%s`", whose, state, key);
    sp_report_help(lint->report, diag, "write %s: a container without does not start",
                   vocabulary->all);
}

static void
check_required(const struct sp_lint *lint, const struct vocabulary *vocabulary,
               const struct sp_node *object, const struct sp_node *node, const char *key,
               void (*check)(const struct sp_lint *lint, const struct sp_node *node))
{
    if (node == NULL) {
        if (sp_form_member(object, key) == NULL) {
            tell_missing(lint, vocabulary, object, NULL, key);
        }
    } else if (node->kind == SP_NODE_NULL
               || (node->kind == SP_NODE_STRING && node->text.len == 0)) {
        tell_missing(lint, vocabulary, object, node, key);
    } else {
        check(lint, node);
    }
}

/* ---- SP108 --------------------------------------------------------------------------- */

/* "ERRNO(38)" and "errno(ENOSYS)", as other tools write them; false for all else. */
static bool
read_errno_call(struct sp_str word, uint64_t *ret_number)
{
    const char *bracket = word.len == 0 ? NULL : memchr(word.ptr, '(', word.len);

    if (bracket == NULL || !sp_str_has_suffix(word, ")")) {
        return false;
    }
    struct sp_str inside = sp_str_trim(
        sp_str_slice(word, (size_t)(bracket - word.ptr) + 1, word.len - 1));
    const struct sp_kb_errno *row = sp_kb_errno_find(inside);
    if (row != NULL) {
        *ret_number = row->number;
        return true;
    }
    return sp_str_to_u64(inside, ret_number);
}

static bool
takes_errno(const char *action)
{
    return strcmp(action, "SCMP_ACT_ERRNO") == 0 || strcmp(action, "SCMP_ACT_TRACE") == 0;
}

static void
check_action(const struct sp_lint *lint, const struct sp_node *node)
{
    const char *meant = node->kind == SP_NODE_STRING ? guess(&actions, node->text) : NULL;
    uint64_t number;

    if (meant == NULL || !takes_errno(meant) || !read_errno_call(node->text, &number)) {
        check_word(lint, &actions, node);
        return;
    }

    struct sp_diag *diag = add_unknown(lint, &actions, node);
    bool is_default = sp_str_is(node->key, "defaultAction");
    sp_report_help(lint->report, diag, "write `%s`, and the number beside it as `%s`: %ju",
                   meant, is_default ? "defaultErrnoRet" : "errnoRet", (uintmax_t)number);
}

void
sp_form_unknown_actions(const struct sp_lint *lint)
{
    const struct sp_profile *profile = lint->profile;

    if (sp_form_is_filled(profile->default_action_node)) {
        check_action(lint, profile->default_action_node);
    }
    for (size_t i = 0; i < profile->rule_count; i++) {
        check_required(lint, &actions, profile->rules[i].node, profile->rules[i].action_node,
                       "action", check_action);
    }
}

/* ---- SP109 --------------------------------------------------------------------------- */

static void
check_operator(const struct sp_lint *lint, const struct sp_node *node)
{
    check_word(lint, &operators, node);
}

void
sp_form_unknown_operators(const struct sp_lint *lint)
{
    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        for (size_t j = 0; j < rule->condition_count; j++) {
            const struct sp_condition *condition = &rule->conditions[j];
            check_required(lint, &operators, condition->node, condition->op_node, "op",
                           check_operator);
        }
    }
}

/* ---- SP110 --------------------------------------------------------------------------- */

/* Flags of seccomp(2) that an engine sets by itself. */
static bool
is_engines_own(struct sp_str word)
{
    return sp_str_is(word, "SECCOMP_FILTER_FLAG_NEW_LISTENER")
        || sp_str_is(word, "SECCOMP_FILTER_FLAG_TSYNC_ESRCH");
}

void
sp_form_unknown_flags(const struct sp_lint *lint)
{
    const struct sp_words *words = &lint->profile->flags;

    for (size_t i = 0; i < words->count; i++) {
        if (!is_engines_own(words->at[i].text)) {
            check_word(lint, &flags, words->at[i].node);
            continue;
        }
        struct sp_diag *diag = add_unknown(lint, &flags, words->at[i].node);
        sp_report_help(lint->report, diag,
                       "remove it: engines set it themselves where a rule notifies, and refuse "
                       "it in a profile");
    }
}

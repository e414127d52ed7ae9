#include "lint/form_rules.h"
#include "lint/form_text.h"

/* "4.8": the empty text, which is 0.0, is told apart. */
static bool
is_min_kernel(struct sp_str text)
{
    struct sp_version version;

    return text.len > 0 && sp_profile_min_kernel(text, &version);
}

/* "" decodes to 0.0, which every kernel has reached. */
static void
tell_empty(const struct sp_lint *lint, const struct sp_node *node, bool excludes)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 115, sp_at_node(lint->doc, node),
        excludes ? "`minKernel` is empty: every kernel is excluded, and the rule never applies"
                 : "`minKernel` is empty: it holds on every kernel");

    diag->severity = excludes ? SP_SEVERITY_ERROR : SP_SEVERITY_WARNING;
    sp_report_help(lint->report, diag, "write a version such as `4.8`, or leave it out");
}

/* The start of a version that says too much: "4.8" of "v4.8.1-rc2". */
static const char *
guess(const struct sp_lint *lint, struct sp_str text)
{
    struct sp_str rest = sp_str_has_prefix(text, "v") ? sp_str_slice(text, 1, text.len) : text;
    struct sp_str parts[2] = { SP_STR(""), SP_STR("0") };
    size_t count = 0;

    while (count < 2 && sp_str_next(&rest, ".-", &parts[count])) {
        count++;
    }
    struct sp_str whole = sp_str_of(sp_arena_format(
        lint->arena, "%.*s.%.*s", SP_STR_ARG(parts[0]), SP_STR_ARG(parts[1])));
    return is_min_kernel(whole) ? whole.ptr : NULL;
}

static void
check_guard(const struct sp_lint *lint, const struct sp_guard *guard, bool excludes)
{
    const struct sp_node *node = guard->min_kernel.node;

    if (node == NULL || node->kind != SP_NODE_STRING || is_min_kernel(node->text)) {
        return;
    }
    if (node->text.len == 0) {
        tell_empty(lint, node, excludes);
        return;
    }

    struct sp_diag *diag = sp_report_add(
        lint->report, 115, sp_at_node(lint->doc, node),
        "`minKernel` must be two numbers from 0 to 255, not `%s`: Docker refuses the file",
        sp_form_show(lint, node->text));
    const char *meant = guess(lint, node->text);
    sp_report_help(lint->report, diag, "write %s`%s`",
                   meant == NULL ? "a version such as " : "", meant == NULL ? "4.8" : meant);
}

void
sp_form_bad_min_kernel(const struct sp_lint *lint)
{
    if ((sp_form_readers(lint) & SP_READER_DOCKER) == 0) {
        return;
    }
    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        check_guard(lint, &lint->profile->rules[i].includes, false);
        check_guard(lint, &lint->profile->rules[i].excludes, true);
    }
}

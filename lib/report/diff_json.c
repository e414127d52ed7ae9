/* Differences for programs. */
#include "report/diff_tell.h"
#include "report/explain_verdict.h"
#include "report/json_parts.h"
#include "report/witness.h"

static void
add_operand(struct sp_json *json, const char *key, const struct sp_diff_operand *operand)
{
    struct cJSON *object = sp_json_object(json, NULL, key);

    sp_json_string(json, object, "profile", operand->name);
    sp_json_string(json, object, "engine", sp_engine_text(operand->target->engine));
    sp_json_string(json, object, "runtime", sp_runtime_text(operand->target->runtime));
}

static const char *
effect_word(enum sp_diff_effect effect)
{
    static const char *const words[] = {
        [SP_DIFF_ALLOWED] = "allowed", [SP_DIFF_DENIED] = "denied",
        [SP_DIFF_DIFFERENT] = "different",
    };

    return words[effect];
}

static const char *
kind_word(enum sp_diff_kind kind)
{
    static const char *const words[] = {
        [SP_DIFF_START] = "start", [SP_DIFF_ARCH] = "arch", [SP_DIFF_CALL] = "call",
        [SP_DIFF_DEFAULT] = "default", [SP_DIFF_NOBODY] = "nobody", [SP_DIFF_NEWER] = "newer",
    };

    return words[kind];
}

static const char *
start_word(enum sp_start start)
{
    static const char *const words[] = {
        [SP_START_FILTER] = "filter", [SP_START_UNCONFINED] = "unconfined",
        [SP_START_REFUSED] = "refused", [SP_START_ENDLESS] = "endless",
    };

    return words[start];
}

static void
add_arches(struct sp_json *json, struct cJSON *parent, const char *key,
           const struct sp_kb_arch *const *arches, size_t count)
{
    struct cJSON *list = sp_json_array(json, parent, key);

    for (size_t i = 0; i < count; i++) {
        sp_json_string(json, list, NULL, sp_kb_text(arches[i]->name));
    }
}

static void
add_when(struct sp_json *json, struct cJSON *parent, const struct sp_when *when)
{
    struct cJSON *object = sp_json_object(json, parent, "when");

    sp_explain_caps(json, object, "caps", when->caps);
    sp_explain_caps(json, object, "withoutCaps", when->without_caps);
    sp_explain_kernels(json, object, when->from, when->before);
}

static void
add_state(struct sp_json *json, struct cJSON *parent, const char *key,
          const struct sp_diff_state *state)
{
    struct cJSON *object = sp_json_object(json, parent, key);

    sp_json_string(json, object, "start", start_word(state->start));
    if (state->why != NULL) {
        sp_json_string(json, object, "why", state->why);
    }
}

/* A call's name; null, and the number, where it is about something else. */
static void
add_subject(struct sp_json *json, struct cJSON *object, const struct sp_diff_change *change)
{
    bool has_number = change->kind != SP_DIFF_START && change->kind != SP_DIFF_ARCH;

    if (change->call != NULL) {
        sp_json_string(json, object, "syscall", sp_kb_text(change->call->name));
    } else {
        sp_json_null(json, object, "syscall");
    }
    if (change->call == NULL && has_number) {
        sp_json_u64(json, object, "number", change->nr);
    }
    if (change->kind == SP_DIFF_NOBODY) {
        sp_json_u64(json, object, "numbers", change->numbers);
    }
}

static void
add_answers(struct sp_json *json, struct cJSON *object, const struct sp_diff_change *change)
{
    if (change->kind == SP_DIFF_START) {
        add_state(json, object, "fromState", &change->from_state);
        add_state(json, object, "toState", &change->to_state);
        return;
    }
    sp_json_string(json, object, "conditions",
                   change->conditions == NULL ? "always" : change->conditions);
    sp_verdict_json(json, object, "from", change->from);
    sp_verdict_json(json, object, "to", change->to);
}

static void
add_row(struct sp_json *json, struct cJSON *list, const struct sp_diff_change *change,
        const struct sp_when *when)
{
    struct cJSON *object = sp_json_object(json, list, NULL);

    sp_json_string(json, object, "kind", kind_word(change->kind));
    add_subject(json, object, change);
    add_arches(json, object, "arch", change->arches.at, change->arches.count);
    add_arches(json, object, "hosts", change->hosts.at, change->hosts.count);
    sp_json_bool(json, object, "everywhere", change->everywhere);
    sp_json_string(json, object, "direction", sp_diff_tell_direction(change->direction));
    sp_json_string(json, object, "effect", effect_word(change->effect));
    add_when(json, object, when);
    add_answers(json, object, change);
    if (change->danger != NULL) {
        sp_json_string(json, object, "danger", change->danger);
    }
    sp_json_u64(json, object, "risk", change->risk);
    if (change->has_witness) {
        sp_witness_json(json, object, &change->witness.call);
    }
}

static void
add_changes(struct sp_json *json, const struct sp_diff *diff)
{
    struct cJSON *list = sp_json_array(json, NULL, "changes");

    for (size_t i = 0; i < diff->changes.count; i++) {
        const struct sp_diff_change *change = diff->changes.at[i];
        for (size_t j = 0; j < change->when.any.count; j++) {
            add_row(json, list, change, &change->when.any.at[j]);
        }
    }
}

static void
add_undecided(struct sp_json *json, const struct sp_diff *diff)
{
    struct cJSON *list = sp_json_array(json, NULL, "undecided");

    for (size_t i = 0; i < diff->undecided.count; i++) {
        const struct sp_diff_undecided *one = &diff->undecided.at[i];
        struct cJSON *object = sp_json_object(json, list, NULL);
        if (one->call != NULL) {
            sp_json_string(json, object, "syscall", sp_kb_text(one->call->name));
        } else {
            sp_json_null(json, object, "syscall");
        }
        if (one->arch != NULL) {
            sp_json_string(json, object, "arch", sp_kb_text(one->arch->name));
            sp_json_u64(json, object, "number", one->nr);
        }
        if (one->host != NULL) {
            sp_json_string(json, object, "host", sp_kb_text(one->host->name));
        }
        sp_json_string(json, object, "why", one->why);
    }
}

static void
add_tally(struct sp_json *json, struct cJSON *parent, const struct sp_diff *diff,
          enum sp_diff_direction direction)
{
    struct cJSON *object = sp_json_object(json, parent, sp_diff_tell_direction(direction));
    struct sp_diff_tally tally;

    if (!sp_diff_tell_count(diff, direction, &tally)) {
        json->failed = true;
        return;
    }
    sp_json_u64(json, object, "syscalls", tally.calls);
    sp_json_u64(json, object, "dangerous", tally.dangerous);
    sp_json_u64(json, object, "allowed", tally.allowed);
    sp_json_u64(json, object, "denied", tally.denied);
    sp_json_u64(json, object, "arches", tally.arches);
    sp_json_bool(json, object, "start", tally.starts > 0);
    sp_json_bool(json, object, "newer", tally.newer > 0);
    sp_json_bool(json, object, "nobody", tally.nobody > 0);
}

static void
add_summary(struct sp_json *json, const struct sp_diff *diff)
{
    struct cJSON *object = sp_json_object(json, NULL, "summary");

    for (int i = SP_DIFF_LOOSER; i <= SP_DIFF_CHANGED; i++) {
        add_tally(json, object, diff, (enum sp_diff_direction)i);
    }
    sp_json_u64(json, object, "undecided", diff->undecided.count);
}

void
sp_diff_json(const struct sp_diff_page *page, struct sp_buf *out)
{
    struct sp_json json = sp_json_answer("diff");

    add_operand(&json, "from", &page->from);
    add_operand(&json, "to", &page->to);
    sp_json_bool(&json, NULL, "equal", page->diff->equal);
    add_arches(&json, NULL, "arches", page->diff->arches.at, page->diff->arches.count);
    add_arches(&json, NULL, "hosts", page->diff->hosts.at, page->diff->hosts.count);
    add_summary(&json, page->diff);
    if (!page->summary) {
        add_changes(&json, page->diff);
    }
    add_undecided(&json, page->diff);
    sp_json_print(&json, true, out);
    sp_buf_char(out, '\n');
    sp_json_free(&json);
}

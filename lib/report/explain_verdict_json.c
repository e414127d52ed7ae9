/* One concrete call, for programs. */
#include "report/explain_verdict.h"

#include "report/witness.h"

#include <inttypes.h>

static void
add_args(struct sp_json *json, struct cJSON *parent, const char *key,
         const uint64_t args[SP_ARGS], unsigned any)
{
    struct cJSON *list = sp_json_array(json, parent, key);

    for (unsigned arg = 0; arg < SP_ARGS; arg++) {
        SP_BUF(text);
        if ((any >> arg & 1) != 0) {
            sp_buf_char(&text, '_');
        } else {
            sp_buf_format(&text, "0x%" PRIx64, args[arg]);
        }
        sp_json_view(json, list, NULL, sp_buf_part(&text, &json->failed));
    }
}

static void
add_call(struct sp_json *json, const struct sp_call_verdict *verdict)
{
    SP_BUF(text);

    sp_call_text_write(&verdict->text, verdict->args, &text);
    sp_json_view(json, NULL, "call", sp_buf_part(&text, &json->failed));
    sp_json_string(json, NULL, "arch", sp_kb_text(verdict->arch->name));
    sp_json_u64(json, NULL, "number", verdict->nr);
    add_args(json, NULL, "args", verdict->args, verdict->text.any);
}

static void
add_environment(struct sp_json *json, const struct sp_call_verdict *verdict)
{
    const struct sp_environment *where = &verdict->meaning->environment;
    struct cJSON *object = sp_json_object(json, NULL, "environment");
    SP_BUF(kernel);

    sp_json_string(json, object, "engine", sp_engine_text(where->engine));
    sp_json_string(json, object, "runtime", sp_runtime_text(where->runtime));
    sp_json_string(json, object, "host", sp_kb_text(where->host->name));
    sp_buf_format(&kernel, "%u.%u", where->kernel.major, where->kernel.minor);
    sp_json_view(json, object, "kernel", sp_buf_part(&kernel, &json->failed));
    sp_explain_caps(json, object, "caps", where->caps);
}

static void
add_place(struct sp_json *json, struct cJSON *parent, const struct sp_doc *doc,
          const struct sp_node *node)
{
    struct sp_position position = sp_source_position(doc->source, node->span.start);

    sp_json_string(json, parent, "path", doc->source->name);
    sp_json_u64(json, parent, "line", position.line);
    sp_json_u64(json, parent, "column", position.column);
}

/* A container that does not start answers nothing. */
static void
add_refusal(struct sp_json *json, const struct sp_call_verdict *verdict,
            const struct sp_doc *doc)
{
    const struct sp_meaning *meaning = verdict->meaning;
    struct cJSON *object = sp_json_object(json, NULL, "refused");

    sp_json_string(json, object, "why", meaning->why == NULL ? "" : meaning->why);
    sp_json_bool(json, object, "endless", meaning->start == SP_START_ENDLESS);
    if (meaning->where != NULL) {
        add_place(json, object, doc, meaning->where);
    }
}

static void
add_rules(struct sp_json *json, const struct sp_call_verdict *verdict, const struct sp_doc *doc)
{
    struct cJSON *list = sp_json_array(json, NULL, "rules");

    for (size_t i = 0; i < verdict->rules.count; i++) {
        const struct sp_call_rule *rule = &verdict->rules.at[i];
        struct cJSON *object = sp_json_object(json, list, NULL);
        sp_explain_pointer(json, object, "pointer", rule->rule);
        add_place(json, object, doc, rule->rule->node);
        sp_verdict_json(json, object, "verdict", rule->verdict);
        sp_json_string(json, object, "conditions", rule->words);
        if (verdict->parts.all.count == 1) {
            sp_json_bool(json, object, "holds", rule->holds);
        }
    }
}

static void
add_written(struct sp_json *json, const struct sp_call_verdict *verdict)
{
    const struct sp_explain_hazard *hazard;

    if (verdict->has_written) {
        sp_verdict_json(json, NULL, "asWritten", verdict->written);
    }
    if (verdict->hazards == 0) {
        return;
    }
    struct cJSON *list = sp_json_array(json, NULL, "hazards");
    for (size_t i = 0; (hazard = sp_explain_hazard(i)) != NULL; i++) {
        if ((verdict->hazards & hazard->bit) != 0) {
            sp_json_string(json, list, NULL, hazard->name);
        }
    }
}

static void
add_change(struct sp_json *json, struct cJSON *list, const struct sp_call_otherwise *row,
           const struct sp_call_change *change)
{
    struct cJSON *object = sp_json_object(json, list, NULL);

    sp_explain_caps(json, object, "with", change->more);
    sp_explain_caps(json, object, "without", change->less);
    sp_explain_kernels(json, object, change->from, change->before);
    sp_json_bool(json, object, "starts", row->starts);
    if (row->starts) {
        sp_verdict_json(json, object, "verdict", row->verdict);
    }
}

static void
add_otherwise(struct sp_json *json, const struct sp_call_verdict *verdict)
{
    struct cJSON *list = sp_json_array(json, NULL, "otherwise");

    for (size_t i = 0; i < verdict->otherwise.count; i++) {
        const struct sp_call_otherwise *row = &verdict->otherwise.at[i];
        for (size_t j = 0; j < row->changes.all.count; j++) {
            add_change(json, list, row, &row->changes.all.at[j]);
        }
    }
    sp_json_bool(json, NULL, "undecided", verdict->undecided
                 || (verdict->starts && !verdict->decided));
}

static void
add_twin(struct sp_json *json, const struct sp_call_verdict *verdict)
{
    if (!verdict->has_twin) {
        return;
    }
    struct cJSON *object = sp_json_object(json, NULL, "twin");
    add_args(json, object, "args", verdict->twin, verdict->text.any);
    sp_json_u64(json, object, "argument", verdict->twin_arg);
    sp_verdict_json(json, object, "verdict", verdict->twin_verdict);
    sp_json_string(json, object, "code", "SP401");
}

static void
add_elsewhere(struct sp_json *json, const struct sp_call_verdict *verdict)
{
    struct cJSON *list = sp_json_array(json, NULL, "elsewhere");

    for (size_t i = 0; i < verdict->elsewhere.count; i++) {
        const struct sp_call_elsewhere *row = &verdict->elsewhere.at[i];
        struct cJSON *object = sp_json_object(json, list, NULL);
        sp_json_string(json, object, "arch", sp_kb_text(row->arch->name));
        sp_json_string(json, object, "syscall", sp_kb_text(row->call->name));
        if (row->decided) {
            sp_verdict_json(json, object, "verdict", row->verdict);
        }
    }
}

/* Where the answer depends on an open argument there is no one verdict: the parts say all. */
static void
add_parts(struct sp_json *json, const struct sp_call_verdict *verdict)
{
    struct cJSON *list = sp_json_array(json, NULL, "depends");

    for (size_t i = 0; i < verdict->parts.all.count; i++) {
        const struct sp_call_part *part = &verdict->parts.all.at[i];
        struct cJSON *object = sp_json_object(json, list, NULL);
        sp_json_string(json, object, "conditions", part->words);
        if (part->decided) {
            sp_verdict_json(json, object, "verdict", part->verdict);
        }
    }
}

static void
add_verdict(struct sp_json *json, const struct sp_call_verdict *verdict,
            const struct sp_doc *doc)
{
    if (verdict->parts.all.count > 1) {
        add_parts(json, verdict);
        return;
    }
    if (verdict->decided) {
        sp_verdict_json(json, NULL, "verdict", verdict->verdict);
    }
    sp_json_string(json, NULL, "decider", sp_explain_decider(verdict->decider));
    if (verdict->rule != NULL) {
        sp_explain_pointer(json, NULL, "rule", verdict->rule);
        add_place(json, sp_json_object(json, NULL, "place"), doc, verdict->rule->node);
    }
}

void
sp_explain_verdict_json(const struct sp_call_verdict *verdict,
                        const struct sp_explain_profile *profile, struct sp_json *json)
{
    const struct sp_doc *doc = profile->profile->doc;

    sp_json_string(json, NULL, "profile", profile->name);
    add_call(json, verdict);
    add_environment(json, verdict);
    sp_json_bool(json, NULL, "allowed", sp_call_verdict_is_allowed(verdict));
    if (verdict->starts) {
        add_verdict(json, verdict, doc);
        add_rules(json, verdict, doc);
        add_written(json, verdict);
    } else {
        add_refusal(json, verdict, doc);
    }
    add_otherwise(json, verdict);
    add_twin(json, verdict);
    add_elsewhere(json, verdict);
}

/* All verdicts of a call, for programs. */
#include "report/explain_verdict.h"

#include "report/witness.h"

static void
add_when(struct sp_json *json, struct cJSON *parent, const struct sp_when *when)
{
    struct cJSON *object = sp_json_object(json, parent, "when");

    sp_explain_caps(json, object, "caps", when->caps);
    sp_explain_caps(json, object, "withoutCaps", when->without_caps);
    sp_explain_kernels(json, object, when->from, when->before);
}

static struct cJSON *
add_row(struct sp_json *json, struct cJSON *list, const struct sp_call_scene *scene)
{
    struct cJSON *object = sp_json_object(json, list, NULL);
    const struct sp_environment *where = &scene->scene->meaning->environment;

    sp_json_string(json, object, "arch", sp_kb_text(scene->arch->name));
    if (where->host != scene->arch) {
        sp_json_string(json, object, "host", sp_kb_text(where->host->name));
    }
    add_when(json, object, &scene->scene->when);
    return object;
}

static void
add_part(struct sp_json *json, struct cJSON *list, const struct sp_call_scene *scene,
         const struct sp_call_part *part)
{
    struct cJSON *object = add_row(json, list, scene);

    sp_json_string(json, object, "conditions", part->words);
    if (part->decided) {
        sp_verdict_json(json, object, "verdict", part->verdict);
        sp_json_string(json, object, "decider", sp_explain_decider(part->decider));
    }
    struct cJSON *rules = sp_json_array(json, object, "rules");
    for (size_t i = 0; i < part->rules.count; i++) {
        sp_explain_pointer(json, rules, NULL, part->rules.at[i]);
    }
}

/* No verdict: the container does not start. */
static void
add_refusal(struct sp_json *json, struct cJSON *list, const struct sp_call_scene *scene)
{
    const struct sp_meaning *meaning = scene->scene->meaning;
    struct cJSON *object = add_row(json, list, scene);

    sp_json_string(json, object, "refused", meaning->why == NULL ? "" : meaning->why);
}

void
sp_explain_verdicts_json(const struct sp_call_verdicts *verdicts, struct sp_json *json)
{
    struct cJSON *list = sp_json_array(json, NULL, "verdicts");

    for (size_t i = 0; i < verdicts->all.count; i++) {
        const struct sp_call_scene *scene = &verdicts->all.at[i];
        if (!scene->starts) {
            add_refusal(json, list, scene);
        }
        for (size_t j = 0; j < scene->parts.all.count; j++) {
            add_part(json, list, scene, &scene->parts.all.at[j]);
        }
    }
    if (verdicts->undecided) {
        sp_json_bool(json, NULL, "undecided", true);
    }
}

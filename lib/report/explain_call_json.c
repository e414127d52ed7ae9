/* A system call, for programs. */
#include "kb/kernel.h"
#include "ops/answer.h"
#include "ops/default_says.h"
#include "report/explain.h"

/* A text only where there is one. */
static void
add_text(struct sp_json *json, struct cJSON *parent, const char *key, sp_text text)
{
    if (text != 0) {
        sp_json_string(json, parent, key, sp_kb_text(text));
    }
}

static void
add_kernel(struct sp_json *json, struct cJSON *parent, const char *key, sp_kernel kernel)
{
    if (kernel != 0) {
        sp_json_string(json, parent, key, sp_kernel_text(kernel).text);
    }
}

static void
add_numbers(struct sp_json *json, const struct sp_kb_syscall *call)
{
    struct cJSON *numbers = sp_json_object(json, NULL, "numbers");

    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        int64_t number = sp_kb_number(&sp_kb_arches[i], call);
        if (number != SP_KB_NO_NUMBER) {
            sp_json_u64(json, numbers, sp_kb_text(sp_kb_arches[i].name), (uint64_t)number);
        }
    }
}

static void
add_arguments(struct sp_json *json, const struct sp_kb_syscall *call)
{
    if (!call->args_known) {
        return;
    }
    struct cJSON *list = sp_json_array(json, NULL, "arguments");
    for (size_t i = 0; i < call->args.count; i++) {
        const struct sp_kb_arg *arg = &sp_kb_args[call->args.first + i];
        struct cJSON *object = sp_json_object(json, list, NULL);
        sp_json_string(json, object, "name", sp_kb_text(arg->name));
        sp_json_string(json, object, "type", sp_kb_text(arg->type));
        sp_json_u64(json, object, "bits", arg->bits);
        sp_json_bool(json, object, "pointer", arg->pointer);
    }
}

static void
add_gates(struct sp_json *json, const struct sp_kb_syscall *call)
{
    struct cJSON *list = sp_json_array(json, NULL, "gates");

    for (size_t i = 0; i < call->gates.count; i++) {
        const struct sp_kb_gate *gate = &sp_kb_gates[call->gates.first + i];
        struct cJSON *object = sp_json_object(json, list, NULL);
        SP_BUF(caps);
        sp_answer_caps(gate->caps, gate->kind == SP_GATE_ALL ? " and " : " or ", &caps);
        sp_json_string(json, object, "capability", caps.len == 0 ? "none" : caps.data);
        json->failed |= caps.failed;
        sp_json_string(json, object, "condition", sp_kb_text(gate->when));
        add_text(json, object, "checkedIn", gate->scope);
        add_kernel(json, object, "since", gate->since);
        add_kernel(json, object, "until", gate->until);
        add_text(json, object, "kernelFile", gate->file);
        add_text(json, object, "note", gate->note);
    }
}

static const char *
verdict_word(enum sp_kb_verdict verdict)
{
    static const char *const words[] = {
        [SP_VERDICT_RIGHT] = "right", [SP_VERDICT_INCOMPLETE] = "incomplete",
        [SP_VERDICT_OUTDATED] = "outdated", [SP_VERDICT_WRONG] = "wrong",
    };

    return words[verdict];
}

/* Docker's documented reason, and what is to be said about it. */
static void
add_reason(struct sp_json *json, const struct sp_kb_syscall *call)
{
    if (call->blocked == 0) {
        return;
    }
    const struct sp_kb_blocked *row = &sp_kb_blocked[call->blocked - 1];
    struct cJSON *reason = sp_json_object(json, NULL, "reason");
    sp_json_string(json, reason, "class", sp_kb_text(sp_kb_classes[row->reason].name));
    sp_json_string(json, reason, "text", sp_kb_text(row->why));

    struct cJSON *documented = sp_json_object(json, NULL, "documented");
    add_text(json, documented, "gate", row->gate);
    add_text(json, documented, "exception", row->exception);
    add_text(json, documented, "obsolete", row->obsolete);
    sp_json_string(json, documented, "verdict", verdict_word(row->verdict));
    add_text(json, documented, "correction", row->correction);
}

struct rules {
    struct sp_json *json;
    struct cJSON *list;
};

static void
add_rule(void *user, const struct sp_kb_default_rule *rule,
         const struct sp_buf *phrase)
{
    const struct rules *rules = user;

    (void)rule;
    sp_json_view(rules->json, rules->list, NULL, sp_buf_part(phrase, &rules->json->failed));
}

/* What the newest default writes about the call; the verdicts that follow from it are another key. */
static void
add_docker(struct sp_json *json, const struct sp_kb_syscall *call)
{
    struct sp_kb_builtin builtin = { .content = NULL };
    SP_BUF(fallback);

    if (!sp_kb_builtin_find(SP_STR("docker"), &builtin)) {
        return;
    }
    struct sp_default_says says = sp_default_says(builtin.content, call);
    struct cJSON *docker = sp_json_object(json, NULL, "docker");
    sp_default_action(builtin.content, &fallback);
    sp_json_string(json, docker, "release", sp_kb_text(builtin.release->version));
    sp_json_view(json, docker, "default", sp_buf_part(&fallback, &json->failed));
    struct rules rules = { .json = json, .list = sp_json_array(json, docker, "rules") };
    sp_default_rules(&says, add_rule, &rules);
}

static void
add_cves(struct sp_json *json, const struct sp_kb_syscall *call)
{
    struct cJSON *list = sp_json_array(json, NULL, "cves");

    for (size_t i = 0; i < call->cves.count; i++) {
        const struct sp_kb_cve *cve = &sp_kb_cves[sp_kb_cve_uses[call->cves.first + i]];
        struct cJSON *object = sp_json_object(json, list, NULL);
        sp_json_string(json, object, "id", sp_kb_text(cve->id));
        sp_json_string(json, object, "title", sp_kb_text(cve->title));
        add_text(json, object, "when", cve->when);
        sp_json_string(json, object, "blockedByDocker", sp_kb_text(cve->blocked));
        sp_json_string(json, object, "summary", sp_kb_text(cve->summary));
    }
}

static void
add_sibling(void *user, const struct sp_kb_syscall *sibling)
{
    const struct rules *rules = user;

    sp_json_string(rules->json, rules->list, NULL, sp_kb_text(sibling->name));
}

void
sp_explain_call_json(const struct sp_kb_syscall *call, const struct sp_explain_answers *answers,
                     struct sp_json *json)
{
    SP_BUF(answer);

    sp_explain_call_answer(call, answers, &answer);
    sp_json_string(json, NULL, "syscall", sp_kb_text(call->name));
    sp_json_view(json, NULL, "answer", sp_buf_part(&answer, &json->failed));
    sp_json_string(json, NULL, "does", sp_kb_text(call->does));
    sp_json_string(json, NULL, "category", sp_kb_text(call->category));
    add_numbers(json, call);
    add_kernel(json, NULL, "since", call->since);
    add_kernel(json, NULL, "removed", call->removed);
    add_text(json, NULL, "note", call->note);
    add_arguments(json, call);
    add_reason(json, call);
    add_docker(json, call);
    if (answers != NULL) {
        sp_history_json(answers->histories, json);
        sp_explain_verdicts_json(answers->verdicts, json);
    }
    add_gates(json, call);
    add_cves(json, call);
    struct rules siblings = { .json = json, .list = sp_json_array(json, NULL, "siblings") };
    sp_answer_siblings(call, add_sibling, &siblings);
}

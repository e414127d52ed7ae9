/* Configurations for runtimes. */
#include "sem/engine_harness.h"

#include "text/json_write.h"

static void
write_conditions(struct sp_json *json, struct cJSON *parent, const struct sp_rule *rule)
{
    struct cJSON *list = sp_json_array(json, parent, "args");

    for (size_t i = 0; i < rule->condition_count; i++) {
        const struct sp_condition *condition = &rule->conditions[i];
        struct cJSON *object = sp_json_object(json, list, NULL);
        const char *op = sp_names_of(sp_operator_names, (int)condition->op);
        sp_json_u64(json, object, "index", condition->index.value);
        sp_json_u64(json, object, "value", condition->value.value);
        if (condition->value_two.value != 0) {
            sp_json_u64(json, object, "valueTwo", condition->value_two.value);
        }
        sp_json_string(json, object, "op", op == NULL ? "" : op);
    }
}

/* A word as it was written; a known action is as good. */
static void
write_action(struct sp_json *json, struct cJSON *parent, const char *key, enum sp_action action,
             const struct sp_node *node)
{
    const char *name = sp_names_of(sp_action_names, (int)action);

    sp_json_view(json, parent, key,
                 name != NULL ? sp_str_of(name) : node != NULL ? node->text : SP_STR(""));
}

static void
write_rule(struct sp_json *json, struct cJSON *list, const struct sp_oci_rule *rule)
{
    struct cJSON *object = sp_json_object(json, list, NULL);
    struct cJSON *names = sp_json_array(json, object, "names");

    for (size_t i = 0; i < rule->names.count; i++) {
        sp_json_view(json, names, NULL, rule->names.at[i].text);
    }
    write_action(json, object, "action", rule->rule->action, rule->rule->action_node);
    if (rule->error.given) {
        sp_json_u64(json, object, "errnoRet", rule->error.value);
    }
    if (rule->rule->condition_count > 0) {
        write_conditions(json, object, rule->rule);
    }
}

/* What Docker makes of the profile, as an OCI object. */
static void
write_resolved(const struct engine_run *run, struct sp_buf *buf)
{
    const struct sp_oci *oci = &run->meaning->oci;
    struct sp_json json = sp_json_new();

    write_action(&json, NULL, "defaultAction", oci->default_action,
                 run->meaning->profile->default_action_node);
    if (oci->default_error.given) {
        sp_json_u64(&json, NULL, "defaultErrnoRet", oci->default_error.value);
    }
    struct cJSON *arches = oci->arches.count == 0 ? NULL
                                                  : sp_json_array(&json, NULL, "architectures");
    for (size_t i = 0; i < oci->arches.count; i++) {
        sp_json_view(&json, arches, NULL, oci->arches.at[i]);
    }
    struct cJSON *rules = sp_json_array(&json, NULL, "syscalls");
    for (size_t i = 0; i < oci->rules.count; i++) {
        write_rule(&json, rules, &oci->rules.at[i]);
    }
    if (!sp_json_print(&json, true, buf)) {
        engine_fail("out of memory");
    }
    sp_json_free(&json);
}

static void
write_caps(const struct engine_run *run, const char *set, struct sp_buf *buf)
{
    const char *comma = "";

    sp_buf_format(buf, "\"%s\": [", set);
    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        if (run->job->caps >> i & 1) {
            sp_buf_format(buf, "%s\"%s\"", comma, sp_kb_text(sp_kb_caps[i].name));
            comma = ", ";
        }
    }
    sp_buf_text(buf, "]");
}

/* The user is nobody: the set that counts is the bounding one, as with `docker run -u`. */
void
engine_write_config(const struct engine_run *run, struct sp_buf *buf)
{
    bool has_filter = !engine_ways[run->job->way].is_resolved
        || run->meaning->oci.resolution == SP_RESOLUTION_PROFILE;

    sp_buf_text(buf, "{\"ociVersion\": \"1.0.2\", \"process\": {\"terminal\": false, \"user\": "
                     "{\"uid\": 65534, \"gid\": 65534}, \"args\": [\"/probe\"], \"env\": [], "
                     "\"cwd\": \"/\", \"capabilities\": {");
    write_caps(run, "bounding", buf);
    sp_buf_text(buf, ", ");
    write_caps(run, "inheritable", buf);
    sp_buf_format(buf, "}, \"noNewPrivileges\": %s}, ",
                  run->job->no_new_privs ? "true" : "false");
    sp_buf_format(buf, "\"root\": {\"path\": \"%s/rootfs\", \"readonly\": true}, ",
                  engine_machine.work);
    sp_buf_text(buf, "\"mounts\": [{\"destination\": \"/proc\", \"type\": \"proc\", "
                     "\"source\": \"proc\"}, {\"destination\": \"/dev\", \"type\": "
                     "\"tmpfs\", \"source\": \"tmpfs\", \"options\": [\"mode=755\", "
                     "\"size=1m\"]}, ");
    sp_buf_format(buf, "{\"destination\": \"/io\", \"type\": \"bind\", \"source\": \"%s/io\", "
                       "\"options\": [\"bind\", \"rw\"]}], ", run->folder);
    sp_buf_text(buf, "\"linux\": {\"namespaces\": [{\"type\": \"pid\"}, {\"type\": \"mount\"}, "
                     "{\"type\": \"ipc\"}, {\"type\": \"uts\"}, {\"type\": \"network\"}]");
    if (has_filter) {
        sp_buf_text(buf, ", \"seccomp\": ");
        if (engine_ways[run->job->way].is_resolved) {
            write_resolved(run, buf);
        } else {
            sp_buf_add(buf, run->text);
        }
    }
    sp_buf_text(buf, "}}\n");
}

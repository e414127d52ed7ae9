#include "format/spo_write_work.h"

#include "model/target.h"

#include <assert.h>
#include <string.h>

/* ---- the heading --------------------------------------------------------------------- */

/* A name may hold anything, a comment no line end. */
static void
write_plain(struct sp_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        sp_buf_char(out, (unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text);
    }
}

/* "#   CAP_CHOWN CAP_FSETID", folded. */
static void
write_caps(struct sp_buf *out, uint64_t caps)
{
    enum { WIDTH = 96 };
    size_t start = out->len;

    sp_buf_text(out, "# capabilities:");
    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        const char *name = sp_kb_text(sp_kb_caps[i].name);
        if ((caps >> i & 1) == 0) {
            continue;
        }
        if (out->len - start + 1 + strlen(name) > WIDTH) {
            start = out->len + 1;
            sp_buf_text(out, "\n#  ");
        }
        sp_buf_format(out, " %s", name);
    }
    sp_buf_text(out, caps == 0 ? " none\n" : "\n");
}

static void
write_heading(const struct sp_spo_writer *writer, const char *name)
{
    const struct sp_environment *environment = writer->environment;

    sp_buf_text(writer->out, "# ");
    write_plain(writer->out, name);
    sp_buf_text(writer->out, ", for the Security Profiles Operator, written by secprof\n");
    sp_buf_format(writer->out, "# as read by: %s, then %s, on %s, Linux %u.%u\n",
                  sp_engine_text(environment->engine), sp_runtime_text(environment->runtime),
                  sp_kb_text(environment->host->name), environment->kernel.major,
                  environment->kernel.minor);
    write_caps(writer->out, environment->caps);
}

/* ---- the whole ----------------------------------------------------------------------- */

static void
write_default(struct sp_spo_writer *writer)
{
    const struct sp_oci *oci = writer->oci;

    if (oci->default_action == SP_ACTION_NONE || oci->default_action == SP_ACTION_NOTIFY) {
        sp_losses_add_default(writer->losses, SP_VERDICT_ERRNO | SP_SPO_EPERM,
                              "the operator takes no such default action",
                              "it is SCMP_ACT_ERRNO");
        sp_yaml_text(writer->yaml, "defaultAction", SP_STR("SCMP_ACT_ERRNO"));
        return;
    }
    sp_yaml_text(writer->yaml, "defaultAction", oci->profile->default_action_node->text);
    sp_spo_check_default_error(writer);
}

static void
write_spec(struct sp_spo_writer *writer)
{
    sp_yaml_open(writer->yaml, "spec", SP_NODE_OBJECT);
    write_default(writer);
    sp_spo_write_arches(writer);
    sp_spo_write_flags(writer);
    sp_spo_write_listener(writer);
    if (writer->oci->rules.count > 0) {
        sp_yaml_open(writer->yaml, "syscalls", SP_NODE_ARRAY);
        for (size_t i = 0; i < writer->oci->rules.count; i++) {
            sp_spo_write_rule(writer, &writer->oci->rules.at[i]);
        }
        sp_yaml_close(writer->yaml, SP_NODE_ARRAY);
    }
    sp_yaml_close(writer->yaml, SP_NODE_OBJECT);
}

static void
write_metadata(struct sp_yaml *yaml, const char *name, struct sp_buf *out)
{
    SP_BUF(text);

    sp_spo_write_name(name, &text);
    sp_yaml_open(yaml, "metadata", SP_NODE_OBJECT);
    sp_yaml_text(yaml, "name", sp_buf_part(&text, &out->failed));
    sp_yaml_close(yaml, SP_NODE_OBJECT);
}

void
sp_spo_write(const struct sp_oci *oci, const struct sp_environment *environment,
             const char *name, struct sp_losses *losses, struct sp_buf *out)
{
    struct sp_spo_writer writer = {
        .out = out, .oci = oci, .environment = environment, .losses = losses,
    };

    assert(oci->resolution == SP_RESOLUTION_PROFILE);
    write_heading(&writer, name);
    writer.yaml = sp_yaml_new(out);
    sp_yaml_text(writer.yaml, "apiVersion",
                 SP_STR("security-profiles-operator.x-k8s.io/v1beta1"));
    sp_yaml_text(writer.yaml, "kind", SP_STR("SeccompProfile"));
    write_metadata(writer.yaml, name, out);
    write_spec(&writer);
    sp_yaml_end(writer.yaml);
}

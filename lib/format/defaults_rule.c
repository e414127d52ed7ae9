#include "format/defaults_write_work.h"

/* ---- an argument --------------------------------------------------------------------- */

static void
arg_index(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_layout_u64(&writer->layout, member->key, writer->arg->index);
}

static void
arg_value(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_layout_u64(&writer->layout, member->key, writer->arg->value);
}

static void
arg_value_two(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    if (writer->arg->value_two != 0 || member->keeps_empty) {
        sp_layout_u64(&writer->layout, member->key, writer->arg->value_two);
    }
}

static void
arg_op(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_default_write_prefixed(writer, member->key, "SCMP_CMP_", writer->arg->op);
}

static const struct sp_default_member arg_members[] = {
    [SP_DEFAULT_ARG_INDEX] = { .key = "index", .write = arg_index },
    [SP_DEFAULT_ARG_VALUE] = { .key = "value", .write = arg_value },
    [SP_DEFAULT_ARG_VALUE_TWO] = { .key = "valueTwo", .write = arg_value_two },
    [SP_DEFAULT_ARG_OP] = { .key = "op", .write = arg_op },
};

/* ---- members of a rule --------------------------------------------------------------- */

static bool
is_wanted(const struct sp_default_writer *writer, uint16_t call)
{
    return writer->wanted == NULL || writer->wanted[call];
}

bool
sp_default_is_rule_wanted(const struct sp_default_writer *writer)
{
    struct sp_kb_range calls = writer->rule->calls;

    for (size_t i = 0; i < calls.count; i++) {
        if (is_wanted(writer, sp_kb_indices[calls.first + i])) {
            return true;
        }
    }
    return writer->wanted == NULL;
}

static void
rule_name(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_layout_string(&writer->layout, member->key,
                     sp_kb_text(sp_kb_syscalls[writer->call].name));
}

static void
rule_names(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    struct sp_kb_range calls = writer->rule->calls;

    sp_layout_open(&writer->layout, member->key, '[');
    for (size_t i = 0; i < calls.count; i++) {
        uint16_t call = sp_kb_indices[calls.first + i];
        if (is_wanted(writer, call)) {
            sp_layout_string(&writer->layout, NULL, sp_kb_text(sp_kb_syscalls[call].name));
        }
    }
    sp_layout_close(&writer->layout, ']');
}

static void
rule_action(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_default_write_prefixed(writer, member->key, "SCMP_ACT_", writer->rule->action);
}

static void
rule_error(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_default_write_error(writer, member->key, writer->rule->error);
}

static void
rule_error_name(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_default_write_error_name(writer, member->key, writer->rule->error);
}

static void
rule_args(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    struct sp_kb_range args = writer->rule->args;

    if (args.count == 0 && !member->keeps_empty) {
        return;
    }
    if (writer->rule->null_args) {
        sp_layout_word(&writer->layout, member->key, "null");
        return;
    }
    sp_layout_open(&writer->layout, member->key, '[');
    for (size_t i = 0; i < args.count; i++) {
        writer->arg = &sp_kb_default_args[args.first + i];
        sp_default_write_object(writer, arg_members, writer->style->arg);
    }
    sp_layout_close(&writer->layout, ']');
}

static void
rule_comment(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_text comment = writer->rule->comment;

    if (comment != 0 || member->keeps_empty) {
        sp_layout_string(&writer->layout, member->key, comment == 0 ? "" : sp_kb_text(comment));
    }
}

/* All styles agree on what stands inside. */
static void
write_filter(struct sp_default_writer *writer, const struct sp_default_member *member,
             struct sp_kb_range caps, struct sp_kb_range arches, sp_text min_kernel)
{
    bool is_empty = caps.count + arches.count == 0 && min_kernel == 0;

    if (is_empty && !member->keeps_empty) {
        return;
    }
    sp_layout_open(&writer->layout, member->key, '{');
    sp_default_write_texts(writer, "caps", caps);
    sp_default_write_texts(writer, "arches", arches);
    if (min_kernel != 0) {
        sp_layout_string(&writer->layout, "minKernel", sp_kb_text(min_kernel));
    }
    sp_layout_close(&writer->layout, '}');
}

static void
rule_includes(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    const struct sp_kb_default_rule *rule = writer->rule;

    write_filter(writer, member, rule->caps, rule->arches, rule->min_kernel);
}

static void
rule_excludes(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    write_filter(writer, member, writer->rule->not_caps, writer->rule->not_arches, 0);
}

/* ---- the rule ------------------------------------------------------------------------ */

static const struct sp_default_member rule_members[] = {
    [SP_DEFAULT_RULE_NAME] = { .key = "name", .write = rule_name },
    [SP_DEFAULT_RULE_NAMES] = { .key = "names", .write = rule_names },
    [SP_DEFAULT_RULE_ACTION] = { .key = "action", .write = rule_action },
    [SP_DEFAULT_RULE_ERROR] = { .key = "errnoRet", .write = rule_error },
    [SP_DEFAULT_RULE_ERROR_NAME] = { .key = "errno", .write = rule_error_name },
    [SP_DEFAULT_RULE_ARGS] = { .key = "args", .write = rule_args },
    [SP_DEFAULT_RULE_COMMENT] = { .key = "comment", .write = rule_comment },
    [SP_DEFAULT_RULE_INCLUDES] = { .key = "includes", .write = rule_includes },
    [SP_DEFAULT_RULE_EXCLUDES] = { .key = "excludes", .write = rule_excludes },
};

void
sp_default_write_rule(struct sp_default_writer *writer)
{
    struct sp_kb_range calls = writer->rule->calls;

    if (!writer->style->splits) {
        sp_default_write_object(writer, rule_members, writer->style->rule);
        return;
    }
    for (size_t i = 0; i < calls.count; i++) {
        writer->call = sp_kb_indices[calls.first + i];
        if (is_wanted(writer, writer->call)) {
            sp_default_write_object(writer, rule_members, writer->style->rule);
        }
    }
}

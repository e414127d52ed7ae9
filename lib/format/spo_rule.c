#include "format/spo_write_work.h"

enum { CONDITIONS = 6, ARGUMENTS = 6 };

/* ---- conditions ---------------------------------------------------------------------- */

static bool
is_writable(const struct sp_condition *condition)
{
    return condition->index.value < ARGUMENTS && condition->value.value <= INT64_MAX
        && condition->value_two.value <= INT64_MAX && condition->op != SP_OPERATOR_NONE;
}

/* The conditions that fit, one bit each; all of them say what the rule says. */
static uint64_t
writable_conditions(const struct sp_rule *rule, bool *ret_all)
{
    uint64_t set = 0;
    unsigned count = 0;

    *ret_all = true;
    for (size_t i = 0; i < rule->condition_count; i++) {
        if (i < 64 && count < CONDITIONS && is_writable(&rule->conditions[i])) {
            set |= UINT64_C(1) << i;
            count++;
        } else {
            *ret_all = false;
        }
    }
    return set;
}

static void
write_condition(struct sp_yaml *yaml, const struct sp_condition *condition)
{
    sp_yaml_open(yaml, NULL, SP_NODE_OBJECT);
    sp_yaml_u64(yaml, "index", condition->index.value);
    sp_yaml_u64(yaml, "value", condition->value.value);
    if (condition->value_two.value != 0) {
        sp_yaml_u64(yaml, "valueTwo", condition->value_two.value);
    }
    sp_yaml_text(yaml, "op", condition->op_node->text);
    sp_yaml_close(yaml, SP_NODE_OBJECT);
}

static void
write_conditions(struct sp_spo_writer *writer, const struct sp_rule *rule, uint64_t set)
{
    if (set == 0) {
        return;
    }
    sp_yaml_open(writer->yaml, "args", SP_NODE_ARRAY);
    for (size_t i = 0; i < rule->condition_count && i < 64; i++) {
        if ((set >> i & 1) != 0) {
            write_condition(writer->yaml, &rule->conditions[i]);
        }
    }
    sp_yaml_close(writer->yaml, SP_NODE_ARRAY);
}

/* ---- the rule ------------------------------------------------------------------------ */

/* The order of sp_action is that of the kernel: the more an action lets through, the later
 * it stands. */
static bool
lets_more_through(const struct sp_spo_writer *writer, const struct sp_oci_rule *rule)
{
    return rule->rule->action > writer->oci->default_action;
}

void
sp_spo_write_rule(struct sp_spo_writer *writer, const struct sp_oci_rule *rule)
{
    static const char what[] =
        "the operator takes six conditions, of the arguments 0 to 5, with values below 2^63";
    bool all;
    uint64_t set = writable_conditions(rule->rule, &all);

    if (rule->names.count == 0) {
        return;
    }
    if (rule->rule->action == SP_ACTION_NONE) {
        sp_spo_lose_names(writer, rule, "the operator knows no such action",
                          "the rule is left out");
        return;
    }
    if (!all && !lets_more_through(writer, rule)) {
        sp_spo_lose_names(writer, rule, what, "the rule is left out");
        return;
    }
    if (!all) {
        sp_spo_lose_names(writer, rule, what,
                          "the rule is written without those that do not fit");
    }
    sp_yaml_open(writer->yaml, NULL, SP_NODE_OBJECT);
    sp_spo_write_set(writer->yaml, "names", &rule->names);
    sp_yaml_text(writer->yaml, "action", rule->rule->action_node->text);
    sp_spo_write_error(writer, rule);
    write_conditions(writer, rule->rule, set);
    sp_yaml_close(writer->yaml, SP_NODE_OBJECT);
}

#include "format/defaults_write.h"

#include "text/json_layout.h"

#include <stdio.h>

/* Projects write their defaults with Go's JSON encoder: the fields of a struct in their order,
 * an empty one left out where the struct says `omitempty`.  Their structs differ in just that,
 * from project to project and from time to time, so a style is the list of members of each
 * object. */

struct member;

/* What is being written: the innermost row of each kind. */
struct writer {
    struct sp_layout layout;
    const struct style *style;
    const struct sp_kb_default *profile;
    const struct sp_kb_default_map *map;
    const struct sp_kb_default_rule *rule;
    const struct sp_kb_default_arg *arg;
    uint16_t call;     /* of a rule that is written once for each of its calls */
    const bool *wanted;  /* by row of sp_kb_syscalls; NULL = all calls */
};

struct member {
    const char *key;   /* NULL ends a list */
    bool keeps_empty;  /* written even where there is nothing to tell: "", {}, [], 0, null */
    void (*write)(struct writer *writer, const struct member *member);
};

struct style {
    const struct member *profile;
    const struct member *rule;
    const struct member *arg;
    bool splits;       /* each call of a rule is a rule of its own */
};

static void
write_object(struct writer *writer, const struct member *members)
{
    sp_layout_open(&writer->layout, NULL, '{');
    for (; members->key != NULL; members++) {
        members->write(writer, members);
    }
    sp_layout_close(&writer->layout, '}');
}

/* ---- values -------------------------------------------------------------------------- */

static void
write_prefixed(struct writer *writer, const char *key, const char *prefix, sp_text word)
{
    char text[64];

    snprintf(text, sizeof text, "%s%s", prefix, sp_kb_text(word));
    sp_layout_string(&writer->layout, key, text);
}

static void
write_error(struct writer *writer, const char *key, uint16_t error)
{
    if (error != 0) {
        sp_layout_u64(&writer->layout, key, error);
    }
}

static void
write_error_name(struct writer *writer, const char *key, uint16_t error)
{
    const struct sp_kb_errno *row = error == 0 ? NULL : sp_kb_errno_by_number(error);

    if (row != NULL) {
        sp_layout_string(&writer->layout, key, sp_kb_text(row->name));
    }
}

static void
write_texts(struct writer *writer, const char *key, struct sp_kb_range texts)
{
    if (texts.count == 0) {
        return;
    }
    sp_layout_open(&writer->layout, key, '[');
    for (size_t i = 0; i < texts.count; i++) {
        sp_layout_string(&writer->layout, NULL, sp_kb_text(sp_kb_texts[texts.first + i]));
    }
    sp_layout_close(&writer->layout, ']');
}

static void
write_arches(struct writer *writer, const char *key, struct sp_kb_range arches)
{
    sp_layout_open(&writer->layout, key, '[');
    for (size_t i = 0; i < arches.count; i++) {
        uint16_t arch = sp_kb_indices[arches.first + i];
        sp_layout_string(&writer->layout, NULL, sp_kb_text(sp_kb_arches[arch].token));
    }
    sp_layout_close(&writer->layout, ']');
}

/* ---- members of an architecture ------------------------------------------------------ */

static void
map_arch(struct writer *writer, const struct member *member)
{
    sp_layout_string(&writer->layout, member->key,
                     sp_kb_text(sp_kb_arches[writer->map->arch].token));
}

static void
map_subs(struct writer *writer, const struct member *member)
{
    struct sp_kb_range subs = writer->map->subs;

    if (subs.count == 0) {
        sp_layout_word(&writer->layout, member->key, "null");
        return;
    }
    write_arches(writer, member->key, subs);
}

/* ---- members of an argument ---------------------------------------------------------- */

static void
arg_index(struct writer *writer, const struct member *member)
{
    sp_layout_u64(&writer->layout, member->key, writer->arg->index);
}

static void
arg_value(struct writer *writer, const struct member *member)
{
    sp_layout_u64(&writer->layout, member->key, writer->arg->value);
}

static void
arg_value_two(struct writer *writer, const struct member *member)
{
    if (writer->arg->value_two != 0 || member->keeps_empty) {
        sp_layout_u64(&writer->layout, member->key, writer->arg->value_two);
    }
}

static void
arg_op(struct writer *writer, const struct member *member)
{
    write_prefixed(writer, member->key, "SCMP_CMP_", writer->arg->op);
}

/* ---- members of a rule --------------------------------------------------------------- */

static bool
is_wanted(const struct writer *writer, uint16_t call)
{
    return writer->wanted == NULL || writer->wanted[call];
}

static bool
is_rule_wanted(const struct writer *writer)
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
rule_name(struct writer *writer, const struct member *member)
{
    sp_layout_string(&writer->layout, member->key,
                     sp_kb_text(sp_kb_syscalls[writer->call].name));
}

static void
rule_names(struct writer *writer, const struct member *member)
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
rule_action(struct writer *writer, const struct member *member)
{
    write_prefixed(writer, member->key, "SCMP_ACT_", writer->rule->action);
}

static void
rule_error(struct writer *writer, const struct member *member)
{
    write_error(writer, member->key, writer->rule->error);
}

static void
rule_error_name(struct writer *writer, const struct member *member)
{
    write_error_name(writer, member->key, writer->rule->error);
}

static void
rule_args(struct writer *writer, const struct member *member)
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
        write_object(writer, writer->style->arg);
    }
    sp_layout_close(&writer->layout, ']');
}

static void
rule_comment(struct writer *writer, const struct member *member)
{
    sp_text comment = writer->rule->comment;

    if (comment != 0 || member->keeps_empty) {
        sp_layout_string(&writer->layout, member->key, comment == 0 ? "" : sp_kb_text(comment));
    }
}

/* All styles agree on what stands inside. */
static void
write_filter(struct writer *writer, const struct member *member, struct sp_kb_range caps,
             struct sp_kb_range arches, sp_text min_kernel)
{
    bool is_empty = caps.count + arches.count == 0 && min_kernel == 0;

    if (is_empty && !member->keeps_empty) {
        return;
    }
    sp_layout_open(&writer->layout, member->key, '{');
    write_texts(writer, "caps", caps);
    write_texts(writer, "arches", arches);
    if (min_kernel != 0) {
        sp_layout_string(&writer->layout, "minKernel", sp_kb_text(min_kernel));
    }
    sp_layout_close(&writer->layout, '}');
}

static void
rule_includes(struct writer *writer, const struct member *member)
{
    const struct sp_kb_default_rule *rule = writer->rule;

    write_filter(writer, member, rule->caps, rule->arches, rule->min_kernel);
}

static void
rule_excludes(struct writer *writer, const struct member *member)
{
    write_filter(writer, member, writer->rule->not_caps, writer->rule->not_arches, 0);
}

/* ---- members of the profile ---------------------------------------------------------- */

static void
default_action(struct writer *writer, const struct member *member)
{
    write_prefixed(writer, member->key, "SCMP_ACT_", writer->profile->action);
}

static void
default_error(struct writer *writer, const struct member *member)
{
    write_error(writer, member->key, writer->profile->error);
}

static void
default_error_name(struct writer *writer, const struct member *member)
{
    write_error_name(writer, member->key, writer->profile->error);
}

static void
default_arches(struct writer *writer, const struct member *member)
{
    if (writer->profile->arches.count > 0) {
        write_arches(writer, member->key, writer->profile->arches);
    }
}

/* Sub-architectures are the one list that every style writes although it is empty: as null. */
static const struct member map_members[] = {
    { .key = "architecture", .write = map_arch },
    { .key = "subArchitectures", .write = map_subs },
    { .key = NULL },
};

static void
default_maps(struct writer *writer, const struct member *member)
{
    struct sp_kb_range maps = writer->profile->maps;

    if (maps.count == 0) {
        return;
    }
    sp_layout_open(&writer->layout, member->key, '[');
    for (size_t i = 0; i < maps.count; i++) {
        writer->map = &sp_kb_default_maps[maps.first + i];
        write_object(writer, map_members);
    }
    sp_layout_close(&writer->layout, ']');
}

static void
write_rule(struct writer *writer)
{
    struct sp_kb_range calls = writer->rule->calls;

    if (!writer->style->splits) {
        write_object(writer, writer->style->rule);
        return;
    }
    for (size_t i = 0; i < calls.count; i++) {
        writer->call = sp_kb_indices[calls.first + i];
        if (is_wanted(writer, writer->call)) {
            write_object(writer, writer->style->rule);
        }
    }
}

static void
default_rules(struct writer *writer, const struct member *member)
{
    struct sp_kb_range rules = writer->profile->rules;

    sp_layout_open(&writer->layout, member->key, '[');
    for (size_t i = 0; i < rules.count; i++) {
        writer->rule = &sp_kb_default_rules[rules.first + i];
        if (is_rule_wanted(writer)) {
            write_rule(writer);
        }
    }
    sp_layout_close(&writer->layout, ']');
}

/* ---- styles -------------------------------------------------------------------------- */

#define END { .key = NULL }

static const struct member plain_profile[] = {
    { .key = "defaultAction", .write = default_action },
    { .key = "defaultErrnoRet", .write = default_error },
    { .key = "archMap", .write = default_maps },
    { .key = "architectures", .write = default_arches },
    { .key = "syscalls", .write = default_rules },
    END,
};

static const struct member plain_arg[] = {
    { .key = "index", .write = arg_index },
    { .key = "value", .write = arg_value },
    { .key = "valueTwo", .write = arg_value_two },
    { .key = "op", .write = arg_op },
    END,
};

static const struct member full_arg[] = {
    { .key = "index", .write = arg_index },
    { .key = "value", .write = arg_value },
    { .key = "valueTwo", .keeps_empty = true, .write = arg_value_two },
    { .key = "op", .write = arg_op },
    END,
};

/* moby, by the structs of engine-api's types/seccomp.go */
static const struct member moby_1_11_rule[] = {
    { .key = "name", .write = rule_name },
    { .key = "action", .write = rule_action },
    { .key = "args", .keeps_empty = true, .write = rule_args },
    END,
};

/* moby, api/types/seccomp.go; containers-common, pkg/seccomp/types.go, which added errnoRet */
static const struct member moby_1_13_rule[] = {
    { .key = "names", .write = rule_names },
    { .key = "action", .write = rule_action },
    { .key = "args", .keeps_empty = true, .write = rule_args },
    { .key = "comment", .keeps_empty = true, .write = rule_comment },
    { .key = "includes", .keeps_empty = true, .write = rule_includes },
    { .key = "excludes", .keeps_empty = true, .write = rule_excludes },
    { .key = "errnoRet", .write = rule_error },
    END,
};

/* moby, profiles/seccomp/seccomp.go: the arguments are those of runtime-spec */
static const struct member moby_20_10_rule[] = {
    { .key = "names", .write = rule_names },
    { .key = "action", .write = rule_action },
    { .key = "errnoRet", .write = rule_error },
    { .key = "args", .keeps_empty = true, .write = rule_args },
    { .key = "comment", .keeps_empty = true, .write = rule_comment },
    { .key = "includes", .keeps_empty = true, .write = rule_includes },
    { .key = "excludes", .keeps_empty = true, .write = rule_excludes },
    END,
};

/* moby and moby/profiles, seccomp/seccomp.go: the rule is that of runtime-spec, and more */
static const struct member moby_23_0_rule[] = {
    { .key = "names", .write = rule_names },
    { .key = "action", .write = rule_action },
    { .key = "errnoRet", .write = rule_error },
    { .key = "args", .write = rule_args },
    { .key = "comment", .write = rule_comment },
    { .key = "includes", .write = rule_includes },
    { .key = "excludes", .write = rule_excludes },
    END,
};

/* containers-common, pkg/seccomp/types.go: an errno also by its name, little left out */
static const struct member containers_0_47_profile[] = {
    { .key = "defaultAction", .write = default_action },
    { .key = "defaultErrnoRet", .write = default_error },
    { .key = "defaultErrno", .write = default_error_name },
    { .key = "archMap", .write = default_maps },
    { .key = "syscalls", .write = default_rules },
    END,
};

static const struct member containers_0_47_rule[] = {
    { .key = "names", .write = rule_names },
    { .key = "action", .write = rule_action },
    { .key = "args", .keeps_empty = true, .write = rule_args },
    { .key = "comment", .keeps_empty = true, .write = rule_comment },
    { .key = "includes", .keeps_empty = true, .write = rule_includes },
    { .key = "excludes", .keeps_empty = true, .write = rule_excludes },
    { .key = "errnoRet", .write = rule_error },
    { .key = "errno", .write = rule_error_name },
    END,
};

static const struct style styles[] = {
    [SP_DEFAULT_STYLE_MOBY_1_11] = {
        .profile = plain_profile, .rule = moby_1_11_rule, .arg = full_arg, .splits = true,
    },
    [SP_DEFAULT_STYLE_MOBY_1_13] = {
        .profile = plain_profile, .rule = moby_1_13_rule, .arg = full_arg,
    },
    [SP_DEFAULT_STYLE_MOBY_20_10] = {
        .profile = plain_profile, .rule = moby_20_10_rule, .arg = plain_arg,
    },
    [SP_DEFAULT_STYLE_MOBY_23_0] = {
        .profile = plain_profile, .rule = moby_23_0_rule, .arg = plain_arg,
    },
    [SP_DEFAULT_STYLE_CONTAINERS_0_47] = {
        .profile = containers_0_47_profile, .rule = containers_0_47_rule, .arg = full_arg,
    },
};

static void
write_profile(const struct sp_kb_default *profile, const bool *wanted, struct sp_buf *buf)
{
    const struct style *style = &styles[profile->style];
    struct writer writer = {
        .layout = { .out = buf, .indent = "\t" },
        .style = style,
        .profile = profile,
        .wanted = wanted,
    };

    write_object(&writer, style->profile);
    if (profile->newline) {
        sp_buf_char(buf, '\n');
    }
}

void
sp_defaults_write(const struct sp_kb_default *profile, struct sp_buf *buf)
{
    write_profile(profile, NULL, buf);
}

void
sp_defaults_write_calls(const struct sp_kb_default *profile, const bool *wanted,
                        struct sp_buf *buf)
{
    write_profile(profile, wanted, buf);
}

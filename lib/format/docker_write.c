#include "format/docker_write.h"

#include "text/json_layout.h"

#include <stdio.h>

/* The order of keys and what is left out follow moby/profiles seccomp/seccomp.go: Go writes the
 * fields of a struct in their order and, with `omitempty`, none that is empty. */

static void
write_strings(struct sp_layout *layout, const char *key, struct sp_kb_range texts)
{
    if (texts.count == 0) {
        return;
    }
    sp_layout_open(layout, key, '[');
    for (size_t i = 0; i < texts.count; i++) {
        sp_layout_string(layout, NULL, sp_kb_text(sp_kb_texts[texts.first + i]));
    }
    sp_layout_close(layout, ']');
}

static void
write_prefixed(struct sp_layout *layout, const char *key, const char *prefix, sp_text word)
{
    char text[64];

    snprintf(text, sizeof text, "%s%s", prefix, sp_kb_text(word));
    sp_layout_string(layout, key, text);
}

/* Sub-architectures are the one list that Go writes although it is empty: as null. */
static void
write_map(struct sp_layout *layout, const struct sp_kb_default_map *map)
{
    sp_layout_open(layout, NULL, '{');
    sp_layout_string(layout, "architecture", sp_kb_text(sp_kb_arches[map->arch].token));
    if (map->subs.count == 0) {
        sp_layout_word(layout, "subArchitectures", "null");
    } else {
        sp_layout_open(layout, "subArchitectures", '[');
        for (size_t i = 0; i < map->subs.count; i++) {
            uint16_t arch = sp_kb_indices[map->subs.first + i];
            sp_layout_string(layout, NULL, sp_kb_text(sp_kb_arches[arch].token));
        }
        sp_layout_close(layout, ']');
    }
    sp_layout_close(layout, '}');
}

static void
write_names(struct sp_layout *layout, struct sp_kb_range calls)
{
    sp_layout_open(layout, "names", '[');
    for (size_t i = 0; i < calls.count; i++) {
        uint16_t call = sp_kb_indices[calls.first + i];
        sp_layout_string(layout, NULL, sp_kb_text(sp_kb_syscalls[call].name));
    }
    sp_layout_close(layout, ']');
}

static void
write_args(struct sp_layout *layout, struct sp_kb_range args)
{
    if (args.count == 0) {
        return;
    }
    sp_layout_open(layout, "args", '[');
    for (size_t i = 0; i < args.count; i++) {
        const struct sp_kb_default_arg *arg = &sp_kb_default_args[args.first + i];
        sp_layout_open(layout, NULL, '{');
        sp_layout_u64(layout, "index", arg->index);
        sp_layout_u64(layout, "value", arg->value);
        if (arg->value_two != 0) {
            sp_layout_u64(layout, "valueTwo", arg->value_two);
        }
        write_prefixed(layout, "op", "SCMP_CMP_", arg->op);
        sp_layout_close(layout, '}');
    }
    sp_layout_close(layout, ']');
}

static void
write_filter(struct sp_layout *layout, const char *key, struct sp_kb_range caps,
             struct sp_kb_range arches, sp_text min_kernel)
{
    if (caps.count == 0 && arches.count == 0 && min_kernel == 0) {
        return;
    }
    sp_layout_open(layout, key, '{');
    write_strings(layout, "caps", caps);
    write_strings(layout, "arches", arches);
    if (min_kernel != 0) {
        sp_layout_string(layout, "minKernel", sp_kb_text(min_kernel));
    }
    sp_layout_close(layout, '}');
}

static void
write_rule(struct sp_layout *layout, const struct sp_kb_default_rule *rule)
{
    sp_layout_open(layout, NULL, '{');
    write_names(layout, rule->calls);
    write_prefixed(layout, "action", "SCMP_ACT_", rule->action);
    if (rule->error != 0) {
        sp_layout_u64(layout, "errnoRet", rule->error);
    }
    write_args(layout, rule->args);
    if (rule->comment != 0) {
        sp_layout_string(layout, "comment", sp_kb_text(rule->comment));
    }
    write_filter(layout, "includes", rule->caps, rule->arches, rule->min_kernel);
    write_filter(layout, "excludes", rule->not_caps, rule->not_arches, 0);
    sp_layout_close(layout, '}');
}

void
sp_docker_write(const struct sp_kb_default *profile, struct sp_buf *buf)
{
    struct sp_layout layout = { .out = buf, .indent = "\t" };

    sp_layout_open(&layout, NULL, '{');
    write_prefixed(&layout, "defaultAction", "SCMP_ACT_", profile->action);
    if (profile->error != 0) {
        sp_layout_u64(&layout, "defaultErrnoRet", profile->error);
    }
    sp_layout_open(&layout, "archMap", '[');
    for (size_t i = 0; i < profile->maps.count; i++) {
        write_map(&layout, &sp_kb_default_maps[profile->maps.first + i]);
    }
    sp_layout_close(&layout, ']');
    sp_layout_open(&layout, "syscalls", '[');
    for (size_t i = 0; i < profile->rules.count; i++) {
        write_rule(&layout, &sp_kb_default_rules[profile->rules.first + i]);
    }
    sp_layout_close(&layout, ']');
    sp_layout_close(&layout, '}');
}

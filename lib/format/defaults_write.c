#include "format/defaults_write.h"

#include "format/defaults_write_work.h"

/* ---- an architecture ----------------------------------------------------------------- */

static void
map_arch(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_layout_string(&writer->layout, member->key,
                     sp_kb_text(sp_kb_arches[writer->map->arch].token));
}

static void
map_subs(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    struct sp_kb_range subs = writer->map->subs;

    if (subs.count == 0) {
        sp_layout_word(&writer->layout, member->key, "null");
        return;
    }
    sp_default_write_arches(writer, member->key, subs);
}

static const struct sp_default_member map_members[] = {
    [SP_DEFAULT_MAP_ARCH] = { .key = "architecture", .write = map_arch },
    [SP_DEFAULT_MAP_SUBS] = { .key = "subArchitectures", .write = map_subs },
};

/* ---- members of the profile ---------------------------------------------------------- */

static void
default_action(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_default_write_prefixed(writer, member->key, "SCMP_ACT_", writer->profile->action);
}

static void
default_error(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_default_write_error(writer, member->key, writer->profile->error);
}

static void
default_error_name(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    sp_default_write_error_name(writer, member->key, writer->profile->error);
}

static void
default_arches(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    if (writer->profile->arches.count > 0) {
        sp_default_write_arches(writer, member->key, writer->profile->arches);
    }
}

static void
default_maps(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    struct sp_kb_range maps = writer->profile->maps;

    if (maps.count == 0) {
        return;
    }
    sp_layout_open(&writer->layout, member->key, '[');
    for (size_t i = 0; i < maps.count; i++) {
        writer->map = &sp_kb_default_maps[maps.first + i];
        sp_default_write_object(writer, map_members, writer->style->map);
    }
    sp_layout_close(&writer->layout, ']');
}

static void
default_rules(struct sp_default_writer *writer, const struct sp_default_member *member)
{
    struct sp_kb_range rules = writer->profile->rules;

    sp_layout_open(&writer->layout, member->key, '[');
    for (size_t i = 0; i < rules.count; i++) {
        writer->rule = &sp_kb_default_rules[rules.first + i];
        if (sp_default_is_rule_wanted(writer)) {
            sp_default_write_rule(writer);
        }
    }
    sp_layout_close(&writer->layout, ']');
}

/* ---- the profile --------------------------------------------------------------------- */

static const struct sp_default_member profile_members[] = {
    [SP_DEFAULT_PROFILE_ACTION] = { .key = "defaultAction", .write = default_action },
    [SP_DEFAULT_PROFILE_ERROR] = { .key = "defaultErrnoRet", .write = default_error },
    [SP_DEFAULT_PROFILE_ERROR_NAME] = { .key = "defaultErrno", .write = default_error_name },
    [SP_DEFAULT_PROFILE_MAPS] = { .key = "archMap", .write = default_maps },
    [SP_DEFAULT_PROFILE_ARCHES] = { .key = "architectures", .write = default_arches },
    [SP_DEFAULT_PROFILE_RULES] = { .key = "syscalls", .write = default_rules },
};

static void
write_whole(const struct sp_kb_default *profile, const bool *wanted, struct sp_buf *buf)
{
    const struct sp_default_form *style = &sp_default_forms[profile->style];
    struct sp_default_writer writer = {
        .layout = { .out = buf, .indent = "\t" },
        .style = style,
        .profile = profile,
        .wanted = wanted,
    };

    sp_default_write_object(&writer, profile_members, style->profile);
    if (profile->newline) {
        sp_buf_char(buf, '\n');
    }
}

void
sp_defaults_write(const struct sp_kb_default *profile, struct sp_buf *buf)
{
    write_whole(profile, NULL, buf);
}

void
sp_defaults_write_calls(const struct sp_kb_default *profile, const bool *wanted,
                        struct sp_buf *buf)
{
    write_whole(profile, wanted, buf);
}

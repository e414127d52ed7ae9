#include "model/profile.h"

/* Source of the words: runtime-spec config-linux.md ("seccomp"); SCMP_ACT_KILL is the older name of
 * SCMP_ACT_KILL_THREAD there. */
static const struct sp_name actions[] = {
    { .name = "SCMP_ACT_ALLOW", .value = SP_ACTION_ALLOW },
    { .name = "SCMP_ACT_ERRNO", .value = SP_ACTION_ERRNO },
    { .name = "SCMP_ACT_KILL", .value = SP_ACTION_KILL_THREAD, .alias = true },
    { .name = "SCMP_ACT_KILL_PROCESS", .value = SP_ACTION_KILL_PROCESS },
    { .name = "SCMP_ACT_KILL_THREAD", .value = SP_ACTION_KILL_THREAD },
    { .name = "SCMP_ACT_LOG", .value = SP_ACTION_LOG },
    { .name = "SCMP_ACT_NOTIFY", .value = SP_ACTION_NOTIFY },
    { .name = "SCMP_ACT_TRACE", .value = SP_ACTION_TRACE },
    { .name = "SCMP_ACT_TRAP", .value = SP_ACTION_TRAP },
};

static const struct sp_name operators[] = {
    { .name = "SCMP_CMP_EQ", .value = SP_OPERATOR_EQ },
    { .name = "SCMP_CMP_GE", .value = SP_OPERATOR_GE },
    { .name = "SCMP_CMP_GT", .value = SP_OPERATOR_GT },
    { .name = "SCMP_CMP_LE", .value = SP_OPERATOR_LE },
    { .name = "SCMP_CMP_LT", .value = SP_OPERATOR_LT },
    { .name = "SCMP_CMP_MASKED_EQ", .value = SP_OPERATOR_MASKED_EQ },
    { .name = "SCMP_CMP_NE", .value = SP_OPERATOR_NE },
};

/* Values: linux/seccomp.h. */
static const struct sp_name flags[] = {
    { .name = "SECCOMP_FILTER_FLAG_LOG", .value = 1 << 1 },
    { .name = "SECCOMP_FILTER_FLAG_SPEC_ALLOW", .value = 1 << 2 },
    { .name = "SECCOMP_FILTER_FLAG_TSYNC", .value = 1 << 0 },
    { .name = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", .value = 1 << 5 },
};

static const struct sp_name dialects[] = {
    { .name = "bpf", .value = SP_DIALECT_BPF },
    { .name = "config", .value = SP_DIALECT_CONFIG },
    { .name = "docker", .value = SP_DIALECT_DOCKER },
    { .name = "firejail", .value = SP_DIALECT_FIREJAIL },
    { .name = "kafel", .value = SP_DIALECT_KAFEL },
    { .name = "list", .value = SP_DIALECT_LIST },
    { .name = "minijail", .value = SP_DIALECT_MINIJAIL },
    { .name = "oci", .value = SP_DIALECT_OCI },
    { .name = "spo", .value = SP_DIALECT_SPO },
    { .name = "systemd", .value = SP_DIALECT_SYSTEMD },
};

const struct sp_names sp_dialect_names = SP_NAMES(dialects);
const struct sp_names sp_action_names = SP_NAMES(actions);
const struct sp_names sp_operator_names = SP_NAMES(operators);
const struct sp_names sp_flag_names = SP_NAMES(flags);

const char *
sp_dialect_text(enum sp_dialect dialect)
{
    switch (dialect) {
    case SP_DIALECT_UNKNOWN:
        return "no profile";
    case SP_DIALECT_OCI:
        return "OCI seccomp object";
    case SP_DIALECT_CONFIG:
        return "OCI config.json";
    case SP_DIALECT_DOCKER:
        return "Docker profile";
    case SP_DIALECT_SPO:
        return "SeccompProfile of the Security Profiles Operator";
    case SP_DIALECT_SYSTEMD:
        return "systemd unit";
    case SP_DIALECT_MINIJAIL:
        return "minijail policy";
    case SP_DIALECT_FIREJAIL:
        return "firejail profile";
    case SP_DIALECT_KAFEL:
        return "Kafel policy";
    case SP_DIALECT_LIST:
        return "list of system calls";
    case SP_DIALECT_BPF:
        return "BPF program";
    }
    return "no profile";
}

bool
sp_dialect_is_foreign(enum sp_dialect dialect)
{
    return dialect > SP_DIALECT_DOCKER;
}

bool
sp_dialect_loads_before_exec(enum sp_dialect dialect)
{
    switch (dialect) {
    case SP_DIALECT_UNKNOWN:
    case SP_DIALECT_OCI:
    case SP_DIALECT_CONFIG:
    case SP_DIALECT_DOCKER:
    case SP_DIALECT_SPO:
    case SP_DIALECT_SYSTEMD:
    case SP_DIALECT_FIREJAIL:
        return true;
    case SP_DIALECT_MINIJAIL:
    case SP_DIALECT_KAFEL:
    case SP_DIALECT_LIST:
    case SP_DIALECT_BPF:
        break;
    }
    return false;
}

bool
sp_profile_has_word(const struct sp_words *words, const char *wanted)
{
    for (size_t i = 0; i < words->count; i++) {
        if (sp_str_is(words->at[i].text, wanted)) {
            return true;
        }
    }
    return false;
}

/* One of the two numbers. */
static bool
read_number(struct sp_str text, uint64_t *ret_number)
{
    return sp_str_to_decimal(text, ret_number) && *ret_number <= UINT8_MAX;
}

bool
sp_profile_min_kernel(struct sp_str text, struct sp_version *ret_version)
{
    struct sp_str rest = text;
    struct sp_str first;
    uint64_t major;
    uint64_t minor;

    if (text.len == 0) {
        *ret_version = (struct sp_version){ .major = 0 };
        return true;
    }
    if (!sp_str_next(&rest, ".", &first) || !read_number(first, &major)
        || !read_number(rest, &minor) || (major == 0 && minor == 0)) {
        return false;
    }
    *ret_version = (struct sp_version){ .major = (uint16_t)major, .minor = (uint16_t)minor };
    return true;
}

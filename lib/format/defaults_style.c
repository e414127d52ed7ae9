#include "format/defaults_write_work.h"

static const uint8_t plain_profile[] = {
    SP_DEFAULT_PROFILE_ACTION, SP_DEFAULT_PROFILE_ERROR, SP_DEFAULT_PROFILE_MAPS,
    SP_DEFAULT_PROFILE_ARCHES, SP_DEFAULT_PROFILE_RULES, SP_DEFAULT_END,
};

/* Sub-architectures are the one list that every style writes although it is empty: as null. */
static const uint8_t plain_map[] = {
    SP_DEFAULT_MAP_ARCH, SP_DEFAULT_MAP_SUBS, SP_DEFAULT_END,
};

static const uint8_t plain_arg[] = {
    SP_DEFAULT_ARG_INDEX, SP_DEFAULT_ARG_VALUE, SP_DEFAULT_ARG_VALUE_TWO, SP_DEFAULT_ARG_OP,
    SP_DEFAULT_END,
};

static const uint8_t full_arg[] = {
    SP_DEFAULT_ARG_INDEX, SP_DEFAULT_ARG_VALUE, SP_DEFAULT_ARG_VALUE_TWO | SP_DEFAULT_KEPT,
    SP_DEFAULT_ARG_OP, SP_DEFAULT_END,
};

/* What a rule is about, when all of it is written. */
#define KEPT_MEMBERS \
    SP_DEFAULT_RULE_ARGS | SP_DEFAULT_KEPT, SP_DEFAULT_RULE_COMMENT | SP_DEFAULT_KEPT, \
    SP_DEFAULT_RULE_INCLUDES | SP_DEFAULT_KEPT, SP_DEFAULT_RULE_EXCLUDES | SP_DEFAULT_KEPT

/* moby, by the structs of engine-api's types/seccomp.go */
static const uint8_t moby_1_11_rule[] = {
    SP_DEFAULT_RULE_NAME, SP_DEFAULT_RULE_ACTION, SP_DEFAULT_RULE_ARGS | SP_DEFAULT_KEPT,
    SP_DEFAULT_END,
};

/* moby, api/types/seccomp.go; containers-common, pkg/seccomp/types.go, which added errnoRet */
static const uint8_t moby_1_13_rule[] = {
    SP_DEFAULT_RULE_NAMES, SP_DEFAULT_RULE_ACTION, KEPT_MEMBERS, SP_DEFAULT_RULE_ERROR,
    SP_DEFAULT_END,
};

/* moby, profiles/seccomp/seccomp.go: the arguments are those of runtime-spec */
static const uint8_t moby_20_10_rule[] = {
    SP_DEFAULT_RULE_NAMES, SP_DEFAULT_RULE_ACTION, SP_DEFAULT_RULE_ERROR, KEPT_MEMBERS,
    SP_DEFAULT_END,
};

/* moby and moby/profiles, seccomp/seccomp.go: the rule is that of runtime-spec, and more */
static const uint8_t moby_23_0_rule[] = {
    SP_DEFAULT_RULE_NAMES, SP_DEFAULT_RULE_ACTION, SP_DEFAULT_RULE_ERROR, SP_DEFAULT_RULE_ARGS,
    SP_DEFAULT_RULE_COMMENT, SP_DEFAULT_RULE_INCLUDES, SP_DEFAULT_RULE_EXCLUDES, SP_DEFAULT_END,
};

/* containers-common, pkg/seccomp/types.go: an errno also by its name, little left out */
static const uint8_t containers_0_47_profile[] = {
    SP_DEFAULT_PROFILE_ACTION, SP_DEFAULT_PROFILE_ERROR, SP_DEFAULT_PROFILE_ERROR_NAME,
    SP_DEFAULT_PROFILE_MAPS, SP_DEFAULT_PROFILE_RULES, SP_DEFAULT_END,
};

static const uint8_t containers_0_47_rule[] = {
    SP_DEFAULT_RULE_NAMES, SP_DEFAULT_RULE_ACTION, KEPT_MEMBERS, SP_DEFAULT_RULE_ERROR,
    SP_DEFAULT_RULE_ERROR_NAME, SP_DEFAULT_END,
};

const struct sp_default_form sp_default_forms[] = {
    [SP_DEFAULT_STYLE_MOBY_1_11] = {
        .profile = plain_profile, .map = plain_map, .rule = moby_1_11_rule, .arg = full_arg,
        .splits = true,
    },
    [SP_DEFAULT_STYLE_MOBY_1_13] = {
        .profile = plain_profile, .map = plain_map, .rule = moby_1_13_rule, .arg = full_arg,
    },
    [SP_DEFAULT_STYLE_MOBY_20_10] = {
        .profile = plain_profile, .map = plain_map, .rule = moby_20_10_rule, .arg = plain_arg,
    },
    [SP_DEFAULT_STYLE_MOBY_23_0] = {
        .profile = plain_profile, .map = plain_map, .rule = moby_23_0_rule, .arg = plain_arg,
    },
    [SP_DEFAULT_STYLE_CONTAINERS_0_47] = {
        .profile = containers_0_47_profile, .map = plain_map, .rule = containers_0_47_rule,
        .arg = full_arg,
    },
};

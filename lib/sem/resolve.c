#include "sem/resolve.h"

#include "sem/decode.h"
#include "sem/guards.h"

#include <string.h>

struct resolving {
    struct sp_arena *arena;
    const struct sp_profile *profile;
    const struct sp_environment *environment;
    struct sp_guards_read read;
    struct sp_oci *oci;
};

/* The first reason counts. Always false, so that a check can return it. */
static bool
refuse(struct resolving *resolving, const struct sp_node *where, const char *why)
{
    if (resolving->oci->resolution != SP_RESOLUTION_REFUSED) {
        resolving->oci->resolution = SP_RESOLUTION_REFUSED;
        resolving->oci->where = where;
        resolving->oci->why = why;
    }
    return false;
}

/* It lacks some keys, and looks at name and names after the conditions. */
static bool
is_old_docker(const struct resolving *resolving)
{
    return sp_decoder_of(resolving->environment) == SP_DECODER_DOCKER_OLD;
}

/* ---- decoding ------------------------------------------------------------------------ */

/* A bad minKernel spoils the whole file, also in a rule that would be dropped. */
static bool
check_guard(struct resolving *resolving, const struct sp_guard *guard)
{
    const struct sp_node *node = guard->min_kernel.node;
    struct sp_version version;

    return node == NULL || node->kind == SP_NODE_NULL
        || sp_guards_min_kernel(resolving->environment->engine, guard, &version)
        || refuse(resolving, node, "minKernel is no kernel version");
}

static const struct sp_node *
find_null(const struct sp_node *list)
{
    if (list != NULL) {
        for sp_node_each(element, list) {
            if (element->kind == SP_NODE_NULL) {
                return element;
            }
        }
    }
    return NULL;
}

/* Where a null is still there after decoding, it is a null pointer that is followed. */
static bool
check_decoding(struct resolving *resolving)
{
    const struct sp_node *null = find_null(resolving->profile->rules_node);

    if (null != NULL) {
        return refuse(resolving, null, "a rule is null: the engine crashes");
    }
    for (size_t i = 0; i < resolving->profile->rule_count; i++) {
        const struct sp_rule *rule = &resolving->profile->rules[i];
        if (resolving->read.min_kernel
            && (!check_guard(resolving, &rule->includes)
                || !check_guard(resolving, &rule->excludes))) {
            return false;
        }
    }
    return true;
}

/* ---- architectures ------------------------------------------------------------------- */

static bool
add_arch(struct resolving *resolving, struct sp_str token)
{
    struct sp_str *place = sp_vec_push(resolving->arena, &resolving->oci->arches);

    if (place == NULL) {
        return false;
    }
    *place = token;
    return true;
}

static bool
add_arches(struct resolving *resolving, const struct sp_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        if (!add_arch(resolving, words->at[i].text)) {
            return false;
        }
    }
    return true;
}

/* Hosts whose archMap an engine looks up.  Docker spells two hosts differently in the table that
 * archMap uses, so that nothing ever matches there; Podman's table has seven hosts. */
static bool
has_arch_map(const struct sp_environment *environment)
{
    static const char *const docker_without[] = { "loongarch64", "mipsel" };
    static const char *const podman_with[] = { "x86_64", "aarch64", "mips64", "mips64n32",
                                               "mipsel64", "mipsel64n32", "s390x" };
    const char *host = sp_kb_text(environment->host->name);

    if (environment->engine == SP_ENGINE_DOCKER) {
        for (size_t i = 0; i < sizeof docker_without / sizeof *docker_without; i++) {
            if (strcmp(docker_without[i], host) == 0) {
                return false;
            }
        }
        return environment->host->docker != 0;
    }
    for (size_t i = 0; i < sizeof podman_with / sizeof *podman_with; i++) {
        if (strcmp(podman_with[i], host) == 0) {
            return true;
        }
    }
    return false;
}

/* The first entry for the host counts; later ones for the same host do not. */
static bool
add_mapped_arches(struct resolving *resolving)
{
    const char *token = sp_kb_text(resolving->environment->host->token);

    if (!has_arch_map(resolving->environment)) {
        return true;
    }
    for (size_t i = 0; i < resolving->profile->arch_map_count; i++) {
        const struct sp_arch_map *map = &resolving->profile->arch_maps[i];
        if (sp_str_is(map->architecture.text, token)) {
            return add_arch(resolving, map->architecture.text)
                && add_arches(resolving, &map->sub_architectures);
        }
    }
    return true;
}

static bool
resolve_arches(struct resolving *resolving)
{
    const struct sp_profile *profile = resolving->profile;

    if (!resolving->read.guards || profile->arch_map_count == 0) {
        return add_arches(resolving, &profile->architectures);
    }
    if (profile->architectures.count > 0) {
        return refuse(resolving, profile->arch_map_node,
                      "both architectures and archMap are given");
    }
    return add_mapped_arches(resolving);
}

/* ---- conditions ---------------------------------------------------------------------- */

/* Of excludes one thing that holds is enough. */
static bool
is_excluded(const struct sp_environment *environment, const struct sp_guard *excludes)
{
    struct sp_version from;

    return sp_guards_names_host(environment, &excludes->arches)
        || (sp_guards_caps(&excludes->caps).set & environment->caps) != 0
        || (sp_guards_min_kernel(environment->engine, excludes, &from)
            && sp_version_compare(environment->kernel, from) >= 0);
}

/* Of includes all that is there must hold. */
static bool
is_included(const struct sp_environment *environment, const struct sp_guard *includes)
{
    struct sp_guards_caps caps = sp_guards_caps(&includes->caps);
    struct sp_version from;

    return (includes->arches.count == 0 || sp_guards_names_host(environment, &includes->arches))
        && !caps.has_unknown && (caps.set & ~environment->caps) == 0
        && (!sp_guards_min_kernel(environment->engine, includes, &from)
            || sp_version_compare(environment->kernel, from) >= 0);
}

static bool
applies(const struct resolving *resolving, const struct sp_rule *rule)
{
    return !resolving->read.guards
        || (!is_excluded(resolving->environment, &rule->excludes)
            && is_included(resolving->environment, &rule->includes));
}

/* ---- rules --------------------------------------------------------------------------- */

/* containers-common: a decimal number or a name; a text that is not empty wins over the number. */
static bool
resolve_errno(struct resolving *resolving, const struct sp_word *name,
              const struct sp_amount *amount, struct sp_errno_ret *ret_error)
{
    *ret_error = (struct sp_errno_ret){ .given = amount->given, .value = amount->value };
    if (!resolving->read.errno_names || name->text.len == 0) {
        return resolving->environment->runtime != SP_RUNTIME_CRUN || amount->value <= UINT32_MAX
            || refuse(resolving, amount->node, "crun reads no errno from 2^32 on");
    }
    ret_error->given = true;
    return sp_kb_errno_read(name->text, &ret_error->value)
        || refuse(resolving, name->node, "an errno has no such name");
}

/* Both keys that name calls; `name` counts only where it is known. */
static bool
has_both_names(const struct resolving *resolving, const struct sp_rule *rule)
{
    return resolving->read.guards && rule->legacy_name != NULL
        && rule->legacy_name->kind == SP_NODE_STRING && rule->legacy_name->text.len > 0
        && rule->names.count > 0 && rule->names.node != rule->legacy_name;
}

/* An empty `name` is none. */
static struct sp_words
names_of(const struct resolving *resolving, const struct sp_rule *rule)
{
    bool is_legacy = rule->names.count > 0 && rule->names.node == rule->legacy_name;

    if (is_legacy && (!resolving->read.guards || rule->legacy_name->text.len == 0)) {
        return (struct sp_words){ .count = 0 };
    }
    return rule->names;
}

/* A list that Go does not have it writes as null, which crun takes for missing. */
static bool
check_list(struct resolving *resolving, const struct sp_rule *rule, struct sp_words names)
{
    bool is_missing = names.node == NULL || names.node->kind == SP_NODE_NULL;

    return !is_missing || resolving->environment->runtime != SP_RUNTIME_CRUN
        || refuse(resolving, rule->node, "crun does not do without names");
}

static bool
add_rule(struct resolving *resolving, const struct sp_rule *rule)
{
    struct sp_oci_rule resolved = { .rule = rule, .names = names_of(resolving, rule) };
    const struct sp_node *null = find_null(rule->args_node);

    /* containers-common leaves out a rule that names nothing. */
    if (resolving->read.errno_names && resolved.names.count == 0) {
        return true;
    }
    if (null != NULL) {
        return refuse(resolving, null, "a condition is null: the engine crashes");
    }
    if (!check_list(resolving, rule, resolved.names)
        || !resolve_errno(resolving, &rule->errno_name, &rule->errno_ret, &resolved.error)) {
        return false;
    }
    struct sp_oci_rule *place = sp_vec_push(resolving->arena, &resolving->oci->rules);
    if (place != NULL) {
        *place = resolved;
    }
    return place != NULL;
}

static bool
resolve_rules(struct resolving *resolving)
{
    bool checks_first = resolving->environment->engine == SP_ENGINE_DOCKER
        && !is_old_docker(resolving);

    for (size_t i = 0; i < resolving->profile->rule_count; i++) {
        const struct sp_rule *rule = &resolving->profile->rules[i];
        bool wanted = applies(resolving, rule);
        if (has_both_names(resolving, rule) && (wanted || checks_first)) {
            return refuse(resolving, rule->node, "a rule has both name and names");
        }
        if (wanted && !add_rule(resolving, rule)) {
            return false;
        }
    }
    return true;
}

/* ---- the whole ----------------------------------------------------------------------- */

/* Neither a default action nor a rule: every engine takes that for "no profile at all". */
static bool
is_empty(const struct sp_profile *profile)
{
    const struct sp_node *action = profile->default_action_node;
    bool has_action = action != NULL && action->kind == SP_NODE_STRING && action->text.len > 0;
    bool has_rules = profile->rules_node != NULL && profile->rules_node->count > 0;

    return !has_action && !has_rules;
}

static bool
resolve_default(struct resolving *resolving)
{
    const struct sp_profile *profile = resolving->profile;

    resolving->oci->default_action = profile->default_action;
    if (is_old_docker(resolving)) {
        return true;
    }
    resolving->oci->flags = profile->flags;
    resolving->oci->listener_path = profile->listener_path;
    return resolve_errno(resolving, &profile->default_errno, &profile->default_errno_ret,
                         &resolving->oci->default_error);
}

/* Who asks for no profile gets none.  Only crun, when it is given an object without an action,
 * does not start. */
static bool
resolve_empty(struct resolving *resolving)
{
    const struct sp_environment *environment = resolving->environment;
    const struct sp_profile *profile = resolving->profile;
    bool is_given = environment->engine == SP_ENGINE_CONTAINERD
        || (environment->engine == SP_ENGINE_OCI && profile->node != NULL);

    if (environment->runtime == SP_RUNTIME_CRUN && is_given) {
        return refuse(resolving, profile->node == NULL ? profile->doc->root : profile->node,
                      "crun does not do without a default action");
    }
    resolving->oci->resolution = SP_RESOLUTION_UNCONFINED;
    return true;
}

static void
resolve(struct resolving *resolving)
{
    if (!check_decoding(resolving)) {
        return;
    }
    if (is_empty(resolving->profile)) {
        resolve_empty(resolving);
    } else if (resolve_arches(resolving) && resolve_default(resolving)) {
        resolve_rules(resolving);
    }
}

bool
sp_resolve(struct sp_arena *arena, const struct sp_profile *profile,
           const struct sp_environment *environment, struct sp_oci *ret_oci)
{
    struct sp_decoded decoded;

    if (!sp_decode_in(arena, profile, environment, &decoded)) {
        return false;
    }
    bool is_decoded = decoded.profile != NULL;
    struct sp_oci oci = {
        .resolution = is_decoded ? SP_RESOLUTION_PROFILE : SP_RESOLUTION_REFUSED,
        .why = decoded.why,
        .where = decoded.where,
        .profile = is_decoded ? decoded.profile : profile,
    };
    struct resolving resolving = {
        .arena = arena,
        .profile = decoded.profile,
        .environment = environment,
        .read = sp_guards_read_by(environment->engine),
        .oci = &oci,
    };

    if (is_decoded) {
        resolve(&resolving);
    }
    if (arena->failed) {
        return false;
    }
    *ret_oci = oci;
    return true;
}

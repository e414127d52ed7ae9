#include "sem/resolve.h"

#include <string.h>

/* What an engine does with the parts that engines differ in. */
struct reader {
    bool has_guards;       /* includes, excludes, archMap, name, comment */
    bool has_min_kernel;
    bool has_errno_names;  /* errno, defaultErrno */
};

static struct reader
reader_of(enum sp_engine engine)
{
    switch (engine) {
    case SP_ENGINE_DOCKER:
        return (struct reader){ .has_guards = true, .has_min_kernel = true };
    case SP_ENGINE_PODMAN:
    case SP_ENGINE_CRIO:
        return (struct reader){ .has_guards = true, .has_errno_names = true };
    case SP_ENGINE_CONTAINERD:
    case SP_ENGINE_OCI:
        break;
    }
    return (struct reader){ .has_guards = false };
}

struct resolving {
    struct sp_arena *arena;
    const struct sp_profile *profile;
    const struct sp_environment *environment;
    struct reader reader;
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

/* Docker 20.10 is the oldest that is told apart: it lacks defaultErrnoRet and looks at name and names
 * after the conditions. */
static bool
is_old_docker(const struct sp_environment *environment)
{
    return environment->engine == SP_ENGINE_DOCKER && environment->engine_version.major != 0
        && environment->engine_version.major < 23;
}

/* ---- decoding ------------------------------------------------------------------------ */

bool
sp_resolve_min_kernel(struct sp_str text, struct sp_version *ret_version)
{
    struct sp_str rest = text;
    struct sp_str major;
    uint64_t numbers[2];

    if (text.len == 0) {
        *ret_version = (struct sp_version){ .major = 0 };
        return true;
    }
    if (!sp_str_next(&rest, ".", &major) || !sp_str_to_u64(major, &numbers[0])
        || !sp_str_to_u64(rest, &numbers[1]) || sp_str_has_prefix(major, "0x")
        || sp_str_has_prefix(rest, "0x") || numbers[0] > 255 || numbers[1] > 255
        || numbers[0] + numbers[1] == 0) {
        return false;
    }
    *ret_version = (struct sp_version){
        .major = (uint16_t)numbers[0], .minor = (uint16_t)numbers[1],
    };
    return true;
}

/* A bad minKernel spoils the whole file, also in a rule that would be dropped. */
static bool
check_guard(struct resolving *resolving, const struct sp_guard *guard)
{
    struct sp_version version;

    if (guard->min_kernel.node == NULL || guard->min_kernel.node->kind == SP_NODE_NULL) {
        return true;
    }
    if (guard->min_kernel.node->kind != SP_NODE_STRING
        || !sp_resolve_min_kernel(guard->min_kernel.text, &version)) {
        return refuse(resolving, guard->min_kernel.node, "minKernel is no kernel version");
    }
    return true;
}

static bool
check_decoding(struct resolving *resolving)
{
    const struct sp_node *rules = resolving->profile->rules_node;

    for (const struct sp_node *each = rules == NULL ? NULL : rules->first; each != NULL;
         each = each->next) {
        if (each->kind == SP_NODE_NULL && resolving->reader.has_guards) {
            return refuse(resolving, each, "a rule is null: the engine crashes");
        }
    }
    for (size_t i = 0; i < resolving->profile->rule_count; i++) {
        const struct sp_rule *rule = &resolving->profile->rules[i];
        if (resolving->reader.has_min_kernel
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

    if (!resolving->reader.has_guards || profile->arch_map_count == 0) {
        return add_arches(resolving, &profile->architectures);
    }
    if (profile->architectures.count > 0) {
        return refuse(resolving, profile->arch_map_node,
                      "both architectures and archMap are given");
    }
    return add_mapped_arches(resolving);
}

/* ---- conditions ---------------------------------------------------------------------- */

static bool
has_word(const struct sp_words *words, const char *wanted)
{
    for (size_t i = 0; i < words->count; i++) {
        if (sp_str_is(words->at[i].text, wanted)) {
            return true;
        }
    }
    return false;
}

/* The host as the engine spells it; no text ever equals the empty one of an unknown host. */
static bool
names_host(const struct resolving *resolving, const struct sp_words *arches)
{
    const struct sp_kb_arch *host = resolving->environment->host;
    const char *word = sp_kb_text(resolving->environment->engine == SP_ENGINE_DOCKER
                                      ? host->docker : host->containers);

    return *word != '\0' && has_word(arches, word);
}

static bool
has_cap(const struct resolving *resolving, struct sp_str name)
{
    const struct sp_kb_cap *cap = sp_kb_cap_find(name);

    return cap != NULL && (resolving->environment->caps >> (cap - sp_kb_caps) & 1) != 0;
}

static size_t
held_caps(const struct resolving *resolving, const struct sp_words *caps)
{
    size_t held = 0;

    for (size_t i = 0; i < caps->count; i++) {
        held += has_cap(resolving, caps->at[i].text);
    }
    return held;
}

/* Is the kernel at least as new? Only its first two numbers count. */
static bool
has_kernel(const struct resolving *resolving, const struct sp_guard *guard)
{
    struct sp_version wanted = { 0 };
    struct sp_version kernel = resolving->environment->kernel;

    kernel.patch = 0;
    sp_resolve_min_kernel(guard->min_kernel.text, &wanted);
    return sp_version_compare(kernel, wanted) >= 0;
}

static bool
asks_for_kernel(const struct resolving *resolving, const struct sp_guard *guard)
{
    return resolving->reader.has_min_kernel && guard->min_kernel.node != NULL
        && guard->min_kernel.node->kind == SP_NODE_STRING;
}

/* includes: all must hold; excludes: one is enough. */
static bool
applies(const struct resolving *resolving, const struct sp_rule *rule)
{
    const struct sp_guard *includes = &rule->includes;
    const struct sp_guard *excludes = &rule->excludes;

    if (!resolving->reader.has_guards) {
        return true;
    }
    if (names_host(resolving, &excludes->arches) || held_caps(resolving, &excludes->caps) > 0
        || (asks_for_kernel(resolving, excludes) && has_kernel(resolving, excludes))) {
        return false;
    }
    return (includes->arches.count == 0 || names_host(resolving, &includes->arches))
        && held_caps(resolving, &includes->caps) == includes->caps.count
        && (!asks_for_kernel(resolving, includes) || has_kernel(resolving, includes));
}

/* ---- rules --------------------------------------------------------------------------- */

/* containers-common: a decimal number or a name; a text that is not empty wins over the number. */
static bool
resolve_errno(struct resolving *resolving, const struct sp_word *name,
              const struct sp_amount *amount, struct sp_errno_ret *ret_error)
{
    *ret_error = (struct sp_errno_ret){ .given = amount->given, .value = amount->value };
    if (!resolving->reader.has_errno_names || name->text.len == 0) {
        return true;
    }
    const struct sp_kb_errno *known = sp_kb_errno_find(name->text);
    ret_error->given = true;
    if (known != NULL) {
        ret_error->value = known->number;
        return true;
    }
    return (!sp_str_has_prefix(name->text, "0x")
            && sp_str_to_u64(name->text, &ret_error->value) && ret_error->value <= UINT32_MAX)
        || refuse(resolving, name->node, "an errno has no such name");
}

/* Both keys that name calls; `name` counts only where it is known. */
static bool
has_both_names(const struct resolving *resolving, const struct sp_rule *rule)
{
    return resolving->reader.has_guards && rule->legacy_name != NULL
        && rule->legacy_name->kind == SP_NODE_STRING && rule->legacy_name->text.len > 0
        && rule->names.count > 0 && rule->names.node != rule->legacy_name;
}

static bool
add_rule(struct resolving *resolving, const struct sp_rule *rule)
{
    struct sp_oci_rule resolved = { .rule = rule, .names = rule->names };

    if (!resolving->reader.has_guards && rule->names.node == rule->legacy_name) {
        resolved.names = (struct sp_words){ .count = 0 };
    }
    if (!resolve_errno(resolving, &rule->errno_name, &rule->errno_ret, &resolved.error)) {
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
        && !is_old_docker(resolving->environment);

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
    if (is_old_docker(resolving->environment)) {
        return true;
    }
    return resolve_errno(resolving, &profile->default_errno, &profile->default_errno_ret,
                         &resolving->oci->default_error);
}

bool
sp_resolve(struct sp_arena *arena, const struct sp_profile *profile,
           const struct sp_environment *environment, struct sp_oci *ret_oci)
{
    struct sp_oci oci = { .resolution = SP_RESOLUTION_PROFILE };
    struct resolving resolving = {
        .arena = arena,
        .profile = profile,
        .environment = environment,
        .reader = reader_of(environment->engine),
        .oci = &oci,
    };

    if (check_decoding(&resolving)) {
        if (is_empty(profile)) {
            oci.resolution = SP_RESOLUTION_UNCONFINED;
        } else if (resolve_arches(&resolving) && resolve_default(&resolving)) {
            resolve_rules(&resolving);
        }
    }
    if (arena->failed) {
        return false;
    }
    *ret_oci = oci;
    return true;
}

#include "model/target.h"

#include "base/names.h"

#include <string.h>

static const struct sp_name engine_rows[] = {
    { .name = "containerd", .value = SP_ENGINE_CONTAINERD },
    { .name = "crio", .value = SP_ENGINE_CRIO },
    { .name = "docker", .value = SP_ENGINE_DOCKER },
    { .name = "oci", .value = SP_ENGINE_OCI },
    { .name = "podman", .value = SP_ENGINE_PODMAN },
};

static const struct sp_name runtime_rows[] = {
    { .name = "crun", .value = SP_RUNTIME_CRUN },
    { .name = "runc", .value = SP_RUNTIME_RUNC },
};

static const char *
text_of(struct sp_names names, int value)
{
    for (size_t i = 0; i < names.count; i++) {
        if (names.rows[i].value == value) {
            return names.rows[i].name;
        }
    }
    return "";
}

const char *
sp_engine_text(enum sp_engine engine)
{
    return text_of(SP_NAMES(engine_rows), (int)engine);
}

const char *
sp_runtime_text(enum sp_runtime runtime)
{
    return text_of(SP_NAMES(runtime_rows), (int)runtime);
}

/* ---- names and versions ------------------------------------------------------------------ */

/* A name of a table, and the version behind it. */
struct versioned {
    int value;
    bool has_version;
    struct sp_version version;
};

static void
tell_names(const char *option, const char *word, struct sp_names names, struct sp_buf *why)
{
    sp_buf_format(why, "--%s takes", option);
    for (size_t i = 0; i < names.count; i++) {
        sp_buf_format(why, "%s %s", i == 0 ? "" : i + 1 == names.count ? " or" : ",",
                      names.rows[i].name);
    }
    sp_buf_format(why, ", with @VERSION where it matters, not '%s'", word);
}

/* "docker@29": a name, and a version where one stands behind the sign. */
static bool
read_versioned(const char *option, const char *word, struct sp_names names,
               struct versioned *ret_versioned, struct sp_buf *why)
{
    struct sp_str whole = sp_str_of(word);
    const char *sign = strchr(word, '@');
    struct sp_str name = sign == NULL ? whole : sp_str_slice(whole, 0, (size_t)(sign - word));
    struct versioned read = { .has_version = sign != NULL };

    if (!sp_names_find(names, name, &read.value)) {
        tell_names(option, word, names, why);
        return false;
    }
    if (sign != NULL && !sp_version_parse(sp_str_of(sign + 1), &read.version)) {
        sp_buf_format(why, "--%s: '%s' is no version; write it as in 1.2.0", option, sign + 1);
        return false;
    }
    *ret_versioned = read;
    return true;
}

/* `example`: how versions of it are written. */
static bool
read_version(const char *option, const char *example, const char *word,
             struct sp_version *ret_version, struct sp_buf *why)
{
    if (word != NULL && !sp_version_parse(sp_str_of(word), ret_version)) {
        sp_buf_format(why, "--%s: '%s' is no version; write it as in %s", option, word, example);
        return false;
    }
    return true;
}

/* ---- engine and runtime ------------------------------------------------------------------ */

/* Both may be given when they say the same, or one of them says more. */
static bool
contradict(const struct versioned *left, const struct versioned *right)
{
    return left->value != right->value
        || (left->has_version && right->has_version
            && sp_version_compare(left->version, right->version) != 0);
}

static bool
read_engine(const struct sp_target_words *words, struct sp_target *target, struct sp_buf *why)
{
    struct versioned target_says = { .value = SP_ENGINE_DOCKER };
    struct versioned engine_says = { .value = SP_ENGINE_DOCKER };

    if ((words->target != NULL
         && !read_versioned("target", words->target, SP_NAMES(engine_rows), &target_says, why))
        || (words->engine != NULL
            && !read_versioned("engine", words->engine, SP_NAMES(engine_rows), &engine_says,
                               why))) {
        return false;
    }
    if (words->target != NULL && words->engine != NULL
        && contradict(&target_says, &engine_says)) {
        sp_buf_format(why, "--target %s and --engine %s contradict each other", words->target,
                      words->engine);
        return false;
    }
    bool target_counts = words->engine == NULL || target_says.has_version;
    const struct versioned *says = target_counts ? &target_says : &engine_says;
    target->engine = (enum sp_engine)says->value;
    target->engine_version = says->version;
    target->engine_given = words->target != NULL || words->engine != NULL;
    return true;
}

static bool
read_runtime(const char *word, struct sp_target *target, struct sp_buf *why)
{
    struct versioned says = { .value = SP_RUNTIME_RUNC };

    if (word != NULL
        && !read_versioned("runtime", word, SP_NAMES(runtime_rows), &says, why)) {
        return false;
    }
    target->runtime = (enum sp_runtime)says.value;
    target->runtime_version = says.version;
    target->runtime_given = word != NULL;
    return true;
}

/* ---- capabilities ------------------------------------------------------------------------ */

bool
sp_target_read_caps(const char *option, const char *words, uint64_t *ret_caps,
                    struct sp_buf *why)
{
    struct sp_str rest = sp_str_of(words);
    struct sp_str piece;
    uint64_t caps = 0;

    while (sp_str_next(&rest, ", ", &piece)) {
        const struct sp_kb_cap *cap = piece.len == 0 ? NULL : sp_kb_cap_guess(piece);
        if (piece.len > 0 && cap == NULL) {
            sp_buf_format(why, "--%s: there is no capability '%.*s'", option,
                          SP_STR_ARG(piece));
            return false;
        }
        caps |= cap == NULL ? 0 : UINT64_C(1) << (cap - sp_kb_caps);
    }
    *ret_caps = caps;
    return true;
}

/* What a container has before anything is added or dropped. */
static bool
read_base(const char *word, uint64_t *ret_caps, struct sp_buf *why)
{
    if (strcmp(word, "default") == 0) {
        *ret_caps = sp_kb_default_caps(SP_KB_DOCKER);
    } else if (strcmp(word, "none") == 0) {
        *ret_caps = 0;
    } else if (strcmp(word, "all") == 0) {
        *ret_caps = (UINT64_C(1) << sp_kb_caps_count) - 1;
    } else {
        return sp_target_read_caps("caps", word, ret_caps, why);
    }
    return true;
}

static bool
read_caps(const struct sp_target_words *words, struct sp_target *target, struct sp_buf *why)
{
    uint64_t base = 0;
    uint64_t add;
    uint64_t drop;

    if ((words->caps != NULL && !read_base(words->caps, &base, why))
        || !sp_target_read_caps("cap-add", words->cap_add, &add, why)
        || !sp_target_read_caps("cap-drop", words->cap_drop, &drop, why)) {
        return false;
    }
    target->caps_given = words->caps != NULL;
    if (target->caps_given) {
        target->caps = (base | add) & ~drop;
    } else {
        target->caps_add = add & ~drop;
        target->caps_drop = drop;
    }
    return true;
}

/* ---- architectures ----------------------------------------------------------------------- */

static void
add_arch(struct sp_target *target, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < target->arch_count; i++) {
        if (target->arches[i] == arch) {
            return;
        }
    }
    /* Each at most once: a test holds that there are no more than there is room for. */
    if (target->arch_count < SP_TARGET_ARCHES) {
        target->arches[target->arch_count++] = arch;
    }
}

static bool
read_arch(struct sp_str word, struct sp_target *target, struct sp_buf *why)
{
    bool is_native = sp_str_equal_folded(word, SP_STR("native"));
    const struct sp_kb_arch *arch = is_native ? sp_kb_arch_native()
                                  : word.len == 0 ? NULL : sp_kb_arch_guess(word);

    if (arch == NULL && is_native) {
        sp_buf_text(why, "--arch: this machine's architecture is not known");
        return false;
    }
    if (arch == NULL) {
        sp_buf_format(why, "--arch names no architecture: '%.*s'", SP_STR_ARG(word));
        return false;
    }
    add_arch(target, arch);
    return true;
}

/* "x86_64, arm64"; an empty list names nothing, and is none. */
static bool
read_arch_list(const char *words, struct sp_target *target, struct sp_buf *why)
{
    struct sp_str rest = sp_str_of(words);
    struct sp_str piece;

    if (rest.len == 0) {
        return read_arch(rest, target, why);
    }
    while (sp_str_next(&rest, ",", &piece)) {
        if (!read_arch(sp_str_trim(piece), target, why)) {
            return false;
        }
    }
    return true;
}

static bool
read_arches(const struct sp_target_words *words, struct sp_target *target, struct sp_buf *why)
{
    for (size_t i = 0; i < words->arch_count; i++) {
        if (!read_arch_list(words->arches[i], target, why)) {
            return false;
        }
    }
    return true;
}

bool
sp_target_read(const struct sp_target_words *words, struct sp_target *ret_target,
               struct sp_buf *why)
{
    struct sp_target target = { .engine = SP_ENGINE_DOCKER };

    if (!read_engine(words, &target, why) || !read_runtime(words->runtime, &target, why)
        || !read_version("kernel", "6.1", words->kernel, &target.kernel, why)
        || !read_version("libseccomp", "2.5.4", words->libseccomp, &target.libseccomp, why)
        || !read_caps(words, &target, why) || !read_arches(words, &target, why)) {
        return false;
    }
    *ret_target = target;
    return true;
}

#include "ops/machine.h"

#include "base/names.h"
#include "sem/compile.h"

#include <string.h>
#include <sys/utsname.h>

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

/* "docker@29": a name of the table, and a version where one stands behind the sign. */
static bool
read_versioned(const char *option, const char *word, struct sp_names names, int *ret_value,
               struct sp_version *ret_version, struct sp_buf *why)
{
    struct sp_str rest = sp_str_of(word);
    const char *sign = strchr(word, '@');
    struct sp_str name = sign == NULL ? rest : sp_str_slice(rest, 0, (size_t)(sign - word));

    if (!sp_names_find(names, name, ret_value)) {
        sp_buf_format(why, "--%s takes", option);
        for (size_t i = 0; i < names.count; i++) {
            sp_buf_format(why, "%s %s", i == 0 ? "" : i + 1 == names.count ? " or" : ",",
                          names.rows[i].name);
        }
        sp_buf_format(why, ", with @VERSION where it matters, not '%s'", word);
        return false;
    }
    if (sign != NULL && !sp_version_parse(sp_str_of(sign + 1), ret_version)) {
        sp_buf_format(why, "--%s: '%s' is no version; write it as in 1.2.0", option, sign + 1);
        return false;
    }
    return true;
}

static bool
read_version(const char *option, const char *word, struct sp_version *ret_version,
             struct sp_buf *why)
{
    if (word != NULL && !sp_version_parse(sp_str_of(word), ret_version)) {
        sp_buf_format(why, "--%s: '%s' is no version; write it as in 6.1", option, word);
        return false;
    }
    return true;
}

/* ---- capabilities ------------------------------------------------------------------------ */

/* A list of names as a set: CAP_X, or X, in any case. */
static bool
read_caps(const char *option, const char *word, uint64_t *ret_caps, struct sp_buf *why)
{
    struct sp_str rest = sp_str_of(word);
    struct sp_str piece;
    uint64_t caps = 0;

    while (sp_str_next(&rest, ", ", &piece)) {
        const struct sp_kb_cap *cap = piece.len == 0 ? NULL : sp_kb_cap_guess(piece);
        if (piece.len > 0 && cap == NULL) {
            sp_buf_format(why, "--%s: there is no capability '%.*s'", option, (int)piece.len,
                          piece.ptr);
            return false;
        }
        caps |= cap == NULL ? 0 : UINT64_C(1) << (cap - sp_kb_caps);
    }
    *ret_caps = caps;
    return true;
}

static bool
read_base(const char *word, uint64_t *ret_caps, struct sp_buf *why)
{
    if (word == NULL || strcmp(word, "default") == 0) {
        *ret_caps = sp_kb_default_caps(SP_KB_DOCKER);
    } else if (strcmp(word, "none") == 0) {
        *ret_caps = 0;
    } else if (strcmp(word, "all") == 0) {
        *ret_caps = (UINT64_C(1) << sp_kb_caps_count) - 1;
    } else {
        return read_caps("caps", word, ret_caps, why);
    }
    return true;
}

bool
sp_machine_dropped(const struct sp_machine_words *words, uint64_t *ret_caps, struct sp_buf *why)
{
    return read_caps("cap-drop", words->cap_drop == NULL ? "" : words->cap_drop, ret_caps, why);
}

static bool
decide_caps(const struct sp_machine_words *words, uint64_t *ret_caps, struct sp_buf *why)
{
    uint64_t base;
    uint64_t add;
    uint64_t drop;

    if (!read_base(words->caps, &base, why)
        || !read_caps("cap-add", words->cap_add == NULL ? "" : words->cap_add, &add, why)
        || !sp_machine_dropped(words, &drop, why)) {
        return false;
    }
    *ret_caps = (base | add) & ~drop;
    return true;
}

/* ---- this machine ------------------------------------------------------------------------ */

/* The numbers at the start of uname's release: "6.18.44-generic" is 6.18.44. */
static struct sp_version
running_kernel(void)
{
    struct utsname names;
    struct sp_version version = { 0 };

    if (uname(&names) == 0) {
        size_t length = strspn(names.release, "0123456789.");
        while (length > 0
               && !sp_version_parse((struct sp_str){ .ptr = names.release, .len = length },
                                    &version)) {
            length--;
        }
    }
    return version;
}

bool
sp_machine_environment(const struct sp_machine_words *words,
                       struct sp_environment *ret_environment, struct sp_buf *why)
{
    struct sp_environment made = {
        .host = sp_kb_arch_native(),
        .kernel = running_kernel(),
        .libseccomp = sp_compile_libseccomp(),
    };
    int engine = SP_ENGINE_DOCKER;
    int runtime = SP_RUNTIME_RUNC;

    if (made.host == NULL) {
        sp_buf_text(why, "secprof does not know this machine's architecture");
        return false;
    }
    if ((words->engine != NULL
         && !read_versioned("engine", words->engine, SP_NAMES(engine_rows), &engine,
                            &made.engine_version, why))
        || (words->runtime != NULL
            && !read_versioned("runtime", words->runtime, SP_NAMES(runtime_rows), &runtime,
                               &made.runtime_version, why))
        || !read_version("kernel", words->kernel, &made.kernel, why)
        || !read_version("libseccomp", words->libseccomp, &made.libseccomp, why)
        || !decide_caps(words, &made.caps, why)) {
        return false;
    }
    made.engine = (enum sp_engine)engine;
    made.runtime = (enum sp_runtime)runtime;
    *ret_environment = made;
    return true;
}

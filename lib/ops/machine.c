#include "ops/machine.h"

#include "sem/compile.h"

#include <string.h>
#include <sys/utsname.h>

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

static bool
is_given(struct sp_version version)
{
    return sp_version_compare(version, (struct sp_version){ .major = 0 }) != 0;
}

static uint64_t
decide_caps(const struct sp_target *target)
{
    if (target->caps_given) {
        return target->caps;
    }
    return (sp_kb_default_caps(SP_KB_DOCKER) | target->caps_add) & ~target->caps_drop;
}

/* NULL with the reason in `why` when there is none, or none can be chosen. */
static const struct sp_kb_arch *
decide_host(const struct sp_target *target, struct sp_buf *why)
{
    const struct sp_kb_arch *native = sp_kb_arch_native();

    if (target->arch_count == 1) {
        return target->arches[0];
    }
    if (native == NULL) {
        sp_buf_text(why, "secprof does not know this machine's architecture");
        return NULL;
    }
    for (size_t i = 0; i < target->arch_count; i++) {
        if (target->arches[i] == native) {
            return native;
        }
    }
    if (target->arch_count > 0) {
        sp_buf_format(why, "--arch names several architectures, and none is this machine's (%s): "
                      "a filter is for one machine", sp_kb_text(native->name));
        return NULL;
    }
    return native;
}

bool
sp_machine_environment(const struct sp_target *target, struct sp_environment *ret_environment,
                       struct sp_buf *why)
{
    const struct sp_kb_arch *host = decide_host(target, why);

    if (host == NULL) {
        return false;
    }
    *ret_environment = (struct sp_environment){
        .engine = target->engine,
        .engine_version = target->engine_version,
        .runtime = target->runtime,
        .runtime_version = target->runtime_version,
        .libseccomp = is_given(target->libseccomp) ? target->libseccomp
                                                   : sp_compile_libseccomp(),
        .host = host,
        .kernel = is_given(target->kernel) ? target->kernel : running_kernel(),
        .caps = decide_caps(target),
    };
    return true;
}

#include "format/profile_write_testing.h"

#include "base/testing.h"
#include "format/defaults_write.h"
#include "format/profile_testing.h"
#include "kb/defaults.h"
#include "sem/random_profiles_testing.h"

#include <string.h>

const char *const sp_written_builtins[SP_WRITTEN_BUILTINS] = { "docker", "podman" };

struct sp_str
sp_written_builtin(struct sp_arena *arena, const char *name)
{
    SP_BUF(buf);

    sp_defaults_write(sp_kb_default_find(sp_str_of(name)), &buf);
    return (struct sp_str){ .ptr = sp_arena_copy(arena, sp_buf_view(&buf)), .len = buf.len };
}

/* ---- comparing ----------------------------------------------------------------------- */

bool
sp_written_begin(struct sp_written *written, struct sp_str profile,
                 const struct sp_environment *environment)
{
    *written = (struct sp_written){
        .store = sp_dd_store_new(SP_DD_BUDGET), .plain = *environment,
    };
    written->plain.engine = SP_ENGINE_OCI;
    written->plain.engine_version = (struct sp_version){ .major = 0 };
    ck_assert(sp_meaning_make(&written->arena, written->store,
                              sp_testing_profile(&written->arena, profile), environment,
                              &written->engine));
    return written->engine->oci.resolution == SP_RESOLUTION_PROFILE;
}

struct sp_meaning *
sp_written_mean(struct sp_written *written, const struct sp_profile *profile)
{
    struct sp_meaning *meaning;

    ck_assert(sp_meaning_make(&written->arena, written->store, profile, &written->plain,
                              &meaning));
    return meaning;
}

/* A rule that is left out may take the head of an architecture's rules, or the last call
 * that runc thinks the profile knows, and so change calls that it does not name. */
static bool
reaches_others(const struct sp_meaning *meaning, size_t arch)
{
    return meaning->environment.runtime == SP_RUNTIME_RUNC || meaning->arches[arch].headless;
}

/* Every call of every architecture that one of them has, but for those in `losses`, which
 * may be NULL. */
void
sp_written_same(const struct sp_written *written, struct sp_meaning *right,
                const struct sp_losses *losses, const char *text)
{
    struct sp_meaning *left = written->engine;

    ck_assert_uint_eq(left->arch_count, right->arch_count);
    for (size_t i = 0; i < left->arch_count; i++) {
        const struct sp_kb_arch *arch = left->arches[i].arch;
        if (losses != NULL && losses->all.count > 0
            && (reaches_others(left, i) || reaches_others(right, i))) {
            continue;
        }
        for (size_t j = 0; j < sp_kb_syscalls_count; j++) {
            const struct sp_kb_syscall *call = &sp_kb_syscalls[j];
            int64_t nr = sp_kb_number(arch, call);
            if (nr == SP_KB_NO_NUMBER
                || (losses != NULL && sp_losses_has(losses, sp_kb_text(call->name)))) {
                continue;
            }
            ck_assert_msg(sp_meaning_of(left, arch, (uint32_t)nr, SP_READING_ENFORCED)
                              == sp_meaning_of(right, arch, (uint32_t)nr, SP_READING_ENFORCED),
                          "%s on %s\n%.3000s", sp_kb_text(call->name), sp_kb_text(arch->name),
                          text);
        }
        ck_assert(sp_meaning_of(left, arch, 5000000, SP_READING_ENFORCED)
                  == sp_meaning_of(right, arch, 5000000, SP_READING_ENFORCED));
    }
}

void
sp_written_end(struct sp_written *written)
{
    sp_dd_store_free(written->store);
    sp_arena_free(&written->arena);
}

/* ---- what is compared ---------------------------------------------------------------- */

struct sp_environment
sp_written_environment(unsigned variant, const char *name)
{
    static const char *const hosts[] = { "x86_64", "aarch64", "s390x" };

    return (struct sp_environment){
        .engine = strcmp(name, "podman") == 0 ? SP_ENGINE_PODMAN : SP_ENGINE_DOCKER,
        .runtime = variant % 2 == 0 ? SP_RUNTIME_RUNC : SP_RUNTIME_CRUN,
        .libseccomp = sp_compile_libseccomp(),
        .host = sp_kb_arch_find(sp_str_of(hosts[variant / 2 % 3])),
        .kernel = { .major = 6, .minor = 12 },
        .caps = variant / 6 == 0 ? 0 : variant / 6 == 1 ? UINT64_MAX >> 22 : 0xa80425fb,
    };
}

struct sp_written_count
sp_written_random(int slice, sp_written_check *check)
{
    struct sp_written_count count = { .filters = 0 };
    uint64_t seed = SP_WRITTEN_SEED + (uint64_t)slice;

    for (unsigned i = 0; i < SP_WRITTEN_PROFILES; i++) {
        SP_BUF(text);
        struct sp_environment environment;

        sp_random_profile(&seed, &text, &environment);
        check(sp_buf_view(&text), &environment, &count);
    }
    return count;
}

struct sp_written_count
sp_written_defaults(int variant, sp_written_check *check)
{
    SP_SCRATCH(arena);
    struct sp_written_count count = { .filters = 0 };

    for (size_t i = 0; i < SP_WRITTEN_BUILTINS; i++) {
        const char *name = sp_written_builtins[i];
        struct sp_environment environment = sp_written_environment((unsigned)variant, name);
        check(sp_written_builtin(&arena, name), &environment, &count);
    }
    return count;
}

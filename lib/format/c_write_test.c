/* Programs that are written compile without a warning, and make the very filter that we
 * make. */
#include "base/testing.h"
#include "format/c_write.h"
#include "format/defaults_write.h"
#include "format/profile_testing.h"
#include "kb/defaults.h"
#include "sem/compile.h"
#include "sem/meaning.h"
#include "sem/random_profiles_testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/secprof-c-XXXXXX";

static void
open_folder(void)
{
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

/* The answer of a command in the folder. */
static int
run(const char *command)
{
    SP_BUF(text);

    sp_buf_format(&text, "cd %s && { %s; }", folder, command);
    int status = system(text.data);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
close_folder(void)
{
    ck_assert_int_eq(run("rm -f filter filter.c filter.bpf said; rmdir \"$PWD\""), 0);
}

static void
write_file(const char *name, struct sp_str text)
{
    char path[64];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text.ptr, 1, text.len, file), text.len);
    ck_assert_int_eq(fclose(file), 0);
}

static struct sp_str
read_file(const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return sp_testing_read(path);
}

static bool
has_compiler(const char *name)
{
    SP_BUF(text);

    sp_buf_format(&text, "command -v %s > /dev/null 2>&1", name);
    return system(text.data) == 0;
}

/* With all warnings that people ask for, and for the language's own sake. */
static void
build_with(const char *compiler)
{
    SP_BUF(text);

    sp_buf_format(&text,
                  "%s -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -Wpedantic -Werror -o filter "
                  "filter.c -lseccomp", compiler);
    ck_assert_int_eq(run(text.data), 0);
}

/* The rules of a profile, as a runtime of this machine hands them to libseccomp; NULL: no
 * filter. */
static struct sp_meaning *
meaning_of(struct sp_arena *arena, struct sp_dd_store *store, struct sp_str text,
           struct sp_environment *environment)
{
    struct sp_meaning *meaning;

    environment->libseccomp = sp_compile_libseccomp();
    ck_assert(sp_meaning_make(arena, store, sp_testing_profile(arena, text), environment,
                              &meaning));
    return meaning->start == SP_START_FILTER ? meaning : NULL;
}

/* The program behind runc's instructions, which a written program does not have. */
static void
check_same(struct sp_meaning *meaning, const char *const *compilers)
{
    SP_BUF(text);
    const struct sp_compiled *compiled = sp_meaning_compiled(meaning);

    ck_assert(sp_c_write(meaning->arena, &meaning->rules, &meaning->environment, "a test */",
                         &text));
    write_file("filter.c", sp_buf_view(&text));
    ck_assert_int_eq(compiled->result, SP_COMPILE_PROGRAM);
    for (; *compilers != NULL; compilers++) {
        if (!has_compiler(*compilers)) {
            fprintf(stderr, "skipped: %s is not installed\n", *compilers);
            continue;
        }
        build_with(*compilers);
        ck_assert_int_eq(run("./filter --export > filter.bpf"), 0);
        struct sp_str program = read_file("filter.bpf");
        ck_assert_uint_eq(program.len, (compiled->program.count - compiled->stub) * 8);
        ck_assert_mem_eq(program.ptr, compiled->program.at + compiled->stub, program.len);
        free((char *)program.ptr);
    }
}

START_TEST(the_program_of_a_default_makes_its_filter)
{
    static const char *const both[] = { "gcc", "clang", NULL };
    SP_SCRATCH(arena);
    SP_BUF(text);
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    struct sp_environment environment = {
        .engine = _i % 2 == 0 ? SP_ENGINE_DOCKER : SP_ENGINE_PODMAN,
        .runtime = _i < 2 ? SP_RUNTIME_CRUN : SP_RUNTIME_RUNC,
        .host = sp_kb_arch_native(),
        .kernel = { .major = 7, .minor = 0 },
        .caps = sp_kb_default_caps(SP_KB_DOCKER),
    };

    sp_defaults_write(sp_kb_default_find(sp_str_of(_i % 2 == 0 ? "docker" : "podman")), &text);
    struct sp_meaning *meaning = meaning_of(&arena, store, sp_buf_view(&text), &environment);
    ck_assert_ptr_nonnull(meaning);
    check_same(meaning, both);
    sp_dd_store_free(store);
}
END_TEST

START_TEST(the_program_of_any_profile_makes_its_filter)
{
    enum { PROFILES = 12 };
    static const char *const one[] = { "gcc", NULL };
    uint64_t seed = 5150 + (uint64_t)_i;
    int checked = 0;

    while (checked < PROFILES) {
        SP_SCRATCH(arena);
        SP_BUF(text);
        struct sp_environment environment;
        struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
        sp_random_profile(&seed, &text, &environment);
        struct sp_meaning *meaning =
            environment.host != sp_kb_arch_native()
                ? NULL
                : meaning_of(&arena, store, sp_buf_view(&text), &environment);
        if (meaning != NULL && sp_meaning_compiled(meaning)->result == SP_COMPILE_PROGRAM) {
            check_same(meaning, one);
            checked++;
        }
        sp_dd_store_free(store);
    }
}
END_TEST

/* Under its filter a command finds a call denied, and another one that nothing denies runs. */
START_TEST(the_program_runs_a_command_under_its_filter)
{
    static const char profile[] =
        "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\",\"mkdirat\"],"
        "\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1}]}";
    SP_SCRATCH(arena);
    SP_BUF(text);
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN, .host = sp_kb_arch_native(),
    };
    struct sp_meaning *meaning =
        meaning_of(&arena, store, sp_str_of(profile), &environment);

    ck_assert_ptr_nonnull(meaning);
    ck_assert(sp_c_write(&arena, &meaning->rules, &environment, "web.json", &text));
    write_file("filter.c", sp_buf_view(&text));
    build_with("gcc");
    ck_assert_int_eq(run("./filter true"), 0);
    ck_assert_int_ne(run("LC_ALL=C ./filter mkdir made 2> said"), 0);
    struct sp_str said = read_file("said");
    ck_assert_ptr_nonnull(strstr(said.ptr, "Operation not permitted"));
    free((char *)said.ptr);
    ck_assert_int_eq(run("test ! -e made"), 0);
    ck_assert_int_eq(run("./filter 2> said"), 2);
    ck_assert_int_eq(run("./filter ./nothing 2> said"), 1);
    sp_dd_store_free(store);
}
END_TEST

SP_SUITE(c_write)
{
    TCase *tcase = sp_testing_case(suite, "c_write");

    tcase_add_checked_fixture(tcase, open_folder, close_folder);
    if (!has_compiler("gcc")) {
        fprintf(stderr, "skipped: gcc is not installed\n");
        return;
    }
    tcase_add_loop_test(tcase, the_program_of_a_default_makes_its_filter, 0, 4);
    tcase_add_loop_test(tcase, the_program_of_any_profile_makes_its_filter, 0, 4);
    tcase_add_test(tcase, the_program_runs_a_command_under_its_filter);
}

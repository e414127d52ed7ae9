/* What firejail's own tool makes of our lists, and of the lists that we read: x86_64, and
 * only where firejail is installed. */
#include "base/testing.h"
#include "format/firejail_groups.h"
#include "format/firejail_lines.h"
#include "format/firejail_read.h"
#include "format/firejail_tool_testing.h"
#include "format/firejail_write.h"
#include "format/list_trip_testing.h"
#include "sem/random_profiles_testing.h"

#include <stdlib.h>
#include <string.h>

static char *const *paths;
static int path_count;

/* ---- from lines to filters ----------------------------------------------------------- */

static char *
text_of(struct sp_arena *arena, const struct sp_source *source, struct sp_span span)
{
    return sp_arena_copy(arena, sp_source_slice(source, span));
}

/* As firejail runs the tool for these lines (src/firejail/seccomp.c). */
static void
build(struct sp_firejail_tool *tool, struct sp_arena *arena, struct sp_str text,
      const char *action)
{
    struct sp_report report = { .arena = arena };
    struct sp_firejail_lines lines = {
        .source = sp_source_new(arena, "test", text), .report = &report,
    };
    char first[SP_FIREJAIL_PATH];
    char second[SP_FIREJAIL_PATH];
    char block[SP_FIREJAIL_PATH];

    ck_assert(sp_firejail_lines_read(&lines));
    sp_firejail_tool_file(tool, "first", &first);
    sp_firejail_tool_file(tool, "second", &second);
    sp_firejail_tool_file(tool, "block", &block);
    if (lines.keep.start < lines.keep.end) {
        sp_firejail_tool_run(tool, action, (const char *const[]){
            "keep", first, second, text_of(arena, lines.source, lines.keep), NULL });
    } else if (lines.drop.start < lines.drop.end) {
        sp_firejail_tool_run(tool, action, (const char *const[]){
            "drop", first, second, text_of(arena, lines.source, lines.drop), NULL });
    } else if (lines.list.start < lines.list.end) {
        sp_firejail_tool_run(tool, action, (const char *const[]){
            "default", "drop", first, second, text_of(arena, lines.source, lines.list), NULL });
    } else if (lines.enabled) {
        sp_firejail_tool_run(tool, action, (const char *const[]){ "default", first, NULL });
    }
    if (lines.blocks_secondary) {
        sp_firejail_tool_run(tool, "EPERM", (const char *const[]){
            "secondary", "block", block, NULL });
    }
    sp_firejail_tool_take(tool, "second");
    sp_firejail_tool_take(tool, "block");
    sp_firejail_tool_take(tool, "first");
}

/* The policy that we read from the text is what the filters answer, call by call. */
static void
compare(struct sp_trip *trip, const struct sp_firejail_tool *tool)
{
    const struct sp_policy *read = &trip->read.all.at[0];

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        int64_t nr = sp_kb_number(read->arch, &sp_kb_syscalls[i]);
        const char *name = sp_kb_text(sp_kb_syscalls[i].name);
        const struct sp_policy_call *call = sp_policy_find(read, name);
        sp_dd said = call != NULL ? call->meaning
                                  : sp_dd_leaf(trip->store, read->default_verdict);
        if (nr != SP_KB_NO_NUMBER) {
            ck_assert_msg(sp_firejail_tool_meaning(trip->store, tool, read->arch,
                                                   (uint32_t)nr) == said, "%s", name);
        }
    }
    ck_assert(sp_firejail_tool_meaning(trip->store, tool, read->arch, 3000)
              == sp_dd_leaf(trip->store, read->default_verdict));
}

/* The word of the error action that a text ends up with. */
static const char *
action_of(struct sp_arena *arena, struct sp_str text)
{
    const char *command = "seccomp-error-action ";
    const char *at = memmem(text.ptr, text.len, command, strlen(command));

    if (at == NULL) {
        return "EPERM";
    }
    at += strlen(command);
    return sp_arena_copy(arena, (struct sp_str){ .ptr = at, .len = strcspn(at, " \n") });
}

static void
try_text(const char *path, struct sp_trip *trip, struct sp_str text)
{
    struct sp_firejail_tool tool;

    sp_firejail_tool_begin(&tool, path);
    build(&tool, &trip->arena, text, action_of(&trip->arena, text));
    if (tool.count > 0) {
        compare(trip, &tool);
    }
    sp_firejail_tool_end(&tool);
}

START_TEST(the_tool_makes_of_a_default_what_we_say)
{
    const char *path = sp_firejail_tool_find();
    SP_BUF(profile);
    struct sp_environment environment = sp_trip_default(_i, &profile);
    struct sp_trip trip;

    if (path == NULL) {
        return;
    }
    ck_assert(sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_firejail_write));
    ck_assert(sp_trip_read(&trip, sp_firejail_read));
    try_text(path, &trip, sp_buf_view(&trip.text));
    sp_trip_end(&trip);
}
END_TEST

START_TEST(the_tool_makes_of_any_profile_what_we_say)
{
    enum { PROFILES = 100 };
    const char *path = sp_firejail_tool_find();
    uint64_t seed = 20261128;
    size_t checked = 0;

    for (int i = 0; path != NULL && i < PROFILES; i++) {
        SP_BUF(profile);
        struct sp_environment environment;
        struct sp_trip trip;

        sp_random_profile(&seed, &profile, &environment);
        if (sp_trip_write(&trip, sp_buf_view(&profile), &environment, sp_firejail_write)
            && environment.host == sp_kb_arch_native()
            && sp_trip_read(&trip, sp_firejail_read)) {
            try_text(path, &trip, sp_buf_view(&trip.text));
            checked++;
        }
        sp_trip_end(&trip);
    }
    ck_assert(path == NULL || checked > PROFILES / 3);
}
END_TEST

START_TEST(the_tool_reads_a_file_as_we_do)
{
    const char *path = sp_firejail_tool_find();
    struct sp_str text = sp_testing_read(paths[_i]);
    struct sp_trip trip;

    sp_trip_of_text(&trip, text, sp_firejail_read);
    if (path != NULL) {
        try_text(path, &trip, text);
    }
    sp_trip_end(&trip);
    free((void *)text.ptr);
}
END_TEST

/* ---- lists of 32-bit calls ----------------------------------------------------------- */

/* The x86 policy that a drop list was made from. */
static void
compare_narrow(struct sp_trip *trip, const struct sp_firejail_tool *tool,
               const struct sp_policy *policy)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        int64_t nr = sp_kb_number(policy->arch, &sp_kb_syscalls[i]);
        const char *name = sp_kb_text(sp_kb_syscalls[i].name);
        const struct sp_policy_call *call = sp_policy_find(policy, name);
        sp_dd said = call != NULL ? call->meaning : sp_dd_leaf(trip->store, SP_VERDICT_ALLOW);
        if (nr != SP_KB_NO_NUMBER && !sp_losses_has(&trip->losses, name)) {
            ck_assert_msg(sp_firejail_tool_meaning(trip->store, tool, policy->arch,
                                                   (uint32_t)nr) == said, "%s", name);
        }
    }
}

START_TEST(the_tool_drops_32_bit_calls_as_we_say)
{
    static const char profile[] =
        "{\"defaultAction\":\"SCMP_ACT_ALLOW\","
        "\"architectures\":[\"SCMP_ARCH_X86_64\",\"SCMP_ARCH_X86\"],\"syscalls\":["
        "{\"names\":[\"mount\",\"stime\",\"restart_syscall\",\"mseal\",\"vm86\",\"socketcall\","
        "\"execve\"],\"action\":\"SCMP_ACT_ERRNO\"},"
        "{\"names\":[\"swapon\",\"landlock_restrict_self\"],\"action\":\"SCMP_ACT_ERRNO\","
        "\"errnoRet\":38},"
        "{\"names\":[\"vm86old\",\"reboot\"],\"action\":\"SCMP_ACT_KILL_THREAD\"}]}";
    static const char command[] = "seccomp.32.drop ";
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI,
        .runtime = SP_RUNTIME_CRUN,
        .host = sp_kb_arch_find(SP_STR("x86_64")),
        .kernel = { .major = 7 },
    };
    const char *path = sp_firejail_tool_find();
    struct sp_trip trip;
    struct sp_firejail_tool tool;
    char first[SP_FIREJAIL_PATH];
    char second[SP_FIREJAIL_PATH];

    if (path == NULL) {
        return;
    }
    ck_assert(sp_trip_write(&trip, sp_str_of(profile), &environment,
                            sp_firejail_write));
    char *list = strstr(trip.text.data, command);
    ck_assert_ptr_nonnull(list);
    list += strlen(command);
    list[strcspn(list, "\n")] = '\0';
    sp_firejail_tool_begin(&tool, path);
    sp_firejail_tool_file(&tool, "first", &first);
    sp_firejail_tool_file(&tool, "second", &second);
    sp_firejail_tool_run(&tool, "EPERM", (const char *const[]){
        "drop32", first, second, list, NULL });
    sp_firejail_tool_take(&tool, "second");
    sp_firejail_tool_take(&tool, "first");
    ck_assert_uint_eq(trip.policies.all.count, 2);
    compare_narrow(&trip, &tool, &trip.policies.all.at[1]);
    ck_assert(sp_losses_has(&trip.losses, "execve"));
    sp_firejail_tool_end(&tool);
    sp_trip_end(&trip);
}
END_TEST

/* A group of ours has the calls of the tool's. */
START_TEST(the_tool_has_the_same_groups)
{
    static const char *const names[] = {
        "@aio", "@basic-io", "@chown", "@clock", "@cpu-emulation", "@debug", "@default",
        "@default-keep", "@default-nodebuggers", "@file-system", "@io-event", "@ipc", "@keyring",
        "@memlock", "@module", "@mount", "@network-io", "@obsolete", "@privileged", "@process",
        "@raw-io", "@reboot", "@resources", "@setuid", "@signal", "@swap", "@sync",
        "@system-service", "@timer",
    };
    const char *path = sp_firejail_tool_find();

    for (size_t i = 0; path != NULL && i < sizeof names / sizeof *names; i++) {
        struct sp_trip trip;
        SP_BUF(text);

        ck_assert_ptr_nonnull(sp_firejail_group(sp_str_of(names[i])));
        sp_buf_format(&text, "seccomp.keep %s\n", names[i]);
        sp_trip_of_text(&trip, sp_buf_view(&text), sp_firejail_read);
        try_text(path, &trip, sp_buf_view(&text));
        sp_trip_end(&trip);
    }
}
END_TEST

SP_SUITE(firejail_tool)
{
    TCase *tcase = sp_testing_case(suite, "firejail_tool");

    paths = sp_testing_files("testdata/formats/firejail", ".profile", &path_count);
    tcase_add_loop_test(tcase, the_tool_makes_of_a_default_what_we_say, 0, SP_TRIP_DEFAULTS);
    tcase_add_test(tcase, the_tool_makes_of_any_profile_what_we_say);
    tcase_add_loop_test(tcase, the_tool_reads_a_file_as_we_do, 0, path_count);
    tcase_add_test(tcase, the_tool_drops_32_bit_calls_as_we_say);
    tcase_add_test(tcase, the_tool_has_the_same_groups);
}

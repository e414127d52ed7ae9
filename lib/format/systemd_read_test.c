/* A unit means what systemd makes of it. */
#include "base/testing.h"
#include "format/list_trip_testing.h"
#include "format/profile_read.h"
#include "format/systemd_filter.h"
#include "format/systemd_read.h"
#include "sem/verdict.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a unit means --------------------------------------------------------------- */

static const struct sp_policy *
policy_on(const struct sp_policies *policies, const char *arch)
{
    for (size_t i = 0; i < policies->all.count; i++) {
        if (sp_str_is(sp_str_of(arch), sp_kb_text(policies->all.at[i].arch->name))) {
            return &policies->all.at[i];
        }
    }
    return NULL;
}

static void
check_verdict(const struct sp_trip *trip, const char *arch, const char *name,
              const char *wanted)
{
    const struct sp_policy *policy = policy_on(&trip->read, arch);
    SP_BUF(got);

    ck_assert_msg(policy != NULL, "no architecture %s", arch);
    const struct sp_policy_call *call = sp_policy_find(policy, name);
    ck_assert(call == NULL || call->clause_count == 0);
    sp_verdict_write(call == NULL ? policy->default_verdict : call->otherwise, &got);
    ck_assert_msg(sp_str_is(sp_buf_view(&got), wanted), "%s on %s: %s", name, arch, got.data);
}

/* "# = x86_64 read ALLOW": a line of a test file. */
static void
check_expected(const struct sp_trip *trip, struct sp_str text)
{
    struct sp_str line;
    size_t count = 0;

    while (sp_str_next(&text, "\n", &line)) {
        char arch[20];
        char name[40];
        char verdict[40];
        SP_BUF(copy);
        sp_buf_add(&copy, line);
        if (line.len > 0
            && sscanf(copy.data, "# = %19s %39s %39s", arch, name, verdict) == 3) {
            check_verdict(trip, arch, name, verdict);
            count++;
        }
    }
    ck_assert_uint_gt(count, 0);
}

static char *const *unit_paths;
static char *const *drop_in_paths;

static void
check_file(const char *path)
{
    struct sp_trip trip;
    struct sp_str text = sp_testing_read(path);

    sp_trip_of_text(&trip, text, sp_systemd_read);
    check_expected(&trip, text);
    sp_trip_end(&trip);
    free((void *)text.ptr);
}

START_TEST(a_unit_means_what_it_says)
{
    check_file(unit_paths[_i]);
}
END_TEST

START_TEST(a_drop_in_means_what_it_says)
{
    check_file(drop_in_paths[_i]);
}
END_TEST

/* Lines of a [Service]; what calls get on x86_64. */
static const struct {
    const char *lines;
    const char *calls;  /* "read ALLOW mount ERRNO(EPERM)" */
} units[] = {
    /* The first assignment decides, also when nothing is in it. */
    { "SystemCallFilter=~\nSystemCallFilter=read", "read ALLOW write ALLOW" },
    { "SystemCallFilter=@default", "read KILL_PROCESS execve ALLOW time ALLOW" },
    { "SystemCallFilter=~@default", "read ALLOW execve KILL_PROCESS" },
    /* In a list of allowed calls an errno puts in, without one ~ takes out. */
    { "SystemCallFilter=read\nSystemCallFilter=~read:EPERM write:ENOSYS\n"
      "SystemCallFilter=~write",
      "read ERRNO(EPERM) write KILL_PROCESS" },
    { "SystemCallFilter=read\nSystemCallFilter=~read:EPERM\nSystemCallFilter=read",
      "read ALLOW" },
    { "SystemCallFilter=~read:EPERM\nSystemCallFilter=~read", "read KILL_PROCESS" },
    { "SystemCallErrorNumber=5\nSystemCallFilter=~read:kill write", "read KILL_PROCESS "
      "write ERRNO(EIO)" },
    { "SystemCallFilter=@known\nSystemCallFilter=~@obsolete @clock", "read ALLOW adjtimex "
      "KILL_PROCESS mount ALLOW uselib KILL_PROCESS" },
    { "SystemCallFilter=~@nothing read\\\nwrite cl\\ose",
      "read KILL_PROCESS write KILL_PROCESS close KILL_PROCESS" },
    { "SystemCallFilter=~read write\\", "read KILL_PROCESS write KILL_PROCESS" },
    { "SystemCallFilter=~read write\\ ", "read KILL_PROCESS write ALLOW" },
    { "systemcallfilter=read\nSystemCallLog=~read", "read ALLOW write LOG" },
    { "SystemCallLog=~read\nSystemCallLog=read", "read ALLOW write ALLOW" },
    { "SystemCallLog=read:EPERM write", "read ALLOW write LOG" },
    { "SystemCallLog=@chown\nSystemCallLog=\nSystemCallLog=write", "chown ALLOW write LOG" },
    { "SystemCallLog=~read\nSystemCallFilter=write", "read KILL_PROCESS write LOG" },
    { "SystemCallFilter=~read\n[Socket]\nSystemCallFilter=~write\n[Service]\n"
      "SystemCallFilter=~close\n", "read KILL_PROCESS write ALLOW close KILL_PROCESS" },
    { "SystemCallArchitectures=native", "read ALLOW" },
};

START_TEST(lines_add_up)
{
    struct sp_trip trip;
    struct sp_str rest = sp_str_of(units[_i].calls);
    struct sp_str name;
    struct sp_str verdict;
    SP_BUF(text);

    sp_buf_format(&text, "[Service]\n%s", units[_i].lines);
    sp_trip_of_text(&trip, sp_buf_view(&text), sp_systemd_read);
    while (sp_str_next(&rest, " ", &name) && sp_str_next(&rest, " ", &verdict)) {
        SP_SCRATCH(arena);
        check_verdict(&trip, "x86_64", sp_arena_copy(&arena, name),
                      sp_arena_copy(&arena, verdict));
    }
    sp_trip_end(&trip);
}
END_TEST

/* ---- the tree ------------------------------------------------------------------------ */

static struct sp_doc
read_named(struct sp_arena *arena, const char *name, const char *text)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = arena };
    struct sp_source *source = sp_source_new(arena, name, sp_str_of(text));
    struct sp_doc doc = { .root = NULL };

    ck_assert(sp_source_index(arena, source));
    ck_assert(sp_systemd_read(arena, source, &limits, &report, &doc));
    ck_assert_uint_eq(report.diags.count, 0);
    return doc;
}

static const struct {
    const char *lines;
    const char *arches;  /* of the tree; "" = it names none */
} architectures[] = {
    { "SystemCallFilter=read", "X86_64 X86 X32 " },
    { "SystemCallArchitectures=x86_64", "X86_64 X86 X32 " },
    { "SystemCallArchitectures=native\nSystemCallArchitectures=", "X86_64 X86 X32 " },
    { "SystemCallArchitectures=native", "" },
    { "SystemCallArchitectures=native x86", "X86_64 X86 " },
    { "SystemCallArchitectures=x86-64 \"x86\" 'x86'", "X86_64 X86 " },
    { "SystemCallArchitectures=x32", "X86_64 X32 " },
    { "SystemCallArchitectures=native arm", "AARCH64 ARM " },
    { "SystemCallArchitectures=arm64 x86-64 s390x", "AARCH64 X86_64 " },
    { "SystemCallArchitectures=s390", "S390X S390 " },
    { "SystemCallArchitectures=x86-64 \"x86 x32", "X86_64 " },
};

START_TEST(architectures_are_those_that_systemd_lets_run)
{
    SP_SCRATCH(arena);
    SP_BUF(text);
    SP_BUF(got);

    sp_buf_format(&text, "[Service]\n%s\n", architectures[_i].lines);
    struct sp_doc doc = read_named(&arena, "a.service", text.data);
    const struct sp_node *list = sp_node_member(doc.root, "architectures");
    if (list != NULL) {
        for sp_node_each(word, list) {
            sp_buf_format(&got, "%s ", word->text.ptr + strlen("SCMP_ARCH_"));
        }
    }
    ck_assert_msg(sp_str_is(sp_buf_view(&got), architectures[_i].arches), "%s", got.data);
}
END_TEST

/* Every word of the tree stands where the unit has it; what systemd ignores is there, too. */
static const struct {
    const char *name;
    unsigned line, column;
} places[] = {
    { "read", 2, 18 }, { "fexecve", 2, 23 }, { "write:EPERM", 3, 2 }, { "chown", 4, 3 },
    { "execve", 2, 1 }, { "@nothing", 4, 10 }, { "\"close\"", 5, 18 },
};

START_TEST(words_stand_where_they_are_written)
{
    static const char text[] = "[Service]\nSystemCallFilter=read fexecve \\\n write:EPERM \\\n"
                               "  @chown @nothing\nSystemCallFilter=\"close\"\n";
    SP_SCRATCH(arena);
    struct sp_doc doc = read_named(&arena, "a.service", text);
    const struct sp_node *rule = sp_node_member(doc.root, "syscalls")->first;
    const struct sp_node *found = NULL;

    ck_assert_ptr_null(rule->next);
    for sp_node_each(name, sp_node_member(rule, "names")) {
        found = sp_node_is_string(name, places[_i].name) ? name : found;
    }
    ck_assert_ptr_nonnull(found);
    struct sp_position at = sp_source_position(doc.source, found->span.start);
    ck_assert_uint_eq(at.line, places[_i].line);
    ck_assert_uint_eq(at.column, places[_i].column);
}
END_TEST

START_TEST(the_name_of_a_file_tells_the_section)
{
    static const char text[] = "[Service]\nSystemCallFilter=read\n"
                               "[Socket]\nSystemCallFilter=write\n";
    static const struct { const char *name; const char *call; } files[] = {
        { "a.service", "read" }, { "a.socket", "write" }, { "a.conf", "read" },
        { "/etc/systemd/system/a.socket.d/10.conf", "write" },
    };

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        SP_SCRATCH(arena);
        struct sp_doc doc = read_named(&arena, files[i].name, text);
        const struct sp_node *rule = sp_node_member(doc.root, "syscalls")->first;
        bool found = false;
        for sp_node_each(name, sp_node_member(rule, "names")) {
            found = found || sp_node_is_string(name, files[i].call);
        }
        ck_assert_msg(found, "%s", files[i].name);
    }
}
END_TEST

/* ---- machines ------------------------------------------------------------------------ */

static const char *const hosts[] = {
    "x86_64", "aarch64", "s390x", "mipsel64", "ppc64le", "riscv64", "loongarch64",
};

/* No rule of the tree is lost between the runtime and libseccomp, whatever the machine. */
START_TEST(a_unit_means_the_same_on_every_machine)
{
    static const char text[] = "[Service]\nSystemCallArchitectures=native\n"
                               "SystemCallErrorNumber=EPERM\n"
                               "SystemCallFilter=~open chown32 socketcall socket @clock\n"
                               "SystemCallFilter=~uname:EIO pause\n";
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN,
        .host = sp_kb_arch_find(sp_str_of(hosts[_i])), .kernel = { .major = 7 },
    };
    SP_SCRATCH(arena);
    struct sp_doc doc = read_named(&arena, "a.service", text);
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    struct sp_policies policies;
    struct sp_meaning *meaning;

    const struct sp_profile *profile =
        sp_profile_read(&arena, &doc, sp_profile_detect(&doc));
    ck_assert(sp_meaning_make(&arena, store, profile, &environment, &meaning));
    ck_assert_int_eq(meaning->start, SP_START_FILTER);
    ck_assert_int_eq(sp_policies_make(&arena, meaning, &policies, NULL), SP_POLICY_OK);
    struct sp_trip trip = { .read = policies };
    check_verdict(&trip, hosts[_i], "uname", "ERRNO(EIO)");
    check_verdict(&trip, hosts[_i], "clock_settime", "ERRNO(EPERM)");
    check_verdict(&trip, hosts[_i], "socket", "ERRNO(EPERM)");
    check_verdict(&trip, hosts[_i], "read", "ALLOW");
    sp_dd_store_free(store);
}
END_TEST

/* ---- words --------------------------------------------------------------------------- */

static const struct { const char *word; int error; } errors[] = {
    { "EPERM", EPERM }, { "EWOULDBLOCK", EAGAIN }, { "kill", SP_SYSTEMD_KILL }, { "0", 0 },
    { "4095", 4095 }, { "4096", -1 }, { "0x10", 16 }, { "017", 15 }, { "0o17", 15 },
    { "0b11", 3 }, { "+7", 7 }, { "-0", 0 }, { "-1", -1 }, { "", -1 }, { "0x", -1 },
    { "08", -1 }, { "eperm", -1 }, { "99999999999999999999", -1 }, { "1 ", -1 },
    { "kill ", -1 }, { "-", -1 },
};

START_TEST(an_errno_is_read_as_systemd_does)
{
    int error = -1;
    bool is_read = sp_systemd_error(sp_str_of(errors[_i].word), &error);

    ck_assert_int_eq(is_read, errors[_i].error >= 0);
    ck_assert_int_eq(error, errors[_i].error);
}
END_TEST

START_TEST(architectures_have_names_both_ways)
{
    size_t named = 0;

    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        const char *name = sp_systemd_arch_name(&sp_kb_arches[i]);
        if (name != NULL) {
            ck_assert_ptr_eq(sp_systemd_arch_find(sp_str_of(name)), &sp_kb_arches[i]);
            named++;
        }
    }
    ck_assert_uint_eq(named, 20);
    ck_assert_ptr_null(sp_systemd_arch_find(SP_STR("x86_64")));
}
END_TEST

/* ---- faults -------------------------------------------------------------------------- */

static const struct sp_trip_refusal refusals[] = {
    { "", "the text is empty", 1, 1 },
    { " \n\t\n", "the text is empty", 1, 1 },
    { "[Service\nSystemCallFilter=read\n",
      "\"[Service\" is no section: systemd reads no further", 1, 1 },
    { "[Service]\nSystemCallFilter=read\n [Install] # when\n",
      "\"[Install] # when\" is no section: systemd reads no further", 3, 2 },
    { "[Ser\"vice]\n", "\"[Ser\"vice]\" is no section: systemd reads no further", 1, 1 },
    { "[\n", "\"[\" is no section: systemd reads no further", 1, 1 },
    { "[Unit]\nSystemCallFilter=read\n",
      "the unit has no section [Service], [Socket], [Mount] or [Swap]", 1, 1 },
    { "# nothing\n", "the unit has no section [Service], [Socket], [Mount] or [Swap]", 1, 1 },
    { "\n[Service]\nExecStart=/bin/true\n", "the unit has no filter of system calls", 2, 1 },
    { "[Service]\nSystemCallFilter=\xff\n", "byte 0xff is not UTF-8 here", 2, 18 },
};

START_TEST(what_systemd_would_not_load_is_refused)
{
    sp_trip_refuses(&refusals[_i], sp_systemd_read);
}
END_TEST

/* systemd reads lines of up to a mebibyte. */
START_TEST(a_line_has_a_limit)
{
    SP_SCRATCH(arena);
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &arena };
    struct sp_doc doc;
    SP_BUF(text);

    sp_buf_text(&text, "[Service]\nSystemCallFilter=read \\\n");
    for (int i = 0; i < 18; i++) {
        sp_buf_repeat(&text, ' ', 60000);
        sp_buf_text(&text, "write \\\n");
    }
    struct sp_source *source = sp_source_new(&arena, "long", sp_buf_view(&text));
    ck_assert(!sp_systemd_read(&arena, source, &limits, &report, &doc));
    ck_assert_uint_eq(report.diags.count, 1);
    ck_assert_str_eq(report.diags.at[0]->message,
                     "the line has more than the 1048576 bytes that systemd reads");
}
END_TEST

START_TEST(words_have_a_limit)
{
    SP_SCRATCH(arena);
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &arena };
    struct sp_source *source = sp_source_new(
        &arena, "many", SP_STR("[Service]\nSystemCallFilter=read write close\n"));
    struct sp_doc doc;

    limits.nodes = 2;
    ck_assert(!sp_systemd_read(&arena, source, &limits, &report, &doc));
    ck_assert_uint_eq(report.diags.count, 1);
    ck_assert_uint_eq(report.diags.at[0]->code, 116);
}
END_TEST

#define LOOP(tcase, test, table) \
    tcase_add_loop_test(tcase, test, 0, (int)(sizeof(table) / sizeof *(table)))

SP_SUITE(systemd_read)
{
    TCase *tcase = sp_testing_case(suite, "systemd_read");
    int count;

    unit_paths = sp_testing_files("testdata/formats/systemd", ".service", &count);
    tcase_add_loop_test(tcase, a_unit_means_what_it_says, 0, count);
    drop_in_paths = sp_testing_files("testdata/formats/systemd", ".conf", &count);
    tcase_add_loop_test(tcase, a_drop_in_means_what_it_says, 0, count);
    LOOP(tcase, lines_add_up, units);
    LOOP(tcase, architectures_are_those_that_systemd_lets_run, architectures);
    LOOP(tcase, words_stand_where_they_are_written, places);
    tcase_add_test(tcase, the_name_of_a_file_tells_the_section);
    LOOP(tcase, a_unit_means_the_same_on_every_machine, hosts);
    LOOP(tcase, an_errno_is_read_as_systemd_does, errors);
    tcase_add_test(tcase, architectures_have_names_both_ways);
    LOOP(tcase, what_systemd_would_not_load_is_refused, refusals);
    tcase_add_test(tcase, a_line_has_a_limit);
    tcase_add_test(tcase, words_have_a_limit);
}

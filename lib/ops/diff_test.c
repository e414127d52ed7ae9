/* Comparing profiles: by hand, and what history knows. */
#include "base/testing.h"
#include "ops/answer.h"
#include "ops/diff_testing.h"
#include "sem/verdict.h"

#include <string.h>

/* ---- a diff as text ---------------------------------------------------------------------- */

static const char *const kind_words[] = {
    [SP_DIFF_START] = "start", [SP_DIFF_ARCH] = "arch", [SP_DIFF_CALL] = "call",
    [SP_DIFF_DEFAULT] = "default", [SP_DIFF_NOBODY] = "nobody", [SP_DIFF_NEWER] = "newer",
};

static const char *const direction_words[] = {
    [SP_DIFF_LOOSER] = "looser", [SP_DIFF_TIGHTER] = "tighter", [SP_DIFF_CHANGED] = "changed",
};

static const char *const start_words[] = {
    [SP_START_FILTER] = "filter", [SP_START_UNCONFINED] = "unconfined",
    [SP_START_REFUSED] = "refused", [SP_START_ENDLESS] = "endless",
};

static void
write_arches(const struct sp_kb_arch *const *arches, size_t count, const char *before,
             struct sp_buf *buf)
{
    for (size_t i = 0; i < count; i++) {
        sp_buf_format(buf, "%s%s", i == 0 ? before : ",", sp_kb_text(arches[i]->name));
    }
}

static void
write_calls(const struct sp_diff_group *group, struct sp_buf *buf)
{
    if (group->first->kind == SP_DIFF_DEFAULT) {
        sp_buf_format(buf, " %zu calls", group->calls);
        return;
    }
    for (size_t i = 0; i < group->all.count; i++) {
        const struct sp_kb_syscall *call = group->all.at[i]->call;
        if (call != NULL) {
            sp_buf_format(buf, "%s%s", i == 0 ? " " : ",", sp_kb_text(call->name));
        }
    }
}

static void
write_change(const struct sp_diff_change *change, struct sp_buf *buf)
{
    if (change->kind == SP_DIFF_START) {
        sp_buf_format(buf, " %s -> %s", start_words[change->from_state.start],
                      start_words[change->to_state.start]);
        return;
    }
    sp_buf_text(buf, " ");
    sp_verdict_write(change->from, buf);
    sp_buf_text(buf, " -> ");
    sp_verdict_write(change->to, buf);
    if (change->conditions != NULL) {
        sp_buf_format(buf, " where %s", change->conditions);
    }
}

static void
write_group(const struct sp_diff_group *group, struct sp_buf *buf)
{
    const struct sp_diff_change *first = group->first;

    sp_buf_format(buf, "%s%s %s", group->danger != NULL ? "!" : "",
                  direction_words[first->direction], kind_words[first->kind]);
    write_calls(group, buf);
    write_change(first, buf);
    for (size_t i = 0; i < first->when.any.count; i++) {
        sp_answer_when(&first->when.any.at[i], i == 0 ? ", " : " | ", buf);
    }
    sp_buf_text(buf, group->when_varies ? " ~when" : "");
    sp_buf_text(buf, group->conditions_vary ? " ~where" : "");
    if (!group->everywhere) {
        write_arches(group->arches.at, group->arches.count, " on ", buf);
        write_arches(group->hosts.at, group->hosts.count, " of ", buf);
    }
    sp_buf_text(buf, "\n");
}

static void
write_diff(const struct sp_diff *diff, struct sp_buf *buf)
{
    for (size_t i = 0; i < diff->groups.count; i++) {
        write_group(&diff->groups.at[i], buf);
    }
    for (size_t i = 0; i < diff->undecided.count; i++) {
        sp_buf_format(buf, "undecided: %s\n", diff->undecided.at[i].why);
    }
}

/* ---- by hand ----------------------------------------------------------------------------- */

#define PROFILE(action, rest, rules) \
    "{\"defaultAction\":\"SCMP_ACT_" action "\"," rest "\"syscalls\":[" rules "]}"
#define ALLOWS(rules) PROFILE("ERRNO", "", EXEC "," rules)
#define EXEC R("futex", "ALLOW", "")
#define R(names, action, rest) \
    "{\"names\":[\"" names "\"],\"action\":\"SCMP_ACT_" action "\"" rest "}"
#define ARG(index, op, value) \
    ",\"args\":[{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_" op "\"}]"
#define MASKED(index, mask, value) \
    ",\"args\":[{\"index\":" #index ",\"value\":" #mask ",\"valueTwo\":" #value \
    ",\"op\":\"SCMP_CMP_MASKED_EQ\"}]"
#define WITH(cap) ",\"includes\":{\"caps\":[\"CAP_" cap "\"]}"
#define WITHOUT(cap) ",\"excludes\":{\"caps\":[\"CAP_" cap "\"]}"
#define FROM(kernel) ",\"includes\":{\"minKernel\":\"" kernel "\"}"
#define ERRNO(number) ",\"errnoRet\":" #number
#define ARCHES(list) "\"architectures\":[" list "],"
#define NEW R("file_setattr", "ALLOW", "")  /* puts runc's stub behind (nearly) all calls */

static const struct {
    const char *name;
    const char *from;
    const char *to;
    const char *arches;   /* NULL: x86_64 alone */
    const char *expected;
    const char *to_engine;
} known[] = {
    { "a profile is itself", ALLOWS(R("read", "ALLOW", "")), ALLOWS(R("read", "ALLOW", "")),
      NULL, "", NULL },
    { "order is no change", ALLOWS(R("read", "ALLOW", "") "," R("write", "ALLOW", "")),
      ALLOWS(R("write", "ALLOW", "") "," R("read", "ALLOW", "")), NULL, "", NULL },
    { "a call is allowed", ALLOWS(R("write", "ALLOW", "") "," NEW),
      ALLOWS(R("read", "ALLOW", "") "," R("write", "ALLOW", "") "," NEW), NULL,
      "looser call read ERRNO(EPERM) -> ALLOW\n", NULL },
    { "calls alike are one group", ALLOWS(NEW),
      ALLOWS(R("read", "ALLOW", "") "," R("write", "ALLOW", "") "," NEW), NULL,
      "looser call read,write ERRNO(EPERM) -> ALLOW\n", NULL },
    { "a call is denied", ALLOWS(R("write", "ALLOW", "") "," NEW), ALLOWS(NEW), NULL,
      "tighter call write ALLOW -> ERRNO(EPERM)\n", NULL },
    { "dangerous calls come first",
      ALLOWS(NEW), ALLOWS(R("accept", "ALLOW", "") "," R("mount", "ALLOW", "") "," NEW), NULL,
      "!looser call mount ERRNO(EPERM) -> ALLOW\nlooser call accept ERRNO(EPERM) -> ALLOW\n", NULL },
    { "another errno is no more and no less", ALLOWS(R("read", "ERRNO", ERRNO(13)) "," NEW),
      ALLOWS(R("read", "ERRNO", ERRNO(2)) "," NEW), NULL,
      "changed call read ERRNO(EACCES) -> ERRNO(ENOENT)\n", NULL },
    { "killing is stricter than refusing", ALLOWS(R("read", "ERRNO", ERRNO(13)) "," NEW),
      ALLOWS(R("read", "KILL_PROCESS", "") "," NEW), NULL,
      "tighter call read ERRNO(EACCES) -> KILL_PROCESS\n", NULL },
    { "logging is stricter than allowing", ALLOWS(R("read", "ALLOW", "") "," NEW),
      ALLOWS(R("read", "LOG", "") "," NEW), NULL, "tighter call read ALLOW -> LOG\n", NULL },
    { "an argument is widened", ALLOWS(R("personality", "ALLOW", ARG(0, "EQ", 0)) "," NEW),
      ALLOWS(R("personality", "ALLOW", ARG(0, "EQ", 0)) ","
             R("personality", "ALLOW", ARG(0, "EQ", 8)) "," NEW), NULL,
      "!looser call personality ERRNO(EPERM) -> ALLOW where personality = PER_LINUX32\n", NULL },
    { "a constant of a vulnerability", ALLOWS(R("socket", "ALLOW", "") "," NEW),
      ALLOWS(R("socket", "ALLOW", ARG(0, "NE", 40)) "," NEW), NULL,
      "!tighter call socket ALLOW -> ERRNO(EPERM) where domain = AF_VSOCK\n", NULL },
    { "only what a register holds", ALLOWS(R("socket", "ALLOW", ARG(0, "EQ", 4294967297)) "," NEW),
      ALLOWS(NEW), "x86", "", NULL },
    { "with a capability", ALLOWS(NEW), ALLOWS(R("read", "ALLOW", WITH("SYS_TIME")) "," NEW), NULL,
      "looser call read ERRNO(EPERM) -> ALLOW, with CAP_SYS_TIME\n", NULL },
    { "no longer without a capability", ALLOWS(R("read", "ALLOW", "") "," NEW),
      ALLOWS(R("read", "ALLOW", WITH("SYS_TIME")) "," NEW), NULL,
      "tighter call read ALLOW -> ERRNO(EPERM), without CAP_SYS_TIME\n", NULL },
    { "with one of two capabilities", ALLOWS(NEW),
      ALLOWS(R("read", "ALLOW", WITH("SYS_TIME")) "," R("read", "ALLOW", WITH("SYS_BOOT")) "," NEW),
      NULL, "looser call read ERRNO(EPERM) -> ALLOW, with CAP_SYS_BOOT | with CAP_SYS_TIME\n", NULL },
    { "one more capability", ALLOWS(R("read", "ALLOW", WITH("SYS_TIME")) "," NEW),
      ALLOWS(R("read", "ALLOW", WITH("SYS_TIME")) "," R("read", "ALLOW", WITH("SYS_BOOT")) "," NEW),
      NULL, "looser call read ERRNO(EPERM) -> ALLOW, with CAP_SYS_BOOT, without CAP_SYS_TIME\n",
      NULL },
    { "another capability is both", ALLOWS(R("read", "ALLOW", WITH("SYS_TIME")) "," NEW),
      ALLOWS(R("read", "ALLOW", WITH("SYS_BOOT")) "," NEW), NULL,
      "looser call read ERRNO(EPERM) -> ALLOW, with CAP_SYS_BOOT, without CAP_SYS_TIME\n"
      "tighter call read ALLOW -> ERRNO(EPERM), with CAP_SYS_TIME, without CAP_SYS_BOOT\n", NULL },
    { "the same guard told in two ways", ALLOWS(R("read", "ALLOW", "") "," NEW),
      ALLOWS(R("read", "ALLOW", WITH("SYS_TIME")) "," R("read", "ALLOW", WITHOUT("SYS_TIME")) "," NEW),
      NULL, "", NULL },
    { "from a kernel on", ALLOWS(NEW), ALLOWS(R("read", "ALLOW", FROM("4.8")) "," NEW), NULL,
      "looser call read ERRNO(EPERM) -> ALLOW, from Linux 4.8\n", NULL },
    { "from a kernel on, or with a capability", ALLOWS(NEW),
      ALLOWS(R("read", "ALLOW", FROM("4.8")) "," R("read", "ALLOW", WITH("SYS_TIME")) "," NEW), NULL,
      "looser call read ERRNO(EPERM) -> ALLOW, from Linux 4.8 | with CAP_SYS_TIME\n", NULL },
    { "between two kernels", ALLOWS(R("read", "ALLOW", FROM("5.1")) "," NEW),
      ALLOWS(R("read", "ALLOW", FROM("4.8")) "," NEW), NULL,
      "looser call read ERRNO(EPERM) -> ALLOW, from Linux 4.8, before Linux 5.1\n", NULL },
    { "an engine that reads no kernels", ALLOWS(R("read", "ALLOW", FROM("4.8")) "," NEW),
      ALLOWS(R("read", "ALLOW", FROM("4.8")) "," NEW), NULL,
      "looser call read ERRNO(EPERM) -> ALLOW, before Linux 4.8\n", "podman" },
    { "on some architectures", PROFILE("ERRNO", ARCHES("\"SCMP_ARCH_X86\""), EXEC "," NEW),
      PROFILE("ERRNO", ARCHES("\"SCMP_ARCH_X86\""), EXEC "," NEW ","
              R("socketcall", "ALLOW", "") "," R("read", "ALLOW", "")), "x86_64,x86",
      "looser call read,socketcall ERRNO(EPERM) -> ALLOW\n", NULL },
    { "an architecture more", PROFILE("ERRNO", "", EXEC "," NEW),
      PROFILE("ERRNO", ARCHES("\"SCMP_ARCH_X86\""), EXEC "," NEW), "x86_64,x86",
      "looser arch KILL_THREAD -> ALLOW on x86 of x86_64\n", NULL },
    { "an architecture less", PROFILE("ERRNO", ARCHES("\"SCMP_ARCH_X32\""), EXEC "," NEW),
      PROFILE("ERRNO", "", EXEC "," NEW), "x86_64,x86,x32",
      "tighter arch ALLOW -> KILL_THREAD on x32 of x86_64\n", NULL },
    { "the stub moves with the newest call",
      ALLOWS(R("open_tree_attr", "ALLOW", "") "," R("read", "ALLOW", "")),
      ALLOWS(NEW "," R("read", "ALLOW", "")), NULL,
      "looser call file_setattr ERRNO(ENOSYS) -> ALLOW\n"
      "!tighter call open_tree_attr ALLOW -> ERRNO(EPERM)\n"
      "changed default 1 calls ERRNO(ENOSYS) -> ERRNO(EPERM)\n", NULL },
    { "a refused start", ALLOWS(R("read", "ALLOW", "")),
      PROFILE("NONSENSE", "", R("read", "ALLOW", "")), NULL,
      "tighter start filter -> refused\n", NULL },
    { "no filter at all", "{}", ALLOWS(R("read", "ALLOW", "")), NULL,
      "tighter start unconfined -> filter\n", NULL },
    { "a start that hangs on a capability",
      ALLOWS(R("read", "ALLOW", "") "," NEW),
      ALLOWS(R("read", "ALLOW", "") "," R("read", "ALLOW", ARG(9, "EQ", 0) WITH("SYS_TIME")) "," NEW),
      NULL, "tighter start filter -> refused, with CAP_SYS_TIME\n", NULL },
};

START_TEST(changes_are_told)
{
    const char *arches = known[_i].arches == NULL ? "x86_64" : known[_i].arches;
    const char *engine = known[_i].to_engine == NULL ? "docker" : known[_i].to_engine;
    struct sp_diff_both both = { .sides = NULL };
    SP_BUF(text);

    sp_diff_both_begin(&both);
    sp_diff_both_add(&both, 0, known[_i].from, sp_diff_testing_target("docker", arches));
    sp_diff_both_add(&both, 1, known[_i].to, sp_diff_testing_target(engine, arches));
    struct sp_diff diff = sp_diff_both_diff(&both, 0, 1);
    write_diff(&diff, &text);
    const char *told = text.data == NULL ? "" : text.data;
    ck_assert_msg(strcmp(told, known[_i].expected) == 0, "%s: told\n%sexpected\n%s",
                  known[_i].name, told, known[_i].expected);
    ck_assert_msg(diff.equal == (known[_i].expected[0] == '\0'), "%s", known[_i].name);
    for (size_t i = 0; i < diff.changes.count; i++) {
        const struct sp_diff_change *change = diff.changes.at[i];
        ck_assert_msg(change->has_witness
                          ? sp_diff_verify(&change->witness) == SP_DIFF_VERIFIED
                          : change->kind == SP_DIFF_START, "%s", known[_i].name);
    }
    sp_diff_both_end(&both);
}
END_TEST

/* ---- default actions --------------------------------------------------------------------- */

#define DEFAULTS(action, rest) \
    PROFILE(action, rest, R("read", "ALLOW", "") "," R("write", "ALLOW", WITH("SYS_TIME")) "," NEW)

static const struct {
    const char *from;
    const char *to;
    enum sp_diff_direction direction;
    bool is_dangerous;
} defaults[] = {
    { DEFAULTS("ERRNO", ""), DEFAULTS("ERRNO", "\"defaultErrnoRet\":38,"), SP_DIFF_CHANGED, false },
    { DEFAULTS("ERRNO", ""), DEFAULTS("KILL", ""), SP_DIFF_TIGHTER, false },
    { DEFAULTS("ERRNO", ""), DEFAULTS("ALLOW", ""), SP_DIFF_LOOSER, true },
    { DEFAULTS("ALLOW", ""), DEFAULTS("ERRNO", ""), SP_DIFF_TIGHTER, true },
};

/* One line for all calls without a rule, one for numbers in between; what is newer meets the
 * stub, of which calls that are allowed by default have none. */
START_TEST(a_default_is_explained)
{
    struct sp_diff_both both = { .sides = NULL };

    sp_diff_both_begin(&both);
    sp_diff_both_add(&both, 0, defaults[_i].from, sp_diff_testing_target("docker", "x86_64"));
    sp_diff_both_add(&both, 1, defaults[_i].to, sp_diff_testing_target("docker", "x86_64"));
    struct sp_diff diff = sp_diff_both_diff(&both, 0, 1);
    ck_assert_uint_ge(diff.groups.count, 2);
    ck_assert_uint_le(diff.groups.count, 4);
    const struct sp_diff_group *group = &diff.groups.at[0];
    ck_assert_int_eq(group->first->kind, SP_DIFF_DEFAULT);
    ck_assert_int_eq(group->first->direction, defaults[_i].direction);
    ck_assert_uint_gt(group->calls, 300);
    ck_assert(group->when_varies && group->everywhere);
    ck_assert_uint_eq(group->first->when.any.at[0].without_caps, 0);
    ck_assert((group->danger != NULL) == defaults[_i].is_dangerous);
    for (size_t i = 0; i < diff.groups.count; i++) {
        const struct sp_diff_change *first = diff.groups.at[i].first;
        ck_assert(first->kind != SP_DIFF_CALL);
        ck_assert(first->kind != SP_DIFF_NOBODY || first->numbers > 50);
    }
    sp_diff_both_end(&both);
}
END_TEST

/* Without a stub, what is newer than all calls has the default action: a line of its own. */
START_TEST(newer_calls_have_a_line)
{
    struct sp_diff_both both = { .sides = NULL };
    const struct sp_target_words words = { .runtime = "crun" };
    struct sp_target target;
    SP_BUF(why);

    ck_assert(sp_target_read(&words, &target, &why));
    sp_diff_both_begin(&both);
    sp_diff_both_add(&both, 0, DEFAULTS("ERRNO", ""), target);
    sp_diff_both_add(&both, 1, DEFAULTS("KILL", ""), target);
    struct sp_diff diff = sp_diff_both_diff(&both, 0, 1);
    const struct sp_diff_group *last = &diff.groups.at[diff.groups.count - 1];
    ck_assert_int_eq(last->first->kind, SP_DIFF_NEWER);
    ck_assert_uint_eq(last->first->to, SP_VERDICT_KILL_THREAD);
    ck_assert(last->everywhere && last->first->has_witness);
    ck_assert_ptr_null(last->first->witness.call.syscall);
    ck_assert_int_eq(sp_diff_verify(&last->first->witness), SP_DIFF_VERIFIED);
    sp_diff_both_end(&both);
}
END_TEST

/* ---- no looser --------------------------------------------------------------------------- */

static const struct {
    const char *side;
    const char *than;
    enum sp_diff_looser answer;
    const char *call;
} lines[] = {
    { "docker", "docker", SP_DIFF_NO_LOOSER, NULL },
    { "docker@25.0.0", "docker@24.0.9", SP_DIFF_NO_LOOSER, NULL },
    { "docker@24.0.9", "docker@25.0.0", SP_DIFF_IS_LOOSER, "io_uring_enter" },
    { "docker@20.10.22", "docker@20.10.21", SP_DIFF_NO_LOOSER, NULL },
    { "docker@20.10.21", "docker@20.10.22", SP_DIFF_IS_LOOSER, "socket" },
    { "podman", "docker", SP_DIFF_IS_LOOSER, "socket" },
};

START_TEST(looser_is_proven)
{
    struct sp_diff_both both = { .sides = NULL };
    const struct sp_diff_change *change;
    enum sp_diff_looser answer;

    sp_diff_both_begin(&both);
    sp_diff_both_add_builtin(&both, 0, lines[_i].side, "x86_64");
    sp_diff_both_add_builtin(&both, 1, lines[_i].than, "x86_64");
    ck_assert(sp_diff_is_no_looser(&both.arena, both.at[0], both.at[1], &answer, &change));
    ck_assert_int_eq(answer, lines[_i].answer);
    ck_assert((change != NULL) == (answer == SP_DIFF_IS_LOOSER));
    if (change != NULL) {
        ck_assert_str_eq(sp_kb_text(change->call->name), lines[_i].call);
        ck_assert_int_eq(sp_diff_verify(&change->witness), SP_DIFF_VERIFIED);
    }
    sp_diff_both_end(&both);
}
END_TEST

/* ---- history ----------------------------------------------------------------------------- */

static const struct {
    const char *from;
    const char *to;
    const char *expected;
} facts[] = {
    { "docker@24.0.9", "docker@25.0.0",
      "!tighter call io_uring_enter,io_uring_register,io_uring_setup ALLOW -> ERRNO(EPERM)\n" },
    { "docker@29.4.2", "docker@29.4.3", "looser call socketcall ERRNO(ENOSYS) -> ALLOW\n" },
    { "docker@20.10.21", "docker@20.10.22",
      "!tighter call socket ALLOW -> ERRNO(EPERM) where domain = AF_VSOCK\n" },
    { "docker@20.10.22", "docker@20.10.21",
      "!looser call socket ERRNO(EPERM) -> ALLOW where domain = AF_VSOCK\n" },
};

/* On all machines that Docker is for. */
START_TEST(history_is_told)
{
    struct sp_diff_both both = { .sides = NULL };
    SP_BUF(text);

    sp_diff_both_begin(&both);
    sp_diff_both_add_builtin(&both, 0, facts[_i].from, NULL);
    sp_diff_both_add_builtin(&both, 1, facts[_i].to, NULL);
    struct sp_diff diff = sp_diff_both_diff(&both, 0, 1);
    write_diff(&diff, &text);
    ck_assert_str_eq(text.data, facts[_i].expected);
    sp_diff_both_end(&both);
}
END_TEST

SP_SUITE(diff)
{
    TCase *tcase = sp_testing_case(suite, "diff");

    tcase_add_loop_test(tcase, changes_are_told, 0, (int)(sizeof known / sizeof *known));
    tcase_add_loop_test(tcase, a_default_is_explained, 0, (int)(sizeof defaults / sizeof *defaults));
    tcase_add_test(tcase, newer_calls_have_a_line);
    tcase_add_loop_test(tcase, looser_is_proven, 0, (int)(sizeof lines / sizeof *lines));
    tcase_add_loop_test(tcase, history_is_told, 0, (int)(sizeof facts / sizeof *facts));
}

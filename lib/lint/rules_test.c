/* The rules about rules together (SP301 to SP314): small profiles, and what is told of them. */
#include "base/buf.h"
#include "base/testing.h"
#include "format/profile_testing.h"
#include "lint/lint_testing.h"
#include "model/witness.h"
#include "sem/bpf_run.h"
#include "sem/meaning.h"
#include "sem/random_profiles_testing.h"

#include <string.h>

/* Rules stand on a line each: REST on line 3, those behind it from line 4 on; BARE profiles
 * have theirs from line 3 on. */
#define X64 "\"SCMP_ARCH_X86_64\""
#define WITH_X86 X64 ",\"SCMP_ARCH_X86\""
#define WITH_X32 X64 ",\"SCMP_ARCH_X32\""
#define HEAD(default, arches) \
    "{\"defaultAction\":\"SCMP_ACT_" default "\",\"architectures\":[" arches "],\n" \
    "\"syscalls\":[\n"
#define ALONE(names, action, rest) \
    "{\"names\":[" names "],\"action\":\"SCMP_ACT_" action "\"" rest "}"
#define RULE(names, action, rest) ",\n" ALONE(names, action, rest)
#define REST ALONE("\"execve\",\"read\"", "ALLOW", "")
#define PROFILE(rules) HEAD("ERRNO", X64) REST rules "]}"
#define ON_X86(rules) HEAD("ERRNO", WITH_X86) REST rules "]}"
#define DENY_LIST(rules) HEAD("ALLOW", X64) ALONE("\"ptrace\"", "ERRNO", "") rules "]}"
#define BARE(default, arches, rules) HEAD(default, arches) rules "]}"

#define NO ",\"errnoRet\":71"
#define IF(conditions) ",\"args\":[" conditions "]"
#define ARG(index, op, value) \
    "{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_" #op "\"}"
#define MASK(index, mask, value) \
    "{\"index\":" #index ",\"value\":" #mask ",\"valueTwo\":" #value \
    ",\"op\":\"SCMP_CMP_MASKED_EQ\"}"
#define IN(word) ",\"includes\":{\"caps\":[\"CAP_" word "\"]}"
#define OUT(word) ",\"excludes\":{\"caps\":[\"CAP_" word "\"]}"
#define FROM(kernel) ",\"includes\":{\"minKernel\":\"" kernel "\"}"
#define KCMP "\"kcmp\""
#define PTRACE "\"ptrace\""
#define SOCKET "\"socket\""
#define LET(conditions) RULE(KCMP, "ALLOW", IF(conditions))
#define BAR(conditions) RULE(KCMP, "ERRNO", NO IF(conditions))
#define LET_ALL RULE(KCMP, "ALLOW", "")
#define BAR_ALL RULE(KCMP, "ERRNO", NO)
#define TRACE(rest) RULE(PTRACE, "ALLOW", rest)

/* "LINE SPnnn S": S is the first letter of the severity. */
static const struct {
    const char *text;
    const char *wanted;
    const char *options;
} rows[] = {
    /* ---- nothing to say */
    { PROFILE(""), "", "" },
    { PROFILE(LET(ARG(0, EQ, 1)) LET(ARG(0, EQ, 2))), "", "" },
    { PROFILE(LET(ARG(0, LT, 5)) BAR(ARG(0, GT, 9))), "", "" },
    { DENY_LIST(""), "", "" },

    /* ---- SP301 */
    { PROFILE(RULE("\"read\"", "ALLOW", "")), "4 SP301 W", "" },
    { PROFILE(LET_ALL RULE("\"read\",\"kcmp\"", "ALLOW", "")), "5 SP301 W", "" },
    { PROFILE(LET(ARG(0, EQ, 1)) LET_ALL), "4 SP301 W", "" },
    { PROFILE(LET_ALL LET(ARG(0, EQ, 1))), "5 SP301 W", "" },
    { PROFILE(LET(ARG(0, LT, 9)) LET(ARG(0, EQ, 1))), "5 SP301 W", "" },
    { PROFILE(LET(ARG(0, EQ, 1)) LET(ARG(0, LT, 9))), "4 SP301 W", "" },
    { PROFILE(LET(ARG(0, LT, 9)) LET(ARG(0, EQ, 9))), "", "" },
    /* either capability is enough, and neither rule can go */
    { PROFILE(TRACE(IN("SYS_PTRACE")) TRACE(IN("SYS_ADMIN"))), "", "" },
    { PROFILE(TRACE(IN("SYS_PTRACE")) TRACE(IN("SYS_PTRACE"))), "5 SP301 W", "" },
    /* a name that exists nowhere here, and a name of one architecture */
    { PROFILE(RULE("\"set_tls\"", "ALLOW", "") RULE("\"set_tls\"", "ALLOW", "")), "", "" },
    { ON_X86(RULE("\"waitpid\"", "ALLOW", "") RULE("\"waitpid\"", "ALLOW", "")),
      "5 SP301 W", "" },
    /* the same name twice in one rule is SP204's */
    { PROFILE(RULE("\"kcmp\",\"kcmp\"", "ALLOW", "")), "", "" },
    /* values that differ only where 32 bits are cut */
    { PROFILE(LET(ARG(0, EQ, 1)) LET(ARG(0, EQ, 4294967297))), "", "" },
    /* socket reaches socketcall, too: without the second rule nobody allows that */
    { ON_X86(RULE("\"socketcall\"", "ALLOW", IF(ARG(0, EQ, 1))) RULE(SOCKET, "ALLOW", "")),
      "", "" },

    /* ---- SP302 */
    { PROFILE(RULE(KCMP, "ERRNO", "")), "4 SP302 I", "" },
    { PROFILE(RULE(KCMP, "ERRNO", ",\"errnoRet\":1")), "4 SP302 I", "" },
    { PROFILE(RULE(KCMP, "ERRNO", ",\"errnoRet\":65537")), "4 SP302 I", "" },
    { PROFILE(BAR_ALL), "", "" },
    { PROFILE(RULE(KCMP, "ERRNO", IF(ARG(0, EQ, 40))) LET_ALL), "4 SP302 W", "" },
    { PROFILE(LET_ALL RULE(KCMP, "ERRNO", IF(ARG(0, EQ, 40)))), "5 SP302 W", "" },
    { PROFILE(RULE(KCMP, "ERRNO", "") LET_ALL), "4 SP302 W", "" },
    { PROFILE(LET(ARG(0, EQ, 1)) RULE(KCMP, "ERRNO", "")), "5 SP302 I", "" },
    { PROFILE(RULE(KCMP, "ERRNO", "") LET(ARG(0, EQ, 1))), "4 SP302 I", "" },
    { PROFILE(RULE(PTRACE, "ERRNO", "") TRACE(IN("SYS_PTRACE"))), "4 SP302 I", "" },
    { DENY_LIST(LET_ALL), "4 SP302 I", "" },
    { PROFILE(RULE(PTRACE, "ERRNO", OUT("SYS_PTRACE"))), "4 SP302 I", "" },

    /* ---- SP303 */
    { PROFILE(BAR(MASK(0, 15, 5)) LET(ARG(0, EQ, 5))), "5 SP303 W", "" },
    { PROFILE(LET(ARG(0, EQ, 5)) BAR(MASK(0, 15, 5))), "", "" },
    { PROFILE(LET(MASK(0, 7, 5)) BAR(MASK(0, 13, 5))), "5 SP303 W", "" },

    /* ---- SP304 */
    { PROFILE(LET_ALL BAR_ALL), "5 SP304 W", "" },
    { PROFILE(BAR_ALL RULE("\"kcmp\",\"getpid\"", "ALLOW", "")), "5 SP304 W", "" },
    { PROFILE(TRACE(IN("SYS_PTRACE")) RULE(PTRACE, "ERRNO", NO IN("SYS_PTRACE"))),
      "5 SP304 W", "" },
    { PROFILE(TRACE(IN("SYS_PTRACE")) RULE(PTRACE, "ERRNO", NO OUT("SYS_PTRACE"))), "", "" },
    /* the exception first */
    { PROFILE(TRACE(IN("SYS_PTRACE")) RULE(PTRACE, "ERRNO", NO)), "", "" },

    /* ---- SP305 */
    { PROFILE(TRACE("") TRACE(IN("SYS_PTRACE"))), "5 SP305 W", "" },
    { PROFILE(TRACE(IN("SYS_PTRACE")) TRACE("")), "4 SP305 W", "" },
    { PROFILE(TRACE(FROM("4.8")) TRACE("")), "4 SP305 W", "" },
    { PROFILE(TRACE(",\"includes\":{\"arches\":[\"amd64\"]}") TRACE("")), "4 SP305 W", "" },
    { PROFILE(RULE(PTRACE, "ERRNO", NO) TRACE(IN("SYS_PTRACE"))), "5 SP305 W", "" },
    { PROFILE(TRACE(IF(ARG(0, EQ, 1))) TRACE(IN("SYS_PTRACE"))), "", "" },
    /* Podman reads no minKernel: to it the two say the same */
    { PROFILE(TRACE(FROM("4.8")) TRACE("")), "5 SP301 W", "--engine podman" },

    /* ---- SP306 */
    { PROFILE(TRACE(IN("SYS_PTRACE") OUT("SYS_PTRACE"))), "4 SP306 W", "" },
    { PROFILE(TRACE(IN("SYS_PTRACE") OUT("SYS_ADMIN"))), "", "" },
    { PROFILE(TRACE(",\"includes\":{\"arches\":[\"amd64\",\"arm64\"]},"
          "\"excludes\":{\"arches\":[\"arm64\",\"amd64\"]}")), "4 SP306 W", "" },
    { PROFILE(TRACE(",\"includes\":{\"arches\":[\"amd64\",\"arm64\"]},"
          "\"excludes\":{\"arches\":[\"arm64\"]}")), "", "" },
    { PROFILE(TRACE(FROM("5.0") ",\"excludes\":{\"minKernel\":\"4.8\"}")), "4 SP306 W", "" },
    { PROFILE(TRACE(FROM("4.8") ",\"excludes\":{\"minKernel\":\"5.0\"}")), "", "" },
    { PROFILE(TRACE(FROM("5.0") ",\"excludes\":{\"minKernel\":\"4.8\"}")),
      "", "--engine podman" },
    { PROFILE(TRACE(",\"includes\":{\"arches\":[\"ppc64le\"]}")), "", "" },

    /* ---- SP307, SP308 */
    { BARE("ERRNO", X64, ALONE("\"read\",\"exit_group\"", "ALLOW", "")), "1 SP307 E", "" },
    { BARE("ERRNO", X64, ""), "1 SP307 E", "" },
    { BARE("KILL_PROCESS", X64, ALONE("\"execve\"", "ERRNO", "")), "1 SP307 E", "" },
    { BARE("ERRNO", X64, ALONE("\"execveat\"", "ALLOW", "")), "", "" },
    { BARE("ERRNO", X64, ALONE("\"execve\"", "ALLOW", IF(ARG(0, NE, 0)))), "", "" },
    { BARE("ERRNO", X64, ALONE("\"execve\"", "ALLOW", IN("SYS_ADMIN"))), "", "" },
    { BARE("TRACE", X64, ""), "", "" },
    { BARE("ALLOW", X64, ""), "1 SP308 E", "" },
    { BARE("LOG", X64, ""), "1 SP308 W", "" },
    { BARE("ALLOW", X64, ALONE("\"kcmp\"", "LOG", "")), "1 SP308 E", "" },
    { BARE("ALLOW", X64, ALONE("\"umount\"", "ERRNO", "")), "1 SP308 E", "" },
    { BARE("ALLOW", WITH_X86, ALONE("\"umount\"", "ERRNO", "")), "", "" },
    { BARE("ALLOW", X64, ALONE("\"mount\"", "ERRNO", OUT("SYS_ADMIN"))), "", "" },
    { BARE("ALLOW", X64, ALONE("\"mount\"", "TRACE", "")), "", "" },
    { BARE("ALLOW", X64, ALONE("\"uretprobe\"", "ERRNO", "")), "1 SP308 E", "--kernel 6.18" },

    /* ---- SP309 */
    { PROFILE(RULE("\"dup\"", "ALLOW", "") RULE("\"dup2\"", "ALLOW", "") RULE("\"dup3\"",
          "ALLOW", "") RULE("\"brk\"", "ALLOW", "") RULE("\"bind\"", "ALLOW", "")),
      "4 SP309 S", "" },
    { PROFILE(RULE("\"dup\"", "ALLOW", "") RULE("\"dup2\"", "ALLOW", "") RULE("\"dup3\"",
          "ALLOW", "") RULE("\"brk\"", "ALLOW", "") RULE("\"bind\"", "ALLOW",
          ",\"comment\":\"x\"")), "", "" },
    { PROFILE(RULE("\"dup\"", "ALLOW", "") RULE("\"dup2\"", "ALLOW", "") RULE("\"dup3\"",
          "ALLOW", "") RULE("\"brk\"", "ALLOW", "") RULE("\"bind\"", "ERRNO", NO)), "", "" },

    /* ---- SP310 */
    { PROFILE(TRACE(IN("SYS_PTRACE")) RULE(PTRACE, "ERRNO", NO IN("SYS_ADMIN"))),
      "5 SP310 W", "" },
    { PROFILE(LET(ARG(0, EQ, 1)) RULE(KCMP, "ERRNO", NO IF(ARG(0, EQ, 1)) IN("SYS_ADMIN"))),
      "5 SP310 W", "" },

    /* ---- SP311 */
    { PROFILE(LET(ARG(0, EQ, 1)) BAR(ARG(0, EQ, 1))), "5 SP311 E", "" },
    { PROFILE(BAR(ARG(0, EQ, 1) "," ARG(1, EQ, 2)) LET(ARG(0, EQ, 1))), "5 SP311 E", "" },
    { PROFILE(LET(ARG(0, EQ, 1)) LET(ARG(0, EQ, 1))), "5 SP301 W", "" },
    { ON_X86(RULE(SOCKET, "ERRNO", NO IF(ARG(0, EQ, 40))) RULE(SOCKET,
          "ALLOW", IF(ARG(0, LT, 40)))), "5 SP311 E", "" },
    { PROFILE(RULE(SOCKET, "ERRNO", NO IF(ARG(0, EQ, 40))) RULE(SOCKET,
          "ALLOW", IF(ARG(0, LT, 40)))), "", "" },
    /* two pairs */
    { PROFILE(LET(ARG(0, EQ, 1)) BAR(ARG(0, EQ, 1)) TRACE(IF(ARG(0, EQ, 1))) RULE(PTRACE,
          "ERRNO", NO IF(ARG(0, EQ, 1)))), "5 SP311 E 7 SP311 E", "" },

    /* ---- SP312 */
    { PROFILE(BAR(ARG(0, EQ, 1)) LET_ALL), "4 SP312 E", "" },
    { PROFILE(LET_ALL BAR(ARG(0, EQ, 1))), "5 SP312 E", "" },
    { DENY_LIST(BAR(ARG(0, EQ, 1)) RULE(KCMP, "ERRNO", "")), "4 SP312 E", "" },
    { PROFILE(LET(ARG(0, EQ, 1)) BAR(ARG(0, EQ, 1) "," ARG(1, EQ, 2))), "5 SP312 E", "" },
    { PROFILE(LET(ARG(0, NE, 40)) BAR(ARG(0, EQ, 39))), "5 SP312 E", "" },
    { PROFILE(LET(ARG(0, NE, 40)) BAR(ARG(0, EQ, 41))), "4 SP312 W", "" },
    { PROFILE(LET(ARG(0, NE, 40)) BAR(ARG(0, EQ, 40))), "", "" },
    { PROFILE(BAR(ARG(0, EQ, 1)) LET(ARG(1, EQ, 2))), "4 SP312 E", "" },
    { PROFILE(LET(ARG(1, EQ, 2)) BAR(ARG(0, EQ, 1))), "", "" },
    { PROFILE(LET(ARG(0, LT, 20)) BAR(ARG(0, LT, 10))), "4 SP312 W", "" },
    { PROFILE(BAR(ARG(0, LT, 10)) LET(ARG(0, LT, 20))), "", "" },
    { ON_X86(BAR(ARG(0, EQ, 1)) LET_ALL), "4 SP312 E", "" },
    /* two without conditions: the first of them decides, not the one that says the same */
    { PROFILE(LET(ARG(0, EQ, 1)) LET_ALL BAR_ALL), "4 SP301 W 6 SP304 W", "" },
    { PROFILE(BAR_ALL LET_ALL LET(ARG(0, EQ, 1))), "5 SP304 W 6 SP312 E", "" },
    /* an exception for some containers */
    { PROFILE(BAR(ARG(0, EQ, 1)) RULE(KCMP, "ALLOW", IN("SYS_ADMIN"))), "", "" },
    /* masks of 0 and values cut to 32 bits are the business of others */
    { PROFILE(BAR(ARG(0, EQ, 1)) LET(MASK(0, 0, 48))), "", "" },

    /* ---- SP313 */
    { BARE("ALLOW", WITH_X32, ALONE("\"socketcall\"", "ERRNO", "") BAR(ARG(0, EQ, 8))),
      "3 SP313 E", "" },
    { BARE("ALLOW", X64, ALONE("\"socketcall\"", "ERRNO", "") BAR(ARG(0, EQ, 8))), "", "" },
    { BARE("ALLOW", WITH_X32, ALONE("\"socketcall\",\"ptrace\"", "ERRNO", "")
          BAR(ARG(0, EQ, 8))), "", "" },
    { BARE("ALLOW", "\"SCMP_ARCH_AARCH64\"", ALONE("\"open\"", "ERRNO", "")
          BAR(ARG(0, EQ, 8))), "3 SP313 E", "" },

    /* ---- SP314 */
    { PROFILE(RULE("\"clone\"", "ALLOW", "") RULE("\"futex_waitv\"", "ERRNO", "")),
      "5 SP314 W 5 SP302 I", "" },
    { PROFILE(RULE("\"clone\"", "ALLOW", "") RULE("\"futex_waitv\"", "ERRNO", NO)),
      "5 SP314 W", "" },
    { PROFILE(RULE("\"clone\"", "ALLOW", "") RULE("\"futex_waitv\"", "ERRNO", NO)),
      "", "--runtime crun" },
    { PROFILE(RULE("\"clone\"", "ALLOW", "") RULE("\"clone3\"", "ERRNO", ",\"errnoRet\":38")),
      "", "" },
    { PROFILE(RULE("\"clone\",\"futex_waitv\"", "ALLOW", "") RULE("\"mount_setattr\"",
          "ERRNO", NO)), "", "" },
    { DENY_LIST(RULE("\"futex_waitv\"", "ERRNO", "")), "", "" },
    { HEAD("ERRNO\",\"defaultErrnoRet\":38,\"x-\":\"", X64) REST RULE("\"clone\"", "ALLOW",
          "") RULE("\"futex_waitv\"", "ERRNO", NO) "]}", "", "" },
};

static struct sp_linted linted;

static void
lint_row(int index)
{
    sp_linted_text(&linted, sp_str_of(rows[index].text),
                   sp_str_of(rows[index].options));
}

START_TEST(each_finding_stands_where_it_is_expected)
{
    SP_BUF(got);

    lint_row(_i);
    sp_buf_text(&got, "");
    for (size_t i = 0; i < linted.report.diags.count; i++) {
        const struct sp_diag *diag = linted.report.diags.at[i];
        struct sp_position at = sp_source_position(linted.source, diag->place.span.start);
        if (diag->code > 300 && diag->code < 315) {
            sp_buf_format(&got, "%s%u SP%u %c", got.len > 0 ? " " : "", at.line, diag->code,
                          "?SIWE"[diag->severity]);
        }
    }
    ck_assert_msg(sp_str_is(sp_buf_view(&got), rows[_i].wanted),
                  "found \"%s\", expected \"%s\" in\n%s", got.data, rows[_i].wanted,
                  rows[_i].text);
}
END_TEST

/* What the filter that libseccomp builds in the witness's environment answers to its call. */
static void
check_witness(struct sp_dd_store *store, const struct sp_profile *profile,
              const struct sp_witness *witness)
{
    struct sp_call call = { .arch = witness->arch->audit, .nr = witness->nr };
    struct sp_meaning *meaning;

    ck_assert(sp_meaning_make(&linted.arena, store, profile, &witness->environment, &meaning));
    const struct sp_compiled *compiled = sp_meaning_compiled(meaning);
    ck_assert_int_eq(compiled->result, SP_COMPILE_PROGRAM);
    memcpy(call.args, witness->args, sizeof call.args);
    ck_assert_uint_eq(sp_bpf_run(compiled->program, &call, NULL), witness->got);
}

static void
check_witnesses(void)
{
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);

    for (size_t i = 0; i < linted.report.diags.count; i++) {
        const struct sp_diag *diag = linted.report.diags.at[i];
        if (diag->code > 300 && diag->code < 315 && diag->witness != NULL) {
            check_witness(store, sp_testing_profile(&linted.arena, linted.source->text),
                          diag->witness);
        }
    }
    sp_dd_store_free(store);
}

START_TEST(the_filter_confirms_every_witness)
{
    lint_row(_i);
    check_witnesses();
}
END_TEST

/* ---- profiles by chance -------------------------------------------------------------- */

enum { SLICES = 8, PROFILES = 60 };

static void
lint_random(uint64_t *seed, struct sp_buf *buf)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_lint_reading reading = { .limits = &limits };
    struct sp_environment environment;

    sp_random_profile(seed, buf, &environment);
    struct sp_target target = {
        .engine = environment.engine,
        .engine_given = true,
        .runtime = environment.runtime,
        .runtime_version = environment.runtime_version,
        .libseccomp = environment.libseccomp,
        .arches = { environment.host },
        .arch_count = 1,
    };
    sp_arena_free(&linted.arena);
    linted.report = (struct sp_report){ .arena = &linted.arena };
    linted.source = sp_source_new(&linted.arena, "random.json", sp_buf_view(buf));
    ck_assert_ptr_nonnull(linted.source);
    ck_assert(sp_source_index(&linted.arena, linted.source));
    ck_assert(sp_lint_source(&linted.arena, linted.source, reading, &target, &linted.report));
}

START_TEST(the_filter_confirms_witnesses_of_random_profiles)
{
    uint64_t seed = (uint64_t)_i + 1;

    for (size_t i = 0; i < PROFILES; i++) {
        SP_BUF(buf);
        lint_random(&seed, &buf);
        check_witnesses();
    }
}
END_TEST

SP_SUITE(rules)
{
    TCase *tcase = sp_testing_case(suite, "rules");

    tcase_add_loop_test(tcase, each_finding_stands_where_it_is_expected, 0,
                        sizeof rows / sizeof *rows);
    tcase_add_loop_test(tcase, the_filter_confirms_every_witness, 0,
                        sizeof rows / sizeof *rows);
    tcase_add_loop_test(tcase, the_filter_confirms_witnesses_of_random_profiles, 0, SLICES);
}

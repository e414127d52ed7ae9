/* The rules of arguments over testdata/lint/args: NAME.json with NAME.expect, which has a
 * line for each finding of these rules ("LINE:COLUMN SPnnn SEVERITY"), and where there are
 * edits NAME.fixed, the text after them. */
#include "base/buf.h"
#include "base/testing.h"
#include "format/defaults_write.h"
#include "format/profile_testing.h"
#include "lint/lint_testing.h"
#include "sem/bpf_run.h"
#include "sem/meaning.h"

#include <string.h>

#define FOLDER "testdata/lint/args"

static char *const *paths;

/* SP409 has its data among those of names. */
static bool
is_ours(unsigned code)
{
    return code > 400 && code < 420 && code != 409;
}

START_TEST(each_finding_stands_where_it_is_expected)
{
    sp_linted_findings(paths[_i], is_ours);
}
END_TEST

START_TEST(the_edits_make_the_fixed_text)
{
    sp_linted_edits(paths[_i], is_ours);
}
END_TEST

/* ---- what a finding must not lose -------------------------------------------------------- */

static const struct {
    const char *file;
    unsigned code;
    const char *message;  /* pieces that must be said, each ends with | */
    const char *help;
} sayings[] = {
    { "width-many-calls", 401, "`dup3`, `fchmod` and `fchown`|32 bits|argument 0 (oldfd)|",
      "mask 4294967295|" },
    { "width-two-arguments", 401, "arguments 0 (domain) and 2 (protocol)|", "SCMP_CMP_EQ|" },
    { "repeated-range", 402, "argument 2 (niceval)|2 conditions|always|", "SCMP_CMP_LT|" },
    { "repeated-and-another", 402, "3 conditions|any of them is enough|", "once|" },
    { "constant-never", 403, "SCMP_CMP_LT 0 never holds|", "remove the rule|" },
    { "constant-always", 404, "SCMP_CMP_GE 0 always holds|", "`args`|" },
    { "pointer-clone3", 405, "`clone3`|address|", "ENOSYS|`clone`|" },
    { "mux-by-name", 406, "`socketcall`|x86|`socket` and `bind`|", "ENOSYS|" },
    { "mux-hidden", 406, "on x86|`socketcall`|any arguments|", "`socketcall`|" },
    { "clone-2016", 407, "`CLONE_NEWCGROUP`|", "2114060288|" },
    { "clone-unshare-time", 407, "`CLONE_NEWTIME`|", "2114060416|" },
    { "sibling-clone3", 408, "`unshare` and `clone3`|", "keep it|" },
    { "sibling-terminal", 408, "TIOCLINUX|", "" },
    { "two-ignored", 410, "valueTwo 7|SCMP_CMP_EQ|", "SCMP_CMP_MASKED_EQ|" },
    { "two-swapped", 410, "0xffffffff|0x5412|", "swap|" },
    { "unequal-two-rules", 411, "38|argument 3 (idx1)|", "SCMP_CMP_LT|" },
    { "abi-split", 412, "x86|argument 3 (pos)|`pread64`|", "64-bit and 32-bit|" },
    { "abi-clone-s390x", 412, "s390x|the stack|", "`includes.arches`|" },
    { "zero-mask-wipes", 413, "mask 0|conditions are lost|", "`value`|" },
    { "compiled-lost", 414, "`kcmp`|does not decide|", "SCMP_CMP_NE|" },
    { "cut-value", 416, "x86|0x100000001|0x1|", "64 bits|" },
    { "many-seven", 417, "crun|six|seventh of 7|", "fewer|" },
};

START_TEST(a_finding_says_what_is_wrong_and_what_helps)
{
    static struct sp_linted linted;
    static struct sp_str text;
    SP_BUF(path);

    sp_buf_format(&path, FOLDER "/%s.json", sayings[_i].file);
    text = sp_testing_read(path.data);
    sp_linted_text(&linted, text, SP_STR(""));
    sp_linted_says(&linted, sayings[_i].code, sayings[_i].message, sayings[_i].help,
                   sayings[_i].file);
}
END_TEST

/* ---- findings that are about no text in particular --------------------------------------- */

/* As many values of one argument as libseccomp needs more instructions for than the kernel
 * takes. */
START_TEST(a_filter_that_is_too_long_is_told_with_its_length)
{
    static struct sp_linted linted;
    SP_BUF(text);

    sp_buf_text(&text, "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":"
                       "[\"SCMP_ARCH_X86_64\"],\"syscalls\":[");
    for (unsigned i = 0; i < 4200; i++) {
        sp_buf_format(&text, "%s{\"names\":[\"kcmp\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":"
                      "[{\"index\":3,\"value\":%u,\"op\":\"SCMP_CMP_EQ\"}]}",
                      i == 0 ? "" : ",", i);
    }
    sp_buf_text(&text, "]}");
    sp_linted_text(&linted, sp_buf_view(&text), SP_STR(""));
    sp_linted_says(&linted, 116, "instructions|4096|does not start|", "`kcmp` alone has 4200|",
                   "4200 values");
}
END_TEST

/* ---- Docker's default, and the same without the fault ------------------------------------ */

/* The rule that allows every family above 40 allows one of them, and no upper bit passes. */
static void
write_mended(struct sp_str text, struct sp_buf *mended)
{
    static const char before[] = "\"value\": 40,\n\t\t\t\t\t\"op\": \"SCMP_CMP_GT\"";
    static const char after[] = "\"value\": 41,\n\t\t\t\t\t\"op\": \"SCMP_CMP_EQ\"";
    const char *at = memmem(text.ptr, text.len, before, sizeof before - 1);

    ck_assert_ptr_nonnull(at);
    size_t start = (size_t)(at - text.ptr);
    sp_buf_add(mended, sp_str_slice(text, 0, start));
    sp_buf_text(mended, after);
    sp_buf_add(mended, sp_str_slice(text, start + sizeof before - 1, text.len));
}

static size_t
count_of(const struct sp_linted *linted, unsigned code)
{
    size_t count = 0;

    for (size_t i = 0; i < linted->report.diags.count; i++) {
        count += linted->report.diags.at[i]->code == code;
    }
    return count;
}

/* The filter on the host's own ABI: what runs does not hang on bits that the kernel does not read. */
static void
check_no_bit_counts(struct sp_str text)
{
    static struct sp_arena arena;
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    const struct sp_environment environment = {
        .host = sp_kb_arch_find(SP_STR("x86_64")), .kernel = { 6, 12, 0 },
        .libseccomp = sp_compile_libseccomp(),
    };
    struct sp_meaning *meaning;

    ck_assert(sp_meaning_make(&arena, store, sp_testing_profile(&arena, text), &environment,
                              &meaning));
    const struct sp_kb_syscall *call = sp_kb_syscall_find(SP_STR("socket"));
    uint32_t nr = (uint32_t)sp_kb_number(environment.host, call);
    sp_dd built = sp_bpf_meaning(store, sp_meaning_compiled(meaning)->program,
                                 environment.host->audit, nr);
    sp_dd allow = sp_dd_leaf(store, SP_VERDICT_ALLOW);
    ck_assert(!sp_dd_is_leaf(store, built));
    for (uint64_t family = 0; family < 64; family++) {
        uint64_t plain[SP_ARGS] = { family };
        uint64_t upper[SP_ARGS] = { family | UINT64_C(0x100000000) };
        uint32_t first;
        uint32_t second;
        ck_assert(sp_dd_eval(store, built, plain, &first)
                  && sp_dd_eval(store, built, upper, &second));
        ck_assert_msg(first == SP_VERDICT_ALLOW || second != sp_dd_value(store, allow),
                      "family %u passes with an upper bit", (unsigned)family);
    }
    sp_dd_store_free(store);
    sp_arena_free(&arena);
}

START_TEST(the_fault_in_the_default_of_docker_is_found_and_gone_when_mended)
{
    static struct sp_linted linted;
    SP_BUF(text);
    SP_BUF(mended);

    sp_defaults_write(sp_kb_default_find(SP_STR("docker")), &text);
    sp_linted_text(&linted, sp_buf_view(&text), SP_STR(""));
    ck_assert_uint_eq(count_of(&linted, 401), 1);
    write_mended(sp_buf_view(&text), &mended);
    sp_linted_text(&linted, sp_buf_view(&mended), SP_STR(""));
    ck_assert_uint_eq(count_of(&linted, 401), 0);
    check_no_bit_counts(sp_buf_view(&mended));
}
END_TEST

SP_SUITE(args)
{
    TCase *tcase = sp_testing_case(suite, "args");
    int count;

    paths = sp_testing_files(FOLDER, ".json", &count);
    tcase_add_loop_test(tcase, each_finding_stands_where_it_is_expected, 0, count);
    tcase_add_loop_test(tcase, the_edits_make_the_fixed_text, 0, count);
    tcase_add_loop_test(tcase, a_finding_says_what_is_wrong_and_what_helps, 0,
                        sizeof sayings / sizeof *sayings);
    tcase_add_test(tcase, a_filter_that_is_too_long_is_told_with_its_length);
    tcase_add_test(tcase, the_fault_in_the_default_of_docker_is_found_and_gone_when_mended);
}

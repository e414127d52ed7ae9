/* Default profiles of which no text was ever shipped have no digest of a text; they have one of
 * what they mean, in testdata/defaults/meaning.tsv. */
#include "sem/meaning_digest_testing.h"

#include "base/testing.h"
#include "format/defaults_write.h"
#include "format/profile_testing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const path = "testdata/defaults/meaning.tsv";

static enum sp_engine
engine_of(const struct sp_kb_default *content)
{
    return strcmp(sp_kb_text(content->line), "crio") == 0 ? SP_ENGINE_CRIO : SP_ENGINE_DOCKER;
}

static uint64_t
digest_of(struct sp_str text, enum sp_engine engine)
{
    struct sp_arena arena = { .block = NULL };
    uint64_t digest = sp_testing_meaning_digest(sp_testing_profile(&arena, text), engine);

    sp_arena_free(&arena);
    return digest;
}

/* ---- contents that were only code ----------------------------------------------------- */

static void
write_row(const struct sp_kb_default *content, struct sp_buf *buf)
{
    SP_BUF(text);

    sp_defaults_write(content, &text);
    ck_assert(!text.failed);
    sp_buf_format(buf, "%s\t%s\t%016" PRIx64 "\n", sp_kb_text(content->line),
                  sp_kb_text(content->id), digest_of(sp_buf_view(&text), engine_of(content)));
}

START_TEST(a_content_of_code_means_what_its_row_says)
{
    const struct sp_kb_default *content = &sp_kb_defaults[_i];
    SP_BUF(row);

    if (content->sha256 != 0) {
        return;
    }
    struct sp_str rows = sp_testing_read(path);
    write_row(content, &row);
    ck_assert_msg(strstr(rows.ptr, row.data) != NULL, "%s has no row\n%s", path, row.data);
    free((char *)rows.ptr);
}
END_TEST

START_TEST(every_row_is_of_a_content_of_code)
{
    struct sp_str rows = sp_testing_read(path);
    size_t wanted = 1;
    size_t lines = 0;

    for (size_t i = 0; i < sp_kb_defaults_count; i++) {
        wanted += sp_kb_defaults[i].sha256 == 0;
    }
    for (size_t i = 0; i < rows.len; i++) {
        lines += rows.ptr[i] == '\n';
    }
    ck_assert_uint_eq(lines, wanted);
    free((char *)rows.ptr);
}
END_TEST

/* ---- what the digest sees -------------------------------------------------------------- */

#define RULE(rest) \
    "{\"names\":[\"clone\",\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\"," rest "}"

#define PROFILE(first, second) \
    "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[" \
    "{\"architecture\":\"SCMP_ARCH_X86_64\",\"subArchitectures\":[\"SCMP_ARCH_X86\"]}]," \
    "\"syscalls\":[" first "," second "]}"

#define READ "{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"}"

#define GUARDED(value, op, cap, kernel) \
    RULE("\"args\":[{\"index\":0,\"value\":" value ",\"op\":\"SCMP_CMP_" op "\"}]," \
         "\"includes\":{\"caps\":[\"CAP_" cap "\"],\"minKernel\":\"" kernel "\"}")

static const char base[] = PROFILE(READ, GUARDED("8", "EQ", "BPF", "4.8"));

static const struct {
    const char *what;
    const char *text;
    bool is_same;
} variants[] = {
    { "itself", PROFILE(READ, GUARDED("8", "EQ", "BPF", "4.8")), true },
    { "rules the other way round", PROFILE(GUARDED("8", "EQ", "BPF", "4.8"), READ), true },
    { "names the other way round",
      PROFILE("{\"names\":[\"write\",\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}",
              GUARDED("8", "EQ", "BPF", "4.8")), true },
    { "the same condition, told twice",
      PROFILE(READ, GUARDED("8", "EQ", "BPF", "4.8") "," GUARDED("8", "EQ", "BPF", "4.8")),
      true },
    { "another value", PROFILE(READ, GUARDED("9", "EQ", "BPF", "4.8")), false },
    { "another operator", PROFILE(READ, GUARDED("8", "GE", "BPF", "4.8")), false },
    { "another capability", PROFILE(READ, GUARDED("8", "EQ", "PERFMON", "4.8")), false },
    { "another kernel", PROFILE(READ, GUARDED("8", "EQ", "BPF", "4.9")), false },
    { "one name less",
      PROFILE("{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"}",
              GUARDED("8", "EQ", "BPF", "4.8")), false },
    { "another answer",
      PROFILE("{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_LOG\"}",
              GUARDED("8", "EQ", "BPF", "4.8")), false },
};

START_TEST(a_change_of_meaning_changes_the_digest)
{
    uint64_t first = digest_of(sp_str_of(base), SP_ENGINE_DOCKER);
    uint64_t second = digest_of(sp_str_of(variants[_i].text), SP_ENGINE_DOCKER);

    ck_assert_msg((first == second) == variants[_i].is_same, "%s", variants[_i].what);
}
END_TEST

static struct sp_str
replace(struct sp_str text, const char *old, const char *new, struct sp_buf *buf)
{
    const char *at = strstr(text.ptr, old);

    ck_assert_msg(at != NULL, "%s", old);
    sp_buf_add(buf, sp_str_slice(text, 0, (size_t)(at - text.ptr)));
    sp_buf_text(buf, new);
    sp_buf_text(buf, at + strlen(old));
    return sp_buf_view(buf);
}

/* One condition of a real profile: the newest of containerd. */
START_TEST(a_single_condition_of_a_real_profile_counts)
{
    static const char *const changes[][2] = {
        { "\"value\": 131072,", "\"value\": 131076," },
        { "SCMP_CMP_LT", "SCMP_CMP_LE" },
        { "\"minKernel\": \"4.8\"", "\"minKernel\": \"4.9\"" },
        { "\"CAP_SYS_TTY_CONFIG\"", "\"CAP_SYS_TIME\"" },
        { "\"errnoRet\": 38", "\"errnoRet\": 1" },
        { "\"s390x\"", "\"riscv64\"" },
        { "\"statx\"", "\"swapon\"" },
    };
    SP_BUF(text);
    SP_BUF(changed);

    sp_defaults_write(sp_kb_default_find(SP_STR("containerd")), &text);
    sp_buf_text(&text, "");
    ck_assert(!text.failed);
    struct sp_str other = replace(sp_buf_view(&text), changes[_i][0], changes[_i][1], &changed);
    ck_assert(digest_of(sp_buf_view(&text), SP_ENGINE_DOCKER)
              != digest_of(other, SP_ENGINE_DOCKER));
}
END_TEST

SP_SUITE(meaning_digest)
{
    TCase *tcase = sp_testing_case(suite, "defaults");

    tcase_add_loop_test(tcase, a_content_of_code_means_what_its_row_says, 0,
                        (int)sp_kb_defaults_count);
    tcase_add_test(tcase, every_row_is_of_a_content_of_code);

    tcase = sp_testing_case(suite, "digest");
    tcase_add_loop_test(tcase, a_change_of_meaning_changes_the_digest, 0,
                        sizeof variants / sizeof *variants);
    tcase_add_loop_test(tcase, a_single_condition_of_a_real_profile_counts, 0, 7);
}

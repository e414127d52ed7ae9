/* Everything the knowledge base has a row for can be asked about, as text and as JSON. */
#include "base/testing.h"
#include "kb/kb.h"

#include <cJSON.h>
#include <secprof.h>
#include <stdio.h>
#include <string.h>

/* One for all subjects: what is known of a profile is kept from one to the next. */
static struct secprof_explain *explain;

static void
begin(void)
{
    struct secprof *context = NULL;

    ck_assert_int_eq(secprof_new(&context), SECPROF_OK);
    ck_assert_int_eq(secprof_explain_new(context, &explain), SECPROF_OK);
    secprof_unref(context);
}

static void
end(void)
{
    secprof_explain_free(explain);
}

/* The answer's first line begins with the subject; the JSON has the key that belongs to its kind. */
static void
ask(const char *subject, const char *key)
{
    char *text = NULL;
    char *json = NULL;

    ck_assert_int_eq(secprof_explain_write(explain, subject, "text", NULL, NULL, &text),
                     SECPROF_OK);
    ck_assert_msg(strncmp(text, subject, strlen(subject)) == 0 && text[strlen(subject)] == ':',
                  "%s: %.60s", subject, text);
    ck_assert_msg(strlen(text) > strlen(subject) + 20, "%s says nothing", subject);
    ck_assert_int_eq(secprof_explain_write(explain, subject, "json", NULL, NULL, &json),
                     SECPROF_OK);

    cJSON *root = cJSON_Parse(json);
    ck_assert_ptr_nonnull(root);
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(root, "schema")),
                     "secprof/explain/1");
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(root, key)), subject);
    if (strcmp(key, "syscall") == 0) {
        ck_assert_msg(cJSON_IsArray(cJSON_GetObjectItem(root, "verdicts")), "%s", subject);
        ck_assert_msg(strstr(text, "\n  verdicts ") != NULL, "%s", subject);
    }
    cJSON_Delete(root);
    secprof_text_free(text);
    secprof_text_free(json);
}

START_TEST(every_call_is_explained)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        ask(sp_kb_text(sp_kb_syscalls[i].name), "syscall");
    }
}
END_TEST

START_TEST(every_capability_group_and_errno_is_explained)
{
    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        ask(sp_kb_text(sp_kb_caps[i].name), "capability");
    }
    for (size_t i = 0; i < sp_kb_groups_count; i++) {
        ask(sp_kb_text(sp_kb_groups[i].name), "group");
    }
    for (size_t i = 0; i < sp_kb_errnos_count; i++) {
        ask(sp_kb_text(sp_kb_errnos[i].name), "errno");
    }
}
END_TEST

START_TEST(every_rule_is_explained)
{
    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        char code[8];
        snprintf(code, sizeof code, "SP%03u", sp_kb_rules[i].code);
        ask(code, "rule");
    }
}
END_TEST

/* Docker's documented reason, and what is to be said about it, stand on the page. */
START_TEST(every_documented_block_is_told_and_judged)
{
    static const char *const judgements[] = {
        [SP_VERDICT_RIGHT] = "that is right",
        [SP_VERDICT_INCOMPLETE] = "that is not the whole story",
        [SP_VERDICT_OUTDATED] = "that is out of date",
        [SP_VERDICT_WRONG] = "that is wrong",
    };
    for (size_t i = 0; i < sp_kb_blocked_count; i++) {
        const struct sp_kb_blocked *row = &sp_kb_blocked[i];
        const char *call = sp_kb_text(sp_kb_syscalls[row->syscall].name);
        char *text = NULL;

        ck_assert_int_eq(secprof_explain_write(explain, call, "text", NULL, NULL, &text),
                         SECPROF_OK);
        ck_assert_msg(strstr(text, sp_kb_text(row->why)) != NULL, "%s", call);
        ck_assert_msg(strstr(text, judgements[row->verdict]) != NULL, "%s", call);
        ck_assert_msg(strstr(text, sp_kb_text(row->correction)) != NULL, "%s", call);
        secprof_text_free(text);
    }
}
END_TEST

SP_SUITE(explain_all)
{
    TCase *tcase = sp_testing_case(suite, "explain_all");

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, every_call_is_explained);
    tcase_add_test(tcase, every_capability_group_and_errno_is_explained);
    tcase_add_test(tcase, every_rule_is_explained);
    tcase_add_test(tcase, every_documented_block_is_told_and_judged);
}

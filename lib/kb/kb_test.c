#include "kb/kb.h"

#include "base/testing.h"
#include "kb/kernel.h"

#include <seccomp.h>
#include <stdio.h>
#include <string.h>

/* ---- names and counts ---------------------------------------------------------------- */

START_TEST(every_documented_fact_is_there)
{
    unsigned verdicts[4] = { 0 };

    ck_assert_uint_eq(sp_kb_syscalls_count, 650);
    ck_assert_uint_eq(sp_kb_caps_count, 41);
    ck_assert_uint_eq(sp_kb_gates_count, 336);
    ck_assert_uint_eq(sp_kb_blocked_count, 50);
    ck_assert_uint_eq(sp_kb_arches_count, 23);
    for (size_t i = 0; i < sp_kb_blocked_count; i++) {
        verdicts[sp_kb_blocked[i].verdict]++;
    }
    ck_assert_uint_eq(verdicts[SP_VERDICT_RIGHT], 22);
    ck_assert_uint_eq(verdicts[SP_VERDICT_INCOMPLETE], 17);
    ck_assert_uint_eq(verdicts[SP_VERDICT_OUTDATED], 6);
    ck_assert_uint_eq(verdicts[SP_VERDICT_WRONG], 5);
}
END_TEST

START_TEST(every_call_is_found_by_its_name)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        struct sp_str name = sp_str_of(sp_kb_text(sp_kb_syscalls[i].name));
        ck_assert_ptr_eq(sp_kb_syscall_find(name), &sp_kb_syscalls[i]);
        ck_assert_int_ne(*sp_kb_text(sp_kb_syscalls[i].does), '\0');
    }
    ck_assert_ptr_null(sp_kb_syscall_find(SP_STR("opn")));
    ck_assert_ptr_null(sp_kb_syscall_find(SP_STR("")));
    ck_assert_ptr_null(sp_kb_syscall_find(SP_STR("zzz")));
}
END_TEST

START_TEST(every_blocked_call_and_its_reason_point_at_each_other)
{
    for (size_t i = 0; i < sp_kb_blocked_count; i++) {
        const struct sp_kb_blocked *row = &sp_kb_blocked[i];
        ck_assert_uint_eq(sp_kb_syscalls[row->syscall].blocked, i + 1);
        ck_assert_uint_lt(row->reason, sp_kb_classes_count);
        ck_assert_int_ne(*sp_kb_text(row->why), '\0');
        if (row->verdict != SP_VERDICT_RIGHT) {
            ck_assert_int_ne(*sp_kb_text(row->correction), '\0');
        }
        if (row->gate != 0) {
            ck_assert_ptr_nonnull(sp_kb_cap_find(sp_str_of(sp_kb_text(row->gate))));
        }
    }
}
END_TEST

START_TEST(the_ranges_of_a_call_hold_its_own_rows)
{
    size_t gates = 0;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const struct sp_kb_syscall *call = &sp_kb_syscalls[i];
        ck_assert_uint_le((size_t)call->args.first + call->args.count, sp_kb_args_count);
        ck_assert_uint_le(call->args.count, 6);
        for (size_t g = 0; g < call->gates.count; g++) {
            ck_assert_uint_eq(sp_kb_gates[call->gates.first + g].syscall, i);
        }
        for (size_t s = 0; s < call->switches.count; s++) {
            ck_assert_uint_eq(sp_kb_switches[call->switches.first + s].have, i);
        }
        gates += call->gates.count;
    }
    ck_assert_uint_eq(gates, sp_kb_gates_count);
}
END_TEST

START_TEST(arguments_are_16_32_or_64_bits_wide_and_pointers_64)
{
    for (size_t i = 0; i < sp_kb_args_count; i++) {
        const struct sp_kb_arg *arg = &sp_kb_args[i];
        ck_assert(arg->bits == 16 || arg->bits == 32 || arg->bits == 64);
        ck_assert(!arg->pointer || arg->bits == 64);
    }
    const struct sp_kb_syscall *call = sp_kb_syscall_find(SP_STR("socket"));
    ck_assert_uint_eq(call->args.count, 3);
    ck_assert_uint_eq(sp_kb_args[call->args.first].bits, 32);
}
END_TEST

START_TEST(a_gate_names_capabilities_exactly_when_it_asks_for_some)
{
    for (size_t i = 0; i < sp_kb_gates_count; i++) {
        ck_assert_int_eq(sp_kb_gates[i].caps != 0, sp_kb_gates[i].kind != SP_GATE_NONE);
        ck_assert_int_eq(sp_kb_gates[i].scope != 0, sp_kb_gates[i].kind != SP_GATE_NONE);
    }
}
END_TEST

/* ---- numbers ------------------------------------------------------------------------- */

START_TEST(every_number_leads_back_to_its_call)
{
    const struct sp_kb_arch *arch = &sp_kb_arches[_i];
    size_t found = 0;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        int64_t number = sp_kb_number(arch, &sp_kb_syscalls[i]);
        if (number != SP_KB_NO_NUMBER) {
            ck_assert_ptr_eq(sp_kb_syscall_by_number(arch, (uint32_t)number), &sp_kb_syscalls[i]);
            found++;
        }
    }
    ck_assert_uint_gt(found, 250);
    ck_assert_ptr_null(sp_kb_syscall_by_number(arch, 0x7fffffff));
}
END_TEST

/* Where an older library is wrong: 2.6.1 gives parisc64 no _llseek, as the kernel does not. */
static bool
is_known_difference(const char *arch, const char *call)
{
    return strcmp(arch, "parisc64") == 0 && strcmp(call, "_llseek") == 0;
}

/* libseccomp writes numbers relative to the ABI for arm's private calls, too; a name it lacks on an
 * architecture has a negative pseudo number. */
START_TEST(numbers_are_those_of_the_installed_libseccomp)
{
    const struct sp_kb_arch *arch = &sp_kb_arches[_i];
    char name[32];
    size_t compared = 0;

    snprintf(name, sizeof name, "%s", sp_kb_text(arch->name));
    uint32_t token = seccomp_arch_resolve_name(name);
    if (token == 0) {
        return;  /* newer than the installed library */
    }
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const char *call = sp_kb_text(sp_kb_syscalls[i].name);
        int theirs = seccomp_syscall_resolve_name_arch(token, call);
        int64_t ours = sp_kb_number(arch, &sp_kb_syscalls[i]);
        if (theirs >= 0 && !is_known_difference(name, call)) {
            ck_assert_msg(ours == theirs, "%s %s: %lld, libseccomp says %d", name, call,
                          (long long)ours, theirs);
            compared++;
        }
    }
    ck_assert_uint_gt(compared, 250);
}
END_TEST

START_TEST(the_names_libseccomp_knows_are_told_right)
{
    const struct scmp_version *installed = seccomp_version();
    struct sp_version said = {
        .major = (uint16_t)installed->major,
        .minor = (uint16_t)installed->minor,
        .patch = (uint16_t)installed->micro,
    };
    bool is_debians = sp_version_compare(said, (struct sp_version){ 2, 5, 4 }) == 0;
    unsigned wrong = 0;

    /* Debian 12's 2.5.4 carries the table of 2.5.5. */
    said.patch = is_debians ? 5 : said.patch;
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        bool theirs = seccomp_syscall_resolve_name(sp_kb_text(sp_kb_syscalls[i].name))
            != __NR_SCMP_ERROR;
        bool ours = sp_kb_libseccomp_knows(said, &sp_kb_syscalls[i]);
        wrong += theirs != ours;
    }
    /* A library that carries names back, or is newer than the table, differs by a few. */
    ck_assert_uint_le(wrong, is_debians ? 0 : 12);
    ck_assert(!sp_kb_libseccomp_knows((struct sp_version){ 2, 5, 4 },
                                     sp_kb_syscall_find(SP_STR("mseal"))));
    ck_assert(sp_kb_libseccomp_knows((struct sp_version){ 2, 6, 0 },
                                     sp_kb_syscall_find(SP_STR("mseal"))));
    ck_assert(sp_kb_libseccomp_knows((struct sp_version){ 9, 0, 0 },
                                     sp_kb_syscall_find(SP_STR("uprobe"))));
    ck_assert(!sp_kb_libseccomp_knows((struct sp_version){ 9, 0, 0 },
                                     sp_kb_syscall_find(SP_STR("osf_fstat"))));
}
END_TEST

/* ---- the other look-ups -------------------------------------------------------------- */

static const struct {
    const char *word;
    const char *arch;
} guesses[] = {
    { "x86_64", "x86_64" }, { "SCMP_ARCH_X86_64", "x86_64" }, { "amd64", "x86_64" },
    { "AMD64", "x86_64" },  { "arm64", "aarch64" },           { "SCMP_ARCH_ARM64", "aarch64" },
    { "i386", "x86" },      { "pdp11", NULL },                { "", NULL },
};

START_TEST(an_architecture_is_guessed_from_any_spelling)
{
    const struct sp_kb_arch *arch = sp_kb_arch_guess(sp_str_of(guesses[_i].word));

    if (guesses[_i].arch == NULL) {
        ck_assert_ptr_null(arch);
    } else {
        ck_assert_ptr_nonnull(arch);
        ck_assert_str_eq(sp_kb_text(arch->name), guesses[_i].arch);
    }
}
END_TEST

START_TEST(a_capability_is_found_exactly_and_guessed_freely)
{
    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        struct sp_str name = sp_str_of(sp_kb_text(sp_kb_caps[i].name));
        ck_assert_ptr_eq(sp_kb_cap_find(name), &sp_kb_caps[i]);
        ck_assert_ptr_eq(sp_kb_cap_guess(sp_str_slice(name, 4, name.len)), &sp_kb_caps[i]);
        ck_assert_uint_ge(sp_kb_caps[i].permits.count, 1);
    }
    ck_assert_ptr_null(sp_kb_cap_find(SP_STR("SYS_ADMIN")));
    ck_assert_ptr_null(sp_kb_cap_find(SP_STR("cap_sys_admin")));
    ck_assert_ptr_nonnull(sp_kb_cap_guess(SP_STR("cap_sys_admin")));
    ck_assert_ptr_null(sp_kb_cap_guess(SP_STR("CAP_")));
}
END_TEST

START_TEST(errnos_words_groups_and_sets_are_found)
{
    const struct sp_kb_errno *enosys = sp_kb_errno_find(SP_STR("ENOSYS"));

    ck_assert_ptr_nonnull(enosys);
    ck_assert_uint_eq(enosys->number, 38);
    ck_assert_uint_eq(enosys->mips, 89);
    ck_assert_ptr_eq(sp_kb_errno_by_number(38), enosys);
    ck_assert_ptr_null(sp_kb_errno_by_number(4096));
    ck_assert_ptr_nonnull(sp_kb_word_find(SP_STR("fstatat")));
    ck_assert_ptr_nonnull(sp_kb_group_find(SP_STR("@mount")));
    ck_assert_str_eq(sp_kb_text(sp_kb_set_of(sp_kb_syscall_find(SP_STR("socket")), 0)->name),
                     "address-families");
    ck_assert_ptr_null(sp_kb_set_of(sp_kb_syscall_find(SP_STR("read")), 0));
}
END_TEST

START_TEST(kernel_versions_keep_all_their_numbers)
{
    ck_assert_str_eq(sp_kernel_text(5 << 16 | 10 << 8).text, "5.10");
    ck_assert_str_eq(sp_kernel_text(2 << 16 | 6 << 8 | 23).text, "2.6.23");
    ck_assert_str_eq(sp_kernel_text(0).text, "");
}
END_TEST

SP_SUITE(kb)
{
    TCase *tcase = sp_testing_case(suite, "kb");

    tcase_add_test(tcase, every_documented_fact_is_there);
    tcase_add_test(tcase, every_call_is_found_by_its_name);
    tcase_add_test(tcase, every_blocked_call_and_its_reason_point_at_each_other);
    tcase_add_test(tcase, the_ranges_of_a_call_hold_its_own_rows);
    tcase_add_test(tcase, arguments_are_16_32_or_64_bits_wide_and_pointers_64);
    tcase_add_test(tcase, a_gate_names_capabilities_exactly_when_it_asks_for_some);
    tcase_add_loop_test(tcase, every_number_leads_back_to_its_call, 0, (int)sp_kb_arches_count);
    tcase_add_loop_test(tcase, numbers_are_those_of_the_installed_libseccomp, 0,
                        (int)sp_kb_arches_count);
    tcase_add_test(tcase, the_names_libseccomp_knows_are_told_right);
    tcase_add_loop_test(tcase, an_architecture_is_guessed_from_any_spelling, 0,
                        sizeof guesses / sizeof *guesses);
    tcase_add_test(tcase, a_capability_is_found_exactly_and_guessed_freely);
    tcase_add_test(tcase, errnos_words_groups_and_sets_are_found);
    tcase_add_test(tcase, kernel_versions_keep_all_their_numbers);
}

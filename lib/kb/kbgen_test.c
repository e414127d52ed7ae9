/* kbgen refuses bad facts with their place, and writes nothing. */
#include "base/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* Each changes one line of a good file by sed; the message must hold the words. */
static const struct {
    const char *file;
    const char *edit;
    const char *says;
} faults[] = {
    { "errnos.yaml", "s/- name: ENOSYS/- nme: ENOSYS/", "no field is called 'nme' here" },
    { "errnos.yaml", "s/- name: ENOSYS/- alias: yes/", "'name' is missing" },
    { "gates.yaml", "0,/syscall: accept$/s//syscall: acept/", "no system call is called 'acept'" },
    { "gates.yaml", "0,/needs: CAP_SYS_ADMIN/s//needs: CAP_SYS_ADMIM/",
      "no capability is called 'CAP_SYS_ADMIM'" },
    { "arches.yaml", "0,/endian: little/s//endian: middle/", "'endian' cannot be 'middle'" },
    { "arches.yaml", "0,/name: arm$/s//name: zarm/", "must not stand behind" },
    { "arches.yaml", "0,/bits: 64/s//bits: many/", "not a whole number" },
    { "capabilities.yaml", "0,/number: 1$/s//number: 7/", "capability 7 stands at place 1" },
    { "syscalls/bpf.yaml", "s/name: bpf/name: open/", "stands twice" },
    { "syscalls/bpf.yaml", "s/x86_64: 321/x86_64: 0/", "have the same number" },
    { "syscalls/bpf.yaml", "s/since: .*/since: soon/", "not a kernel version" },
    { "docker-blocked.yaml", "0,/verdict: right/s//verdict: fine/", "'verdict' cannot be 'fine'" },
    { "constants.yaml", "0,/socket.0/s//socket.9/", "is no argument" },
    { "groups.yaml", "s/^groups:/group:/", "there is no list 'groups'" },
    { "groups.yaml", "s/^date:/dated:/", "'date' is missing" },
};

START_TEST(a_fault_in_the_facts_is_told_with_its_place)
{
    const char *kbgen = getenv("KBGEN");
    char folder[] = "/tmp/secprof-kbgen-XXXXXX";
    char command[1200];
    char output[4096] = "";

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(command, sizeof command,
             "cp -r data %s/data && sed -i '%s' %s/data/%s && %s %s/data %s/out.c 2>&1; "
             "echo \"status $?\"; ls %s; rm -rf %s",
             folder, faults[_i].edit, folder, faults[_i].file,
             kbgen == NULL ? "build/host/kbgen" : kbgen, folder, folder, folder, folder);
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    size_t got = fread(output, 1, sizeof output - 1, pipe);
    output[got] = '\0';
    pclose(pipe);

    ck_assert_msg(strstr(output, faults[_i].says) != NULL, "%s", output);
    ck_assert_msg(strstr(output, "error: ") != NULL, "%s", output);
    ck_assert_msg(strstr(output, "status 1\ndata\n") != NULL, "%s", output);
}
END_TEST

SP_SUITE(kbgen)
{
    TCase *tcase = sp_testing_case(suite, "kbgen");

    tcase_add_loop_test(tcase, a_fault_in_the_facts_is_told_with_its_place, 0,
                        sizeof faults / sizeof *faults);
}

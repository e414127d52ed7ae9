/* Many profiles by chance: what is said of them against what libseccomp makes of them.
 *
 *   proof_harness PROFILES SEED [FIRST]
 *
 * PROFILES profiles of the series SEED, from number FIRST (0) on.  Prints the differences, each with
 * its profile, and one line of counts. Exit status: 0 when nothing differs, 1, 2 for trouble. */
#include "sem/proof_testing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static bool
read_number(const char *text, unsigned long long *ret_number)
{
    char *end;

    errno = 0;
    *ret_number = strtoull(text, &end, 0);
    return errno == 0 && end != text && *end == '\0';
}

static void
print(const struct sp_proof *proof)
{
    static const char *const names[SP_PROOF_HAZARDS] = {
        "shared-level", "stale-register", "lost-rule", "wide-range", "lent-block", "unsure-head",
    };

    fwrite(proof->report.data, 1, proof->report.len, stdout);
    printf("proof: %zu profiles, %zu points, %zu numbers; refused %zu by the runtime, %zu by "
           "libseccomp; endless %zu; hazardous %zu, %zu deviate (",
           proof->profiles, proof->points, proof->numbers, proof->refused, proof->refused_late,
           proof->endless, proof->hazardous, proof->deviating);
    for (unsigned i = 0; i < SP_PROOF_HAZARDS; i++) {
        printf("%s%s %zu/%zu", i == 0 ? "" : ", ", names[i], proof->hazards_deviating[i],
               proof->hazards[i]);
    }
    printf("); faithful %zu, %zu of them with conditions; not faithful %zu, %zu of them not as "
           "written; differences %zu\n",
           proof->faithful, proof->faithful - proof->plain, proof->unfaithful, proof->unintended,
           proof->differences);
}

int
main(int argc, char **argv)
{
    unsigned long long profiles = 0, seed = 0, first = 0;
    struct sp_proof proof = { .profiles = 0 };

    if ((argc != 3 && argc != 4) || !read_number(argv[1], &profiles)
        || !read_number(argv[2], &seed) || (argc == 4 && !read_number(argv[3], &first))) {
        fprintf(stderr, "usage: proof_harness PROFILES SEED [FIRST]\n");
        return 2;
    }
    if (!sp_proof_series(&proof, seed, first, first + profiles)) {
        fprintf(stderr, "proof_harness: no memory\n");
        return 2;
    }
    print(&proof);
    size_t differences = proof.differences;
    sp_proof_free(&proof);
    return differences > 0;
}

/* Round trips through all pairs of formats (formats_testing.h).
 *
 *   formats_harness PROFILES SEED
 *
 * Every content of the built-in profiles and PROFILES random ones. Prints a table of pairs and one line of
 * counts; exit status 0 when nothing differs, 1, 2 for trouble. */
#include "kb/defaults.h"
#include "ops/formats_testing.h"

#include <stdio.h>
#include <stdlib.h>

static void
print_table(const struct sp_formats_counts *counts)
{
    printf("%-9s %8s |", "", "carried");
    for (size_t to = 0; to < SP_FORMATS; to++) {
        printf(" %9s", sp_formats_name(to));
    }
    printf("\n");
    for (size_t from = 0; from < SP_FORMATS; from++) {
        printf("%-9s %8zu |", sp_formats_name(from), counts->first[from]);
        for (size_t to = 0; to < SP_FORMATS; to++) {
            printf(" %9zu", counts->pairs[from][to]);
        }
        printf("\n");
    }
}

static void
print_lost(const struct sp_formats_counts *counts)
{
    for (size_t from = 0; from < SP_FORMATS; from++) {
        for (size_t to = 0; to < SP_FORMATS; to++) {
            if (counts->lost[from][to] > 0) {
                printf("%s to %s: %zu profiles that %s carries are not written again\n",
                       sp_formats_name(from), sp_formats_name(to), counts->lost[from][to],
                       sp_formats_name(to));
            }
        }
    }
}

static void
print(const struct sp_formats_counts *counts)
{
    size_t pairs = 0;

    for (size_t i = 0; i < (size_t)SP_FORMATS * SP_FORMATS; i++) {
        pairs += counts->pairs[i / SP_FORMATS][i % SP_FORMATS];
    }
    printf("%.*s", SP_STR_ARG(sp_buf_view(&counts->told)));
    print_table(counts);
    print_lost(counts);
    printf("%zu texts were read and compared; of %zu programs %zu are no profile's and were not read; "
           "%zu texts are unproven\n", counts->texts, counts->programs, counts->unreadable,
           counts->unproven);
    printf("%zu programs have a stub of runc's that answers for calls of the profile, and were not read\n",
           counts->stubbed);
    printf("formats: %zu profiles\n", counts->profiles);
    printf("%zu passed, %zu failed\n", pairs, counts->differences);
}

int
main(int argc, char **argv)
{
    struct sp_formats_counts counts = { .profiles = 0 };

    if (argc != 3) {
        fprintf(stderr, "usage: formats_harness PROFILES SEED\n");
        return 2;
    }
    uint64_t seed = strtoull(argv[2], NULL, 10);
    for (size_t i = 0; i < sp_kb_defaults_count; i++) {
        sp_formats_try_content(i, &counts);
    }
    sp_formats_try_random(strtoul(argv[1], NULL, 10), &seed, &counts);
    print(&counts);
    int status = counts.told.failed ? 2 : counts.differences > 0;
    sp_buf_free(&counts.told);
    return status;
}

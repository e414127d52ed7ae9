/* Any bytes as a program: read into a profile, or refused, with an error for each kind of
 * fault. */
#include "format/bpf_read.h"
#include "format/read_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST_FAULTS = 4 };
    SP_SCRATCH(arena);
    struct sp_doc doc;

    if (sp_fuzz_read(&arena, sp_bpf_read, data, size, MOST_FAULTS, &doc)) {
        sp_doc_check_that(sp_bpf_read_looks(doc.source->text));
        sp_fuzz_check_profile(&arena, &doc);
    }
    return 0;
}

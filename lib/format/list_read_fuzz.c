#include "format/list_read.h"
#include "format/read_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return sp_fuzz_profile(sp_list_read, data, size, 1);
}

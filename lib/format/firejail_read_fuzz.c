#include "format/firejail_read.h"
#include "format/list_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return sp_list_fuzz(sp_firejail_read, data, size);
}

#include "format/list_fuzz.h"
#include "format/list_read.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return sp_list_fuzz(sp_list_read, data, size);
}

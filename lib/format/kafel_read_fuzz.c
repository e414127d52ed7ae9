#include "format/kafel_read.h"
#include "format/list_fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return sp_list_fuzz(sp_kafel_read, data, size);
}

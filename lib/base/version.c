#include "base/version.h"

bool
sp_version_parse(struct sp_str text, struct sp_version *ret_version)
{
    uint16_t parts[3] = { 0 };
    size_t count = 0;
    struct sp_str part;

    while (sp_str_next(&text, ".", &part)) {
        uint64_t value;
        if (count == 3 || part.len > 5 || !sp_str_to_decimal(part, &value)
            || value > UINT16_MAX) {
            return false;
        }
        parts[count++] = (uint16_t)value;
    }
    if (count == 0) {
        return false;
    }
    *ret_version = (struct sp_version){ .major = parts[0], .minor = parts[1], .patch = parts[2] };
    return true;
}

static uint64_t
weight(struct sp_version version)
{
    return (uint64_t)version.major << 32 | (uint64_t)version.minor << 16 | version.patch;
}

int
sp_version_compare(struct sp_version left, struct sp_version right)
{
    return (weight(left) > weight(right)) - (weight(left) < weight(right));
}

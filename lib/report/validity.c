#include "report/validity.h"

static void
add_count(struct sp_buf *buf, size_t count, const char *one, const char *many)
{
    sp_buf_format(buf, "%zu %s", count, count == 1 ? one : many);
}

void
sp_validity_write(const struct sp_validity *validity, struct sp_buf *buf)
{
    sp_buf_text(buf, "valid");
    if (validity->filters == 0) {
        sp_buf_text(buf, validity->starts ? "; no filter could be built here to compare"
                                          : "; containers run without a filter");
        return;
    }
    sp_buf_text(buf, ": ");
    add_count(buf, validity->instructions, "instruction", "instructions");
    sp_buf_format(buf, " on %s", sp_kb_text(validity->host->name));
    if (validity->arches > 1) {
        sp_buf_text(buf, " with ");
        add_count(buf, validity->arches - 1, "more ABI", "more ABIs");
    }
    if (validity->undecided > 0) {
        sp_buf_text(buf, "; ");
        add_count(buf, validity->undecided, "call", "calls");
        sp_buf_text(buf, " could not be compared");
        return;
    }
    sp_buf_text(buf, "; the filter does what the rules say");
    if (validity->filters > 1) {
        sp_buf_text(buf, " in ");
        add_count(buf, validity->filters, "environment", "environments");
    }
}

void
sp_validity_json(struct sp_json *json, const struct sp_validity *validity, bool is_valid)
{
    sp_json_bool(json, NULL, "valid", is_valid);
    if (validity->filters == 0) {
        return;
    }
    struct cJSON *filter = sp_json_object(json, NULL, "filter");
    sp_json_string(json, filter, "host", sp_kb_text(validity->host->name));
    sp_json_u64(json, filter, "architectures", validity->arches);
    sp_json_u64(json, filter, "instructions", validity->instructions);
    sp_json_u64(json, filter, "compared", validity->filters);
    sp_json_u64(json, filter, "undecided", validity->undecided);
}

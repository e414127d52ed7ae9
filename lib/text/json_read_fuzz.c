#include "text/read_fuzz.h"

#include <cjson/cJSON.h>

/* The deepest last node: its pointer is the longest walk. */
static void
check_pointer(const struct sp_doc *doc)
{
    SP_BUF(buf);
    const struct sp_node *node = doc->root;

    while (node->first != NULL) {
        node = node->first;
        while (node->next != NULL) {
            node = node->next;
        }
    }
    sp_node_pointer(node, &buf);
    sp_doc_check_that(!buf.failed && (node->parent == NULL || buf.data[0] == '/'));
}

/* cJSON reads all that we read, its limit of depth being the wider one. */
static void
check_second_opinion(const uint8_t *data, size_t size)
{
    cJSON *item = cJSON_ParseWithLength((const char *)data, size);

    sp_doc_check_that(item != NULL);
    cJSON_Delete(item);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SP_SCRATCH(arena);
    struct sp_doc doc;

    if (!sp_fuzz_read(&arena, sp_json_read, data, size, 1, &doc)) {
        return 0;
    }
    sp_doc_check_node(&doc, doc.root);
    check_pointer(&doc);
    sp_fuzz_check_json(&arena, &doc);
    check_second_opinion(data, size);
    return 0;
}

/* The context behind every call: limits, and a count of its users. */
#ifndef SP_API_CONTEXT_H
#define SP_API_CONTEXT_H

#include "model/profile.h"
#include "text/doc.h"

#include <secprof.h>
#include <stdatomic.h>

struct secprof {
    atomic_uint references;
    struct sp_doc_limits limits;
    enum sp_dialect dialect;  /* UNKNOWN: every text tells */
};

#endif

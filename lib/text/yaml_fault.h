/* What libyaml found wrong, in our words, inside the text floor. */
#ifndef SP_TEXT_YAML_FAULT_H
#define SP_TEXT_YAML_FAULT_H

#include "text/report.h"

struct sp_yaml_problem {
    const char *problem;  /* libyaml's message */
    uint32_t at;
    bool has_context;  /* what was being read began somewhere */
    uint32_t context_at;
};

/* Reports it; answers false. */
bool
sp_yaml_fault(const struct sp_source *source, const struct sp_yaml_problem *problem,
              struct sp_report *report);

#endif

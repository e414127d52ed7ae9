#include "lint/validate.h"

/* Rules about what engines pass over in silence. */
static const unsigned silent[] = { 103, 104, 112, 201, 206, 207, 209 };

static bool
is_silent(unsigned code)
{
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        if (silent[i] == code) {
            return true;
        }
    }
    return false;
}

void
sp_validate_keep_errors(struct sp_report *report, bool is_strict)
{
    size_t kept = 0;

    for (size_t i = 0; i < report->diags.count; i++) {
        struct sp_diag *diag = report->diags.at[i];
        if (is_strict && diag->severity == SP_SEVERITY_WARNING && is_silent(diag->code)) {
            diag->severity = SP_SEVERITY_ERROR;
        }
        if (diag->severity == SP_SEVERITY_ERROR) {
            report->diags.at[kept++] = diag;
        }
    }
    report->diags.count = kept;
}

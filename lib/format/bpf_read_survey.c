#include "format/bpf_read_survey.h"

#include "sem/bpf_code.h"

/* Nobody can say what answers a call that the program's own place decides. */
static bool
check_loads(const struct sp_bpf_reading *reading)
{
    for (size_t i = 0; i < reading->program.count; i++) {
        const struct sp_bpf_insn *insn = &reading->program.at[i];
        if (insn->code == SP_BPF_LD_ABS && insn->k >= SP_BPF_DATA_IP
            && insn->k < SP_BPF_DATA_ARGS) {
            return sp_bpf_read_fail(
                reading, i, "a profile knows the call and its arguments alone",
                "the program asks for the instruction pointer, which no profile can");
        }
    }
    return true;
}

bool
sp_bpf_read_survey(struct sp_bpf_reading *reading)
{
    return check_loads(reading) && sp_bpf_read_arches(reading) && sp_bpf_read_default(reading);
}

/* ---- asking -------------------------------------------------------------------------- */

const struct sp_bpf_number *
sp_bpf_read_number(const struct sp_bpf_arch *arch, uint32_t nr)
{
    size_t low = 0;
    size_t high = arch->numbers.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (arch->numbers.at[middle].nr == nr) {
            return &arch->numbers.at[middle];
        }
        if (arch->numbers.at[middle].nr < nr) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

bool
sp_bpf_read_is_stubbed(const struct sp_bpf_arch *arch, const struct sp_bpf_number *number)
{
    return (arch->has_stub && number->nr > arch->stub)
        || (arch->stub_at_zero && number->nr == 0);
}

/* Architectures of a host's filter, and their numbers that are no call's. */
#include "ops/diff_build.h"

/* A gap this wide in an architecture's numbers is no gap between calls: behind it come the
 * private ones of the architecture, as on arm from 0xf0000 on. */
enum { GAP_MAX = 2048 };

static bool
add_gap(struct sp_diff_build *build, struct sp_diff_block *block, uint32_t first, uint32_t last)
{
    struct sp_diff_gap *gap = sp_vec_push(build->side->sides->arena, &block->gaps);
    const struct sp_diff_subject subject = { .arch = block->arch, .nr = first };

    if (gap == NULL) {
        return false;
    }
    gap->first = first;
    gap->last = last;
    gap->record = sp_diff_build_record_of(build, &subject);
    return gap->record != NULL;
}

/* The first number may answer otherwise than the next: with runc's stub, 0 does on s390.  Where
 * a stub begins, there is a call. */
static bool
split_gap(struct sp_diff_build *build, struct sp_diff_block *block, uint32_t first, uint32_t last)
{
    if (first == block->arch->offset && first < last) {
        return add_gap(build, block, first, first) && add_gap(build, block, first + 1, last);
    }
    return add_gap(build, block, first, last);
}

static const struct sp_kb_syscall *
nth_call(const struct sp_kb_arch *arch, size_t n)
{
    struct sp_kb_range range = sp_kb_number_ranges[arch->table];

    return n < range.count ? &sp_kb_syscalls[sp_kb_by_number[range.first + n]] : NULL;
}

static bool
fill_gaps(struct sp_diff_build *build, struct sp_diff_block *block)
{
    const struct sp_kb_syscall *call;
    uint32_t next = block->arch->offset;

    for (size_t i = 0; (call = nth_call(block->arch, i)) != NULL; i++) {
        uint32_t nr = (uint32_t)sp_kb_number(block->arch, call);
        if (nr > next && nr - next > GAP_MAX && i > 0) {
            break;
        }
        if (nr > next && !split_gap(build, block, next, nr - 1)) {
            return false;
        }
        next = nr + 1;
    }
    return add_gap(build, block, next, next);
}

/* A kernel never meets calls of architectures that it does not run. */
static bool
can_call(const struct sp_diff_build *build, const struct sp_kb_arch *arch)
{
    const struct sp_kb_arch *host = build->host->host;

    return (arch == host || sp_kb_arch_serves(host, arch))
        && sp_scenes_wants(build->side->scenes, arch);
}

bool
sp_diff_build_blocks(struct sp_diff_build *build)
{
    struct sp_meaning *base = build->base;

    for (size_t i = 0; i < base->arch_count; i++) {
        if (!can_call(build, base->arches[i].arch)) {
            continue;
        }
        struct sp_diff_block *block = sp_vec_push(build->side->sides->arena,
                                                  &build->host->blocks);
        if (block == NULL) {
            return false;
        }
        block->arch = base->arches[i].arch;
        if (!fill_gaps(build, block)) {
            return false;
        }
    }
    return true;
}

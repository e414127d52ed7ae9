#include "report/explain_verdict.h"

#include "kb/defaults.h"
#include "report/glyph.h"

void
sp_explain_profile_name(const struct sp_explain_profile *profile, struct sp_buf *buf)
{
    struct sp_kb_builtin known;

    if (sp_kb_builtin_find(sp_str_of(profile->name), &known)) {
        sp_buf_format(buf, "%s %s", sp_kb_text(known.series->name),
                      sp_kb_text(known.release->version));
    } else {
        sp_glyph_add(buf, sp_str_of(profile->name));
    }
}

const char *
sp_explain_decider(enum sp_decider decider)
{
    static const char *const words[] = {
        [SP_DECIDER_RULE] = "rule", [SP_DECIDER_DEFAULT] = "default",
        [SP_DECIDER_STUB] = "stub", [SP_DECIDER_BAD_ARCH] = "badArchitecture",
        [SP_DECIDER_HEADLESS] = "lostArchitecture", [SP_DECIDER_KERNEL] = "kernel",
        [SP_DECIDER_UNCONFINED] = "unconfined",
    };

    return words[decider];
}

const struct sp_explain_hazard *
sp_explain_hazard(size_t n)
{
    static const struct sp_explain_hazard hazards[] = {
        { .bit = SP_HAZARD_SHARED_LEVEL, .name = "shared-level",
          .text = "libseccomp lets rules share tests: the end of one can be reached through the"
                  " beginning of another" },
        { .bit = SP_HAZARD_STALE_REGISTER, .name = "stale-register",
          .text = "libseccomp may leave out the load of an argument and compare another one" },
        { .bit = SP_HAZARD_LOST_RULE, .name = "lost-rule",
          .text = "a test for inequality beside a longer rule: libseccomp loses one of them" },
        { .bit = SP_HAZARD_WIDE_RANGE, .name = "wide-range",
          .text = "libseccomp compares ranges wrongly beside values of 2^32 and above" },
        { .bit = SP_HAZARD_LENT_BLOCK, .name = "lent-block",
          .text = "libseccomp shares code with another call that leaves another value in the"
                  " register" },
        { .bit = SP_HAZARD_UNSURE_HEAD, .name = "unsure-head",
          .text = "a name without a number may stand at the head of the architecture's rules, which"
                  " then are lost" },
    };

    return n < sizeof hazards / sizeof *hazards ? &hazards[n] : NULL;
}

/* ---- for programs -------------------------------------------------------------------- */

void
sp_explain_pointer(struct sp_json *json, struct cJSON *parent, const char *key,
                   const struct sp_rule *rule)
{
    SP_BUF(pointer);

    sp_node_pointer(rule->node, &pointer);
    sp_json_view(json, parent, key, sp_buf_part(&pointer, &json->failed));
}

void
sp_explain_caps(struct sp_json *json, struct cJSON *parent, const char *key, uint64_t caps)
{
    struct cJSON *list = sp_json_array(json, parent, key);

    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        if ((caps >> i & 1) != 0) {
            sp_json_string(json, list, NULL, sp_kb_text(sp_kb_caps[i].name));
        }
    }
}

static void
add_kernel(struct sp_json *json, struct cJSON *parent, const char *key,
           struct sp_version version)
{
    SP_BUF(text);

    sp_buf_format(&text, "%u.%u", version.major, version.minor);
    sp_json_view(json, parent, key, sp_buf_part(&text, &json->failed));
}

/* The release before another: the last minor number of a series is a fact of history. */
static struct sp_version
release_before(struct sp_version version)
{
    static const uint16_t last_minors[] = { [2] = 6, [3] = 19, [4] = 20, [5] = 19, [6] = 19 };

    if (version.minor > 0) {
        return (struct sp_version){ .major = version.major,
                                    .minor = (uint16_t)(version.minor - 1) };
    }
    uint16_t major = (uint16_t)(version.major - 1);
    bool is_known = major < sizeof last_minors / sizeof *last_minors;
    return (struct sp_version){ .major = major,
                                .minor = is_known ? last_minors[major] : UINT8_MAX };
}

void
sp_explain_kernels(struct sp_json *json, struct cJSON *parent, struct sp_version from,
                   struct sp_version before)
{
    if (from.major != 0) {
        add_kernel(json, parent, "minKernel", from);
    }
    if (before.major != 0) {
        add_kernel(json, parent, "maxKernel", release_before(before));
    }
}

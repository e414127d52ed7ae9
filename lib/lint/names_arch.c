/* SP202: names of calls that the profile's architectures do not have. */
#include "lint/form_text.h"
#include "lint/names_arches.h"
#include "lint/names_denied.h"
#include "lint/names_find.h"
#include "lint/names_rules.h"

#include <string.h>

/* What is shown: architectures of the profile and of a call, groups of calls. */
enum { ARCHES_SHOWN = 4, WHERE_SHOWN = 3, PLACES_SHOWN = 3 };

struct state {
    struct sp_names_arches arches;
    struct sp_names_denied denied;
};

/* ---- a hole: what does the same under another name is open --------------------------- */

/* "stat64" is "stat" and digits. */
static bool
is_stem(const char *name, const char *stem)
{
    size_t len = strlen(stem);
    bool begins = strncmp(name, stem, len) == 0;

    return begins && strspn(name + len, "0123456789") == strlen(name + len);
}

/* `umount2` of umount, `mkdirat` of mkdir, `stat` of stat64: one family, nearly one name. */
static bool
is_twin(const struct sp_kb_syscall *call, const struct sp_kb_syscall *other)
{
    const char *name = sp_kb_text(call->name);
    const char *twin = sp_kb_text(other->name);

    return other != call && other->removed == 0
        && (strstr(twin, name) != NULL || is_stem(name, twin));
}

/* `fchmodat` of chmod: closer than fchmod. */
static bool
is_at_twin(const struct sp_kb_syscall *call, const struct sp_kb_syscall *other)
{
    const char *name = sp_kb_text(call->name);
    const char *inside = strstr(sp_kb_text(other->name), name);

    return inside != NULL && strncmp(inside + strlen(name), "at", 2) == 0;
}

/* The twin of a call that exists on the architectures and is denied nowhere; NULL when there is
 * none. */
static const struct sp_kb_syscall *
open_twin(struct sp_names_denied *denied, sp_arch_set set, const struct sp_kb_syscall *call)
{
    const struct sp_kb_syscall *found = NULL;

    for (size_t i = 0; i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        for (size_t j = 0; j < family->members.count; j++) {
            const struct sp_kb_syscall *other = sp_names_member(family->members, j);
            if (is_twin(call, other) && sp_names_exists(set, other)
                && !sp_names_is_denied(denied, other)
                && (found == NULL || (is_at_twin(call, other) && !is_at_twin(call, found)))) {
                found = other;
            }
        }
    }
    return found;
}

/* The first name of a deny list whose twin is open; NULL when there is none. */
static const struct sp_kb_syscall *
find_hole(const struct sp_lint *lint, struct sp_names_denied *denied, sp_arch_set set,
          struct sp_names_slice slice, const struct sp_kb_syscall **ret_call)
{
    for (size_t i = 0; i < slice.count; i++) {
        const struct sp_kb_syscall *twin = sp_names_is_hole(lint, slice.at[i].rule)
            ? open_twin(denied, set, slice.at[i].call) : NULL;
        if (twin != NULL) {
            *ret_call = slice.at[i].call;
            return twin;
        }
    }
    return NULL;
}

/* ---- findings ------------------------------------------------------------------------ */

/* "none of the profile's architectures (x86_64 and x86)" */
static const char *
no_arches(const struct sp_lint *lint, struct sp_names_arches arches)
{
    SP_BUF(buf);

    if (arches.any) {
        return "no 64-bit machine";
    }
    sp_buf_format(&buf, "none of the %s's architectures (", arches.guard ? "rule" : "profile");
    sp_names_add_arches(&buf, arches.set, ARCHES_SHOWN);
    sp_buf_text(&buf, ")");
    return sp_names_take(lint, &buf);
}

/* Names that exist in the same places. */
struct place {
    sp_arch_set set;
    const struct sp_kb_syscall *call;  /* of the first name */
    struct sp_names_finds finds;
};

static struct place *
place_of(struct place *places, size_t *count, const struct sp_kb_syscall *call)
{
    sp_arch_set set = sp_names_where(call);

    for (size_t i = 0; i < *count; i++) {
        if (places[i].call == call || (set != 0 && places[i].set == set)) {
            return &places[i];
        }
    }
    if (*count == PLACES_SHOWN) {
        return NULL;
    }
    places[*count].set = set;
    places[*count].call = call;
    return &places[(*count)++];
}

/* "`set_tls` and `breakpoint` on arm; `cacheflush` on arm, m68k and 9 more" */
static void
add_place(struct sp_buf *buf, const struct sp_lint *lint, const struct place *place)
{
    struct sp_names_slice slice = {
        .at = place->finds.list.at, .count = place->finds.list.count,
    };

    sp_buf_format(buf, "%s%s on ", buf->len == 0 ? "" : "; ", sp_names_list(lint, slice));
    sp_names_add_where(buf, place->call, WHERE_SHOWN);
}

static const char *
found_where(const struct sp_lint *lint, struct sp_names_slice slice)
{
    SP_SCRATCH(scratch);
    SP_BUF(buf);
    struct place places[PLACES_SHOWN] = { { .set = 0 } };
    size_t count = 0;

    for (size_t i = 0; i < slice.count; i++) {
        struct place *place = place_of(places, &count, slice.at[i].call);
        if (place != NULL) {
            place->finds.arena = &scratch;
            sp_names_add(&place->finds, slice.at[i]);
        }
    }
    sp_buf_text(&buf, "");
    for (size_t i = 0; sp_names_complete(lint, &scratch) && i < count; i++) {
        add_place(&buf, lint, &places[i]);
    }
    return sp_names_take(lint, &buf);
}

static void
help(const struct sp_lint *lint, struct sp_diag *diag, struct sp_names_arches arches,
     struct sp_names_slice slice)
{
    const char *where = found_where(lint, slice);

    const char *have = slice.count == 1 ? "it has" : "they have";

    if (arches.any) {
        sp_report_help(lint->report, diag,
                       "without `architectures` only the machine's own ABI is filtered, so %s "
                       "no effect there; found %s", have, where);
    } else {
        sp_report_help(lint->report, diag, "%s no effect there; found %s", have, where);
    }
}

static void
tell(const struct sp_lint *lint, void *user, struct sp_names_slice slice)
{
    struct state *state = user;
    struct sp_names_arches arches = sp_names_rule_arches(state->arches, slice.at[0].rule);
    const char *none = no_arches(lint, arches);
    const struct sp_kb_syscall *hole = NULL;
    const struct sp_kb_syscall *twin = find_hole(lint, &state->denied, arches.set, slice,
                                                 &hole);
    const char *names = sp_names_list(lint, slice);
    struct sp_diag *diag = slice.count == 1
        ? sp_report_add(lint->report, 202, sp_names_place(lint, &slice.at[0]),
                        "%s exists on %s", names, none)
        : sp_report_add(lint->report, 202, sp_names_place(lint, &slice.at[0]),
                        "%zu names exist on %s: %s", slice.count, none, names);

    sp_names_relate_rules(lint, diag, slice);
    if (twin == NULL) {
        help(lint, diag, arches, slice);
        return;
    }
    diag->severity = SP_SEVERITY_WARNING;
    sp_report_help(lint->report, diag,
                   "`%s` does there what `%s` does elsewhere, and no rule denies it: name it, "
                   "too", sp_kb_text(twin->name), sp_kb_text(hole->name));
}

/* Of what is gone from the kernel, SP203 speaks. */
static bool
is_elsewhere(sp_arch_set set, const struct sp_kb_syscall *call)
{
    return call != NULL && call->removed == 0 && !sp_names_exists(set, call);
}

void
sp_check_wrong_arch_syscall(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_names_finds finds = { .arena = &scratch };
    struct state state = {
        .arches = sp_names_arches(lint), .denied = { .lint = lint, .arena = &scratch },
    };

    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        struct sp_names_arches arches = sp_names_rule_arches(state.arches, rule);
        for (size_t j = 0; j < rule->names.count; j++) {
            const struct sp_word *word = &rule->names.at[j];
            const struct sp_kb_syscall *call = sp_kb_syscall_find(word->text);
            if (is_elsewhere(arches.set, call) && sp_names_is_written(lint, word)) {
                sp_names_add(&finds, (struct sp_names_find){
                    .rule = rule, .word = word, .call = call,
                    .class = arches.guard ? SP_NAMES_ALONE : 0,
                });
            }
        }
    }
    sp_names_tell_rules(lint, &finds, tell, &state);
    sp_names_complete(lint, &scratch);
}

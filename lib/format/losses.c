#include "format/losses.h"

#include <string.h>

/* What a loss is about, but for the calls. */
static bool
is_about(const struct sp_loss *loss, const struct sp_loss *wanted)
{
    return loss->arch == wanted->arch && loss->of_default == wanted->of_default
        && loss->instead == wanted->instead && strcmp(loss->what, wanted->what) == 0
        && strcmp(loss->became, wanted->became) == 0;
}

static struct sp_loss *
find_loss(struct sp_losses *losses, const struct sp_loss *wanted)
{
    for (size_t i = 0; i < losses->all.count; i++) {
        struct sp_loss *loss = &losses->all.at[i];
        if (is_about(loss, wanted)) {
            return loss;
        }
    }
    return NULL;
}

static struct sp_loss *
new_loss(struct sp_losses *losses, const struct sp_loss *wanted)
{
    char *what = sp_arena_copy(losses->arena, sp_str_of(wanted->what));
    char *became = sp_arena_copy(losses->arena, sp_str_of(wanted->became));
    struct sp_loss *loss =
        what == NULL || became == NULL ? NULL : sp_vec_push(losses->arena, &losses->all);

    if (loss == NULL) {
        losses->failed = true;
        return NULL;
    }
    *loss = *wanted;
    loss->what = what;
    loss->became = became;
    return loss;
}

/* The loss, which may be a new one. NULL when there is no memory. */
static struct sp_loss *
need_loss(struct sp_losses *losses, const struct sp_loss *wanted)
{
    struct sp_loss *loss = find_loss(losses, wanted);

    return loss == NULL ? new_loss(losses, wanted) : loss;
}

/* Where the name stands, or is to stand, in the sorted list. */
static size_t
place_of(const struct sp_loss *loss, const char *call, bool *ret_found)
{
    size_t at = 0;
    int order = 1;

    while (at < loss->calls.count && (order = strcmp(loss->calls.at[at], call)) < 0) {
        at++;
    }
    *ret_found = at < loss->calls.count && order == 0;
    return at;
}

void
sp_losses_add(struct sp_losses *losses, const char *call, const char *what, const char *became)
{
    struct sp_loss *loss = need_loss(losses, &(struct sp_loss){ .what = what, .became = became });
    bool found;

    if (loss == NULL || call == NULL) {
        return;
    }
    size_t at = place_of(loss, call, &found);
    if (found) {
        return;
    }
    char *copy = sp_arena_copy(losses->arena, sp_str_of(call));
    if (copy == NULL || sp_vec_push(losses->arena, &loss->calls) == NULL) {
        losses->failed = true;
        return;
    }
    memmove(&loss->calls.at[at + 1], &loss->calls.at[at],
            (loss->calls.count - 1 - at) * sizeof *loss->calls.at);
    loss->calls.at[at] = copy;
}

void
sp_losses_add_arch(struct sp_losses *losses, const struct sp_kb_arch *arch, const char *what,
                   const char *became)
{
    (void)need_loss(losses, &(struct sp_loss){ .what = what, .became = became, .arch = arch });
}

void
sp_losses_add_default(struct sp_losses *losses, sp_verdict instead, const char *what,
                      const char *became)
{
    (void)need_loss(losses, &(struct sp_loss){
        .what = what, .became = became, .of_default = true, .instead = instead
    });
}

bool
sp_losses_has_arch(const struct sp_losses *losses, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < losses->all.count; i++) {
        if (losses->all.at[i].arch == arch) {
            return true;
        }
    }
    return false;
}

const struct sp_loss *
sp_losses_default(const struct sp_losses *losses)
{
    for (size_t i = 0; i < losses->all.count; i++) {
        if (losses->all.at[i].of_default) {
            return &losses->all.at[i];
        }
    }
    return NULL;
}

bool
sp_losses_has(const struct sp_losses *losses, const char *call)
{
    for (size_t i = 0; i < losses->all.count; i++) {
        bool found;
        (void)place_of(&losses->all.at[i], call, &found);
        if (found) {
            return true;
        }
    }
    return false;
}

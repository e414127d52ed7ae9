#include "format/losses.h"

#include <string.h>

static struct sp_loss *
find_loss(struct sp_losses *losses, const char *what, const char *became)
{
    for (size_t i = 0; i < losses->all.count; i++) {
        struct sp_loss *loss = &losses->all.at[i];
        if (strcmp(loss->what, what) == 0 && strcmp(loss->became, became) == 0) {
            return loss;
        }
    }
    return NULL;
}

static struct sp_loss *
new_loss(struct sp_losses *losses, const char *what, const char *became)
{
    char *what_copy = sp_arena_copy(losses->arena, sp_str_of(what));
    char *became_copy = sp_arena_copy(losses->arena, sp_str_of(became));
    struct sp_loss *loss = what_copy == NULL || became_copy == NULL
        ? NULL : sp_vec_push(losses->arena, &losses->all);

    if (loss == NULL) {
        losses->failed = true;
        return NULL;
    }
    *loss = (struct sp_loss){ .what = what_copy, .became = became_copy };
    return loss;
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
    struct sp_loss *loss = find_loss(losses, what, became);
    bool found;

    if (loss == NULL) {
        loss = new_loss(losses, what, became);
    }
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

#include "base/names.h"

#include "base/closest.h"

bool
sp_names_find(struct sp_names names, struct sp_str name, int *ret_value)
{
    size_t low = 0;
    size_t high = names.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = sp_str_compare(name, sp_str_of(names.rows[middle].name));
        if (order == 0) {
            *ret_value = names.rows[middle].value;
            return true;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return false;
}

const char *
sp_names_of(struct sp_names names, int value)
{
    for (size_t i = 0; i < names.count; i++) {
        if (names.rows[i].value == value && !names.rows[i].alias) {
            return names.rows[i].name;
        }
    }
    return NULL;
}

const char *
sp_names_closest(struct sp_names names, struct sp_str word)
{
    struct sp_closest closest = sp_closest_to(word);

    for (size_t i = 0; i < names.count; i++) {
        sp_closest_offer(&closest, names.rows[i].name);
    }
    return closest.count > 0 ? closest.best[0].name : NULL;
}

/* Answers of one side to one call in all environments, each content kept once. */
#include "ops/diff_work.h"

#include <string.h>

static uint64_t
hash_key(const uint64_t *key, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ key[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 31;
    }
    return hash;
}

/* ---- the content as numbers -------------------------------------------------------------- */

struct key {
    struct sp_arena *arena;
    SP_VEC(uint64_t) numbers;
};

static void
add(struct key *key, uint64_t number)
{
    uint64_t *place = sp_vec_push(key->arena, &key->numbers);

    if (place != NULL) {
        *place = number;
    }
}

static uint64_t
version_number(struct sp_version version)
{
    return (uint64_t)version.major << 32 | (uint64_t)version.minor << 16 | version.patch;
}

static uint64_t
hash_text(const char *text)
{
    uint64_t hash = 1;

    for (; text != NULL && *text != '\0'; text++) {
        hash = hash * 31 + (unsigned char)*text;
    }
    return hash;
}

static void
add_guards(struct key *key, const struct sp_case_guards *guards)
{
    add(key, guards->all.count);
    for (size_t i = 0; i < guards->all.count; i++) {
        const struct sp_case_guard *guard = &guards->all.at[i];
        add(key, guard->caps);
        add(key, guard->without_caps);
        add(key, version_number(guard->from));
        add(key, version_number(guard->before));
    }
}

static void
add_answer(struct key *key, const struct sp_diff_record *record,
           const struct sp_diff_answer *answer)
{
    add(key, (uint64_t)answer->start << 32 | answer->by_default);
    add(key, answer->why == NULL ? 0 : hash_text(answer->why));
    add(key, answer->environment->caps);
    for (size_t i = 0; answer->places != NULL && i < record->place_count; i++) {
        const struct sp_diff_place *place = &answer->places[i];
        add(key, (uint64_t)(place->arch - sp_kb_arches) << 40 | (uint64_t)place->is_stubbed << 32
                     | place->verdicts);
    }
}

static void
make_key(struct key *key, const struct sp_diff_record *record)
{
    add(key, (uint64_t)(record->asked->base.host - sp_kb_arches) << 1 | record->too_many);
    add_guards(key, &record->guards);
    add(key, record->place_count);
    add(key, record->answer_count);
    for (size_t i = 0; i < record->answer_count; i++) {
        add_answer(key, record, &record->answers[i]);
    }
}

/* ---- copies ------------------------------------------------------------------------------ */

/* A copy in the arena; NULL when there is no memory, or nothing to copy. */
static void *
copy_of(struct sp_arena *arena, const void *from, size_t count, size_t size)
{
    void *copy = count == 0 ? NULL : sp_arena_array(arena, count, size);

    if (copy != NULL) {
        memcpy(copy, from, count * size);
    }
    return copy;
}

static void
copy_answer(struct sp_arena *arena, const struct sp_diff_record *record,
            struct sp_diff_answer *answer)
{
    answer->environment = copy_of(arena, answer->environment, 1, sizeof *answer->environment);
    if (answer->why != NULL) {
        answer->why = sp_arena_copy(arena, sp_str_of(answer->why));
    }
    if (answer->places != NULL) {
        answer->places = copy_of(arena, answer->places, record->place_count,
                                 sizeof *answer->places);
    }
}

static struct sp_diff_record *
copy_record(struct sp_arena *arena, const struct sp_diff_record *record)
{
    struct sp_diff_record *copy = sp_arena_new(arena, struct sp_diff_record);
    struct sp_diff_answer *answers = copy_of(arena, record->answers, record->answer_count,
                                             sizeof *answers);

    if (copy == NULL) {
        return NULL;
    }
    *copy = *record;
    copy->answers = answers;
    for (size_t i = 0; answers != NULL && i < record->answer_count; i++) {
        copy_answer(arena, record, &answers[i]);
    }
    copy->guards.all.at = copy_of(arena, record->guards.all.at, record->guards.all.count,
                                  sizeof *record->guards.all.at);
    copy->guards.steps.at = copy_of(arena, record->guards.steps.at, record->guards.steps.count,
                                    sizeof *record->guards.steps.at);
    copy->key = copy_of(arena, record->key, record->key_len, sizeof *record->key);
    return arena->failed ? NULL : copy;
}

/* ---- keeping ----------------------------------------------------------------------------- */

const struct sp_diff_record *
sp_diff_record_intern(struct sp_diff_sides *sides, const struct sp_diff_record *record)
{
    SP_SCRATCH(scratch);
    struct key key = { .arena = &scratch };

    make_key(&key, record);
    if (scratch.failed) {
        return NULL;
    }
    size_t slot = hash_key(key.numbers.at, key.numbers.count) % SP_DIFF_SLOTS;
    struct sp_diff_record *known = sides->records[slot];
    for (; known != NULL; known = known->next) {
        if (known->key_len == key.numbers.count
            && memcmp(known->key, key.numbers.at, key.numbers.count * sizeof *known->key) == 0) {
            return known;
        }
    }

    struct sp_diff_record keyed = *record;
    keyed.key = key.numbers.at;
    keyed.key_len = key.numbers.count;
    struct sp_diff_record *kept = copy_record(sides->arena, &keyed);
    if (kept != NULL) {
        kept->next = sides->records[slot];
        sides->records[slot] = kept;
    }
    return kept;
}

/* Environments that keep the same guards are answered alike. */
static bool
keep_the_same(const struct sp_case_guards *guards, const struct sp_environment *left,
              const struct sp_environment *right)
{
    for (size_t i = 0; i < guards->all.count; i++) {
        if (sp_case_guard_holds(&guards->all.at[i], left)
            != sp_case_guard_holds(&guards->all.at[i], right)) {
            return false;
        }
    }
    return true;
}

const struct sp_diff_answer *
sp_diff_record_answer(const struct sp_diff_record *record,
                      const struct sp_environment *environment)
{
    for (size_t i = 0; i < record->answer_count; i++) {
        if (keep_the_same(&record->guards, record->answers[i].environment, environment)) {
            return &record->answers[i];
        }
    }
    return NULL;
}

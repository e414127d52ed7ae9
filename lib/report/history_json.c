#include "report/history_work.h"

#include "report/explain_verdict.h"
#include "report/witness.h"

static void
add_answer(struct sp_json *json, struct cJSON *run, const struct sp_history_answer *answer)
{
    if (sp_history_is_one(answer)) {
        sp_verdict_json(json, run, "verdict", answer->parts.at[0].verdict);
        return;
    }
    if (!answer->starts) {
        sp_json_bool(json, run, "starts", false);
        return;
    }
    struct cJSON *list = sp_json_array(json, run, "verdicts");
    for (size_t i = 0; i < answer->parts.count; i++) {
        struct cJSON *part = sp_json_object(json, list, NULL);
        sp_json_string(json, part, "conditions", answer->parts.at[i].words);
        sp_verdict_json(json, part, "verdict", answer->parts.at[i].verdict);
    }
}

static void
add_line(struct sp_json *json, struct cJSON *list, const struct sp_history *history,
         const struct sp_history_line *line, uint64_t caps)
{
    struct cJSON *object = sp_json_object(json, list, NULL);

    sp_json_string(json, object, "series", sp_kb_text(history->series->name));
    sp_json_string(json, object, "arch", sp_kb_text(history->arch->name));
    sp_explain_caps(json, object, "caps", caps);
    struct cJSON *runs = sp_json_array(json, object, "runs");
    for (size_t i = 0; i < line->runs.count; i++) {
        const struct sp_history_run *run = &line->runs.at[i];
        struct cJSON *added = sp_json_object(json, runs, NULL);
        sp_json_string(json, added, "from", sp_kb_text(run->from->version));
        sp_json_string(json, added, "to", sp_kb_text(run->to->version));
        add_answer(json, added, &history->answers.at[run->answer]);
    }
}

/* Each capability by itself: "caps" of an object are there together. */
static void
add_history(struct sp_json *json, struct cJSON *list, const struct sp_history *history)
{
    for (size_t i = 0; i < history->lines.count; i++) {
        const struct sp_history_line *line = &history->lines.at[i];
        if (line->caps == 0) {
            add_line(json, list, history, line, 0);
        }
        for (uint64_t rest = line->caps; rest != 0; rest &= rest - 1) {
            add_line(json, list, history, line, rest & -rest);
        }
    }
}

void
sp_history_json(const struct sp_histories *histories, struct sp_json *json)
{
    struct cJSON *list = sp_json_array(json, NULL, "history");

    for (size_t i = 0; i < histories->all.count; i++) {
        if (histories->all.at[i].arch != NULL) {
            add_history(json, list, &histories->all.at[i]);
        }
    }
}

/* The linter: a table of rules, each one function over what is known of one file.
 *
 * A rule asks the document for questions of form, the profile for questions of content, and
 * reports under its own code; its texts stand in `data/rules/SPnnn-slug.yaml`.  Rules do not
 * look at each other's findings: where one fault would show twice, the order of the phases
 * keeps the second silent. */
#ifndef SP_LINT_LINT_H
#define SP_LINT_LINT_H

#include "base/arena.h"
#include "format/profile_read.h"
#include "kb/kb.h"
#include "model/profile.h"
#include "model/target.h"
#include "text/doc.h"
#include "text/report.h"

#include <stdbool.h>
#include <stddef.h>

/* What a rule sees of one file. */
struct sp_lint {
    struct sp_arena *arena;  /* lives as long as the report */
    const struct sp_doc *doc;
    struct sp_detected detected;
    bool is_json;  /* the text is JSON, which engines decode: what is said of them holds */
    const struct sp_profile *profile;  /* never NULL; empty where nothing could be read */
    const struct sp_target *target;  /* what is not given counts in every case */
    struct sp_report *report;
    struct sp_validity *validity;     /* lint/validate.h: what is asked beyond findings; NULL = nothing */
    struct sp_lint_meaning *meaning;  /* for rules of SP_PHASE_MEANING (lint/meaning.h); NULL for others */
};

/* When a rule can be asked. */
enum sp_lint_phase {
    SP_PHASE_DOCUMENT,  /* any JSON text */
    SP_PHASE_PROFILE,   /* only when there is an object to read as profile */
    SP_PHASE_MEANING,   /* only when all of it could be read: what the profile does */
};

struct sp_lint_rule {
    unsigned code;
    enum sp_lint_phase phase;
    void (*check)(const struct sp_lint *lint);
};

/* Every rule that has a function, sorted by code. Rules of the readers (SP101, the limits of
 * SP116) have none: they report while reading. */
extern const struct sp_lint_rule sp_lint_rules[];
extern const size_t sp_lint_rule_count;

/* How a source is read. */
struct sp_lint_reading {
    const struct sp_doc_limits *limits;
    enum sp_dialect dialect;  /* UNKNOWN: the source tells */
};

/* Reads a source and asks every rule.  Findings are in `report`, in order, with severity decided.  Only
 * findings in JSON have edits.  False when there is no memory. */
bool
sp_lint_source(struct sp_arena *arena, const struct sp_source *source,
               struct sp_lint_reading reading, const struct sp_target *target,
               struct sp_report *report);

/* The same for a file that was found in a folder: when it is no profile and does not want to be one,
 * nothing is asked, and `ret_other` says what it is ("a Compose file"); else it is set to NULL. */
bool
sp_lint_member(struct sp_arena *arena, const struct sp_source *source,
               struct sp_lint_reading reading, const struct sp_target *target,
               struct sp_report *report, const char **ret_other);

/* ---- which codes: "SP101", "SP1", "json-syntax", "all" ---- */

/* A selection of rules: one flag for each row of sp_kb_rules. */
struct sp_selection {
    bool *on;  /* sp_kb_rules_count flags */
};

/* A word of --select or --ignore; false when it names no rule. */
bool
sp_selection_set(struct sp_selection *selection, struct sp_str word, bool on);

#endif

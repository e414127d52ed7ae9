#include "format/read.h"

#include "format/bpf_read.h"
#include "format/firejail_read.h"
#include "format/kafel_read.h"
#include "format/list_read.h"
#include "format/minijail_read.h"
#include "format/read_looks.h"
#include "format/spo_read.h"
#include "format/systemd_read.h"
#include "model/bpf.h"
#include "text/json_read.h"

typedef bool
sp_read_text(struct sp_arena *arena, const struct sp_source *source,
             const struct sp_doc_limits *limits, struct sp_report *report, struct sp_doc *ret_doc);

enum { ENDINGS = 8 };

/* How a text is read; one dialect may have several. */
struct reader {
    enum sp_dialect dialect;        /* UNKNOWN: the document tells */
    const char *language;
    const char *endings[ENDINGS];
    uint32_t record;                /* of its sources (text/source.h) */
    bool (*looks)(struct sp_str text);
    sp_read_text *read;
};

enum { JSON, YAML };

/* The order is that in which texts are looked at. Endings that several readers share, and
 * `.conf`, tell nothing without a look. */
static const struct reader readers[] = {
    [JSON] = {
        .language = "JSON", .endings = { ".json" },
        .looks = sp_read_looks_json, .read = sp_json_read,
    },
    [YAML] = {
        .language = "YAML", .endings = { ".yaml", ".yml" },
        .looks = sp_read_looks_yaml, .read = sp_spo_read_yaml,
    },
    {
        .dialect = SP_DIALECT_SYSTEMD, .language = "systemd unit",
        .endings = { ".service", ".socket", ".mount", ".swap", ".conf" },
        .looks = sp_read_looks_systemd, .read = sp_systemd_read,
    },
    {
        .dialect = SP_DIALECT_MINIJAIL, .language = "minijail policy", .endings = { ".policy" },
        .looks = sp_read_looks_minijail, .read = sp_minijail_read,
    },
    {
        .dialect = SP_DIALECT_KAFEL, .language = "Kafel policy", .endings = { ".kafel", ".policy" },
        .looks = sp_read_looks_kafel, .read = sp_kafel_read,
    },
    {
        .dialect = SP_DIALECT_LIST, .language = "list of system calls", .endings = { ".list", ".txt" },
        .looks = sp_read_looks_list, .read = sp_list_read,
    },
    {
        .dialect = SP_DIALECT_FIREJAIL, .language = "firejail profile",
        .endings = { ".profile", ".local" },
        .looks = sp_read_looks_firejail, .read = sp_firejail_read,
    },
    {
        .dialect = SP_DIALECT_BPF, .language = "BPF program", .endings = { ".bpf" },
        .record = sizeof(struct sp_bpf_insn),
        .looks = sp_bpf_read_looks, .read = sp_bpf_read,
    },
};

enum { READERS = sizeof readers / sizeof *readers };

/* ---- which reader ---------------------------------------------------------------------- */

static bool
has_ending(const struct reader *reader, struct sp_str name)
{
    for (size_t i = 0; i < ENDINGS && reader->endings[i] != NULL; i++) {
        if (sp_str_has_suffix(name, reader->endings[i])) {
            return true;
        }
    }
    return false;
}

bool
sp_read_has_ending(const char *path)
{
    for (size_t i = 0; i < READERS; i++) {
        if (has_ending(&readers[i], sp_str_of(path))) {
            return true;
        }
    }
    return false;
}

/* Of the readers with the name's ending (or of all) the one that the text looks like. */
static const struct reader *
find_alike(struct sp_str name, struct sp_str text, bool by_ending)
{
    for (size_t i = 0; i < READERS; i++) {
        if ((!by_ending || has_ending(&readers[i], name)) && readers[i].looks(text)) {
            return &readers[i];
        }
    }
    return NULL;
}

/* The ending counts, but for JSON in a file that ends otherwise. */
static const struct reader *
find_by_source(const struct sp_source *source)
{
    struct sp_str name = sp_str_of(source->name);

    if (has_ending(&readers[JSON], name) || sp_read_looks_json(source->text)) {
        return &readers[JSON];
    }
    const struct reader *alike = find_alike(name, source->text, true);
    if (alike != NULL) {
        return alike;
    }
    for (size_t i = 0; i < READERS; i++) {
        if (has_ending(&readers[i], name)) {
            return &readers[i];
        }
    }
    alike = find_alike(name, source->text, false);
    return alike != NULL ? alike : &readers[JSON];
}

/* Dialects without a reader of their own are written in JSON, and nearly so in YAML. */
static const struct reader *
find_reader(const struct sp_source *source, enum sp_dialect dialect)
{
    if (dialect == SP_DIALECT_UNKNOWN) {
        return find_by_source(source);
    }
    for (size_t i = 0; i < READERS; i++) {
        if (readers[i].dialect == dialect) {
            return &readers[i];
        }
    }
    if (sp_read_looks_json(source->text)) {
        return &readers[JSON];
    }
    return dialect == SP_DIALECT_SPO || sp_read_looks_yaml(source->text)
            || has_ending(&readers[YAML], sp_str_of(source->name))
        ? &readers[YAML] : &readers[JSON];
}

struct sp_source *
sp_read_source(struct sp_arena *arena, const char *name, struct sp_str text,
               enum sp_dialect dialect)
{
    struct sp_source *source = sp_source_new(arena, name, text);

    if (source != NULL) {
        source->record = find_reader(source, dialect)->record;
    }
    return source;
}

const char *
sp_read_language(const struct sp_source *source, enum sp_dialect dialect)
{
    return find_reader(source, dialect)->language;
}

bool
sp_read_is_json(const struct sp_source *source, enum sp_dialect dialect)
{
    return find_reader(source, dialect) == &readers[JSON];
}

/* Templates, and lists of many objects of which some hold profiles, are no profiles. */
bool
sp_read_is_meant(const struct sp_source *source, enum sp_dialect dialect)
{
    const struct reader *reader = find_reader(source, dialect);

    return reader == &readers[YAML] ? sp_read_looks_like_spo(source->text)
                                    : reader->looks(source->text);
}

/* ---- reading --------------------------------------------------------------------------- */

/* What somebody says it is, it is. */
static struct sp_detected
detect_forced(const struct sp_doc *doc, enum sp_dialect dialect)
{
    struct sp_detected detected = sp_profile_detect(doc);
    bool is_object = doc->root->kind == SP_NODE_OBJECT && doc->root->count > 0;

    if ((dialect == SP_DIALECT_DOCKER || dialect == SP_DIALECT_OCI) && is_object) {
        return (struct sp_detected){
            .looks = SP_LOOKS_PROFILE, .dialect = dialect, .profile = doc->root,
        };
    }
    if (dialect == SP_DIALECT_CONFIG && detected.looks != SP_LOOKS_CONFIG) {
        return (struct sp_detected){
            .looks = is_object ? SP_LOOKS_CONFIG_BARE : detected.looks, .dialect = dialect,
        };
    }
    return detected;
}

static bool
fail(struct sp_report *report, const struct sp_doc *doc, const char *message, const char *help)
{
    struct sp_diag *diag = sp_report_add(report, SP_CODE_SYNTAX, sp_at_node(doc, doc->root), "%s",
                                         message);

    sp_report_help(report, diag, "%s", help);
    return false;
}

/* A profile's own JSON, written in YAML: no engine reads that. */
static bool
check_yaml(const struct sp_doc *doc, const struct sp_detected *detected, struct sp_report *report)
{
    if (detected->profile == NULL || detected->looks == SP_LOOKS_EMPTY
        || detected->dialect == SP_DIALECT_SPO) {
        return true;
    }
    return fail(report, doc, "this profile is written in YAML, and engines read JSON",
                "write it as JSON; `--from docker` and `--from oci` read it as it is");
}

bool
sp_read_document(struct sp_arena *arena, const struct sp_source *source,
                 const struct sp_doc_limits *limits, enum sp_dialect dialect,
                 struct sp_report *report, struct sp_doc *ret_doc,
                 struct sp_detected *ret_detected)
{
    const struct reader *reader = find_reader(source, dialect);
    struct sp_doc doc;

    if (!reader->read(arena, source, limits, report, &doc)) {
        return false;
    }
    struct sp_detected detected = {
        .looks = SP_LOOKS_PROFILE, .dialect = reader->dialect, .profile = doc.root,
    };
    if (reader->dialect == SP_DIALECT_UNKNOWN) {
        detected = detect_forced(&doc, dialect);
    }
    if (reader == &readers[YAML] && dialect == SP_DIALECT_UNKNOWN
        && !check_yaml(&doc, &detected, report)) {
        return false;
    }
    if (dialect == SP_DIALECT_SPO && detected.dialect != SP_DIALECT_SPO) {
        return fail(report, &doc, "this is no SeccompProfile of the Security Profiles Operator",
                    "it begins with `apiVersion: security-profiles-operator.x-k8s.io/v1beta1` and "
                    "`kind: SeccompProfile`, and the profile stands at `spec`");
    }
    if (detected.dialect == SP_DIALECT_SPO && !sp_spo_read(&doc, &detected, report)) {
        return false;
    }
    *ret_doc = doc;
    *ret_detected = detected;
    return true;
}

void
sp_read_choose_engine(enum sp_dialect dialect, struct sp_target *target)
{
    if (!sp_dialect_is_foreign(dialect)) {
        return;
    }
    if (!target->engine_given) {
        target->engine = SP_ENGINE_OCI;
    }
    if (!target->engine_given && !target->runtime_given && dialect != SP_DIALECT_SPO) {
        target->runtime = SP_RUNTIME_CRUN;
    }
}

#include "format/spo_write_work.h"

#include <string.h>

/* ---- architectures ------------------------------------------------------------------- */

/* LOONGARCH64, M68K and SH are not in its list. */
static const struct sp_kb_arch *
find_arch(struct sp_str word)
{
    static const char *const unknown[] = { "loongarch64", "m68k", "sh", "sheb" };
    const struct sp_kb_arch *arch = sp_kb_arch_find(word);

    arch = arch == NULL ? sp_kb_arch_guess(word) : arch;
    for (size_t i = 0; arch != NULL && i < sizeof unknown / sizeof *unknown; i++) {
        if (strcmp(unknown[i], sp_kb_text(arch->name)) == 0) {
            return NULL;
        }
    }
    return arch;
}

static bool
is_host(const struct sp_spo_writer *writer, struct sp_str word)
{
    return sp_kb_arch_guess(word) == writer->environment->host;
}

static void
lose_arch(struct sp_spo_writer *writer, struct sp_str word)
{
    SP_BUF(what);

    sp_buf_format(&what, "the operator knows no architecture %.*s", SP_STR_ARG(word));
    if (what.failed) {
        writer->losses->failed = true;
        return;
    }
    sp_losses_add_arch(writer->losses, sp_kb_arch_guess(word), what.data,
                       "its programs are killed");
}

/* Each once: the lists of v1 are sets. */
static bool
stood_before(const struct sp_spo_writer *writer, size_t index, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < index; i++) {
        if (find_arch(writer->oci->arches.at[i]) == arch) {
            return true;
        }
    }
    return false;
}

void
sp_spo_write_arches(struct sp_spo_writer *writer)
{
    bool is_open = false;

    for (size_t i = 0; i < writer->oci->arches.count; i++) {
        struct sp_str word = writer->oci->arches.at[i];
        const struct sp_kb_arch *arch = find_arch(word);
        /* The machine's own is in every filter, named or not. */
        if (arch == NULL && !is_host(writer, word)) {
            lose_arch(writer, word);
        }
        if (arch == NULL || stood_before(writer, i, arch)) {
            continue;
        }
        if (!is_open) {
            sp_yaml_open(writer->yaml, "architectures", SP_NODE_ARRAY);
            is_open = true;
        }
        sp_yaml_text(writer->yaml, NULL, sp_str_of(sp_kb_text(arch->token)));
    }
    if (is_open) {
        sp_yaml_close(writer->yaml, SP_NODE_ARRAY);
    }
}

/* ---- lists of words ------------------------------------------------------------------ */

static bool
has_word_before(const struct sp_words *words, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (sp_str_equal(words->at[i].text, words->at[index].text)) {
            return true;
        }
    }
    return false;
}

void
sp_spo_write_set(struct sp_yaml *yaml, const char *key, const struct sp_words *words)
{
    sp_yaml_open(yaml, key, SP_NODE_ARRAY);
    for (size_t i = 0; i < words->count; i++) {
        if (!has_word_before(words, i)) {
            sp_yaml_text(yaml, NULL, words->at[i].text);
        }
    }
    sp_yaml_close(yaml, SP_NODE_ARRAY);
}

void
sp_spo_write_flags(struct sp_spo_writer *writer)
{
    if (writer->oci->flags.count > 0) {
        sp_spo_write_set(writer->yaml, "flags", &writer->oci->flags);
    } else if (writer->oci->flags.node != NULL
               && writer->environment->engine == SP_ENGINE_OCI) {
        sp_losses_add(writer->losses, NULL, "the operator drops an empty list of flags",
                      "the runtime sets SECCOMP_FILTER_FLAG_SPEC_ALLOW");
    }
}

/* ---- the listener -------------------------------------------------------------------- */

/* `^/var/run/security-profiles-operator/[a-zA-Z0-9_\-\.]+$`, at most 107 bytes. */
static bool
is_listener(struct sp_str path)
{
    enum { LONGEST = 107 };
    const char *folder = "/var/run/security-profiles-operator/";

    if (path.len > LONGEST || path.len == strlen(folder) || !sp_str_has_prefix(path, folder)) {
        return false;
    }
    for (size_t i = strlen(folder); i < path.len; i++) {
        char byte = path.ptr[i];
        if (!sp_spo_is_name_byte(sp_spo_lowered(byte)) && byte != '_' && byte != '-'
            && byte != '.') {
            return false;
        }
    }
    return true;
}

static bool
notifies(const struct sp_oci *oci)
{
    for (size_t i = 0; i < oci->rules.count; i++) {
        if (oci->rules.at[i].rule->action == SP_ACTION_NOTIFY) {
            return true;
        }
    }
    return false;
}

void
sp_spo_write_listener(struct sp_spo_writer *writer)
{
    struct sp_str path = writer->oci->listener_path.text;
    struct sp_str metadata = writer->oci->profile->listener_metadata.text;

    if (path.len == 0 || (!is_listener(path) && !notifies(writer->oci))) {
        return;
    }
    if (!is_listener(path)) {
        sp_losses_add(writer->losses, NULL,
                      "the operator takes listeners in "
                      "/var/run/security-profiles-operator/ alone",
                      "no listener is written");
        return;
    }
    sp_yaml_text(writer->yaml, "listenerPath", path);
    if (metadata.len > 0) {
        sp_yaml_text(writer->yaml, "listenerMetadata", metadata);
    }
}

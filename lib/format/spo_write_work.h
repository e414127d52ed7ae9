/* What the parts of the operator's writer share, for spo_*.c alone.
 *
 * Source: kubernetes-sigs/security-profiles-operator,
 * api/seccompprofile/v1beta1/seccompprofile_types.go,
 * api/seccompprofile/v1/seccompprofile_types.go, and the schemas in deploy/base-crds/crds
 * made of them. */
#ifndef SP_FORMAT_SPO_WRITE_WORK_H
#define SP_FORMAT_SPO_WRITE_WORK_H

#include "format/spo_write.h"
#include "text/yaml_write.h"

struct sp_spo_writer {
    struct sp_yaml *yaml;
    struct sp_buf *out;
    const struct sp_oci *oci;
    const struct sp_environment *environment;
    struct sp_losses *losses;
};

/* What calls get where no number is said. */
enum { SP_SPO_EPERM = 1 };

/* ---- spo_name.c ------------------------------------------------------------------------ */

/* a-z and 0-9: what names of Kubernetes begin and end with. */
bool
sp_spo_is_name_byte(char byte);

char
sp_spo_lowered(char byte);

/* ---- spo_words.c ----------------------------------------------------------------------- */

void
sp_spo_write_arches(struct sp_spo_writer *writer);

void
sp_spo_write_flags(struct sp_spo_writer *writer);

void
sp_spo_write_listener(struct sp_spo_writer *writer);

/* Each word once. */
void
sp_spo_write_set(struct sp_yaml *yaml, const char *key, const struct sp_words *words);

/* ---- spo_errno.c ----------------------------------------------------------------------- */

/* Of the default action the operator has no number: says what is lost. */
void
sp_spo_check_default_error(struct sp_spo_writer *writer);

/* A loss of all calls that the rule names. */
void
sp_spo_lose_names(struct sp_spo_writer *writer, const struct sp_oci_rule *rule,
                  const char *what, const char *became);

/* The rule's "errnoRet", where it has one that counts. */
void
sp_spo_write_error(struct sp_spo_writer *writer, const struct sp_oci_rule *rule);

/* ---- spo_rule.c ------------------------------------------------------------------------ */

/* A rule, but for one that would let more through if it lost what the operator cannot hold. */
void
sp_spo_write_rule(struct sp_spo_writer *writer, const struct sp_oci_rule *rule);

#endif

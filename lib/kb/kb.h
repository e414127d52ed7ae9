/* The knowledge base: what is known of system calls, capabilities and the rest.
 *
 * The tables are made from `data/` when secprof is built (kbgen) and are constant: nothing is
 * read, relocated or sorted at start-up.  Texts are offsets into one pool, so that the tables
 * hold no pointer; `sp_kb_text` turns one into a C string.  Lists are ranges of a shared table:
 * a row says `first` and `count`.
 *
 *     const struct sp_kb_syscall *call = sp_kb_syscall_find(SP_STR("bpf"));
 *     puts(sp_kb_text(call->does));
 */
#ifndef SP_KB_KB_H
#define SP_KB_KB_H

#include "base/str.h"
#include "base/version.h"
#include "text/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An offset into the text pool; 0 is the empty text, "not known" or "does not apply". */
typedef uint32_t sp_text;

struct sp_kb_range {
    uint16_t first;
    uint16_t count;
};

/* A kernel version: major << 16 | minor << 8 | patch; 0 = not known. */
typedef uint32_t sp_kernel;

enum { SP_KB_NO_NUMBER = -1 };

/* A number column of `data/syscalls/`: several architectures may share one. */
struct sp_kb_table {
    sp_text name;
};

struct sp_kb_arch {
    sp_text name;        /* "x86_64": also libseccomp's, in lower case */
    sp_text token;       /* "SCMP_ARCH_X86_64" */
    uint32_t audit;      /* AUDIT_ARCH_* */
    uint32_t offset;     /* added to the table's number */
    uint8_t bits;        /* 32 or 64 */
    bool big_endian;
    uint8_t table;       /* index of its number column */
    sp_text docker;      /* what Docker compares includes.arches with; 0 = none */
    sp_text containers;  /* the same for Podman, Buildah and CRI-O */
    sp_text uname;       /* machine names, separated by space */
    sp_text also;        /* other spellings that people write, separated by space */
    sp_text compat;      /* names of the ABIs that the same kernel serves, separated by space */
};

struct sp_kb_arg {
    sp_text name;
    sp_text type;  /* C type */
    uint8_t bits;  /* that the kernel reads */
    bool pointer;
};

struct sp_kb_syscall {
    sp_text name;
    sp_text category;
    sp_text does;
    sp_text note;
    sp_kernel since;
    sp_kernel removed;            /* kernel from which it is gone; 0 = still there */
    bool args_known;
    struct sp_kb_range args;      /* of sp_kb_args */
    struct sp_kb_range gates;     /* of sp_kb_gates */
    struct sp_kb_range cves;      /* of sp_kb_cve_uses */
    struct sp_kb_range families;  /* of sp_kb_family_uses */
    struct sp_kb_range switches;  /* of sp_kb_switches whose `have` it is */
    uint16_t blocked;             /* 1 + index of its row in sp_kb_blocked; 0 = none */
};

enum sp_kb_gate_kind {
    SP_GATE_NONE,  /* the call itself asks for no capability */
    SP_GATE_ONE,
    SP_GATE_ANY,   /* any of caps */
    SP_GATE_ALL,   /* all of caps */
};

struct sp_kb_gate {
    uint16_t syscall;  /* index */
    sp_text when;
    enum sp_kb_gate_kind kind;
    uint64_t caps;     /* bit n: capability number n */
    sp_text scope;     /* "init", "self", "target", "net" ...; 0 for SP_GATE_NONE */
    sp_text file;      /* kernel source file */
    sp_kernel since;
    sp_kernel until;
    sp_text note;
};

/* Bits of sp_kb_cap.defaults. */
enum {
    SP_KB_DOCKER = 1,
    SP_KB_CONTAINERD = 2,
    SP_KB_PODMAN = 4,
    SP_KB_CRIO = 8,
};

struct sp_kb_cap {  /* the row's index is the capability's number */
    sp_text name;
    sp_kernel since;
    struct sp_kb_range permits;  /* of sp_kb_texts */
    sp_text risk;
    uint8_t defaults;
};

struct sp_kb_class {
    sp_text name;
    sp_text text;  /* reads well behind "because" */
};

enum sp_kb_verdict {
    SP_VERDICT_RIGHT,
    SP_VERDICT_INCOMPLETE,
    SP_VERDICT_OUTDATED,
    SP_VERDICT_WRONG,
};

/* A row of Docker's documented table of blocked calls. */
struct sp_kb_blocked {
    uint16_t syscall;
    uint8_t reason;      /* index of its class */
    sp_text why;
    sp_text gate;        /* capability that Docker's page names */
    sp_text wording;     /* "also" or "already" */
    sp_text exception;
    sp_text obsolete;    /* "yes" or a kernel version */
    enum sp_kb_verdict verdict;
    sp_text correction;
};

struct sp_kb_constant {
    sp_text name;
    sp_text note;
    uint64_t value;
    bool alias;
};

struct sp_kb_set {
    sp_text name;
    bool flags;      /* else an enumeration */
    uint64_t mask;   /* bits of the argument that it speaks of */
    struct sp_kb_range values;  /* of sp_kb_constants */
};

/* An argument that takes constants of a set; sorted by call and index. */
struct sp_kb_set_use {
    uint16_t syscall;
    uint8_t arg;
    uint8_t set;
};

struct sp_kb_cve {
    sp_text id;
    sp_text title;
    sp_text when;
    sp_text blocked;
    sp_text summary;
    sp_text source;
    struct sp_kb_range calls;  /* of sp_kb_indices: system calls */
};

struct sp_kb_family {
    sp_text name;
    sp_text kind;
    sp_text why;
    struct sp_kb_range members;  /* of sp_kb_indices: system calls */
};

struct sp_kb_switch {
    uint16_t have;
    uint16_t need;
    sp_text scope;
    sp_text since;
    sp_text fallback;
    sp_text why;
};

struct sp_kb_group {
    sp_text name;  /* with the @ */
    sp_text help;
    struct sp_kb_range members;  /* of sp_kb_texts: calls and other groups */
};

enum sp_kb_word_kind {
    SP_WORD_LIBC,     /* a function of the C library */
    SP_WORD_KERNEL,   /* the kernel's name of an entry point */
    SP_WORD_FEATURE,  /* a feature, served by several calls */
    SP_WORD_PSEUDO,   /* names no call at all */
};

/* A word that people write and that is no system call. */
struct sp_kb_word {
    sp_text name;
    enum sp_kb_word_kind kind;
    sp_text why;
    struct sp_kb_range calls;  /* of sp_kb_indices: system calls */
};

struct sp_kb_errno {
    sp_text name;
    sp_text text;
    uint16_t number;
    uint16_t mips, parisc, sparc, alpha;  /* where the number differs; else 0 */
    bool alias;
};

/* A name's first libseccomp: rows in order of versions; a name in none of them and not unknown
 * is known to the oldest, too. */
struct sp_kb_libseccomp {
    sp_text version;
    struct sp_kb_range adds;  /* of sp_kb_indices */
};

/* A rule of the linter. */
struct sp_kb_rule {
    uint16_t code;
    sp_text slug;
    enum sp_severity severity;
    sp_text since;    /* version of secprof */
    sp_text summary;
    sp_text why;
    sp_text fix;
    struct sp_kb_range references;  /* of sp_kb_texts */
    sp_text bad;
    sp_text good;
    sp_text options;
    struct sp_kb_range expect;      /* of sp_kb_texts: "line:column" */
};

extern const char sp_kb_pool[];
extern const sp_text sp_kb_texts[];
extern const uint16_t sp_kb_indices[];
extern const char sp_kb_date[];  /* newest `date` of all files, "2026-11-25" */

#define SP_KB_TABLE(type, name) \
    extern const struct type name[]; \
    extern const size_t name##_count

SP_KB_TABLE(sp_kb_table, sp_kb_tables);
SP_KB_TABLE(sp_kb_arch, sp_kb_arches);
SP_KB_TABLE(sp_kb_syscall, sp_kb_syscalls);  /* sorted by name */
SP_KB_TABLE(sp_kb_arg, sp_kb_args);
SP_KB_TABLE(sp_kb_gate, sp_kb_gates);
SP_KB_TABLE(sp_kb_cap, sp_kb_caps);
SP_KB_TABLE(sp_kb_class, sp_kb_classes);
SP_KB_TABLE(sp_kb_blocked, sp_kb_blocked);
SP_KB_TABLE(sp_kb_set, sp_kb_sets);
SP_KB_TABLE(sp_kb_constant, sp_kb_constants);
SP_KB_TABLE(sp_kb_set_use, sp_kb_set_uses);
SP_KB_TABLE(sp_kb_cve, sp_kb_cves);
SP_KB_TABLE(sp_kb_family, sp_kb_families);
SP_KB_TABLE(sp_kb_switch, sp_kb_switches);   /* sorted by `have` */
SP_KB_TABLE(sp_kb_group, sp_kb_groups);      /* sorted by name */
SP_KB_TABLE(sp_kb_word, sp_kb_words);        /* sorted by name */
SP_KB_TABLE(sp_kb_errno, sp_kb_errnos);      /* sorted by name */
SP_KB_TABLE(sp_kb_libseccomp, sp_kb_libseccomps);
SP_KB_TABLE(sp_kb_rule, sp_kb_rules);        /* sorted by code */

/* sp_kb_numbers[table * sp_kb_syscalls_count + syscall]: relative number or SP_KB_NO_NUMBER. */
extern const int32_t sp_kb_numbers[];
/* sp_kb_cve_uses, sp_kb_family_uses: rows of sp_kb_cves and sp_kb_families, by call. */
extern const uint16_t sp_kb_cve_uses[];
extern const uint16_t sp_kb_family_uses[];
/* Calls of each number column, sorted by number. */
extern const uint16_t sp_kb_by_number[];
extern const struct sp_kb_range sp_kb_number_ranges[];  /* by column */
/* Calls that the newest libseccomp does not know: of sp_kb_indices. */
extern const struct sp_kb_range sp_kb_libseccomp_unknown;

static inline const char *
sp_kb_text(sp_text text)
{
    return sp_kb_pool + text;
}

/* ---- look-ups: NULL when there is no such row ---- */

const struct sp_kb_syscall *
sp_kb_syscall_find(struct sp_str name);

/* The call that has `number` (with the architecture's offset) on `arch`. */
const struct sp_kb_syscall *
sp_kb_syscall_by_number(const struct sp_kb_arch *arch, uint32_t number);

/* The number of a call on an architecture, offset included; SP_KB_NO_NUMBER when it has none. */
int64_t
sp_kb_number(const struct sp_kb_arch *arch, const struct sp_kb_syscall *call);

static inline size_t
sp_kb_syscall_index(const struct sp_kb_syscall *call)
{
    return (size_t)(call - sp_kb_syscalls);
}

/* By name ("x86_64") or token ("SCMP_ARCH_X86_64"), exactly. */
const struct sp_kb_arch *
sp_kb_arch_find(struct sp_str name);

/* By any spelling: name, token, uname, `also`, letter case ignored. */
const struct sp_kb_arch *
sp_kb_arch_guess(struct sp_str word);

/* The architecture this library was built for; NULL when libseccomp has none. */
const struct sp_kb_arch *
sp_kb_arch_native(void);

/* Does a kernel of `host` run programs of `arch`, too? */
bool
sp_kb_arch_serves(const struct sp_kb_arch *host, const struct sp_kb_arch *arch);

/* "CAP_SYS_ADMIN", exactly. */
const struct sp_kb_cap *
sp_kb_cap_find(struct sp_str name);

/* Any letter case, with or without CAP_. */
const struct sp_kb_cap *
sp_kb_cap_guess(struct sp_str word);

/* What an engine gives a container that asks for nothing, as a set; `bit` is one of
 * sp_kb_cap.defaults. */
uint64_t
sp_kb_default_caps(unsigned bit);

const struct sp_kb_group *
sp_kb_group_find(struct sp_str name);

const struct sp_kb_word *
sp_kb_word_find(struct sp_str name);

const struct sp_kb_errno *
sp_kb_errno_find(struct sp_str name);

/* An errno as containers-common reads it: its name, or a decimal number of 32 bits. */
bool
sp_kb_errno_read(struct sp_str word, uint64_t *ret_number);

/* The name that is no alias; NULL when the number has none. */
const struct sp_kb_errno *
sp_kb_errno_by_number(uint64_t number);

const struct sp_kb_rule *
sp_kb_rule_find(unsigned code);

/* The set whose constants argument `arg` of a call takes. */
const struct sp_kb_set *
sp_kb_set_of(const struct sp_kb_syscall *call, unsigned arg);

/* The next set of an argument, from row `*row` (0 to begin with) of sp_kb_set_uses on; NULL at
 * the end.  An argument has a set for each part of it that means something else.  `call` may be NULL. */
const struct sp_kb_set *
sp_kb_set_next(const struct sp_kb_syscall *call, unsigned arg, size_t *row);

/* The newest kernel that a system call is known to have come with. */
struct sp_version
sp_kb_newest_kernel(void);

/* Does this libseccomp (0 = the newest) know the name of this call? Versions older than the
 * oldest row count as the oldest, newer ones as the newest. */
bool
sp_kb_libseccomp_knows(struct sp_version version, const struct sp_kb_syscall *call);

#endif

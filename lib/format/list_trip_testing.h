/* A profile's policies as a foreign text and back, for the tests of writers and readers. */
#ifndef SP_FORMAT_LIST_TRIP_TESTING_H
#define SP_FORMAT_LIST_TRIP_TESTING_H

#include "format/emission.h"
#include "text/report.h"

typedef void
sp_trip_writer(struct sp_emission *emission);

typedef bool
sp_trip_reader(struct sp_arena *arena, const struct sp_source *source,
               const struct sp_doc_limits *limits, struct sp_report *report,
               struct sp_doc *ret_doc);

struct sp_trip {
    struct sp_arena arena;
    struct sp_dd_store *store;
    struct sp_policies policies;  /* of the profile */
    struct sp_losses losses;
    struct sp_buf text;
    struct sp_policies read;      /* of the text that was read back; the same store */
    const char *refused;          /* why the text could not be read back */
};

/* Makes the policies and writes them.  False when the profile has none (refused, not
 * decided). */
bool
sp_trip_write(struct sp_trip *trip, struct sp_str profile,
              const struct sp_environment *environment, sp_trip_writer *write);

/* Reads the text back.  False when no container would start under it; `refused` then says
 * why if the rules of a profile are too weak for it: its reader could not carry it over, its
 * filter would be too long, or libseccomp would never finish it.  Everything else must be
 * readable. */
bool
sp_trip_read(struct sp_trip *trip, sp_trip_reader *read);

/* The policies of the host's architecture are the same for every call that no loss names;
 * answers how many calls were compared.  With `same_default` the defaults must be the same,
 * too. */
size_t
sp_trip_compare(struct sp_trip *trip, bool same_default);

/* Is there a loss about the whole whose `what` begins like this? */
bool
sp_trip_lost(const struct sp_trip *trip, const char *prefix);

/* What one of the trip's policies means for a call; of a 32-bit architecture without the upper
 * halves of arguments. */
sp_dd
sp_trip_meaning(struct sp_trip *trip, const struct sp_policy *policy, const char *name);

/* What the text that was read answers to a call. */
sp_verdict
sp_trip_verdict(struct sp_trip *trip, const char *name, const uint64_t args[SP_ARGS]);

void
sp_trip_end(struct sp_trip *trip);

/* The policies of a text of the reader's format on x86_64, in `read`; the text must be
 * readable and mean a filter. */
void
sp_trip_of_text(struct sp_trip *trip, struct sp_str text, sp_trip_reader *read);

/* The text of a file, which names more than `least` calls. */
void
sp_trip_of_file(const char *path, sp_trip_reader *read, size_t least);

/* One of the environments and profiles that every format is tried with: 0 docker, 1 podman,
 * 2 docker with all capabilities. */
enum { SP_TRIP_DEFAULTS = 3 };

struct sp_environment
sp_trip_default(int number, struct sp_buf *ret_text);

/* Random profiles from a seed, one after the other. */
struct sp_trips {
    size_t written;  /* had policies, which were written */
    size_t good;     /* ... and `check` liked them */
    size_t refused;  /* ... and it did not, as `refused` of the trip says */
};

struct sp_trips
sp_trip_random(uint64_t seed, size_t count, sp_trip_writer *write,
               bool (*check)(struct sp_trip *trip));

/* A table of texts that are refused: the message, its line and its column. */
struct sp_trip_refusal {
    const char *text;
    const char *message;
    unsigned line, column;
};

void
sp_trip_refuses(const struct sp_trip_refusal *refusal, sp_trip_reader *read);

#endif

/*
 * The undo journal of one process: what each change to a file was made to, and which changes were made durable since. It lies
 * outside of the log's folder, in the page cache, which outlives a killed process; undo-journal.ts reads it after the kill.
 *
 * A record is a header of 64 bytes, one or two names relative to the log's folder, and the bytes that stood where the change was
 * made. A change of content is recorded before it is made, a change of names after it was: so whenever the process dies, undoing
 * what the journal says gives a state that the disk may be in.
 */
#ifndef PARLEY_JOURNAL_H
#define PARLEY_JOURNAL_H

#include <stdint.h>
#include <sys/types.h>

enum journal_kind {
  JOURNAL_WRITE = 1,       /* length bytes at offset */
  JOURNAL_TRUNCATE = 2,    /* to length bytes */
  JOURNAL_SYNC = 3,        /* a file's content is durable */
  JOURNAL_SYNC_FAILED = 4, /* what was not durable by then never will be, unless it is written again */
  JOURNAL_CREATE = 5,      /* name came to be */
  JOURNAL_RENAME = 6,      /* name became other; other was the file `offset` before, or 0 */
  JOURNAL_UNLINK = 7,      /* name is gone */
  JOURNAL_SYNC_NAMES = 8   /* the names in the folder `name` are durable */
};

struct journal_record {
  uint32_t magic;
  uint32_t kind;
  uint64_t at_ns; /* monotonic: when the change or the sync began; orders the records of several processes */
  uint64_t inode;
  int64_t offset;
  int64_t length;
  int64_t old_size; /* of the file before the change */
  uint32_t name_bytes;
  uint32_t other_bytes;
  uint64_t old_bytes; /* how many bytes of old content follow */
};

uint64_t journal_now(void);
/* Creates the journal of this process in the folder; -1 where that fails. */
int journal_begin(const char *folder);
/* Appends a record, whole or not at all; magic and lengths are filled in. 0, or -1 with errno. */
int journal_append(struct journal_record *record, const char *name, const char *other, const void *old);
/* Keeps a file that is about to lose its name. */
void journal_bury(const char *path, uint64_t inode);

#endif

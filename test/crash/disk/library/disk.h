/* What the parts of the lossy disk share: which files are on it, and one change at a time. */
#ifndef PARLEY_DISK_H
#define PARLEY_DISK_H

#include <pthread.h>
#include <stdint.h>
#include <sys/types.h>

#include "faults.h"
#include "journal.h"

/* What a descriptor is open on: a file by its inode, or a folder by its name relative to the disk's. */
struct tracked {
  dev_t device;
  uint64_t inode;
  char *folder;
};

/* A call that stands before that of the C library; everything else stays within this library. */
#define REPLACES __attribute__((visibility("default")))

/* Held while a change is recorded and made. */
extern pthread_mutex_t disk_lock;

/* The path relative to the disk's folder ("" for that itself); NULL for one that is not on this disk. */
const char *on_disk(const char *path);
/* What the descriptor is open on; NULL where that is not on this disk. */
struct tracked *tracked_of(int fd);
/* Notes what a descriptor is open on. */
struct tracked *track(int fd, const char *name);
/* Records what stands where a change of content is to be made. 0, or -1 with errno. */
int journal_change(enum journal_kind kind, int fd, off_t offset, off_t length);
/* One step of a change: the process may die at it. */
void step(void);
/* For failures that the test could not be informed of. */
void give_up(const char *why);
/* The call of this name in the C library. */
void *real(const char *name);

/* The call that this library stands before, looked up once. */
#define REAL(name)                                             \
  (__extension__({                                             \
    static __typeof__(&name) found;                            \
    if (found == NULL) found = (__typeof__(&name))real(#name); \
    found;                                                     \
  }))

#endif

/*
 * A disk that loses power, as a library to be preloaded (LD_PRELOAD) into the process that is tested. The page cache outlives a killed
 * process, so what it wrote stays readable though it was never synced; this library journals how to undo each change (journal.h),
 * and the program of the test, having killed the process, takes back what was not durable (power-loss.ts).
 *
 * PARLEY_DISK_FOLDER   absolute, without links: files below it are on this disk, but for those below its folder `projections`, which
 *                      are thrown away at will
 * PARLEY_DISK_JOURNAL  folder for journals and for files that lost their names; on the same file system
 * PARLEY_DISK_FAULTS   the page of faults (faults.h)
 *
 * 1. Everything else passes untouched, and so does everything when the environment names no folder.
 * 2. One change at a time: record and change are never separated by another thread's.
 * 3. Nothing is ever synced for real: a sync is durable when, and only when, the journal says so.
 *
 * Replaced are the calls that Node makes on Linux for files by path and descriptor (content.c, syncs.c, names.c, clock.c); memory maps, links
 * and copies of files on this disk are not, since a log uses none.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"

#define MOST_FILES 65536

static const char *disk;
static size_t disk_bytes;
static struct tracked *tracked[MOST_FILES];
pthread_mutex_t disk_lock = PTHREAD_MUTEX_INITIALIZER;

void give_up(const char *why) {
  dprintf(STDERR_FILENO, "lossy disk: %s: %s\n", why, strerror(errno));
  abort();
}

void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL) give_up(name);
  return found;
}

__attribute__((constructor)) static void begin(void) {
  faults_begin();
  const char *folder = getenv("PARLEY_DISK_FOLDER");
  const char *journal = getenv("PARLEY_DISK_JOURNAL");
  if (folder == NULL || journal == NULL) return;
  if (journal_begin(journal) != 0) give_up("no journal can be made");
  disk_bytes = strlen(folder);
  disk = folder;
}

const char *on_disk(const char *path) {
  if (disk == NULL || path == NULL || strncmp(path, disk, disk_bytes) != 0) return NULL;
  const char *rest = path + disk_bytes;
  if (*rest == '\0') return rest;
  if (*rest != '/') return NULL;
  rest++;
  if (strncmp(rest, "projections", 11) == 0 && (rest[11] == '/' || rest[11] == '\0')) return NULL;
  return rest;
}

/* libuv closes by a bare system call, so the descriptor may be something else by now. Entries are never freed: a thread may look. */
struct tracked *tracked_of(int fd) {
  if (disk == NULL || fd < 0 || fd >= MOST_FILES) return NULL;
  struct tracked *entry = __atomic_load_n(&tracked[fd], __ATOMIC_SEQ_CST);
  struct stat about;
  if (entry == NULL) return NULL;
  if (fstat(fd, &about) == 0 && about.st_dev == entry->device && about.st_ino == entry->inode) return entry;
  __atomic_compare_exchange_n(&tracked[fd], &entry, NULL, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return NULL;
}

struct tracked *track(int fd, const char *name) {
  struct stat about;
  if (fd >= MOST_FILES || fstat(fd, &about) != 0) give_up("a descriptor cannot be tracked");
  struct tracked *entry = calloc(1, sizeof *entry);
  if (entry == NULL) give_up("a descriptor cannot be tracked");
  entry->device = about.st_dev;
  entry->inode = about.st_ino;
  if (S_ISDIR(about.st_mode)) entry->folder = strdup(name);
  __atomic_store_n(&tracked[fd], entry, __ATOMIC_SEQ_CST);
  return entry;
}

void step(void) {
  if (faults_deadly_step()) faults_die();
}

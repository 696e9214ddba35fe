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
 * Replaced are the calls that Node makes on Linux for files by path and descriptor; memory maps, links and copies of files on this
 * disk are not, since a log uses none.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "faults.h"
#include "journal.h"

#define MOST_FILES 65536

/* What a descriptor is open on: a file by its inode, or a folder by its name relative to the disk's. */
struct tracked {
  dev_t device;
  uint64_t inode;
  char *folder;
};

static const char *disk;
static size_t disk_bytes;
static struct tracked *tracked[MOST_FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The call that this library stands before, looked up once. */
#define REAL(name)                                             \
  (__extension__({                                             \
    static __typeof__(&name) found;                            \
    if (found == NULL) found = (__typeof__(&name))real(#name); \
    found;                                                     \
  }))

/* For what leaves nothing that the test could be told. */
static void give_up(const char *why) {
  dprintf(STDERR_FILENO, "lossy disk: %s: %s\n", why, strerror(errno));
  abort();
}

static void *real(const char *name) {
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

/* The path relative to the disk's folder ("" for that itself); NULL for one that is not on this disk. */
static const char *on_disk(const char *path) {
  if (disk == NULL || path == NULL || strncmp(path, disk, disk_bytes) != 0) return NULL;
  const char *rest = path + disk_bytes;
  if (*rest == '\0') return rest;
  if (*rest != '/') return NULL;
  rest++;
  if (strncmp(rest, "projections", 11) == 0 && (rest[11] == '/' || rest[11] == '\0')) return NULL;
  return rest;
}

/* libuv closes by a bare system call, so the descriptor may be something else by now. Entries are never freed: a thread may look. */
static struct tracked *of(int fd) {
  if (disk == NULL || fd < 0 || fd >= MOST_FILES) return NULL;
  struct tracked *entry = __atomic_load_n(&tracked[fd], __ATOMIC_SEQ_CST);
  struct stat about;
  if (entry == NULL) return NULL;
  if (fstat(fd, &about) == 0 && about.st_dev == entry->device && about.st_ino == entry->inode) return entry;
  __atomic_compare_exchange_n(&tracked[fd], &entry, NULL, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  return NULL;
}

static void track(int fd, const char *name) {
  struct stat about;
  if (fd >= MOST_FILES || fstat(fd, &about) != 0) give_up("a descriptor cannot be tracked");
  struct tracked *entry = calloc(1, sizeof *entry);
  if (entry == NULL) give_up("a descriptor cannot be tracked");
  entry->device = about.st_dev;
  entry->inode = about.st_ino;
  if (S_ISDIR(about.st_mode)) entry->folder = strdup(name);
  __atomic_store_n(&tracked[fd], entry, __ATOMIC_SEQ_CST);
}

static void step(void) {
  if (faults_deadly_step()) faults_die();
}

/* Changes of content. */

/* Records what stands where the next change is made. */
static int journal_change(enum journal_kind kind, int fd, off_t offset, off_t length) {
  struct stat about;
  if (fstat(fd, &about) != 0) return -1;
  struct journal_record record = {.kind = kind, .at_ns = journal_now(), .inode = about.st_ino};
  record.offset = offset;
  record.length = length;
  record.old_size = about.st_size;
  off_t from = kind == JOURNAL_TRUNCATE ? length : offset;
  off_t until = kind == JOURNAL_TRUNCATE || offset + length > about.st_size ? about.st_size : offset + length;
  void *old = NULL;
  if (until > from) {
    record.old_bytes = (uint64_t)(until - from);
    char path[64];
    old = malloc(record.old_bytes);
    /* The descriptor may be open for writing alone. */
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int reader = REAL(open64)(path, O_RDONLY | O_CLOEXEC);
    ssize_t kept = old == NULL ? -1 : pread64(reader, old, record.old_bytes, from);
    if (kept < 0) give_up("what stands in a file cannot be read");
    /* Another process may have made the file shorter meanwhile. */
    record.old_bytes = (uint64_t)kept;
    close(reader);
  }
  int result = journal_append(&record, NULL, NULL, old);
  free(old);
  return result;
}

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t offset) {
  if (faults_chance(faults->eintr_per_mille)) {
    faults_count(&faults->interruptions);
    errno = EINTR;
    return -1;
  }
  if (length > 1 && faults_chance(faults->short_per_mille)) {
    faults_count(&faults->short_writes);
    length = 1 + faults_random(length - 1);
  }
  pthread_mutex_lock(&lock);
  ssize_t room = faults_take_space(length);
  ssize_t written = -1;
  if (room >= 0 && journal_change(JOURNAL_WRITE, fd, offset, room) == 0) {
    step();
    if (faults_deadly_step()) {
      REAL(pwrite64)(fd, bytes, faults_random((uint64_t)room), offset);
      faults_die();
    }
    written = REAL(pwrite64)(fd, bytes, (size_t)room, offset);
    step();
  }
  pthread_mutex_unlock(&lock);
  return written;
}

/* A write where the descriptor stands. */
static ssize_t write_on(int fd, const void *bytes, size_t length) {
  int appends = (fcntl(fd, F_GETFL) & O_APPEND) != 0;
  off_t offset = lseek64(fd, 0, appends ? SEEK_END : SEEK_CUR);
  ssize_t written = write_at(fd, bytes, length, offset);
  if (written > 0) lseek64(fd, offset + written, SEEK_SET);
  return written;
}

/* Of several pieces the first that is not empty is written: a short write, which every caller must expect. */
static const struct iovec *first_piece(const struct iovec *pieces, int count) {
  for (int piece = 0; piece < count; piece++) {
    if (pieces[piece].iov_len > 0) return &pieces[piece];
  }
  return NULL;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  return of(fd) == NULL ? REAL(pwrite64)(fd, bytes, length, offset) : write_at(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  return of(fd) == NULL ? REAL(write)(fd, bytes, length) : write_on(fd, bytes, length);
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
  if (of(fd) == NULL) return REAL(writev)(fd, pieces, count);
  const struct iovec *piece = first_piece(pieces, count);
  return piece == NULL ? 0 : write_on(fd, piece->iov_base, piece->iov_len);
}

ssize_t pwritev64(int fd, const struct iovec *pieces, int count, off64_t offset) {
  if (of(fd) == NULL) return REAL(pwritev64)(fd, pieces, count, offset);
  const struct iovec *piece = first_piece(pieces, count);
  return piece == NULL ? 0 : write_at(fd, piece->iov_base, piece->iov_len, offset);
}

int ftruncate64(int fd, off64_t length) {
  if (of(fd) == NULL) return REAL(ftruncate64)(fd, length);
  pthread_mutex_lock(&lock);
  int result = journal_change(JOURNAL_TRUNCATE, fd, 0, length);
  if (result == 0) {
    step();
    result = REAL(ftruncate64)(fd, length);
    step();
  }
  pthread_mutex_unlock(&lock);
  return result;
}

/* Syncs. */

static int sync_of(const struct tracked *entry) {
  if (faults_chance(faults->eintr_per_mille)) {
    faults_count(&faults->interruptions);
    errno = EINTR;
    return -1;
  }
  struct journal_record record = {.kind = JOURNAL_SYNC, .at_ns = journal_now(), .inode = entry->inode};
  if (entry->folder != NULL) record.kind = JOURNAL_SYNC_NAMES;
  int64_t us = __atomic_load_n(&faults->sync_us, __ATOMIC_SEQ_CST);
  if (us > 0) usleep((useconds_t)faults_random((uint64_t)us));
  if (__atomic_load_n(&faults->lies, __ATOMIC_SEQ_CST) != 0) {
    faults_count(&faults->lies_told);
    return 0;
  }
  pthread_mutex_lock(&lock);
  step();
  int64_t failing = __atomic_load_n(&faults->failing_syncs, __ATOMIC_SEQ_CST);
  if (failing > 0) {
    __atomic_store_n(&faults->failing_syncs, failing - 1, __ATOMIC_SEQ_CST);
    faults_count(&faults->failed_syncs);
    if (entry->folder == NULL) record.kind = JOURNAL_SYNC_FAILED;
  }
  int result = failing > 0 && entry->folder != NULL ? 0 : journal_append(&record, entry->folder, NULL, NULL);
  step();
  pthread_mutex_unlock(&lock);
  faults_count(&faults->syncs);
  if (failing > 0) {
    errno = EIO;
    return -1;
  }
  return result;
}

int fsync(int fd) {
  const struct tracked *entry = of(fd);
  return entry == NULL ? REAL(fsync)(fd) : sync_of(entry);
}

int fdatasync(int fd) {
  const struct tracked *entry = of(fd);
  return entry == NULL ? REAL(fdatasync)(fd) : sync_of(entry);
}

/* Names. */

static int journal_name(enum journal_kind kind, uint64_t at_ns, uint64_t inode, const char *name) {
  struct journal_record record = {.kind = kind, .at_ns = at_ns, .inode = inode};
  return journal_append(&record, name, NULL, NULL);
}

static int open_on_disk(const char *path, const char *name, int flags, mode_t mode) {
  struct stat about;
  int existed = stat(path, &about) == 0;
  if (!existed && (flags & O_CREAT) != 0 && faults_take_space(1) < 0) return -1;
  int truncates = existed && (flags & O_TRUNC) != 0 && (flags & O_EXCL) == 0;
  step();
  uint64_t at_ns = journal_now();
  int fd = REAL(open64)(path, flags & ~O_TRUNC, mode);
  if (fd < 0) return fd;
  track(fd, name);
  if (!existed && journal_name(JOURNAL_CREATE, at_ns, tracked[fd]->inode, name) != 0) {
    REAL(unlink)(path);
    close(fd);
    errno = ENOSPC;
    return -1;
  }
  if (truncates) {
    if (journal_change(JOURNAL_TRUNCATE, fd, 0, 0) != 0) give_up("a file cannot be emptied");
    REAL(ftruncate64)(fd, 0);
  }
  step();
  return fd;
}

int open64(const char *path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  const char *name = on_disk(path);
  if (name == NULL) return REAL(open64)(path, flags, mode);
  pthread_mutex_lock(&lock);
  int fd = open_on_disk(path, name, flags, mode);
  pthread_mutex_unlock(&lock);
  return fd;
}

int rename(const char *from, const char *to) {
  const char *name = on_disk(from);
  const char *other = on_disk(to);
  if (name == NULL || other == NULL) return REAL(rename)(from, to);
  struct stat about;
  struct stat replaced;
  pthread_mutex_lock(&lock);
  struct journal_record record = {.kind = JOURNAL_RENAME, .at_ns = journal_now()};
  if (stat(from, &about) == 0) record.inode = about.st_ino;
  if (stat(to, &replaced) == 0) {
    record.offset = (int64_t)replaced.st_ino;
    journal_bury(to, replaced.st_ino);
  }
  step();
  int result = REAL(rename)(from, to);
  if (result == 0 && journal_append(&record, name, other, NULL) != 0) give_up("a name cannot be journaled");
  step();
  pthread_mutex_unlock(&lock);
  return result;
}

int unlink(const char *path) {
  const char *name = on_disk(path);
  struct stat about;
  if (name == NULL || stat(path, &about) != 0) return REAL(unlink)(path);
  pthread_mutex_lock(&lock);
  uint64_t at_ns = journal_now();
  journal_bury(path, about.st_ino);
  step();
  int result = REAL(unlink)(path);
  if (result == 0 && journal_name(JOURNAL_UNLINK, at_ns, about.st_ino, name) != 0) give_up("a name cannot be journaled");
  step();
  pthread_mutex_unlock(&lock);
  return result;
}

/* The time of day. */

static void shift(time_t *seconds, long *fraction, long fractions_in_second) {
  int64_t offset_ms = __atomic_load_n(&faults->clock_offset_ms, __ATOMIC_SEQ_CST);
  int64_t fractions = *fraction + (offset_ms % 1000) * (fractions_in_second / 1000);
  *seconds += offset_ms / 1000;
  if (fractions < 0) {
    fractions += fractions_in_second;
    *seconds -= 1;
  } else if (fractions >= fractions_in_second) {
    fractions -= fractions_in_second;
    *seconds += 1;
  }
  *fraction = (long)fractions;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = REAL(clock_gettime)(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    shift(&now->tv_sec, &now->tv_nsec, 1000000000L);
  }
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  int result = REAL(gettimeofday)(now, zone);
  if (result == 0) shift(&now->tv_sec, &now->tv_usec, 1000000L);
  return result;
}

time_t time(time_t *seconds) {
  struct timeval now;
  gettimeofday(&now, NULL);
  if (seconds != NULL) *seconds = now.tv_sec;
  return now.tv_sec;
}

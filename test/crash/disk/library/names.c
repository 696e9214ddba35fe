/* The lossy disk: what files are called. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"

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
  const struct tracked *entry = track(fd, name);
  if (!existed && journal_name(JOURNAL_CREATE, at_ns, entry->inode, name) != 0) {
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

REPLACES int open64(const char *path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  const char *name = on_disk(path);
  if (name == NULL) return REAL(open64)(path, flags, mode);
  pthread_mutex_lock(&disk_lock);
  int fd = open_on_disk(path, name, flags, mode);
  pthread_mutex_unlock(&disk_lock);
  return fd;
}

REPLACES int rename(const char *from, const char *to) {
  const char *name = on_disk(from);
  const char *other = on_disk(to);
  if (name == NULL || other == NULL) return REAL(rename)(from, to);
  struct stat about;
  struct stat replaced;
  pthread_mutex_lock(&disk_lock);
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
  pthread_mutex_unlock(&disk_lock);
  return result;
}

REPLACES int unlink(const char *path) {
  const char *name = on_disk(path);
  struct stat about;
  if (name == NULL || stat(path, &about) != 0) return REAL(unlink)(path);
  pthread_mutex_lock(&disk_lock);
  uint64_t at_ns = journal_now();
  journal_bury(path, about.st_ino);
  step();
  int result = REAL(unlink)(path);
  if (result == 0 && journal_name(JOURNAL_UNLINK, at_ns, about.st_ino, name) != 0) give_up("a name cannot be journaled");
  step();
  pthread_mutex_unlock(&disk_lock);
  return result;
}

#define _GNU_SOURCE
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MAGIC 0x314a4450u
#define PATH_BYTES 4096

static const char *place;
static int journal_fd = -1;
static off_t journal_bytes;

uint64_t journal_now(void) {
  struct timespec now;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int journal_begin(const char *folder) {
  char path[PATH_BYTES];
  place = folder;
  snprintf(path, sizeof path, "%s/%d-%llu.journal", folder, getpid(), (unsigned long long)journal_now());
  journal_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
  return journal_fd < 0 ? -1 : 0;
}

int journal_append(struct journal_record *record, const char *name, const char *other, const void *old) {
  record->magic = MAGIC;
  record->name_bytes = name == NULL ? 0 : (uint32_t)strlen(name);
  record->other_bytes = other == NULL ? 0 : (uint32_t)strlen(other);
  struct iovec parts[4] = {{record, sizeof *record},
                           {(void *)name, record->name_bytes},
                           {(void *)other, record->other_bytes},
                           {(void *)old, record->old_bytes}};
  size_t whole = 0;
  for (int part = 0; part < 4; part++) whole += parts[part].iov_len;
  ssize_t written = syscall(SYS_writev, journal_fd, parts, 4);
  if (written == (ssize_t)whole) {
    journal_bytes += written;
    return 0;
  }
  int reason = written < 0 ? errno : ENOSPC;
  syscall(SYS_ftruncate, journal_fd, journal_bytes);
  errno = reason;
  return -1;
}

void journal_bury(const char *path, uint64_t inode) {
  char grave[PATH_BYTES];
  snprintf(grave, sizeof grave, "%s/%llu.grave", place, (unsigned long long)inode);
  syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, grave, 0);
}

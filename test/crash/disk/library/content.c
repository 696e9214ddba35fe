/* The lossy disk: changes of what is in files. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "disk.h"

int journal_change(enum journal_kind kind, int fd, off_t offset, off_t length) {
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

/* A reader cannot tell from damage that fewer bytes than these are missing of what was written over zeros. */
#define LEAST_LOST_BYTES 8

/* How much of a write is made that is not made whole. */
static size_t part_of(size_t length) {
  return length <= LEAST_LOST_BYTES ? 0 : faults_random(length - LEAST_LOST_BYTES + 1);
}

/* How many of the bytes stand where the file has none yet: what is overwritten needs no room. */
static ssize_t take_room(int fd, size_t length, off_t offset) {
  struct stat about;
  if (fstat(fd, &about) != 0) return -1;
  size_t there = offset < about.st_size ? (size_t)(about.st_size - offset) : 0;
  if (there >= length) return (ssize_t)length;
  ssize_t room = faults_take_space(length - there);
  return room < 0 ? (there > 0 ? (ssize_t)there : -1) : (ssize_t)there + room;
}

static ssize_t write_at(int fd, const void *bytes, size_t length, off_t offset) {
  if (faults_chance(faults->eintr_per_mille)) {
    faults_count(&faults->interruptions);
    errno = EINTR;
    return -1;
  }
  if (length > 1 + LEAST_LOST_BYTES && faults_chance(faults->short_per_mille)) {
    faults_count(&faults->short_writes);
    length = 1 + part_of(length - 1);
  }
  pthread_mutex_lock(&disk_lock);
  ssize_t room = take_room(fd, length, offset);
  ssize_t written = -1;
  if (room >= 0 && journal_change(JOURNAL_WRITE, fd, offset, room) == 0) {
    step();
    if (faults_deadly_step()) {
      REAL(pwrite64)(fd, bytes, part_of((size_t)room), offset);
      faults_die();
    }
    written = REAL(pwrite64)(fd, bytes, (size_t)room, offset);
    step();
  }
  pthread_mutex_unlock(&disk_lock);
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

REPLACES ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  return tracked_of(fd) == NULL ? REAL(pwrite64)(fd, bytes, length, offset) : write_at(fd, bytes, length, offset);
}

REPLACES ssize_t write(int fd, const void *bytes, size_t length) {
  return tracked_of(fd) == NULL ? REAL(write)(fd, bytes, length) : write_on(fd, bytes, length);
}

REPLACES ssize_t writev(int fd, const struct iovec *pieces, int count) {
  if (tracked_of(fd) == NULL) return REAL(writev)(fd, pieces, count);
  const struct iovec *piece = first_piece(pieces, count);
  return piece == NULL ? 0 : write_on(fd, piece->iov_base, piece->iov_len);
}

REPLACES ssize_t pwritev64(int fd, const struct iovec *pieces, int count, off64_t offset) {
  if (tracked_of(fd) == NULL) return REAL(pwritev64)(fd, pieces, count, offset);
  const struct iovec *piece = first_piece(pieces, count);
  return piece == NULL ? 0 : write_at(fd, piece->iov_base, piece->iov_len, offset);
}

REPLACES int ftruncate64(int fd, off64_t length) {
  if (tracked_of(fd) == NULL) return REAL(ftruncate64)(fd, length);
  pthread_mutex_lock(&disk_lock);
  int result = journal_change(JOURNAL_TRUNCATE, fd, 0, length);
  if (result == 0) {
    step();
    result = REAL(ftruncate64)(fd, length);
    step();
  }
  pthread_mutex_unlock(&disk_lock);
  return result;
}

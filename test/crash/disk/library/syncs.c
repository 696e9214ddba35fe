/* The lossy disk: what makes changes durable. */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "disk.h"

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
  pthread_mutex_lock(&disk_lock);
  step();
  int64_t failing = __atomic_load_n(&faults->failing_syncs, __ATOMIC_SEQ_CST);
  if (failing > 0) {
    __atomic_store_n(&faults->failing_syncs, failing - 1, __ATOMIC_SEQ_CST);
    faults_count(&faults->failed_syncs);
    if (entry->folder == NULL) record.kind = JOURNAL_SYNC_FAILED;
  }
  int result = failing > 0 && entry->folder != NULL ? 0 : journal_append(&record, entry->folder, NULL, NULL);
  step();
  pthread_mutex_unlock(&disk_lock);
  faults_count(&faults->syncs);
  if (failing > 0) {
    errno = EIO;
    return -1;
  }
  return result;
}

REPLACES int fsync(int fd) {
  const struct tracked *entry = tracked_of(fd);
  return entry == NULL ? REAL(fsync)(fd) : sync_of(entry);
}

REPLACES int fdatasync(int fd) {
  const struct tracked *entry = tracked_of(fd);
  return entry == NULL ? REAL(fdatasync)(fd) : sync_of(entry);
}

#define _GNU_SOURCE
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE_BYTES 4096

static struct faults none = {.space_bytes = -1, .random = 1};
struct faults *faults = &none;

void faults_begin(void) {
  const char *path = getenv("PARLEY_DISK_FAULTS");
  if (path == NULL) return;
  /* Straight to the kernel: the calls of the C library are the ones that this library replaces. */
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
  if (fd < 0) abort();
  void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  syscall(SYS_close, fd);
  if (page == MAP_FAILED) abort();
  faults = page;
}

static int64_t load(const int64_t *field) { return __atomic_load_n(field, __ATOMIC_SEQ_CST); }

/* Takes one from a counter that is above zero. Returns what it was. */
static int64_t take_one(int64_t *field) {
  int64_t value = load(field);
  while (value > 0 && !__atomic_compare_exchange_n(field, &value, value - 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
  }
  return value;
}

uint64_t faults_random(uint64_t bound) {
  uint64_t state = (uint64_t)__atomic_add_fetch(&faults->random, (int64_t)0x9e3779b97f4a7c15ULL, __ATOMIC_SEQ_CST);
  state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9ULL;
  state = (state ^ (state >> 27)) * 0x94d049bb133111ebULL;
  return bound == 0 ? 0 : (state ^ (state >> 31)) % bound;
}

int faults_chance(int64_t per_mille) { return per_mille > 0 && (int64_t)faults_random(1000) < per_mille; }

int faults_deadly_step(void) {
  if (take_one(&faults->steps_to_stop) == 1) {
    faults_count(&faults->stops);
    kill(getpid(), SIGSTOP);
  }
  return take_one(&faults->steps_to_death) == 1;
}

void faults_die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

ssize_t faults_take_space(size_t length) {
  int64_t left = load(&faults->space_bytes);
  for (;;) {
    if (left < 0) return (ssize_t)length;
    if (left == 0) {
      faults_count(&faults->refused_for_space);
      errno = ENOSPC;
      return -1;
    }
    int64_t taken = (int64_t)length < left ? (int64_t)length : left;
    if (__atomic_compare_exchange_n(&faults->space_bytes, &left, left - taken, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
      return (ssize_t)taken;
    }
  }
}

void faults_count(int64_t *counter) { __atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST); }

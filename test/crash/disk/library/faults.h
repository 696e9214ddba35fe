/*
 * What the disk and the clock are made to do wrong: a page of 64-bit numbers in a file that the program of the test writes at any
 * time and every process under test has mapped. fault-page.ts has the same order.
 */
#ifndef PARLEY_FAULTS_H
#define PARLEY_FAULTS_H

#include <stdint.h>
#include <sys/types.h>

struct faults {
  int64_t clock_offset_ms; /* added to the time of day */
  int64_t lies;            /* 1: a sync does nothing and says that it did */
  int64_t space_bytes;     /* how much more may be written; negative: no limit */
  int64_t failing_syncs;   /* so many syncs fail with EIO, and what they should have made durable never is */
  int64_t short_per_mille; /* of the writes, take a part of what they are given */
  int64_t eintr_per_mille; /* of the writes and syncs, are interrupted before they begin */
  int64_t sync_us;         /* a sync takes up to so many microseconds */
  int64_t steps_to_death;  /* the process is killed when it has taken so many steps of changing the disk; 0: never */
  int64_t steps_to_stop;   /* the same, and it is stopped (SIGSTOP) */
  int64_t random;          /* state of the generator */
  /* What came of it. */
  int64_t syncs;
  int64_t failed_syncs;
  int64_t lies_told;
  int64_t short_writes;
  int64_t interruptions;
  int64_t refused_for_space;
  int64_t stops;
};

extern struct faults *faults;

/* Maps the page named by the environment, or one of the process's own in which nothing is wrong. */
void faults_begin(void);
/* A number from 0 to bound - 1. */
uint64_t faults_random(uint64_t bound);
/* Whether an event of so many in a thousand happens now. */
int faults_chance(int64_t per_mille);
/* One step of a change to the disk: true when the process is to die at it. It may be stopped for a while. */
int faults_deadly_step(void);
/* A power cut as the process sees it: no handler runs, no buffer is flushed. */
void faults_die(void);
/* How much of a write there is room for; -1 with errno ENOSPC when there is none. */
ssize_t faults_take_space(size_t length);
void faults_count(int64_t *counter);

#endif

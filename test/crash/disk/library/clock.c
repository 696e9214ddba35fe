/* The time of day, as far off as the faults say. */
#define _GNU_SOURCE
#include <sys/time.h>
#include <time.h>

#include "disk.h"

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

REPLACES int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = REAL(clock_gettime)(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    shift(&now->tv_sec, &now->tv_nsec, 1000000000L);
  }
  return result;
}

REPLACES int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  int result = REAL(gettimeofday)(now, zone);
  if (result == 0) shift(&now->tv_sec, &now->tv_usec, 1000000L);
  return result;
}

REPLACES time_t time(time_t *seconds) {
  struct timeval now;
  gettimeofday(&now, NULL);
  if (seconds != NULL) *seconds = now.tv_sec;
  return now.tv_sec;
}

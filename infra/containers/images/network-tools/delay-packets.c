/*
 * Delays packets that iptables hands to a queue (NFQUEUE), each by a time of its own, so that later ones overtake earlier ones: what
 * `tc netem` does, for kernels that do not have it.
 *
 *   delay-packets QUEUE LEAST-MS MOST-MS SEED
 *
 * 1. Every packet goes on, once, after at least LEAST-MS and about MOST-MS at most.
 * 2. Where more wait than there is room for, the one that has waited longest goes on at once: a network that is full delays less, and
 *    loses nothing here.
 */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <libnetfilter_queue/libnetfilter_queue.h>

enum { ROOM = 16384, COPIED_BYTES = 0, BUFFER_BYTES = 1 << 16, SOCKET_BYTES = 1 << 22 };

struct waiting {
  uint32_t id;
  int64_t due_us;
};

static struct nfq_q_handle *queue;
static struct waiting heap[ROOM];
static int count;
static int64_t least_us, most_us;
static uint64_t seed;

static int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* xorshift64 */
static uint64_t draw(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static void swap(int one, int other) {
  struct waiting kept = heap[one];
  heap[one] = heap[other];
  heap[other] = kept;
}

static void add(struct waiting packet) {
  int at = count++;
  heap[at] = packet;
  for (; at > 0 && heap[at].due_us < heap[(at - 1) / 2].due_us; at = (at - 1) / 2)
    swap(at, (at - 1) / 2);
}

/* The one that is due first goes on. */
static void let_go(void) {
  nfq_set_verdict(queue, heap[0].id, NF_ACCEPT, 0, NULL);
  heap[0] = heap[--count];
  for (int at = 0;;) {
    int least = at;
    for (int child = 2 * at + 1; child <= 2 * at + 2; child++)
      if (child < count && heap[child].due_us < heap[least].due_us)
        least = child;
    if (least == at)
      return;
    swap(at, least);
    at = least;
  }
}

static int arrived(struct nfq_q_handle *from, struct nfgenmsg *message, struct nfq_data *data, void *own) {
  (void)from, (void)message, (void)own;
  struct nfqnl_msg_packet_hdr *header = nfq_get_msg_packet_hdr(data);
  if (header == NULL)
    return 0;
  if (count == ROOM)
    let_go();
  int64_t spread_us = most_us - least_us;
  int64_t delay_us = least_us + (spread_us == 0 ? 0 : (int64_t)(draw() % (uint64_t)spread_us));
  add((struct waiting){.id = ntohl(header->packet_id), .due_us = now_us() + delay_us});
  return 0;
}

static void fail(const char *what) {
  fprintf(stderr, "delay-packets: %s\n", what);
  exit(1);
}

static int64_t number(const char *text, int64_t most) {
  char *end;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  if (errno != 0 || *end != '\0' || end == text || value < 0 || value > most)
    fail("takes QUEUE LEAST-MS MOST-MS SEED, all of them numbers");
  return value;
}

static struct nfq_handle *open_queue(int64_t number) {
  struct nfq_handle *handle = nfq_open();
  if (handle == NULL)
    fail("the kernel has no queues for packets (nfnetlink_queue), or this may not use them (NET_ADMIN)");
  queue = nfq_create_queue(handle, (uint16_t)number, arrived, NULL);
  if (queue == NULL)
    fail("the queue is taken");
  /* The packets themselves stay in the kernel. */
  if (nfq_set_mode(queue, NFQNL_COPY_META, COPIED_BYTES) < 0 || nfq_set_queue_maxlen(queue, ROOM) < 0)
    fail("the queue cannot be set up");
  nfnl_rcvbufsiz(nfq_nfnlh(handle), SOCKET_BYTES);
  return handle;
}

int main(int argc, char **argv) {
  if (argc != 5)
    fail("takes QUEUE LEAST-MS MOST-MS SEED");
  int64_t queue_number = number(argv[1], 65535);
  least_us = number(argv[2], 60000) * 1000;
  most_us = number(argv[3], 60000) * 1000;
  seed = (uint64_t)number(argv[4], INT64_MAX) * 2654435761u | 1;
  if (most_us < least_us)
    fail("MOST-MS is below LEAST-MS");
  struct nfq_handle *handle = open_queue(queue_number);
  struct pollfd ready = {.fd = nfq_fd(handle), .events = POLLIN};
  static char buffer[BUFFER_BYTES] __attribute__((aligned));
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    int64_t wait_us = count == 0 ? -1 : heap[0].due_us - now_us();
    int wait_ms = count == 0 ? -1 : wait_us <= 0 ? 0 : (int)((wait_us + 999) / 1000);
    if (poll(&ready, 1, wait_ms) > 0) {
      ssize_t length = recv(ready.fd, buffer, sizeof buffer, 0);
      /* ENOBUFS: the kernel had more to tell than there was room; what it did not tell it has dropped. */
      if (length < 0 && errno != ENOBUFS && errno != EINTR)
        fail("the queue ended");
      if (length > 0)
        nfq_handle_packet(handle, buffer, (int)length);
    }
    while (count > 0 && heap[0].due_us <= now_us())
      let_go();
  }
}

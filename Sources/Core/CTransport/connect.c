#include "internal.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int64_t ct_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool ct_fail(ct_error *error, ct_failure failure, const char *format, ...) {
  va_list arguments;
  error->failure = failure;
  va_start(arguments, format);
  vsnprintf(error->message, error->capacity, format, arguments);
  va_end(arguments);
  /* Names in certificates and answers are the peer's words: they must not break a log line. */
  for (unsigned char *byte = (unsigned char *)error->message; *byte; byte++)
    if (*byte < 0x20 || *byte == 0x7f) *byte = '?';
  return false;
}

int ct_poll(int fd, short events, int wake_fd, int64_t deadline) {
  struct pollfd fds[2] = {{fd, events, 0}, {wake_fd, POLLIN, 0}};
  for (;;) {
    int64_t left = deadline - ct_now();
    if (left < 0) left = 0;
    if (left > 3600000) left = 3600000;
    int ready = poll(fds, 2, (int)left);
    if (ready > 0) return fds[1].revents ? -1 : 1;
    if (ready == 0 && ct_now() >= deadline) return 0;
    if (ready < 0 && errno != EINTR) return 1; /* the next system call on fd tells */
  }
}

ct_failure ct_read_all(int fd, uint8_t *bytes, size_t length, int wake_fd, int64_t deadline) {
  while (length > 0) {
    ssize_t got = recv(fd, bytes, length, 0);
    if (got == 0) return CT_CLOSED;
    if (got > 0) {
      bytes += got;
      length -= (size_t)got;
    } else if (errno == EAGAIN) {
      int ready = ct_poll(fd, POLLIN, wake_fd, deadline);
      if (ready <= 0) return ready == 0 ? CT_TIMED_OUT : CT_CANCELLED;
    } else if (errno != EINTR) {
      return CT_CLOSED;
    }
  }
  return CT_NO_FAILURE;
}

ct_failure ct_send_all(int fd, const uint8_t *bytes, size_t length, int wake_fd, int64_t deadline) {
  while (length > 0) {
    ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes += sent;
      length -= (size_t)sent;
    } else if (errno == EAGAIN) {
      int ready = ct_poll(fd, POLLOUT, wake_fd, deadline);
      if (ready <= 0) return ready == 0 ? CT_TIMED_OUT : CT_CANCELLED;
    } else if (errno != EINTR) {
      return CT_CLOSED;
    }
  }
  return CT_NO_FAILURE;
}

/* A name lookup on a thread of its own: getaddrinfo() knows no deadline. Whoever lets go last frees it. */
struct lookup {
  atomic_int owners;
  char *host, port[8];
  int result, done_fd;
  struct addrinfo *found;
};

static void lookup_release(struct lookup *lookup) {
  if (atomic_fetch_sub(&lookup->owners, 1) != 1) return;
  if (lookup->found) freeaddrinfo(lookup->found);
  if (lookup->done_fd >= 0) close(lookup->done_fd);
  free(lookup->host);
  free(lookup);
}

static void *lookup_run(void *context) {
  struct lookup *lookup = context;
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
  lookup->result = getaddrinfo(lookup->host, lookup->port, &hints, &lookup->found);
  uint64_t one = 1;
  if (write(lookup->done_fd, &one, sizeof one) < 0) { /* an eventfd at zero always takes a one */
  }
  lookup_release(lookup);
  return NULL;
}

static bool lookup_start(struct lookup *lookup) {
  sigset_t all, before;
  pthread_t thread;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failed = pthread_create(&thread, NULL, lookup_run, lookup);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (!failed) pthread_detach(thread);
  return !failed;
}

/* The addresses of the host, to be freed with freeaddrinfo. */
static struct addrinfo *resolve(const ct_options *options, int64_t deadline, ct_error *error) {
  struct lookup *lookup = calloc(1, sizeof *lookup);
  struct addrinfo *found = NULL;
  if (!lookup) return ct_fail(error, CT_SYSTEM, "out of memory"), NULL;
  snprintf(lookup->port, sizeof lookup->port, "%u", (unsigned)options->port);
  struct addrinfo numeric = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
  if (getaddrinfo(options->host, lookup->port, &numeric, &found) == 0) return free(lookup), found;

  atomic_init(&lookup->owners, 2);
  lookup->host = strdup(options->host);
  lookup->done_fd = eventfd(0, EFD_CLOEXEC);
  if (!lookup->host || lookup->done_fd < 0 || !lookup_start(lookup)) {
    atomic_store(&lookup->owners, 1);
    lookup_release(lookup);
    return ct_fail(error, CT_SYSTEM, "cannot look up %s: %s", options->host, strerror(errno)), NULL;
  }
  uint64_t count;
  int ready = ct_poll(lookup->done_fd, POLLIN, options->wake_fd, deadline);
  if (ready > 0 && read(lookup->done_fd, &count, sizeof count) < 0) ready = 0;
  if (ready < 0) {
    ct_fail(error, CT_CANCELLED, "cancelled");
  } else if (ready == 0) {
    ct_fail(error, CT_TIMED_OUT, "the name %s was not resolved within %lld ms; check the name servers", options->host,
            (long long)options->timeout_ms);
  } else if (lookup->result != 0) {
    ct_fail(error, CT_NAME_NOT_FOUND, "the name %s cannot be resolved (%s); check its spelling and the name servers",
            options->host, gai_strerror(lookup->result));
  } else {
    found = lookup->found;
    lookup->found = NULL;
  }
  lookup_release(lookup);
  return found;
}

static void set_options(int fd) {
  int on = 1, idle = 60, interval = 10, probes = 6;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

/* Connects to one address; 0, an errno, or -1 when woken. */
static int connect_one(int fd, const struct addrinfo *to, int wake_fd, int64_t deadline) {
  if (connect(fd, to->ai_addr, to->ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS && errno != EINTR) return errno;
  int ready = ct_poll(fd, POLLOUT, wake_fd, deadline);
  if (ready <= 0) return ready == 0 ? ETIMEDOUT : -1;
  int result = 0;
  socklen_t size = sizeof result;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &size) == 0 ? result : errno;
}

static bool connect_failed(const ct_options *options, int reason, const char *tried, ct_error *error) {
  ct_failure failure = reason == ECONNREFUSED ? CT_REFUSED : reason == ETIMEDOUT ? CT_TIMED_OUT : CT_UNREACHABLE;
  const char *advice = failure == CT_REFUSED     ? "is the server running, and is the port right?"
                       : failure == CT_TIMED_OUT ? "is a firewall in between, or the address wrong?"
                                                 : "check the network and its routes";
  if (reason < 0) return ct_fail(error, CT_CANCELLED, "cancelled");
  return ct_fail(error, failure, "no connection to %s port %u: %s; %s", options->host, (unsigned)options->port, tried,
                 advice);
}

/* Tries every address, each with its share of the time that is left. */
int ct_connect(const ct_options *options, int64_t deadline, char *address, size_t capacity, ct_error *error) {
  struct addrinfo *found = resolve(options, deadline, error);
  int left = 0, fd = -1, reason = EADDRNOTAVAIL;
  char tried[512] = "no address";
  size_t used = 0;
  if (!found) return -1;
  for (struct addrinfo *each = found; each; each = each->ai_next) left++;
  for (struct addrinfo *each = found; each; each = each->ai_next, left--) {
    int64_t now = ct_now(), share = now + (deadline - now) / left;
    fd = socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    reason = fd < 0 ? errno : connect_one(fd, each, options->wake_fd, share);
    if (getnameinfo(each->ai_addr, each->ai_addrlen, address, (socklen_t)capacity, NULL, 0, NI_NUMERICHOST) != 0)
      snprintf(address, capacity, "unknown address");
    if (reason == 0 || reason == -1) break;
    int wrote = snprintf(tried + used, sizeof tried - used, "%s%s: %s", used ? "; " : "", address, strerror(reason));
    used = wrote > 0 && (size_t)wrote < sizeof tried - used ? used + (size_t)wrote : used;
    if (fd >= 0) close(fd);
    fd = -1;
  }
  freeaddrinfo(found);
  if (reason != 0) {
    if (fd >= 0) close(fd);
    connect_failed(options, reason, tried, error);
    return -1;
  }
  set_options(fd);
  return fd;
}

/* The Sockbuf_IO layer: libldap reads and writes here, and here alone the socket is touched. */
#include "internal.h"
#include <errno.h>
#include <lber.h>
#include <ldap.h>
#include <openldap.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BULK_LOW_WATER = 65536 };

static ssize_t end_session(ct_transport *transport, const char *why, int number) {
  if (!transport->closing[0])
    snprintf(transport->closing, sizeof transport->closing, "%s%s%s", why, number ? ": " : "",
             number ? strerror(number) : "");
  transport->ended = true;
  errno = number ? number : ECONNRESET;
  return number ? -1 : 0;
}

/* Reads from the socket once: bytes, 0 at the end, -1 with errno EWOULDBLOCK or an error. */
static ssize_t read_socket(ct_transport *transport, void *bytes, size_t length) {
  if (transport->ended) return end_session(transport, "", ECONNRESET);
  if (length > 1 << 20) length = 1 << 20;
  ssize_t got;
  int reason = SSL_ERROR_NONE;
  if (transport->ssl) {
    ERR_clear_error();
    got = SSL_read(transport->ssl, bytes, (int)length);
    if (got <= 0) reason = SSL_get_error(transport->ssl, (int)got);
    transport->wants_write = reason == SSL_ERROR_WANT_WRITE;
  } else {
    got = recv(transport->fd, bytes, length, 0);
    if (got < 0) reason = errno == EAGAIN || errno == EINTR ? SSL_ERROR_WANT_READ : SSL_ERROR_SYSCALL;
  }
  if (got > 0) {
    transport->last_move = ct_now();
    return got;
  }
  transport->readable = false;
  if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE) return errno = EWOULDBLOCK, -1;
  if (reason == SSL_ERROR_SSL) return end_session(transport, "the TLS session broke", EPROTO);
  if (reason == SSL_ERROR_SYSCALL && errno != 0) return end_session(transport, "the connection broke", errno);
  return end_session(transport, "the server closed the connection", 0);
}

static ssize_t read_some(ct_transport *transport, uint8_t *bytes, size_t length) {
  size_t buffered = transport->input_end - transport->input_start;
  if (buffered == 0 && length >= CT_INPUT) return read_socket(transport, bytes, length);
  if (buffered == 0) {
    ssize_t got = read_socket(transport, transport->input, CT_INPUT);
    if (got <= 0) return got;
    transport->input_start = 0;
    transport->input_end = buffered = (size_t)got;
  }
  if (length > buffered) length = buffered;
  memcpy(bytes, transport->input + transport->input_start, length);
  transport->input_start += length;
  return (ssize_t)length;
}

static ber_slen_t layer_read(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length) {
  ct_transport *transport = layer->sbiod_pvt;
  size_t done = 0;
  while (done < length) {
    if (done > 0 && transport->input_start == transport->input_end && !transport->readable) break;
    ssize_t got = read_some(transport, (uint8_t *)bytes + done, length - done);
    if (got <= 0) return done > 0 ? (ber_slen_t)done : got;
    done += (size_t)got;
  }
  return (ber_slen_t)done;
}

/* Sends queued bytes as far as the socket takes them. */
static void flush(ct_transport *transport) {
  while (transport->output_start < transport->output_end && !transport->ended) {
    const uint8_t *bytes = transport->output + transport->output_start;
    size_t length = transport->output_end - transport->output_start;
    ssize_t sent;
    if (length > 1 << 20) length = 1 << 20;
    if (transport->ssl) {
      ERR_clear_error();
      sent = SSL_write(transport->ssl, bytes, (int)length);
      int reason = sent > 0 ? SSL_ERROR_NONE : SSL_get_error(transport->ssl, (int)sent);
      if (reason == SSL_ERROR_WANT_WRITE || reason == SSL_ERROR_WANT_READ) return;
    } else {
      sent = send(transport->fd, bytes, length, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && errno == EAGAIN) return;
    }
    if (sent <= 0) {
      /* What the server said before it closed can still be read. */
      if (!transport->closing[0])
        snprintf(transport->closing, sizeof transport->closing, "the server closed the connection");
      transport->output_start = transport->output_end = 0;
      transport->readable = true;
      return;
    }
    transport->output_start += (size_t)sent;
    transport->last_move = ct_now();
  }
  transport->output_start = transport->output_end = 0;
}

/* Takes everything, so that libldap never sees a partial write: a request is sent while its answer is awaited. */
static ber_slen_t layer_write(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length) {
  ct_transport *transport = layer->sbiod_pvt;
  size_t end = transport->output_end;
  if (transport->ended || length > CT_OUTPUT_LIMIT || end + length > CT_OUTPUT_LIMIT) return errno = EPIPE, -1;
  if (end + length > transport->output_capacity) {
    size_t capacity = (end + length) * 2;
    uint8_t *grown = realloc(transport->output, capacity);
    if (!grown) return errno = ENOMEM, -1;
    transport->output = grown;
    transport->output_capacity = capacity;
  }
  memcpy(transport->output + end, bytes, length);
  transport->output_end = end + length;
  flush(transport);
  return (ber_slen_t)length;
}

static int layer_setup(Sockbuf_IO_Desc *layer, void *transport) {
  layer->sbiod_pvt = transport;
  return 0;
}

static int layer_remove(Sockbuf_IO_Desc *layer) {
  layer->sbiod_pvt = NULL;
  return 0;
}

static int layer_control(Sockbuf_IO_Desc *layer, int option, void *argument) {
  ct_transport *transport = layer->sbiod_pvt;
  if (option == LBER_SB_OPT_DATA_READY && (transport->readable || transport->input_start < transport->input_end))
    return 1;
  return LBER_SBIOD_CTRL_NEXT(layer, option, argument);
}

static int layer_close(Sockbuf_IO_Desc *layer) {
  ct_transport *transport = layer->sbiod_pvt;
  int before = errno;
  if (transport->ssl && !transport->ended) SSL_shutdown(transport->ssl);
  transport->ended = true;
  if (transport->fd >= 0) close(transport->fd);
  transport->fd = -1;
  errno = before;
  return 0;
}

static Sockbuf_IO layer = {layer_setup, layer_remove, layer_control, layer_read, layer_write, layer_close};

static Sockbuf *sockbuf(LDAP *handle) {
  Sockbuf *found = NULL;
  return ldap_get_option(handle, LDAP_OPT_SOCKBUF, &found) == LDAP_OPT_SUCCESS ? found : NULL;
}

struct ldap *ct_attach(ct_transport *transport, size_t maximum_pdu) {
  LDAP *handle = NULL;
  int version = LDAP_VERSION3, never = LDAP_DEREF_NEVER, none = LDAP_NO_LIMIT;
  ber_len_t maximum = maximum_pdu;
  /* The URL leads nowhere on purpose: libldap must never connect again by itself. */
  if (ldap_init_fd(transport->fd, LDAP_PROTO_EXT, "ldap://127.0.0.1:1", &handle) != LDAP_SUCCESS) return NULL;
  Sockbuf *buffer = sockbuf(handle);
  if (!buffer || ber_sockbuf_add_io(buffer, &layer, LBER_SBIOD_LEVEL_PROVIDER, transport) != 0) {
    ldap_unbind_ext_s(handle, NULL, NULL);
    return NULL;
  }
  ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &maximum);
  ldap_set_option(handle, LDAP_OPT_PROTOCOL_VERSION, &version);
  ldap_set_option(handle, LDAP_OPT_DEREF, &never);
  ldap_set_option(handle, LDAP_OPT_SIZELIMIT, &none);
  ldap_set_option(handle, LDAP_OPT_TIMELIMIT, &none);
  ldap_set_option(handle, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
  ldap_set_option(handle, LDAP_OPT_RESTART, LDAP_OPT_ON);
  ldap_set_option(handle, LDAP_OPT_KEEPCONN, LDAP_OPT_ON);
  return handle;
}

int ct_next(ct_transport *transport, struct ldap *handle, struct ldapmsg **message) {
  struct timeval now = {0, 0};
  Sockbuf *buffer = sockbuf(handle);
  *message = NULL;
  if (!buffer || !ber_sockbuf_ctrl(buffer, LBER_SB_OPT_DATA_READY, NULL)) return 0;
  errno = 0;
  int type = ldap_result(handle, LDAP_RES_ANY, LDAP_MSG_ONE, &now, message);
  if (type >= 0 || transport->closing[0]) return type;
  snprintf(transport->closing, sizeof transport->closing, "the server sent %s",
           errno == ERANGE ? "a message that is longer than the limit set here, or has a malformed length"
                           : "bytes that are no LDAP message");
  return -2;
}

static void set_low_water(ct_transport *transport, int bytes) {
  if (transport->low_water == bytes) return;
  if (setsockopt(transport->fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes) == 0) transport->low_water = bytes;
}

/* The moment to give up at: the deadline, or later where bytes move. */
static int64_t give_up(const ct_transport *transport, int64_t deadline, int64_t silence) {
  int64_t later = transport->last_move + silence;
  return silence > 0 && later > deadline ? later : deadline;
}

ct_wait_result ct_wait(ct_transport *transport, int wake_fd, int64_t deadline, int64_t silence, bool bulk) {
  flush(transport);
  if (transport->readable || transport->input_start < transport->input_end) return CT_WAIT_READY;
  if (transport->ended || transport->fd < 0) return CT_WAIT_CLOSED;
  if (bulk) {
    /* A server that writes entry by entry would wake us for each. */
    set_low_water(transport, BULK_LOW_WATER);
    struct pollfd soon = {transport->fd, POLLIN, 0};
    if (poll(&soon, 1, 1) > 0) return transport->readable = true, CT_WAIT_READY;
  }
  set_low_water(transport, 1);
  for (;;) {
    bool sending = transport->output_start < transport->output_end || transport->wants_write;
    short events = (short)(POLLIN | (sending ? POLLOUT : 0));
    int ready = ct_poll(transport->fd, events, wake_fd, give_up(transport, deadline, silence));
    if (ready < 0) return CT_WAIT_WOKEN;
    if (ready == 0) return CT_WAIT_TIMED_OUT;
    struct pollfd seen = {transport->fd, POLLIN, 0};
    bool input = poll(&seen, 1, 0) > 0;
    flush(transport);
    if (input || transport->wants_write || transport->readable) return transport->readable = true, CT_WAIT_READY;
  }
}

/* The connection under libldap: TCP and TLS (OpenSSL) of our own, as a Sockbuf_IO layer.
 *
 * Every call that can wait has a deadline and ends early when `wake_fd` (an eventfd) becomes readable. The socket
 * never blocks. A transport belongs to one thread at a time.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ct_transport ct_transport;
struct ldap;
struct ldapmsg;

typedef enum ct_security { CT_PLAIN, CT_TLS, CT_STARTTLS } ct_security;

typedef enum ct_failure {
  CT_NO_FAILURE,
  CT_BAD_SETTING,     /* CA file unreadable, unknown TLS version */
  CT_NAME_NOT_FOUND,  /* the resolver knows no such host */
  CT_REFUSED,         /* nothing listens there */
  CT_TIMED_OUT,
  CT_UNREACHABLE,     /* no route, network down, any other failure of connect() */
  CT_CANCELLED,       /* wake_fd became readable */
  CT_CERTIFICATE,     /* the certificate was refused, by its chain, its name, its dates or the pin */
  CT_TLS_FAILED,      /* no common version or cipher, no TLS at all, garbage */
  CT_STARTTLS_REFUSED,/* the server answered StartTLS with a result code of its own */
  CT_CLOSED,          /* the peer closed or reset the connection */
  CT_SYSTEM           /* out of memory, of file descriptors */
} ct_failure;

typedef struct ct_options {
  const char *host;           /* name or address; also what the certificate is checked against */
  uint16_t port;
  ct_security security;
  const char *ca_file;        /* PEM; NULL for the system's certificates */
  bool verify;                /* chain, dates and name; false accepts any certificate (a pin still holds) */
  int minimum_tls;            /* 12 or 13 */
  const uint8_t *pin_sha256;  /* 32 bytes: SHA-256 of the server's certificate in DER; NULL for none */
  int64_t timeout_ms;         /* for name, TCP and TLS together */
  int wake_fd;                /* -1 for none */
} ct_options;

typedef struct ct_error {
  ct_failure failure;
  int result_code;            /* of a refused StartTLS */
  char *message;              /* the caller's buffer: what happened, where, and what to do */
  size_t capacity;
} ct_error;

/* Connects and, where asked, does TLS. NULL with `error` filled in on failure; never falls back to plaintext. */
ct_transport *ct_open(const ct_options *options, ct_error *error);

/* Makes an LDAP handle on the transport, version 3, no referral chasing. The handle must be unbound before ct_free.
 * Messages longer than `maximum_pdu` bytes end the session. NULL when out of memory. */
struct ldap *ct_attach(ct_transport *transport, size_t maximum_pdu);

/* Closes what is still open and frees. */
void ct_free(ct_transport *transport);

/* Takes the next message of any request, without waiting: its type, 0 when none has arrived in full, or -1 when the
 * connection is gone, -2 when the bytes on it are no LDAP (ct_closing tells why). `message` is the caller's. */
int ct_next(ct_transport *transport, struct ldap *handle, struct ldapmsg **message);

typedef enum ct_wait_result { CT_WAIT_READY, CT_WAIT_TIMED_OUT, CT_WAIT_WOKEN, CT_WAIT_CLOSED } ct_wait_result;

/* Sends what is queued and waits for bytes until `deadline_ms` (ct_now); with `silence_ms` > 0 every byte that moves
 * puts the deadline off to that long after it. `bulk` lets bytes gather for up to a millisecond before it wakes. */
ct_wait_result ct_wait(ct_transport *transport, int wake_fd, int64_t deadline_ms, int64_t silence_ms, bool bulk);

/* Bytes that libldap has written and the socket has not taken yet. */
size_t ct_unsent(const ct_transport *transport);

/* Milliseconds of the monotonic clock. */
int64_t ct_now(void);

/* Why the session is over: empty while it is not known to be. Valid until ct_free. */
const char *ct_closing(const ct_transport *transport);

/* What is known of the peer; strings are empty and numbers zero without TLS. Valid until ct_free. */
typedef struct ct_peer {
  const char *address;     /* as connected, such as 127.0.0.1 */
  bool verified;           /* chain, dates and name were checked */
  const char *tls_version; /* such as TLSv1.3 */
  const char *cipher;
  const char *subject;     /* RFC 2253 */
  const char *issuer;
  const char *names;       /* subjectAltName, such as DNS:a, IP:10.0.0.1 */
  int64_t not_before;      /* seconds since 1970 */
  int64_t not_after;
  uint8_t sha256[32];
} ct_peer;
const ct_peer *ct_peer_info(const ct_transport *transport);

/* HMAC-SHA-256 (RFC 2104, FIPS 180-4); false when OpenSSL cannot. */
bool ct_hmac_sha256(const uint8_t *key, size_t key_length, const uint8_t *data, size_t length, uint8_t out[32]);

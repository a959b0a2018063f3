#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "include/CTransport.h"
#include <openssl/ssl.h>

enum { CT_INPUT = 65536, CT_OUTPUT_LIMIT = 64 << 20 };

struct ct_transport {
  int fd;
  SSL_CTX *context;
  SSL *ssl;
  ct_peer peer;
  char *owned[5]; /* the strings behind `peer` */
  char closing[256];

  /* bytes read ahead of libldap */
  uint8_t *input;
  size_t input_start, input_end;
  bool readable;   /* a read may bring something: set by poll, cleared by EAGAIN */
  bool wants_write; /* TLS must write before it can read on */
  bool ended;
  int low_water;

  /* bytes that libldap wrote and the socket did not take yet */
  uint8_t *output;
  size_t output_start, output_end, output_capacity;
  int64_t last_move; /* when a byte moved last, ct_now */

  /* what TLS verification found first */
  char certificate_error[768];
};

/* connect.c */
int ct_connect(const ct_options *options, int64_t deadline, char *address, size_t capacity, ct_error *error);
/* poll with a monotonic deadline: 1 ready, 0 deadline, -1 woken */
int ct_poll(int fd, short events, int wake_fd, int64_t deadline);
/* Reads or sends exactly `length` bytes; 0, or the failure. */
ct_failure ct_read_all(int fd, uint8_t *bytes, size_t length, int wake_fd, int64_t deadline);
ct_failure ct_send_all(int fd, const uint8_t *bytes, size_t length, int wake_fd, int64_t deadline);

/* starttls.c */
bool ct_start_tls(int fd, const ct_options *options, int64_t deadline, ct_error *error);

/* tls.c */
/* Keeps OpenSSL from cleaning up at exit, where threads of ours may still be ending: call it before anything of OpenSSL. */
void ct_use_openssl(void);
bool ct_handshake(ct_transport *transport, const ct_options *options, int64_t deadline, ct_error *error);

/* certificate.c */
int ct_verify_callback(int ok, X509_STORE_CTX *store);
bool ct_read_peer(ct_transport *transport);

/* Fills in `error` and returns false. */
bool ct_fail(ct_error *error, ct_failure failure, const char *format, ...) __attribute__((format(printf, 3, 4)));

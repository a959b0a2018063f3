#include "internal.h"
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static const char *library_reason(char *buffer, size_t capacity) {
  unsigned long code = ERR_peek_last_error();
  const char *reason = ERR_reason_error_string(code);
  snprintf(buffer, capacity, "%s", reason ? reason : "no reason given");
  return buffer;
}

void ct_use_openssl(void) { OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL); }

static bool load_trust(SSL_CTX *context, const ct_options *options, ct_error *error) {
  char reason[160];
  if (!options->verify) return true;
  if (!options->ca_file) {
    if (SSL_CTX_set_default_verify_paths(context) == 1) return true;
    return ct_fail(error, CT_BAD_SETTING, "the system's CA certificates cannot be read; name a CA file");
  }
  if (SSL_CTX_load_verify_file(context, options->ca_file) == 1) return true;
  return ct_fail(error, CT_BAD_SETTING, "the CA file %s cannot be read as PEM certificates (%s)", options->ca_file,
                 library_reason(reason, sizeof reason));
}

static SSL_CTX *make_context(const ct_options *options, ct_error *error) {
  int minimum = options->minimum_tls == 13 ? TLS1_3_VERSION : TLS1_2_VERSION;
  ct_use_openssl();
  SSL_CTX *context = SSL_CTX_new(TLS_client_method());
  if (!context) return ct_fail(error, CT_SYSTEM, "out of memory for TLS"), NULL;
  if (!load_trust(context, options, error)) return SSL_CTX_free(context), NULL;
  SSL_CTX_set_min_proto_version(context, minimum);
  SSL_CTX_set_max_proto_version(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  /* LDAP has frames of its own, and many servers close without a close_notify. */
  SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_read_buffer_len(context, CT_INPUT);
  SSL_CTX_set_verify(context, options->verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, ct_verify_callback);
  return context;
}

/* A certificate named in the CA file is trusted by itself, be it a root or not. */
static bool expect_host(SSL *ssl, const ct_options *options) {
  unsigned char address[16];
  X509_VERIFY_PARAM *expected = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_flags(expected, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (inet_pton(AF_INET, options->host, address) == 1 || inet_pton(AF_INET6, options->host, address) == 1)
    return X509_VERIFY_PARAM_set1_ip_asc(expected, options->host) == 1;
  return SSL_set1_host(ssl, options->host) == 1 && SSL_set_tlsext_host_name(ssl, options->host) == 1;
}

static bool speaks_no_tls(int reason) {
  return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST || reason == SSL_R_UNEXPECTED_MESSAGE ||
         reason == SSL_R_PACKET_LENGTH_TOO_LONG || reason == SSL_R_UNKNOWN_PROTOCOL;
}

static bool version_refused(int reason) {
  return reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION || reason == SSL_R_UNSUPPORTED_PROTOCOL ||
         reason == SSL_R_VERSION_TOO_LOW || reason == SSL_R_NO_PROTOCOLS_AVAILABLE ||
         reason == SSL_R_WRONG_SSL_VERSION;
}

static bool handshake_failed(const ct_transport *transport, const ct_options *options, int ssl_error,
                             ct_error *error) {
  unsigned long code = ERR_peek_last_error();
  int reason = ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
  const char *host = options->host, *minimum = options->minimum_tls == 13 ? "1.3" : "1.2";
  unsigned port = options->port;
  char text[160];
  if (transport->certificate_error[0])
    return ct_fail(error, CT_CERTIFICATE, "the certificate of %s port %u was refused: %s", host, port,
                   transport->certificate_error);
  if (speaks_no_tls(reason))
    return ct_fail(error, CT_TLS_FAILED, "%s port %u does not speak TLS (%s); is it the plain LDAP port?", host, port,
                   library_reason(text, sizeof text));
  if (version_refused(reason))
    return ct_fail(error, CT_TLS_FAILED, "%s port %u offers no TLS version from %s on, the minimum asked for (%s)", host,
                   port, minimum, library_reason(text, sizeof text));
  if (ssl_error == SSL_ERROR_SSL && reason && reason != SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return ct_fail(error, CT_TLS_FAILED, "TLS with %s port %u failed: %s", host, port,
                   library_reason(text, sizeof text));
  return ct_fail(error, CT_CLOSED, "%s port %u closed the connection during the TLS handshake; is it the plain LDAP "
                 "port, or has the server no certificate?", host, port);
}

static bool check_pin(const ct_transport *transport, const ct_options *options, ct_error *error) {
  char found[65];
  if (!options->pin_sha256 || memcmp(options->pin_sha256, transport->peer.sha256, 32) == 0) return true;
  for (int i = 0; i < 32; i++) snprintf(found + 2 * i, 3, "%02x", transport->peer.sha256[i]);
  return ct_fail(error, CT_CERTIFICATE, "the certificate of %s port %u is not the pinned one: its SHA-256 is %s",
                 options->host, (unsigned)options->port, found);
}

static bool run_handshake(ct_transport *transport, const ct_options *options, int64_t deadline, ct_error *error) {
  for (;;) {
    ERR_clear_error();
    int result = SSL_connect(transport->ssl);
    if (result == 1) return true;
    int reason = SSL_get_error(transport->ssl, result);
    if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE)
      return handshake_failed(transport, options, reason, error);
    short events = reason == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    int ready = ct_poll(transport->fd, events, options->wake_fd, deadline);
    if (ready < 0) return ct_fail(error, CT_CANCELLED, "cancelled");
    if (ready == 0)
      return ct_fail(error, CT_TIMED_OUT, "%s port %u accepted the connection but did not complete the TLS handshake "
                     "within %lld ms", options->host, (unsigned)options->port, (long long)options->timeout_ms);
  }
}

bool ct_handshake(ct_transport *transport, const ct_options *options, int64_t deadline, ct_error *error) {
  transport->context = make_context(options, error);
  if (!transport->context) return false;
  transport->ssl = SSL_new(transport->context);
  if (!transport->ssl || SSL_set_fd(transport->ssl, transport->fd) != 1 || !expect_host(transport->ssl, options))
    return ct_fail(error, CT_BAD_SETTING, "TLS cannot be set up for the host name %s", options->host);
  SSL_set_app_data(transport->ssl, transport);
  if (!run_handshake(transport, options, deadline, error)) return false;
  if (!ct_read_peer(transport))
    return ct_fail(error, CT_CERTIFICATE, "%s port %u showed no certificate", options->host, (unsigned)options->port);
  transport->peer.verified = options->verify;
  return check_pin(transport, options, error);
}

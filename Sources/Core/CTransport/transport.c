#include "internal.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* OpenSSL writes without MSG_NOSIGNAL; a program's own handler is left alone. */
static void ignore_sigpipe(void) {
  struct sigaction current;
  if (sigaction(SIGPIPE, NULL, &current) == 0 && current.sa_handler == SIG_DFL) signal(SIGPIPE, SIG_IGN);
}

static bool check_options(const ct_options *options, ct_error *error) {
  if (!options->host || !*options->host || strlen(options->host) > 255)
    return ct_fail(error, CT_BAD_SETTING, "the host name is empty or too long");
  if (options->port == 0) return ct_fail(error, CT_BAD_SETTING, "the port is 0; 389 and 636 are usual");
  if (options->minimum_tls != 12 && options->minimum_tls != 13)
    return ct_fail(error, CT_BAD_SETTING, "the minimum TLS version must be 1.2 or 1.3");
  return true;
}

static bool secure(ct_transport *transport, const ct_options *options, int64_t deadline, ct_error *error) {
  if (options->security == CT_PLAIN) return true;
  if (options->security == CT_STARTTLS && !ct_start_tls(transport->fd, options, deadline, error)) return false;
  return ct_handshake(transport, options, deadline, error);
}

ct_transport *ct_open(const ct_options *options, ct_error *error) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  int64_t deadline = ct_now() + options->timeout_ms;
  char address[64];
  pthread_once(&once, ignore_sigpipe);
  error->failure = CT_NO_FAILURE;
  error->result_code = 0;
  if (!check_options(options, error)) return NULL;
  ct_transport *transport = calloc(1, sizeof *transport);
  if (transport) transport->input = malloc(CT_INPUT);
  if (!transport || !transport->input) {
    free(transport);
    return ct_fail(error, CT_SYSTEM, "out of memory"), NULL;
  }
  transport->low_water = 1;
  transport->peer = (ct_peer){"", false, "", "", "", "", "", 0, 0, {0}};
  transport->fd = ct_connect(options, deadline, address, sizeof address, error);
  if (transport->fd < 0 || !secure(transport, options, deadline, error)) {
    ct_free(transport);
    return NULL;
  }
  transport->owned[3] = strdup(address);
  if (transport->owned[3]) transport->peer.address = transport->owned[3];
  transport->last_move = ct_now();
  transport->readable = true; /* the handshake may have read more than its own */
  return transport;
}

void ct_free(ct_transport *transport) {
  if (!transport) return;
  SSL_free(transport->ssl);
  SSL_CTX_free(transport->context);
  if (transport->fd >= 0) close(transport->fd);
  for (size_t i = 0; i < sizeof transport->owned / sizeof *transport->owned; i++) free(transport->owned[i]);
  free(transport->input);
  free(transport->output);
  free(transport);
}

const ct_peer *ct_peer_info(const ct_transport *transport) { return &transport->peer; }

size_t ct_unsent(const ct_transport *transport) { return transport->output_end - transport->output_start; }

const char *ct_closing(const ct_transport *transport) { return transport->closing; }

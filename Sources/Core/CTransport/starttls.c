/* StartTLS (RFC 4511 §4.14): one request, exactly one answer, and not a byte more before the handshake. */
#include "internal.h"
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { LONGEST_ANSWER = 65536 };

static const uint8_t request[31] = {0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16, '1', '.',
                                    '3',  '.',  '6',  '.',  '1',  '.',  '4',  '.',  '1',  '.', '1',
                                    '4',  '6',  '6',  '.',  '2',  '0',  '0',  '3',  '7'};

struct cursor {
  const uint8_t *at, *end;
};

/* Enters the next element: its tag, or -1 when it is malformed; `inner` covers its contents. */
static int next_element(struct cursor *cursor, struct cursor *inner) {
  size_t left = (size_t)(cursor->end - cursor->at), length, octets = 0;
  if (left < 2) return -1;
  int tag = cursor->at[0];
  length = cursor->at[1];
  if (length >= 0x80) {
    octets = length & 0x7f;
    if (octets == 0 || octets > 4 || left < 2 + octets) return -1;
    length = 0;
    for (size_t i = 0; i < octets; i++) length = length << 8 | cursor->at[2 + i];
  }
  if (length > left - 2 - octets) return -1;
  inner->at = cursor->at + 2 + octets;
  inner->end = inner->at + length;
  cursor->at = inner->end;
  return tag;
}

/* The result code of an ExtendedResponse to message 1 or of a notice of disconnection (message 0); -1 if neither. */
static int result_code(const uint8_t *bytes, size_t length, struct cursor *diagnostic) {
  struct cursor all = {bytes, bytes + length}, message, id, response, code, matched;
  if (next_element(&all, &message) != 0x30 || next_element(&message, &id) != 0x02) return -1;
  if (id.end - id.at != 1 || id.at[0] > 1) return -1;
  if (next_element(&message, &response) != 0x78 || next_element(&response, &code) != 0x0a) return -1;
  if (next_element(&response, &matched) != 0x04 || next_element(&response, diagnostic) != 0x04) return -1;
  if (code.end - code.at < 1 || code.end - code.at > 2) return -1;
  int value = 0;
  for (const uint8_t *byte = code.at; byte < code.end; byte++) value = value << 8 | *byte;
  return value == 0 && id.at[0] == 0 ? -1 : value;
}

/* Reads one LDAPMessage and nothing after it; its length, 0 on failure. */
static size_t read_message(int fd, uint8_t *bytes, int wake_fd, int64_t deadline, ct_failure *failure) {
  size_t length, octets = 0;
  *failure = ct_read_all(fd, bytes, 2, wake_fd, deadline);
  if (*failure) return 0;
  *failure = CT_TLS_FAILED;
  if (bytes[0] != 0x30) return 0;
  length = bytes[1];
  if (length >= 0x80) {
    octets = length & 0x7f;
    if (octets == 0 || octets > 4) return 0;
    *failure = ct_read_all(fd, bytes + 2, octets, wake_fd, deadline);
    if (*failure) return 0;
    *failure = CT_TLS_FAILED;
    length = 0;
    for (size_t i = 0; i < octets; i++) length = length << 8 | bytes[2 + i];
  }
  if (length > LONGEST_ANSWER - 2 - octets) return 0;
  *failure = ct_read_all(fd, bytes + 2 + octets, length, wake_fd, deadline);
  return *failure ? 0 : 2 + octets + length;
}

static bool read_failed(const ct_options *options, ct_failure failure, ct_error *error) {
  const char *what = failure == CT_TIMED_OUT   ? "did not answer StartTLS in time"
                     : failure == CT_CLOSED    ? "closed the connection instead of answering StartTLS"
                     : failure == CT_CANCELLED ? "was left: cancelled"
                                               : "answered StartTLS with something that is no LDAP";
  return ct_fail(error, failure, "%s port %u %s", options->host, (unsigned)options->port, what);
}

static bool refused(const ct_options *options, int code, struct cursor text, ct_error *error) {
  char diagnostic[200];
  int length = text.end - text.at > 199 ? 199 : (int)(text.end - text.at);
  for (int i = 0; i < length; i++) diagnostic[i] = text.at[i] < 0x20 ? ' ' : (char)text.at[i];
  diagnostic[length] = 0;
  error->result_code = code;
  return ct_fail(error, CT_STARTTLS_REFUSED,
                 "%s port %u refused StartTLS with result code %d%s%s; set up TLS on the server, or use its ldaps port",
                 options->host, (unsigned)options->port, code, length ? ": " : "", diagnostic);
}

bool ct_start_tls(int fd, const ct_options *options, int64_t deadline, ct_error *error) {
  uint8_t answer[LONGEST_ANSWER], surplus;
  struct cursor diagnostic = {answer, answer};
  ct_failure failure = ct_send_all(fd, request, sizeof request, options->wake_fd, deadline);
  if (failure) return read_failed(options, failure, error);
  size_t length = read_message(fd, answer, options->wake_fd, deadline, &failure);
  if (length == 0) return read_failed(options, failure, error);
  int code = result_code(answer, length, &diagnostic);
  if (code < 0) return read_failed(options, CT_TLS_FAILED, error);
  if (code > 0) return refused(options, code, diagnostic, error);
  /* A byte that came in the clear would be taken for one that came under TLS. */
  if (recv(fd, &surplus, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
    return ct_fail(error, CT_TLS_FAILED, "%s port %u sent plaintext behind its answer to StartTLS; somebody may be "
                   "tampering with the connection", options->host, (unsigned)options->port);
  return true;
}

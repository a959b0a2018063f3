/* A keyed hash (RFC 2104), for values that may be recognised but not read. */
#include "internal.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>

bool ct_hmac_sha256(
    const uint8_t *key, size_t key_length, const uint8_t *data, size_t length, uint8_t out[32]) {
  static const uint8_t nothing[1]; /* OpenSSL takes a NULL key for "the one of the last call" */
  unsigned int written = 0;
  if (key_length > INT32_MAX) return false;
  ct_use_openssl();
  return HMAC(EVP_sha256(), key_length ? key : nothing, (int)key_length, length ? data : nothing, length, out, &written)
    && written == 32;
}

/* What a certificate says, in words: for errors that name their cause, and for the peer's facts. */
#include "internal.h"
#include <openssl/x509v3.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The text that a memory BIO collected, malloc'd; frees the BIO. */
static char *take_text(BIO *bio) {
  char *bytes = NULL;
  long length = bio ? BIO_get_mem_data(bio, &bytes) : 0;
  char *text = strndup(length > 0 ? bytes : "", length > 0 ? (size_t)length : 0);
  BIO_free(bio);
  return text;
}

static char *name_text(const X509_NAME *name) {
  BIO *bio = BIO_new(BIO_s_mem());
  if (bio) X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  return take_text(bio);
}

static void add_name(BIO *bio, const GENERAL_NAME *name, const char *separator) {
  char address[INET6_ADDRSTRLEN] = "?";
  if (name->type == GEN_DNS) {
    const ASN1_IA5STRING *text = name->d.dNSName;
    BIO_printf(bio, "%sDNS:%.*s", separator, ASN1_STRING_length(text), (const char *)ASN1_STRING_get0_data(text));
  } else if (name->type == GEN_IPADD) {
    const ASN1_OCTET_STRING *bytes = name->d.iPAddress;
    int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : ASN1_STRING_length(bytes) == 16 ? AF_INET6 : -1;
    if (family >= 0) inet_ntop(family, ASN1_STRING_get0_data(bytes), address, sizeof address);
    BIO_printf(bio, "%sIP:%s", separator, address);
  }
}

/* The host names and addresses that a certificate is for; its common name where it has no other. */
static char *names_text(X509 *certificate) {
  BIO *bio = BIO_new(BIO_s_mem());
  GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  for (int i = 0; bio && i < sk_GENERAL_NAME_num(names); i++)
    add_name(bio, sk_GENERAL_NAME_value(names, i), BIO_pending(bio) > 0 ? ", " : "");
  GENERAL_NAMES_free(names);
  return take_text(bio);
}

static int64_t seconds(const ASN1_TIME *time) {
  struct tm parts;
  return ASN1_TIME_to_tm(time, &parts) == 1 ? (int64_t)timegm(&parts) : 0;
}

static const char *advice(int code) {
  switch (code) {
  case X509_V_ERR_CERT_HAS_EXPIRED: return "; renew the certificate";
  case X509_V_ERR_CERT_NOT_YET_VALID: return "; check the clocks of both machines";
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return "; name the file of the CA that issued it, if you trust it";
  default: return "";
  }
}

static void describe_failure(ct_transport *transport, X509_STORE_CTX *store) {
  int code = X509_STORE_CTX_get_error(store);
  X509 *certificate = X509_STORE_CTX_get_current_cert(store);
  char *text = transport->certificate_error;
  size_t capacity = sizeof transport->certificate_error, used;
  if (!certificate) certificate = X509_STORE_CTX_get0_cert(store);
  snprintf(text, capacity, "%s", X509_verify_cert_error_string(code));
  if (!certificate) return;
  char *names = names_text(certificate), *subject = name_text(X509_get_subject_name(certificate));
  char *issuer = name_text(X509_get_issuer_name(certificate)), until[32] = "?";
  time_t end = (time_t)seconds(X509_get0_notAfter(certificate));
  struct tm parts;
  if (gmtime_r(&end, &parts)) strftime(until, sizeof until, "%Y-%m-%d %H:%M:%S UTC", &parts);
  used = strlen(text);
  if (code == X509_V_ERR_HOSTNAME_MISMATCH || code == X509_V_ERR_IP_ADDRESS_MISMATCH)
    used += (size_t)snprintf(text + used, capacity - used, ": it is for %.300s", names && *names ? names : "no host");
  if (used < capacity)
    snprintf(text + used, capacity - used, " (subject %.120s, issuer %.120s, valid until %s)%s", subject ? subject : "",
             issuer ? issuer : "", until, advice(code));
  free(names);
  free(subject);
  free(issuer);
}

int ct_verify_callback(int ok, X509_STORE_CTX *store) {
  SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  ct_transport *transport = ssl ? SSL_get_app_data(ssl) : NULL;
  if (!ok && transport && !transport->certificate_error[0]) describe_failure(transport, store);
  return ok;
}

bool ct_read_peer(ct_transport *transport) {
  ct_peer *peer = &transport->peer;
  X509 *certificate = SSL_get1_peer_certificate(transport->ssl);
  unsigned length = sizeof peer->sha256;
  peer->tls_version = SSL_get_version(transport->ssl);
  peer->cipher = SSL_get_cipher_name(transport->ssl);
  if (!certificate) return false;
  peer->subject = transport->owned[0] = name_text(X509_get_subject_name(certificate));
  peer->issuer = transport->owned[1] = name_text(X509_get_issuer_name(certificate));
  peer->names = transport->owned[2] = names_text(certificate);
  peer->not_before = seconds(X509_get0_notBefore(certificate));
  peer->not_after = seconds(X509_get0_notAfter(certificate));
  bool complete = peer->subject && peer->issuer && peer->names &&
                  X509_digest(certificate, EVP_sha256(), peer->sha256, &length) == 1;
  X509_free(certificate);
  return complete;
}

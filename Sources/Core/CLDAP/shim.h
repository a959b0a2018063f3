#pragma once
#include <ldap.h>
#include <lber.h>
#include <openldap.h>
#include <sys/eventfd.h>

/* LDAP_OPT_ON is the address of an extern variable, which the importer cannot take. */
static inline int cldap_set_bool(LDAP *ld, int option, int on) {
  return ldap_set_option(ld, option, on ? LDAP_OPT_ON : LDAP_OPT_OFF);
}

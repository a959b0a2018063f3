/// Names for the OIDs that servers list in `supportedControl`, `supportedExtension` and `supportedFeatures`
/// (RFC 4512 §5.1); the registry is at IANA (RFC 4520), the others come from Internet drafts and common practice.
public enum WellKnownOIDs {
  /// Simple paged results (RFC 2696), a control.
  public static let pagedResults = "1.2.840.113556.1.4.319"
  /// Virtual list view (draft-ietf-ldapext-ldapv3-vlv), a control.
  public static let virtualListView = "2.16.840.1.113730.3.4.9"
  /// Server-side sorting (RFC 2891), a control.
  public static let sort = "1.2.840.113556.1.4.473"
  /// Assertion (RFC 4528), a control.
  package static let assertion = "1.3.6.1.1.12"
  /// Pre-read (RFC 4527), a control.
  package static let preRead = "1.3.6.1.1.13.1"
  /// Post-read (RFC 4527), a control.
  package static let postRead = "1.3.6.1.1.13.2"
  /// Permissive modify, a control.
  package static let permissiveModify = "1.2.840.113556.1.4.1413"
  /// Tree delete (draft-armijo-ldap-treedelete), a control.
  package static let treeDelete = "1.2.840.113556.1.4.805"
  /// Password modify (RFC 3062), an extended operation.
  package static let passwordModify = "1.3.6.1.4.1.4203.1.11.1"
  /// `+` asks for all operational attributes (RFC 3673), a feature.
  public static let allOperationalAttributes = "1.3.6.1.4.1.4203.1.5.1"
  /// `(&)` and `(|)` (RFC 4526), a feature.
  public static let trueFalseFilters = "1.3.6.1.4.1.4203.1.5.3"
  /// StartTLS (RFC 4511 §4.14), an extended operation.
  public static let startTLS = "1.3.6.1.4.1.1466.20037"

  /// A readable name with the document that defines it; nil for an OID that is not on the list.
  public static func name(of oid: String) -> String? {
    names[oid]
  }

  private static let names: [String: String] =
    controls.merging(extensions) { first, _ in first }.merging(features) { first, _ in first }

  private static let controls = [
    pagedResults: "simple paged results (RFC 2696)",
    sort: "server-side sorting (RFC 2891)",
    "1.2.840.113556.1.4.474": "server-side sorting, response (RFC 2891)",
    virtualListView: "virtual list view (draft-ietf-ldapext-ldapv3-vlv)",
    "2.16.840.1.113730.3.4.10": "virtual list view, response (draft-ietf-ldapext-ldapv3-vlv)",
    "2.16.840.1.113730.3.4.2": "ManageDsaIT (RFC 3296)",
    "1.3.6.1.4.1.4203.1.10.1": "subentries (RFC 3672)",
    "1.3.6.1.4.1.7628.5.101.1": "subentries, draft form (draft-ietf-ldup-subentry)",
    assertion: "assertion (RFC 4528)",
    preRead: "pre-read (RFC 4527)",
    postRead: "post-read (RFC 4527)",
    "1.3.6.1.4.1.4203.1.9.1.1": "content synchronization request (RFC 4533)",
    "1.3.6.1.4.1.4203.1.9.1.2": "content synchronization state (RFC 4533)",
    "1.3.6.1.4.1.4203.1.9.1.3": "content synchronization done (RFC 4533)",
    "1.3.6.1.1.7.1": "client update protocol, request (RFC 3928)",
    "1.3.6.1.1.7.2": "client update protocol, update (RFC 3928)",
    "1.3.6.1.1.7.3": "client update protocol, done (RFC 3928)",
    "1.3.6.1.1.21.2": "transaction specification (RFC 5805)",
    "1.3.6.1.1.22": "don't use copy (RFC 6171)",
    "1.2.826.0.1.3344810.2.3": "matched values (RFC 3876)",
    "2.16.840.1.113730.3.4.16": "authorization identity request (RFC 3829)",
    "2.16.840.1.113730.3.4.15": "authorization identity response (RFC 3829)",
    "2.16.840.1.113730.3.4.18": "proxied authorization (RFC 4370)",
    "2.16.840.1.113730.3.4.12": "proxied authorization, version 1 (draft-weltman-ldapv3-proxy)",
    "2.16.840.1.113730.3.4.3": "persistent search (draft-ietf-ldapext-psearch)",
    "2.16.840.1.113730.3.4.7": "entry change notification (draft-ietf-ldapext-psearch)",
    "2.16.840.1.113730.3.4.4": "password expired (draft-vchu-ldap-pwd-policy)",
    "2.16.840.1.113730.3.4.5": "password expiring (draft-vchu-ldap-pwd-policy)",
    "2.16.840.1.113730.3.4.17": "real attributes only",
    "2.16.840.1.113730.3.4.19": "virtual attributes only",
    "1.3.6.1.4.1.42.2.27.8.5.1": "password policy (draft-behera-ldap-password-policy)",
    "1.3.6.1.4.1.42.2.27.9.5.2": "get effective rights (draft-ietf-ldapext-acl-model)",
    "1.3.6.1.4.1.42.2.27.9.5.8": "account usability",
    "1.3.6.1.4.1.21008.108.63.1": "session tracking (draft-wahl-ldap-session)",
    "1.3.6.1.4.1.4203.666.5.2": "no operation (draft-zeilenga-ldap-noop)",
    "1.3.6.1.4.1.4203.666.5.12": "relax rules (draft-zeilenga-ldap-relax)",
    "1.3.6.1.4.1.4203.666.5.16": "dereference (draft-masarati-ldap-deref)",
    "1.3.6.1.4.1.1466.29539.12": "chaining loop detection",
    treeDelete: "tree delete (draft-armijo-ldap-treedelete)",
    "1.2.840.113556.1.4.841": "DirSync (draft-armijo-ldap-dirsync)",
    "1.2.840.113556.1.4.417": "show deleted",
    "1.2.840.113556.1.4.2064": "show recycled",
    "1.2.840.113556.1.4.2065": "show deactivated links",
    permissiveModify: "permissive modify",
    "1.2.840.113556.1.4.528": "change notification",
    "1.2.840.113556.1.4.529": "extended DN",
    "1.2.840.113556.1.4.801": "security descriptor flags",
    "1.2.840.113556.1.4.619": "lazy commit",
    "1.2.840.113556.1.4.521": "move across domains",
    "1.2.840.113556.1.4.970": "search statistics",
    "1.2.840.113556.1.4.1338": "verify name",
    "1.2.840.113556.1.4.1339": "domain scope",
    "1.2.840.113556.1.4.1340": "search options",
    "1.2.840.113556.1.4.1341": "promotion of a read-only server",
    "1.2.840.113556.1.4.1504": "attribute-scoped query",
    "1.2.840.113556.1.4.1852": "quota",
    "1.2.840.113556.1.4.1907": "shutdown notification",
    "1.2.840.113556.1.4.1948": "range retrieval without error",
    "1.2.840.113556.1.4.1974": "forced update",
    "1.2.840.113556.1.4.2026": "input DN",
    "1.2.840.113556.1.4.2066": "policy hints, older form",
    "1.2.840.113556.1.4.2239": "policy hints",
    "1.2.840.113556.1.4.2090": "DirSync, extended",
    "1.2.840.113556.1.4.2204": "tree delete, extended",
    "1.2.840.113556.1.4.2205": "update statistics",
    "1.2.840.113556.1.4.2206": "search hints",
    "1.2.840.113556.1.4.2211": "expected entry count",
  ]

  private static let extensions = [
    startTLS: "StartTLS (RFC 4511)",
    "1.3.6.1.4.1.1466.20036": "notice of disconnection (RFC 4511)",
    passwordModify: "password modify (RFC 3062)",
    "1.3.6.1.4.1.4203.1.11.3": "Who am I? (RFC 4532)",
    "1.3.6.1.1.8": "cancel (RFC 3909)",
    "1.3.6.1.1.19": "turn (RFC 4531)",
    "1.3.6.1.1.21.1": "start transaction (RFC 5805)",
    "1.3.6.1.1.21.3": "end transaction (RFC 5805)",
    "1.3.6.1.1.21.4": "aborted transaction notice (RFC 5805)",
    "1.3.6.1.1.17.1": "start bulk update (RFC 4373)",
    "1.3.6.1.1.17.3": "end bulk update (RFC 4373)",
    "1.3.6.1.1.17.5": "bulk update (RFC 4373)",
    "1.3.6.1.4.1.1466.101.119.1": "dynamic refresh (RFC 2589)",
    "1.3.6.1.4.1.4203.1.9.1.4": "content synchronization info (RFC 4533)",
    "1.2.840.113556.1.4.1781": "fast concurrent bind",
    "1.2.840.113556.1.4.2212": "batch request",
  ]

  private static let features = [
    allOperationalAttributes: "all operational attributes (RFC 3673)",
    "1.3.6.1.4.1.4203.1.5.2": "object class attribute lists (RFC 4529)",
    trueFalseFilters: "true and false filters (RFC 4526)",
    "1.3.6.1.4.1.4203.1.5.4": "language tag options (RFC 3866)",
    "1.3.6.1.4.1.4203.1.5.5": "language range options (RFC 3866)",
    "1.3.6.1.1.14": "modify-increment (RFC 4525)",
    "1.3.6.1.1.17.7": "incremental bulk update (RFC 4373)",
    "1.2.840.113556.1.4.802": "range retrieval",
  ]
}

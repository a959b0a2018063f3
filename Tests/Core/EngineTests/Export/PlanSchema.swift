import ConnectorCore
import ConnectorTesting

/// A small schema of people, groups and units.
enum PlanSchema {
  private static let dn = "1.3.6.1.4.1.1466.115.121.1.12"
  private static let text = "1.3.6.1.4.1.1466.115.121.1.15"
  private static let octets = "1.3.6.1.4.1.1466.115.121.1.40"
  private static let time = "1.3.6.1.4.1.1466.115.121.1.24"

  static let classes = [
    "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
    "( 0.9.2342.19200300.100.4.13 NAME 'domain' SUP top STRUCTURAL MUST dc MAY description )",
    "( 2.5.6.5 NAME 'organizationalUnit' SUP top STRUCTURAL MUST ou MAY ( description $ seeAlso ) )",
    "( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn ) MAY ( userPassword $ description $ seeAlso ) )",
    """
    ( 2.16.840.1.113730.3.2.2 NAME 'inetOrgPerson' SUP person STRUCTURAL
      MAY ( uid $ manager $ mail $ givenName $ employeeNumber $ jpegPhoto $ memberOf $ accountLock $ flags ) )
    """,
    "( 2.5.6.9 NAME 'groupOfNames' SUP top STRUCTURAL MUST ( member $ cn ) MAY ( description $ owner $ same ) )",
    "( 1.3.6.1.4.1.4203.1.4.5 NAME 'team' SUP top STRUCTURAL MUST cn MAY ( member $ description ) )",
    "( 0.9.2342.19200300.100.4.19 NAME 'simpleSecurityObject' SUP top AUXILIARY MUST userPassword )",
    "( 1.3.6.1.4.1.99999.1 NAME 'extra' SUP top AUXILIARY MUST badge )",
  ]

  static let attributes = [
    "( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
    "( 2.5.4.3 NAME ( 'cn' 'commonName' ) EQUALITY caseIgnoreMatch SYNTAX \(text) )",
    "( 2.5.4.4 NAME ( 'sn' 'surname' ) EQUALITY caseIgnoreMatch SYNTAX \(text) )",
    "( 2.5.4.11 NAME 'ou' EQUALITY caseIgnoreMatch SYNTAX \(text) )",
    "( 2.5.4.7 NAME 'l' EQUALITY caseIgnoreMatch SYNTAX \(text) )",
    "( 2.5.4.13 NAME 'description' EQUALITY caseIgnoreMatch SYNTAX \(text) )",
    "( 2.5.4.42 NAME 'givenName' EQUALITY caseIgnoreMatch SYNTAX \(text) )",
    "( 0.9.2342.19200300.100.1.1 NAME 'uid' EQUALITY caseIgnoreMatch SYNTAX \(text) )",
    "( 0.9.2342.19200300.100.1.3 NAME 'mail' EQUALITY caseIgnoreIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )",
    "( 0.9.2342.19200300.100.1.25 NAME 'dc' EQUALITY caseIgnoreIA5Match SYNTAX \(text) SINGLE-VALUE )",
    "( 2.16.840.1.113730.3.1.3 NAME 'employeeNumber' EQUALITY caseIgnoreMatch SYNTAX \(text) SINGLE-VALUE )",
    "( 0.9.2342.19200300.100.1.60 NAME 'jpegPhoto' SYNTAX 1.3.6.1.4.1.1466.115.121.1.28 )",
    "( 2.5.4.35 NAME 'userPassword' EQUALITY octetStringMatch SYNTAX \(octets) )",
    "( 2.5.4.31 NAME 'member' EQUALITY distinguishedNameMatch SYNTAX \(dn) )",
    "( 2.5.4.32 NAME 'owner' EQUALITY distinguishedNameMatch SYNTAX \(dn) )",
    "( 2.5.4.34 NAME 'seeAlso' EQUALITY distinguishedNameMatch SYNTAX \(dn) )",
    "( 1.2.3.1 NAME 'same' EQUALITY distinguishedNameMatch SYNTAX \(dn) )",
    "( 0.9.2342.19200300.100.1.10 NAME 'manager' EQUALITY distinguishedNameMatch SYNTAX \(dn) SINGLE-VALUE )",
    "( 1.2.840.113556.1.2.102 NAME 'memberOf' EQUALITY distinguishedNameMatch SYNTAX \(dn) )",
    "( 1.2.3.2 NAME 'badge' EQUALITY caseExactMatch SYNTAX \(text) )",
    "( 1.2.3.3 NAME 'accountLock' EQUALITY caseIgnoreMatch SYNTAX \(text) SINGLE-VALUE )",
    "( 1.2.3.4 NAME 'flags' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )",
    """
    ( 1.3.6.1.1.16.4 NAME 'entryUUID' EQUALITY UUIDMatch SYNTAX 1.3.6.1.1.16.1 SINGLE-VALUE NO-USER-MODIFICATION
      USAGE directoryOperation )
    """,
    """
    ( 2.5.18.1 NAME 'createTimestamp' EQUALITY generalizedTimeMatch SYNTAX \(time) SINGLE-VALUE NO-USER-MODIFICATION
      USAGE directoryOperation )
    """,
    """
    ( 2.5.18.2 NAME 'modifyTimestamp' EQUALITY generalizedTimeMatch SYNTAX \(time) SINGLE-VALUE NO-USER-MODIFICATION
      USAGE directoryOperation )
    """,
  ]

  static let schema = Schema(objectClasses: classes, attributeTypes: attributes)
  static let entry = Entry(
    dn: "cn=subschema",
    attributes: [
      ("objectClasses", classes.map { Array($0.utf8) }), ("attributeTypes", attributes.map { Array($0.utf8) }),
    ])
}

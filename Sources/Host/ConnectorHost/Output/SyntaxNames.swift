/// Names of attribute syntaxes (RFC 4517 §3.3, RFC 4523 §2, RFC 4530 §2.1).
enum SyntaxNames {
  /// The name of a syntax, nil where no RFC gives one.
  static func name(of oid: String) -> String? {
    if oid == "1.3.6.1.1.16.1" { return "UUID" }
    guard oid.hasPrefix(arc), let number = Int(oid.dropFirst(arc.count)) else { return nil }
    return names[number]
  }

  private static let arc = "1.3.6.1.4.1.1466.115.121.1."

  private static let names: [Int: String] = [
    3: "Attribute Type Description", 5: "Binary", 6: "Bit String", 7: "Boolean", 8: "Certificate",
    9: "Certificate List", 10: "Certificate Pair", 11: "Country String", 12: "DN", 14: "Delivery Method",
    15: "Directory String", 16: "DIT Content Rule Description", 17: "DIT Structure Rule Description",
    21: "Enhanced Guide", 22: "Facsimile Telephone Number", 23: "Fax", 24: "Generalized Time", 25: "Guide",
    26: "IA5 String", 27: "INTEGER", 28: "JPEG", 30: "Matching Rule Description", 31: "Matching Rule Use Description",
    34: "Name And Optional UID", 35: "Name Form Description", 36: "Numeric String", 37: "Object Class Description",
    38: "OID", 39: "Other Mailbox", 40: "Octet String", 41: "Postal Address", 44: "Printable String",
    49: "Supported Algorithm", 50: "Telephone Number", 51: "Teletex Terminal Identifier", 52: "Telex Number",
    53: "UTC Time", 54: "LDAP Syntax Description", 58: "Substring Assertion",
  ]
}

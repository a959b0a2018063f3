/// What to do about the errors that servers answer changes with.
enum OperationRemedies {
  private static let remedies: [Int32: String] = [
    4: "A limit of the server stands in the way; ask its administrator.",
    8: "The server wants TLS or a stronger bind; set server.transport.",
    10: "The connector follows no referrals: export to that server.",
    11: "A limit of the server stands in the way; ask its administrator.",
    13: "The server wants TLS for this; set server.transport to startTLS or ldaps.",
    16: "Somebody took the value away; make a plan anew.",
    17: "The server's schema has no such attribute; correct the input or extend the schema.",
    19: "The server's policy forbids the value; read its message, and correct the input.",
    20: "Somebody put the value there; make a plan anew.",
    21: "The value does not have the form that its attribute wants; correct the input.",
    32: "The entry or its parent is not there any more; make a plan anew.",
    34: "The server does not take the DN; correct the input.",
    50: "Give the connector's account the right to write there.",
    53: "The server refuses on principle; its message says why.",
    64:
      "The server does not take the name below this parent, or an attribute of the RDN is missing; correct the input.",
    65: "The entry would break the schema: an attribute is missing or not allowed; correct the input.",
    66: "There are entries below it that the plan does not know; make a plan anew.",
    67: "Only a rename changes the attributes of an RDN; correct the input.",
    68: "Somebody added such an entry; make a plan anew.",
    69: "The server does not let an entry change its structural class; delete and add it.",
    71: "The new name lies on another server or in another database; delete and add the entry.",
  ]

  static func remedy(for error: DirectoryError) -> String? {
    if error.message.lowercased().contains("too large") || error.code.isLimit { return remedies[11] }
    return remedies[error.code.rawValue]
  }

  /// What the server said, in one sentence.
  static func words(of error: DirectoryError) -> String {
    guard error.code == .referral else {
      var text = "\(error.code)"
      if !error.message.isEmpty { text += ": \(error.message)" }
      if !error.matchedDN.isEmpty { text += " (nearest entry: \(error.matchedDN))" }
      return text
    }
    let place = error.referrals.isEmpty ? "" : " (\(error.referrals.joined(separator: ", ")))"
    return "another server holds the entry\(place): the connector follows no referrals"
  }
}

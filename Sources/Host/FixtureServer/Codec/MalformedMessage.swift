/// A message that is no LDAPMessage of a client (RFC 4511 §4.1.1), told in one sentence.
struct MalformedMessage: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

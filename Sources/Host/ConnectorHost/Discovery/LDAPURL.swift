/// The address of a server, as the first part of an LDAP URL (RFC 4516) writes it.
package struct LDAPURL: Sendable, Equatable {
  package var isTLS: Bool
  /// A host name or an address, without the brackets of IPv6.
  package var host: String
  package var port: Int?

  /// Reads `ldap://host[:port]` or `ldaps://host[:port]`; what a URL may hold beyond that has no meaning here.
  package init(_ text: String) throws(LDAPURLError) {
    let lower = text.lowercased()
    guard lower.hasPrefix("ldap://") || lower.hasPrefix("ldaps://") else {
      throw LDAPURLError("“\(text)” does not begin with ldap:// or ldaps://")
    }
    isTLS = lower.hasPrefix("ldaps")
    var rest = text.dropFirst(isTLS ? 8 : 7)
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    guard !rest.contains(where: { "/?@#".contains($0) }) else {
      throw LDAPURLError("“\(text)” says more than a host and a port; DN, filter and account have options of their own")
    }
    (host, port) = try Self.hostAndPort(rest)
  }

  private static func hostAndPort(_ text: Substring) throws(LDAPURLError) -> (String, Int?) {
    var (host, portText) = (text, Substring())
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      (host, portText) = (text[text.index(after: text.startIndex)..<end], text[text.index(after: end)...])
    } else if let colon = text.firstIndex(of: ":") {
      (host, portText) = (text[..<colon], text[colon...])
    }
    guard !host.isEmpty, !host.contains(where: \.isWhitespace) else {
      throw LDAPURLError("“\(text)” names no host; write ldap://host or ldap://host:port")
    }
    guard !portText.isEmpty else { return (String(host), nil) }
    guard portText.first == ":", let port = Int(portText.dropFirst()), (1...65535).contains(port) else {
      throw LDAPURLError("“\(portText)” is no port; write a colon and a number from 1 to 65535, IPv6 in brackets")
    }
    return (String(host), port)
  }
}

/// A text is no address of an LDAP server.
package struct LDAPURLError: Error, Sendable, Equatable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

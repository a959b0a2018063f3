/// What every test server has in common, whatever its product.
package enum TestDirectory {
  package static let base = "dc=example,dc=com"
  /// The account made for a connector.
  package static let connectorDN = "cn=connector,dc=example,dc=com"
  /// An account with the server's default limits and no right on its log.
  package static let limitedDN = "cn=limited,dc=example,dc=com"
  /// The password of both accounts.
  package static let userPassword = "connector"
  /// A member for groups that must not be empty; there is no such entry.
  package static let nobodyDN = "cn=admin,dc=example,dc=com"
}

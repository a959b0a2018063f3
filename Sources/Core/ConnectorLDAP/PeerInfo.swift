import CTransport

/// What is known of the server at the other end of a connection.
package struct PeerInfo: Sendable {
  /// TLS as it was agreed, and the certificate that the server showed.
  package struct TLS: Sendable {
    /// Such as `TLSv1.3`.
    package let version: String
    package let cipher: String
    /// Whether the certificate's chain, dates and names were checked.
    package let isVerified: Bool
    /// The certificate's subject as RFC 2253 writes it.
    package let subject: String
    package let issuer: String
    /// The names that the certificate is for, such as `DNS:ldap.example.com`.
    package let names: [String]
    /// Seconds since 1970.
    package let notBefore: Int64
    /// Seconds since 1970.
    package let notAfter: Int64
    /// SHA-256 of the certificate in DER.
    package let sha256: [UInt8]
  }

  /// The address that was connected to.
  package let address: String
  /// Nil without TLS.
  package let tls: TLS?

  init(_ peer: ct_peer) {
    address = String(cString: peer.address)
    let version = String(cString: peer.tls_version)
    guard !version.isEmpty else {
      tls = nil
      return
    }
    let names = String(cString: peer.names).split(separator: ", ").map(String.init)
    tls = TLS(
      version: version, cipher: String(cString: peer.cipher), isVerified: peer.verified,
      subject: String(cString: peer.subject), issuer: String(cString: peer.issuer), names: names,
      notBefore: peer.not_before, notAfter: peer.not_after, sha256: withUnsafeBytes(of: peer.sha256) { Array($0) })
  }
}

package import ConnectorCore

/// Where a server is and how to connect to it.
package struct ConnectionSettings: Sendable {
  /// How the bytes travel.
  package enum Transport: Sendable {
    /// In the clear.
    case ldap
    /// TLS from the first byte.
    case ldaps
    /// TLS after a request on the plain port (RFC 4511 §4.14); never falls back to the clear.
    case startTLS
  }

  /// A version of TLS; older ones are not on offer.
  package enum TLSVersion: Int32, Sendable {
    case v1_2 = 12
    case v1_3 = 13
  }

  /// Who to be.
  package enum Bind: Sendable {
    case anonymous
    /// A DN and its password (RFC 4513 §5.1.3); neither may be empty.
    case simple(dn: String, password: Secret)
  }

  /// A name or an address; also what the certificate is checked against.
  package var host: String
  package var port: UInt16
  package var transport: Transport
  /// A PEM file of the CA certificates to trust instead of the system's.
  package var caFile: String?
  /// Whether the certificate's chain, dates and names are checked.
  package var verifiesCertificate = true
  package var minimumTLS = TLSVersion.v1_2
  /// SHA-256 of the server's certificate in DER, 32 bytes; holds also where nothing else is checked.
  package var pinnedCertificate: [UInt8]?
  /// For name, TCP, TLS and bind together.
  package var connectTimeout: Duration = .seconds(10)
  /// How long a server may stay silent while an answer is awaited.
  package var operationTimeout: Duration = .seconds(60)
  /// The longest message taken from the server, in bytes; at most 1 GiB.
  package var maximumPDU = 64 << 20
  package var bind = Bind.anonymous
  /// Attributes whose values are kept out of the operation log and of errors.
  package var secretAttributes: Set<AttributeDescription> = ["userPassword", "authPassword", "unicodePwd"]

  /// Describes an anonymous connection; the port is 389, or 636 for ldaps, unless it is given.
  package init(host: String, port: UInt16? = nil, transport: Transport = .ldap) {
    self.host = host
    self.port = port ?? (transport == .ldaps ? 636 : 389)
    self.transport = transport
  }
}

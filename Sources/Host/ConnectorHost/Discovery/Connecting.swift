package import ConnectorCore
package import ConnectorLDAP
import Logging

/// An open session as the commands use it: its two halves, what is known of the peer, and the way to end it.
package struct Connection: Sendable {
  package let reader: any DirectoryReader
  /// The whole session; nil where it can only read.
  package let session: (any DirectoryReader & DirectoryWriter)?
  /// The address that was connected to.
  package let address: String
  /// Nil without TLS.
  package let tls: TLSFacts?
  private let end: @Sendable () async -> Void

  package init(
    reader: any DirectoryReader, address: String, tls: TLSFacts? = nil, close: @escaping @Sendable () async -> Void = {}
  ) {
    self.reader = reader
    session = nil
    self.address = address
    self.tls = tls
    end = close
  }

  package init(
    session: any DirectoryReader & DirectoryWriter, address: String, tls: TLSFacts? = nil,
    close: @escaping @Sendable () async -> Void = {}
  ) {
    reader = session
    self.session = session
    self.address = address
    self.tls = tls
    end = close
  }

  /// Connects, does TLS and binds.
  /// - Throws: `ConnectionError` for name, TCP and TLS, `DirectoryError` for the bind.
  package static func open(_ settings: ConnectionSettings) async throws -> Connection {
    var logger = Logger(label: "ldap.operations")
    logger.logLevel = HostContext.current.environment["LDAP_CONNECTOR_LOG"].flatMap { .init(rawValue: $0) } ?? .info
    let session = try await LDAPSession.connect(to: settings, logger: logger)
    let peer = await session.peer
    return Connection(session: session, address: peer?.address ?? settings.host, tls: peer?.tls.map(TLSFacts.init)) {
      await session.close()
    }
  }

  /// Whether nobody on the way can read what is sent.
  package var isProtected: Bool { tls != nil }

  /// Ends the session.
  package func close() async { await end() }
}

/// What TLS agreed on, and the certificate that the server showed.
package struct TLSFacts: Sendable, Encodable, Equatable {
  package var version: String
  package var cipher: String
  /// Whether the certificate's chain, dates and names were checked.
  package var verified: Bool
  package var subject: String
  package var issuer: String
  package var names: [String]
  /// Seconds since 1970.
  package var notAfter: Int64

  package init(
    version: String, cipher: String, verified: Bool, subject: String, issuer: String, names: [String], notAfter: Int64
  ) {
    self.version = version
    self.cipher = cipher
    self.verified = verified
    self.subject = subject
    self.issuer = issuer
    self.names = names
    self.notAfter = notAfter
  }

  init(_ tls: PeerInfo.TLS) {
    self.init(
      version: tls.version, cipher: tls.cipher, verified: tls.isVerified, subject: tls.subject, issuer: tls.issuer,
      names: tls.names, notAfter: tls.notAfter)
  }
}

import ConnectorCore
import ConnectorLDAP

/// The sessions of an export: one to write with, opened anew after it was lost, and short ones to try passwords.
actor ExportConnections: ExportTarget {
  private let settings: ConnectionSettings
  private let connect: @Sendable (ConnectionSettings) async throws -> Connection
  private var connection: Connection?
  private var lookupConnection: Connection?

  /// - Parameter settings: the connector's account; values of its `secretAttributes` appear in no log and no error.
  init(
    _ settings: ConnectionSettings, connect: @escaping @Sendable (ConnectionSettings) async throws -> Connection
  ) {
    self.settings = settings
    self.connect = connect
  }

  func session() async throws -> any DirectoryReader & DirectoryWriter {
    if let session = connection?.session { return session }
    let opened = try await connect(settings)
    guard let session = opened.session else {
      await opened.close()
      throw DirectoryError(.unwillingToPerform, operation: "export", message: "this session can only read")
    }
    connection = opened
    return session
  }

  func lookup() async throws -> any DirectoryReader {
    if let open = lookupConnection { return open.reader }
    let opened = try await connect(settings)
    lookupConnection = opened
    return opened.reader
  }

  func lost() async {
    let old = [connection, lookupConnection].compactMap(\.self)
    (connection, lookupConnection) = (nil, nil)
    for connection in old { await connection.close() }
  }

  /// Answers that a bind gets whose name or password is wrong, or whose account may not log in.
  private static let refusals: Set<ResultCode> = [
    .invalidCredentials, .inappropriateAuthentication, .unwillingToPerform, .insufficientAccessRights, .noSuchObject,
    .constraintViolation,
  ]

  func binds(as dn: String, with password: Secret) async throws -> Bool {
    guard !dn.isEmpty, !password.isEmpty else { return false }
    var settings = settings
    settings.bind = .simple(dn: dn, password: password)
    do {
      let opened = try await connect(settings)
      await opened.close()
      return true
    } catch let error as DirectoryError where Self.refusals.contains(error.code) {
      return false
    }
  }
}

import ConnectorCore
import ConnectorLDAP

/// Walks from the configuration to the change log, and tells each step as it is done.
///
/// Name, TCP, TLS and bind are told apart by three connections: a plain one, one with TLS, and the real one.
struct Check {
  private let target: Target
  private let settings: ConnectionSettings
  private let tell: (CheckStep) -> Void

  init(_ target: Target, _ settings: ConnectionSettings, tell: @escaping (CheckStep) -> Void) {
    self.target = target
    self.settings = settings
    self.tell = tell
  }

  /// Makes every step that makes sense; those after a failure that ends it all are told as not reached.
  func run() async -> [CheckStep] {
    var steps: [CheckStep] = []
    func add(_ step: CheckStep) {
      steps.append(step)
      tell(step)
    }
    configuration().forEach(add)
    do {
      _ = try await target.adapters()
      try await connections(add)
    } catch let stop as Stop {
      add(stop.step)
    } catch {
      add(CheckStep(steps.last?.subject ?? .name, .failed, "\(error)"))
    }
    if let last = steps.last, last.status == .failed {
      let reached = Set(steps.map(\.subject))
      let subjects = CheckStep.Subject.allCases.drop { $0 != last.subject }.filter { !reached.contains($0) }
      for subject in subjects { add(CheckStep(subject, .notReached, "not reached")) }
    }
    return steps
  }

  /// Ends the walk with a step that failed.
  private struct Stop: Error {
    var step: CheckStep
  }

  private func configuration() -> [CheckStep] {
    let warnings = target.configuration.connectionWarnings(resolve: target.resolve)
    let found = CheckStep(.configuration, .ok, "\(target.file?.path ?? target.url) is well-formed")
    return [found] + warnings.map { CheckStep(.configuration, .warning, $0) }
  }

  private func connections(_ add: (CheckStep) -> Void) async throws {
    try await reachServer(add)
    try await agreeOnTLS(add)
    let connection = try await bind(add)
    do {
      try await readDirectory(connection, add)
      await connection.close()
    } catch {
      await connection.close()
      throw error
    }
  }

  private func reachServer(_ add: (CheckStep) -> Void) async throws {
    var plain = settings
    plain.transport = .ldap
    plain.bind = .anonymous
    do {
      let connection = try await HostContext.current.connect(plain)
      await connection.close()
      let isAddress = settings.host == connection.address
      add(
        CheckStep(.name, .ok, isAddress ? "the address \(settings.host)" : "\(settings.host) is \(connection.address)"))
      add(CheckStep(.tcp, .ok, "port \(settings.port) accepts connections"))
    } catch let error as ConnectionError {
      if error.cause != .nameNotFound { add(CheckStep(.name, .ok, "\(settings.host) is known")) }
      let subject = error.cause == .nameNotFound ? CheckStep.Subject.name : .tcp
      throw Stop(step: CheckStep(subject, .failed, error.message, remedy: ConnectionRemedy.text(for: error.cause)))
    }
  }

  private func agreeOnTLS(_ add: (CheckStep) -> Void) async throws {
    guard settings.transport != .ldap else {
      return add(CheckStep(.tls, .warning, "not used: all is sent in clear text", remedy: ConnectionRemedy.noTLS))
    }
    var anonymous = settings
    anonymous.bind = .anonymous
    do {
      let connection = try await HostContext.current.connect(anonymous)
      await connection.close()
      add(Self.step(for: connection.tls))
    } catch let error as ConnectionError {
      throw Stop(step: CheckStep(.tls, .failed, error.message, remedy: ConnectionRemedy.tls(error.cause)))
    }
  }

  static func step(for tls: TLSFacts?) -> CheckStep {
    guard let tls else { return CheckStep(.tls, .failed, "the connection has no TLS though it should") }
    let days = tls.daysLeft()
    if days < 30 {
      let remedy = "renew the certificate before \(tls.expiry); after that day no verified connection succeeds"
      return CheckStep(.tls, .warning, "\(tls.inWords): \(days) days left", remedy: remedy)
    }
    return CheckStep(.tls, tls.verified ? .ok : .warning, tls.inWords)
  }

  private func bind(_ add: (CheckStep) -> Void) async throws -> Connection {
    do {
      let connection = try await HostContext.current.connect(settings)
      let account = target.configuration.bind.dn.map { "as \($0)" } ?? "anonymous, so the server may hide much"
      add(CheckStep(.bind, .ok, account))
      return connection
    } catch let error as DirectoryError {
      throw Stop(step: CheckStep(.bind, .failed, "\(error)", remedy: ConnectionRemedy.bind(error.code)))
    } catch let error as ConnectionError {
      throw Stop(step: CheckStep(.bind, .failed, error.message, remedy: ConnectionRemedy.text(for: error.cause)))
    }
  }

  private func readDirectory(_ connection: Connection, _ add: (CheckStep) -> Void) async throws {
    let description: ServerDescription
    do {
      description = try await target.describe(connection)
    } catch let error as DirectoryError {
      throw Stop(step: CheckStep(.rootDSE, .failed, "\(error)", remedy: ConnectionRemedy.rootDSE))
    }
    let check = DirectoryCheck(target.configuration, connection.reader, description)
    add(check.rootDSE)
    add(check.schema)
    let product = check.product
    if product.status == .failed { throw Stop(step: product) }
    add(product)
    for partition in target.configuration.partitions { add(try await check.partition(partition)) }
    for step in try await check.logs() { add(step) }
  }
}

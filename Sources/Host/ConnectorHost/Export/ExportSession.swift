import ConnectorCore
import ConnectorLDAP
import ConnectorStore
import Foundation

/// Everything that an export needs: what an import opens, and sessions of its own to write with.
struct ExportSession {
  private let common: ConnectorSession
  let scope: ExportScope
  let connections: ExportConnections

  var store: SQLiteStore { common.store }
  var adapter: VendorAdapter { common.adapter }

  /// Locks the state file and opens it, connects, and finds out whether the server may be written to.
  /// - Parameter allowedDeletes: what the operator allows beyond the budget; nil leaves it to the budget.
  /// - Throws: `WritingRefused` where the adapter says that nothing may be written here.
  static func open(_ target: Target, wait: Duration?, allowedDeletes: Int? = nil) async throws -> ExportSession {
    let common = try await ConnectorSession.open(target, wait: wait)
    do {
      try WritingRefused.check(common.adapter, common.evidence)
      try common.checkAnchor(beforeFullImport: false)
      var scope = ExportScope(
        target.configuration, adapter: common.adapter, evidence: common.evidence,
        isProtected: common.connection.isProtected)
      scope.allowedDeletes = allowedDeletes
      var settings = common.settings
      settings.secretAttributes.formUnion(scope.secretAttributes)
      return ExportSession(
        common: common, scope: scope,
        connections: ExportConnections(settings, connect: HostContext.current.connect))
    } catch {
      await common.close()
      throw error
    }
  }

  /// Ends connections and releases the store.
  func close() async {
    await connections.lost()
    await common.close()
  }

  /// How the input's lines are to be read here.
  var inputContext: InputContext {
    InputContext(
      feed: store.feedID, passwordAttribute: scope.passwordAttribute, secretAttributes: scope.secretAttributes)
  }

  /// Makes the plan of an input; writes nothing.
  func plan(_ input: ExportInput, named file: String) async throws -> ExportPlan {
    let hash = passwordHash
    let connections = connections
    let planner = ExportPlanner(scope, store: store, reader: common.connection.reader) { password in
      hash.text(of: password.secret, line: password.line)
    } holdsPassword: { dn, secret in
      try await connections.binds(as: dn, with: secret)
    }
    return try await planner.plan(
      input,
      into: ExportPlan(
        plan: UUID().uuidString, created: Date().formatted(.iso8601), feed: store.feedID, adapter: adapter.name,
        server: common.target.url, input: file))
  }

  /// Makes the hashes that find passwords again; only this connector space can.
  var passwordHash: PasswordHash { PasswordHash(key: store.hashKey.bytes) }

  /// The passwords that an input holds.
  func passwords(of input: ExportInput?) -> InputPasswords {
    let hash = passwordHash
    return InputPasswords(input) { hash.text(of: $0, line: $1) }
  }

  /// The passwords that a plan still has to set.
  func passwordsNeeded(by plan: ExportPlan) throws -> [SecretReference] {
    let states = try store.operationStates(plan: plan.plan)
    return plan.operations.filter { states[$0.number] != .done }.compactMap(\.secret)
  }

  /// Carries a plan out.
  /// - Parameter progress: gets the number of operations that are done.
  func carryOut(
    _ plan: ExportPlan, _ passwords: InputPasswords, progress: @escaping @Sendable (Int) -> Void
  ) async throws -> ExportReport {
    let run = try ExportRun(
      plan: plan, scope: scope, store: store, target: connections, secrets: { passwords.secret($0) },
      executor: common.executor
    ) { counts in progress(counts.done + counts.alreadyDone) }
    return try await run.carryOut()
  }

  /// Finds out what became of the operations that earlier exports left open.
  func settle(_ passwords: InputPasswords) async throws -> ExportReport {
    try await ExportRun.settle(
      scope: scope, store: store, target: connections, secrets: { passwords.secret($0) }, executor: common.executor)
  }

  /// Refuses a plan that was made for another connector space, product or server.
  func check(_ plan: ExportPlan) throws {
    try plan.check(feed: store.feedID, adapter: adapter.name)
    guard plan.server != common.target.url else { return }
    throw ExportRefused(
      "it was made for \(plan.server), and the configuration names \(common.target.url)",
      remedy: "Make a plan anew with `export plan`.")
  }
}

extension ContentHashKey {
  /// The secret as bytes, to key other hashes with.
  fileprivate var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
  }
}

/// Nothing may be written to this server.
struct WritingRefused: Error, CustomStringConvertible {
  let description: String

  /// - Throws: `WritingRefused` with the adapter's reason.
  static func check(_ adapter: VendorAdapter, _ evidence: ServerEvidence) throws(WritingRefused) {
    guard let reason = adapter.export.refusal(evidence) else { return }
    throw WritingRefused(description: "Nothing can be written to this server: \(reason)")
  }
}

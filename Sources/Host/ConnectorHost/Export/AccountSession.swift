import ConnectorCore
import ConnectorLDAP

/// One account on a server that is known, with a session to write on.
struct AccountSession {
  let dn: String
  let scope: ExportScope
  let connections: ExportConnections
  private let evidence: ServerEvidence

  /// Connects, finds out what the server is, looks the account up, and closes everything in every case.
  /// - Throws: `WritingRefused`, and `CommandFailure` where there is no such entry.
  static func with(_ options: AccountOptions, _ body: (AccountSession) async throws -> Void) async throws {
    let target = try Target(configurationAt: options.config)
    let dn = try options.resolve(target)
    try await target.withConnection { connection in
      let description = try await target.describe(connection)
      let adapter = try description.requireAdapter()
      try WritingRefused.check(adapter, description.evidence)
      let scope = ExportScope(
        target.configuration, adapter: adapter, evidence: description.evidence, isProtected: connection.isProtected)
      var settings = try target.settings()
      settings.secretAttributes.formUnion(scope.secretAttributes)
      let session = AccountSession(
        dn: dn, scope: scope, connections: ExportConnections(settings, connect: HostContext.current.connect),
        evidence: description.evidence)
      do {
        try await session.requireEntry()
        try await body(session)
      } catch {
        await session.connections.lost()
        throw error
      }
      await session.connections.lost()
    }
  }

  private func requireEntry() async throws { _ = try await read(["objectClass"]) }

  private func read(_ attributes: [String]) async throws -> Entry {
    switch try await connections.session().read(dn, attributes: attributes) {
    case .entry(let entry): return entry
    case .absent:
      throw CommandFailure(.failure, "There is no entry \(dn), or it is hidden from this account.")
    case .failed(let error): throw error
    }
  }

  /// Sends one request.
  /// - Throws: `DirectoryError` where it was not carried out, or nobody knows whether it was.
  @discardableResult
  func write(_ request: WriteRequest) async throws -> WriteOutcome {
    switch try await connections.session().write([request]).first {
    case .done(let outcome): return outcome
    case .refused(let error), .unsent(let error): throw error
    case .unknown(let error):
      throw error.adding("Whether the server carried it out is not known; look, and try again")
    case nil: throw DirectoryError(.other, operation: "\(request)", message: "the session gave no answer")
    }
  }

  /// How the product keeps an account from logging in.
  /// - Throws: `CommandFailure` where it has nothing of the kind.
  func requireState() throws(CommandFailure) -> AccountState {
    guard let state = scope.facts.accountState else {
      throw CommandFailure(
        .failure, "No attribute is known by which \(scope.product) keeps an account from logging in.")
    }
    let isKnown = evidence.schema.attributeTypes.isEmpty || evidence.schema.attributeType(state.attribute.type) != nil
    guard isKnown || scope.facts.publishesPartOfSchema else {
      let needs = state.needs.map { " It needs \($0)." } ?? ""
      throw CommandFailure(.failure, "The server's schema has no \(state.attribute).\(needs)")
    }
    return state
  }

  /// The account's state, read from the directory.
  func state() async throws -> AccountStanding {
    let facts = try requireState()
    let value = try await read([facts.attribute.string]).string(facts.attribute)
    return AccountStanding(value: value, isEnabled: facts.isEnabled(value))
  }

  /// - Throws: `CommandFailure` where a password would travel in clear text, unless that is allowed.
  func requireProtection() throws(CommandFailure) {
    guard !scope.isProtected, !scope.allowsClearTextPasswords else { return }
    throw CommandFailure(
      .configuration,
      "The password would travel in clear text. Set `server.transport` to `ldaps` or `startTLS`; or, if nobody can listen, "
        + "`export.allowClearTextPasswords`.")
  }
}

/// Whether an account may log in, as its entry says.
struct AccountStanding {
  /// The attribute's value; nil where it is not there.
  var value: String?
  var isEnabled: Bool
}

extension AccountState {
  /// The request that enables or disables an account.
  func request(_ dn: String, isEnabled: Bool, _ before: AccountStanding) -> WriteRequest {
    .modify(
      dn,
      [
        LDIFModification(
          .replace, attribute, value(isEnabled: isEnabled, from: before.value).map { [Array($0.utf8)] } ?? [])
      ])
  }
}

/// What `account` tells.
struct AccountStateReport: Encodable {
  var dn: String
  var enabled: Bool
  var attribute: String
  var value: String?
  /// Nil where nobody wanted a change.
  var changed: Bool?
  var proof: String
  var needs: String?

  init(_ dn: String, _ state: AccountStanding, hasChanged: Bool?, _ facts: AccountState) {
    self.dn = dn
    enabled = state.isEnabled
    attribute = facts.attribute.string
    value = state.value
    changed = hasChanged
    proof = facts.proof
    needs = facts.needs
  }

  func show(asJSON: Bool) {
    let output = HostContext.current.output
    if asJSON, let line = try? JSONOutput.line(self) { return output.line(line) }
    let state = (changed == false ? "already " : "") + (enabled ? "enabled" : "disabled")
    output.line("\(ShownValue.text(dn)): \(state) (\(attribute): \(ShownValue.text(value ?? "not there")))")
    guard !enabled else { return }
    output.line("  \(proof)")
    if let needs { output.line("  Needs \(needs).") }
  }
}

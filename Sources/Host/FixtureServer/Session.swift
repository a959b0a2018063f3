import ConnectorCore
import ConnectorTesting

/// What one client has done on its connection so far, and how its requests are answered.
struct Session: Sendable {
  let directory: MemoryDirectory
  let account: FixtureServer.Account?
  let faults: FaultScript
  /// How the product takes writes.
  let rules: WritingRules
  /// The name of the last successful bind, empty for anonymous.
  var boundDN = ""
  var pages = PageSequences()
  var listViews = ListViews()

  init(
    directory: MemoryDirectory, account: FixtureServer.Account?, faults: FaultScript,
    rules: WritingRules = WritingRules()
  ) {
    (self.directory, self.account, self.faults, self.rules) = (directory, account, faults, rules)
  }

  /// What the directory says that it can do; its root DSE may change under way.
  var supported: SupportedControls {
    SupportedControls(directory.evidence.rootDSE, ofLog: directory.flavour.searchControls)
  }

  /// Answers one request; nil where it has no answer (unbind, abandon).
  ///
  /// Requests are answered one after the other, so that there is never anything to abandon.
  /// - Throws: `CancellationError` when the server stops while a fault waits.
  mutating func answer(_ request: RequestMessage) async throws -> Answer? {
    guard let occasion = occasion(of: request) else { return nil }
    let effect = faults.next(occasion)
    switch effect {
    case .code(let code): return Answer(request.id, request.operation.end(LDAPResult(code, "as the fault script says")))
    case .slow(let milliseconds): try await Task.sleep(for: .milliseconds(milliseconds))
    default: break
    }
    let answer = carryOut(effect == .ignoredListView ? request.withoutListView : request)
    return effect.map { answer.suffering($0) } ?? answer
  }

  private mutating func carryOut(_ request: RequestMessage) -> Answer {
    if let control = supported.unavailable(in: request) {
      let result = LDAPResult(.unavailableCriticalExtension, "the control \(control.oid) is not supported here")
      return Answer(request.id, request.operation.end(result))
    }
    do {
      return try perform(request)
    } catch let error as DirectoryError {
      return Answer(request.id, request.operation.end(LDAPResult(error)))
    } catch {
      // Only values of controls and extended operations are read this late.
      return Answer(request.id, request.operation.end(LDAPResult(.protocolError, "\(error)")))
    }
  }

  private mutating func perform(_ request: RequestMessage) throws -> Answer {
    switch request.operation {
    case .bind(let version, let dn, let password):
      return Answer(request.id, .result(bind(version, dn, password), of: .bind))
    case .saslBind(let mechanism):
      boundDN = ""
      let result = LDAPResult(.authMethodNotSupported, "only simple binds are served, not \(mechanism)")
      return Answer(request.id, .result(result, of: .bind))
    case .search(let search): return try self.search(search, request)
    case .change(let record, let change): return try self.change(record, change, request)
    case .compare(let dn, let attribute, let value): return try compare(dn, attribute, value, request)
    case .extended(let oid, let value): return try extended(oid, value, request)
    case .unbind, .abandon: return Answer(request.id, .result(.success, of: .search))
    }
  }

  /// A bind without a password is anonymous only without a name (RFC 4513 §5.1.2); a failed one makes the connection
  /// anonymous (RFC 4511 §4.2.1).
  private mutating func bind(_ version: Int, _ dn: String, _ password: [UInt8]) -> LDAPResult {
    boundDN = ""
    guard version == 3 else { return LDAPResult(.protocolError, "only LDAP version 3 is served, not \(version)") }
    guard !dn.isEmpty || !password.isEmpty else { return .success }
    guard !password.isEmpty else {
      return LDAPResult(.unwillingToPerform, "a bind with a name needs a password")
    }
    let isRight = account?.accepts(dn, password) ?? false
    guard isRight || directory.authenticate(dn, password: password) else { return LDAPResult(.invalidCredentials) }
    if let refusal = refusal(of: dn) { return refusal }
    boundDN = dn
    return .success
  }

  private func occasion(of request: RequestMessage) -> FaultScript.Occasion? {
    switch request.operation {
    case .bind(_, let dn, _): FaultScript.Occasion(operation: .bind, base: dn)
    case .saslBind: FaultScript.Occasion(operation: .bind, base: "")
    case .search(let search):
      FaultScript.Occasion(operation: .search, base: search.base, page: pages.page(of: request.pageCookie))
    case .change(let record, let change): FaultScript.Occasion(operation: change.operation, base: record.dn)
    case .compare(let dn, _, _): FaultScript.Occasion(operation: .compare, base: dn)
    case .extended(let oid, _): FaultScript.Occasion(operation: .extended, base: oid)
    case .unbind, .abandon: nil
    }
  }
}

extension RequestMessage {
  func control(_ oid: String) -> Control? { controls.first { $0.oid == oid } }

  /// The request without the controls of sorting and list view.
  fileprivate var withoutListView: RequestMessage {
    let ignored = [WellKnownOIDs.sort, WellKnownOIDs.virtualListView]
    return RequestMessage(id: id, operation: operation, controls: controls.filter { !ignored.contains($0.oid) })
  }

  /// The cookie of a request for a page; empty where it asks for the first one, or for none.
  fileprivate var pageCookie: [UInt8] {
    let value = control(Control.pagedResultsOID)?.value
    return value.flatMap { try? PagedResultsControl(decoding: $0) }?.cookie ?? []
  }
}

extension RequestMessage.Operation {
  /// The content of the message that ends an operation of this kind.
  func end(_ result: LDAPResult) -> ResponseMessage.Content {
    switch self {
    case .bind, .saslBind: .result(result, of: .bind)
    case .search, .unbind, .abandon: .result(result, of: .search)
    case .change(_, let change): .result(result, of: change.response)
    case .compare: .result(result, of: .compare)
    case .extended: .extended(result)
    }
  }
}

extension LDIFChange {
  fileprivate var operation: Fault.Operation {
    switch self {
    case .add: .add
    case .delete: .delete
    case .modify: .modify
    case .rename: .rename
    }
  }

  var response: ResponseMessage.Kind {
    switch self {
    case .add: .add
    case .delete: .delete
    case .modify: .modify
    case .rename: .rename
    }
  }
}

extension ResultCode {
  static let authMethodNotSupported = ResultCode(rawValue: 7)
  static let compareFalse = ResultCode(rawValue: 5)
  static let compareTrue = ResultCode(rawValue: 6)
  static let notAllowedOnNonLeaf = ResultCode(rawValue: 66)
}

import ConnectorCore
import Synchronization

/// A directory in memory: a suffix entry, a log container and its records, and what an account sees of them.
final class MemoryDirectory: DirectoryReader {
  struct State: Sendable {
    var suffix: [String: [String]] = ["entryUUID": ["suffix-1"], "auditContext": ["cn=accesslog"]]
    var container: [String: [String]] = ["entryCSN": [csn(0, server: 0)], "hasSubordinates": ["FALSE"]]
    var records: [Entry] = []
    /// Entries that cannot be read, by DN.
    var failing: [String: ResultCode] = [:]
    var recordsAreHidden = false
    var configuration: [Entry] = []
    /// After so many entries a search ends with `sizeLimitExceeded`.
    var sizeLimit = Int.max
    /// Runs once, when a search of the log has handed out its entries.
    var afterLogSearch: (@Sendable (inout State) -> Void)?
    var logSearches: [SearchRequest] = []
  }

  static let base = "dc=example,dc=com"
  static let log = "cn=accesslog"
  private let state: Mutex<State>

  init(_ prepare: (inout State) -> Void = { _ in }) {
    var state = State()
    prepare(&state)
    self.state = Mutex(state)
  }

  func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

  /// Adds records as slapd does: the container's `contextCSN` and `minCSN` follow.
  func append(_ records: Entry...) {
    state.withLock { state in
      for record in records {
        state.records.append(record)
        state.container["hasSubordinates"] = ["TRUE"]
      }
    }
  }

  /// The searches of the log since the last call.
  func takeLogSearches() -> [SearchRequest] {
    state.withLock { state in
      defer { state.logSearches = [] }
      return state.logSearches
    }
  }

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    let (found, limit) = try state.withLock { state in
      if request.base == Self.log, request.scope == .oneLevel { state.logSearches.append(request) }
      if let code = state.failing[request.base.lowercased()] { throw DirectoryError(code, operation: "search") }
      let found = Self.entries(request, state).filter { Self.matches($0, request.filter) }
      return (found, state.sizeLimit)
    }
    guard request.scope == .base || !found.isEmpty || request.base != "cn=config" else {
      throw DirectoryError(.insufficientAccessRights, operation: "search of cn=config")
    }
    let step = max(1, request.pageSize ?? found.count)
    for start in stride(from: 0, to: min(found.count, limit), by: step) {
      try await each(Self.batch(Array(found[start..<min(start + step, found.count, limit)]), request))
    }
    if found.count > limit { throw DirectoryError(.sizeLimitExceeded, operation: "search of \(request.base)") }
    if request.scope != .base { runHook() }
    return SearchSummary(entries: found.count)
  }

  private func runHook() {
    state.withLock { state in
      let hook = state.afterLogSearch
      state.afterLogSearch = nil
      hook?(&state)
    }
  }

  private static func entries(_ request: SearchRequest, _ state: State) -> [Entry] {
    guard request.scope == .base else {
      if request.base == "cn=config" { return state.configuration }
      return request.base == log && !state.recordsAreHidden ? state.records : []
    }
    switch request.base {
    case base: return [entry(base, state.suffix)]
    case log: return [entry(log, state.container)]
    default: return state.recordsAreHidden ? [] : state.records.filter { $0.dn == request.base }
    }
  }

  private static func batch(_ entries: [Entry], _ request: SearchRequest) -> EntryBatch {
    guard request.attributes == [SearchRequest.noAttributes] else { return EntryBatch(entries) }
    return EntryBatch(entries.map { Entry(dn: $0.dn, attributes: []) })
  }

  private static func matches(_ entry: Entry, _ filter: Filter) -> Bool {
    switch filter {
    case .and(let parts): parts.allSatisfy { matches(entry, $0) }
    case .or(let parts): parts.contains { matches(entry, $0) }
    case .equal(let name, let value): entry.values(name).contains(value)
    case .greaterOrEqual(let name, let value):
      entry.values(name).contains { !$0.lexicographicallyPrecedes(value) }
    case .lessOrEqual(let name, let value):
      entry.values(name).contains { !value.lexicographicallyPrecedes($0) }
    default: true
    }
  }
}

/// An entry of texts.
func entry(_ dn: String, _ attributes: [String: [String]]) -> Entry {
  let list = attributes.sorted { $0.key < $1.key }.map { name, values in
    (AttributeDescription(name), values.map { Array($0.utf8) })
  }
  return Entry(dn: dn, attributes: list)
}

/// A CSN so many milliseconds after 2026-11-22 22:00.
func csn(_ milliseconds: Int, server: Int = 1) -> String {
  let time = start(milliseconds)
  let id = String(server, radix: 16)
  return "\(time)#000000#\(String(repeating: "0", count: 3 - id.count))\(id)#000000"
}

/// A `reqStart` so many milliseconds after 2026-11-22 22:00.
func start(_ milliseconds: Int) -> String {
  GeneralizedTime(
    secondsSinceEpoch: 1_795_384_800 + Int64(milliseconds / 1000), nanoseconds: milliseconds % 1000 * 1_000_000
  ).text(fractionDigits: 6)
}

/// A record of a write that succeeded, as slapd logs it.
func record(
  _ milliseconds: Int, csn number: String? = nil, type: String = "modify",
  target: String = "uid=a,dc=example,dc=com", id: String? = nil, result: String = "0", lasting: Int = 0,
  also: [String: [String]] = [:]
) -> Entry {
  let time = start(milliseconds)
  var attributes = [
    "objectClass": ["auditModify", "auditWriteObject"], "reqStart": [time], "reqEnd": [start(milliseconds + lasting)],
    "reqType": [type], "reqDN": [target], "reqResult": [result], "entryUUID": ["record-\(milliseconds)"],
    "reqEntryUUID": [id ?? "id-\(milliseconds)"], "entryCSN": [number ?? csn(milliseconds)],
  ]
  for (name, values) in also { attributes[name] = values.isEmpty ? nil : values }
  return entry("reqStart=\(time),cn=accesslog", attributes)
}

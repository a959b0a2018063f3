public import ConnectorCore
import Synchronization

/// A directory in memory with a change log: to test adapters and what lies above them without a server.
///
/// It has a clock of its own, keeps operational attributes as its flavour says, and does wrong on demand.
public final class MemoryDirectory: DirectoryReader {
  struct State: Sendable {
    var model: DirectoryModel
    var faults = Faults()
    var history: [DirectoryChange] = []
    var searches: [SearchRequest] = []
    /// Changes that have their stamps and are not in sight yet; nil where none is held.
    var held: [(LDIFRecord, ChangeStamp)]?
    var betweenPages: (@Sendable (MemoryDirectory) -> Void)?
    var afterSearch: (@Sendable (MemoryDirectory) -> Void)?
    var account: (dn: String, password: [UInt8])?
  }

  /// How it tells of changes.
  public let flavour: any ChangeLogFlavour
  let state: Mutex<State>

  /// Makes a directory of partitions without entries.
  /// - Parameters:
  ///   - rootDSE: what the server says of itself; the flavour adds what it says of its log.
  ///   - schemaEntry: the subschema entry, by which attributes compare.
  public init(
    partitions: [String] = ["dc=example,dc=com"], flavour: any ChangeLogFlavour, rootDSE: Entry? = nil,
    schemaEntry: Entry? = nil
  ) {
    self.flavour = flavour
    var model = DirectoryModel(partitions: partitions, rootDSE: rootDSE, schemaEntry: schemaEntry)
    flavour.prepare(&model)
    state = Mutex(State(model: model))
  }

  /// What a detection would know of the server.
  public var evidence: ServerEvidence {
    state.withLock { state in
      ServerEvidence(rootDSE: RootDSE(state.model.rootDSE.entry), schema: state.model.matching.schema)
    }
  }

  /// The DNs below which there are entries to import.
  public var partitions: [String] { state.withLock { $0.model.partitions } }

  /// What it does wrong, or does not show.
  public var faults: Faults {
    get { state.withLock { $0.faults } }
    set { state.withLock { $0.faults = newValue } }
  }

  /// The time of the last change, by its own clock.
  public var clock: GeneralizedTime {
    get { state.withLock { $0.model.clock } }
    set { state.withLock { $0.model.clock = newValue } }
  }

  /// The clock's step at each change; `.zero` gives many changes one time.
  public var tick: Duration {
    get { .microseconds(state.withLock { $0.model.tick }) }
    set {
      let (seconds, attoseconds) = newValue.components
      state.withLock { $0.model.tick = max(0, seconds &* 1_000_000 &+ attoseconds / 1_000_000_000_000) }
    }
  }

  /// Every change that was asked for, and what became of it.
  public var history: [DirectoryChange] { state.withLock { $0.history } }

  /// The entry of that DN with all attributes, whatever is hidden; nil where there is none.
  public func entry(_ dn: String) -> MemoryEntry? { state.withLock { $0.model.entry(dn) } }

  /// Every entry that is no record of the log, whatever is hidden, in the order of adding.
  public var entries: [MemoryEntry] { state.withLock { $0.model.entries } }

  /// Changes anything without a record.
  public func change(_ body: (inout DirectoryModel) -> Void) { state.withLock { body(&$0.model) } }

  /// Runs after each page of a search but the last, so that a change can happen under a running read.
  public func betweenPages(_ hook: (@Sendable (MemoryDirectory) -> Void)?) {
    state.withLock { $0.betweenPages = hook }
  }

  /// Runs after each search that ended with success, before its caller goes on.
  public func afterSearch(_ hook: (@Sendable (MemoryDirectory) -> Void)?) { state.withLock { $0.afterSearch = hook } }

  /// The DNs that the records of its log lie below.
  public var logContainers: [String] { state.withLock { flavour.containers(in: $0.model) } }

  /// The searches since the last call.
  public func takeSearches() -> [SearchRequest] {
    state.withLock { state in
      defer { state.searches = [] }
      return state.searches
    }
  }
}

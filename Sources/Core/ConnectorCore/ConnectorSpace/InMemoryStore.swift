/// The connector space in memory: the same contract in the plainest code, to compare the durable one with, and for tests.
///
/// One owner uses it at a time; nothing here locks.
package final class InMemoryStore: ConnectorSpaceStore, @unchecked Sendable {
  package let hashKey: ContentHashKey

  /// Everything that a rollback takes back.
  struct State {
    var partitions: [PartitionRecord] = []
    var objects: [Int64: Held] = [:]
    var rows: [Identity: Int64] = [:]
    var lastRow: Int64 = 0
    var changes: [ChangeRecord] = []
    var lastTransaction: Int64 = 0
    var pending: [Int64: PendingHint] = [:]
    var pendingPartitions: [Int64: Int64] = [:]
    var lastPending: Int64 = 0
    var holds: [Int64: Hold] = [:]
    var plans: [KeptPlan] = []
  }

  /// An object and its partition.
  struct Held {
    var partition: Int64
    var object: ConnectorObject
  }

  /// What names an object from outside.
  struct Identity: Hashable {
    var partition: Int64
    var id: String
  }

  /// A run as it was stored.
  package struct Run: Hashable, Sendable {
    package var step: String
    package var partition: String
    package var outcome: String?
    package var report: String?
  }

  var state = State()
  private var beforeTransaction: State?
  private var hasRecord = false
  /// The runs; number n is at index n - 1.
  package private(set) var runs: [Run] = []

  package init(hashKey: ContentHashKey = .random()) { self.hashKey = hashKey }

  /// The change feed, oldest record first.
  package var changes: [ChangeRecord] { state.changes }

  // MARK: Transactions

  package func begin() throws {
    guard beforeTransaction == nil else { throw InMemoryStoreError.transactionIsOpen }
    beforeTransaction = state
    hasRecord = false
  }

  package func commit() throws {
    try requireTransaction()
    beforeTransaction = nil
  }

  package func rollback() {
    if let beforeTransaction { state = beforeTransaction }
    beforeTransaction = nil
  }

  func requireTransaction() throws {
    if beforeTransaction == nil { throw InMemoryStoreError.noTransaction }
  }

  // MARK: Partitions and runs

  package func partition(key: String, dn: String) throws -> PartitionRecord {
    if let known = state.partitions.first(where: { $0.key == key }) { return known }
    let new = PartitionRecord(number: Int64(state.partitions.count + 1), key: key, dn: dn)
    state.partitions.append(new)
    return new
  }

  package func save(_ partition: PartitionRecord) throws {
    try requireTransaction()
    guard let index = state.partitions.firstIndex(where: { $0.number == partition.number }) else { return }
    state.partitions[index] = partition
  }

  package func beginRun(step: String, partition: String) throws -> Int64 {
    runs.append(Run(step: step, partition: partition))
    return Int64(runs.count)
  }

  package func endRun(_ run: Int64, outcome: String, report: String) throws {
    guard runs.indices.contains(Int(run) - 1) else { return }
    runs[Int(run) - 1].outcome = outcome
    runs[Int(run) - 1].report = report
  }

  // MARK: The feed

  /// What a record says of its own; the rest is numbers.
  struct Change {
    var kind: ChangeRecord.Kind
    var object: ConnectorObject
    var old: ConnectorObject?
    var content: [UInt8]
  }

  func record(_ change: Change, _ reason: ChangeReason) {
    if !hasRecord { state.lastTransaction += 1 }
    hasRecord = true
    let run = runs.indices.contains(Int(reason.run) - 1) ? runs[Int(reason.run) - 1].step : ""
    state.changes.append(
      ChangeRecord(
        sequence: (state.changes.last?.sequence ?? 0) + 1, transaction: state.lastTransaction, kind: change.kind,
        id: change.object.id, anchor: change.object.anchor, dn: change.object.dn,
        oldID: change.old.flatMap { $0.id.hasBytes(of: change.object.id) ? nil : $0.id }, oldAnchor: change.old?.anchor,
        oldDN: change.old?.dn, objectClasses: change.object.document.objectClasses, content: change.content,
        reason: ChangeRecord.reason(step: run, run: reason.run, detail: reason.detail)))
  }

  package func trimFeed(keep: Int) throws {
    try requireTransaction()
    state.changes.removeFirst(max(0, state.changes.count - max(keep, 1)))
  }
}

/// How a caller broke the store's contract.
package enum InMemoryStoreError: Error, Hashable, Sendable {
  case noTransaction
  case transactionIsOpen
  case noSuchObject(Int64)
  case idIsTaken(String)
}

/// One run over one partition: the place where entries meet the connector space.
///
/// All its state, the store included, is touched on one thread of its own. A run may die at any instruction: whatever it
/// knows that the directory would not tell again is in the store's pending hints before the watermark moves.
package actor PartitionImport {
  let executor: ThreadExecutor
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  let store: any ConnectorSpaceStore
  let scope: ImportScope
  /// Streams whole partitions and logs.
  let reader: any DirectoryReader
  /// Re-reads single objects, on a connection that no paged search shares.
  let lookup: any DirectoryReader
  let delta: (any DeltaStrategy)?
  let progress: @Sendable (RunReport.Counts) -> Void

  let normalizer: ObjectNormalizer
  let test: ScopeTest
  var partition: PartitionRecord
  let run: Int64
  package var report: RunReport

  /// Rows that this run saw in the directory.
  var seen = RowSet()
  /// Rows that this run saw, or put with their branch, under the very DN that the connector space has for them.
  var placed = RowSet()
  var sawKnownObject = false
  /// How many entries a full import left out, by what told that they are no objects.
  var nonObjects: [EntryMark: Int] = [:]
  /// How many entries a full import saw without the ID that others have.
  var entriesWithoutID = 0
  var heldRows: Set<Int64> = []
  /// Held rows that only the operator's word, or the object itself, may free: a log record is not enough.
  var withheld: Set<Int64> = []
  /// Rows that the operator has released; the budget does not count them.
  var released: Set<Int64> = []
  /// Rows that an export wrote in this run; the budget does not count them either.
  var exported: Set<Int64> = []
  /// Hints that an export found and could not resolve, for they are no trouble of its own.
  var inherited = 0
  /// Objects that are gone for a reason, by row, until the budget allows their deletes.
  var leaving: [Int64: Leaving] = [:]
  /// Deletes of this run so far; what the budget compares.
  var deletes = 0
  /// How many objects of a class lost an attribute in this full import.
  var losses = AttributeLosses()
  var openTransactionPages = 0
  /// Pending hints by number: looked at in this run, and worth another look.
  var tried: Set<Int64> = []
  var retried: Set<Int64> = []
  var retries: Set<Int64> = []
  /// What the pending records of the log tell of names; nil where every record has an ID.
  var names: LoggedNames?
  var hasLoadedNames = false
  /// The last event on a name when a hint last said that the entry there changed.
  var changedNames: [String: Int] = [:]
  /// Whether a pending record has no ID.
  var holdsNameless = false
  /// The number of the last hint that an earlier run left.
  var lastLeftover: Int64 = 0
  /// What the log says of objects that a full import missed.
  var departures = RecordedDepartures()

  /// An object that left the directory or the scope.
  struct Leaving {
    var name: ObjectName
    var reason: String
    var pending: [Int64] = []
  }

  package init(
    step: String, store: any ConnectorSpaceStore, scope: ImportScope, reader: any DirectoryReader,
    lookup: any DirectoryReader, delta: (any DeltaStrategy)?, executor: ThreadExecutor,
    progress: @escaping @Sendable (RunReport.Counts) -> Void = { _ in }
  ) throws {
    self.executor = executor
    self.store = store
    self.scope = scope
    self.reader = reader
    self.lookup = lookup
    self.delta = delta
    self.progress = progress
    normalizer = ObjectNormalizer(
      schema: scope.schema, selection: scope.selection, immutableID: scope.immutableID, anchor: scope.anchor,
      linked: scope.linked, nonObjects: scope.nonObjects, key: store.hashKey)
    test = ScopeTest(scope, dns: normalizer.dns)
    let key = try normalizer.dns.key(of: scope.partition.string)
    partition = try store.partition(key: key, dn: scope.partition.string)
    run = try store.beginRun(step: step, partition: scope.partition.string)
    report = RunReport(run: run, step: step, partition: scope.partition.string)
    report.watermark = partition.watermark
    let holds = try store.holds(partition: partition.number)
    heldRows = Set(holds.map(\.row))
    withheld = Set(holds.filter(\.cause.needsOperator).map(\.row))
  }

  /// Runs a body inside a transaction of the store; nothing of it stays when it throws.
  func transaction<R>(_ body: () throws -> R) throws -> R {
    try commitPages()
    try store.begin()
    do {
      let result = try body()
      try store.commit()
      return result
    } catch {
      store.rollback()
      throw error
    }
  }

  /// The deletes that the budget allows this run, among the objects that it found at its beginning.
  func allowance() throws -> Int {
    let known = try store.count(partition: partition.number) - report.counts.added + report.counts.deleted
    return scope.budget.allowance(total: known)
  }

  func reason(_ detail: String? = nil) -> ChangeReason { ChangeReason(run: run, detail: detail) }

  func find(_ severity: Finding.Severity, _ object: String? = nil, _ summary: String, remedy: String? = nil) {
    report.add(Finding(severity, object: object, summary, remedy: remedy))
  }

  /// An object was seen in the directory as it stands in the connector space: whatever held it back is over.
  func endHold(_ row: Int64) throws {
    guard heldRows.remove(row) != nil else { return }
    withheld.remove(row)
    try store.endHolds(rows: [row])
  }
}

/// The durable connector space: objects, change feed, watermarks, pending hints, held deletes and runs.
///
/// A store is used by one owner at a time. Everything between `begin` and `commit` reaches the disk together or not at
/// all; the methods that write may be called only there. `add`, `replace`, `rename` and `delete` also append the change
/// feed's record, so that no accepted change can be missing from the feed.
package protocol ConnectorSpaceStore: AnyObject, Sendable {
  /// The secret that keys content hashes, made with the store.
  var hashKey: ContentHashKey { get }

  func begin() throws
  /// Makes everything since `begin` durable; all feed records in it carry one transaction number.
  func commit() throws
  func rollback()

  // MARK: Partitions and runs

  /// The partition with this tree key, made if it is new.
  func partition(key: String, dn: String) throws -> PartitionRecord
  func save(_ partition: PartitionRecord) throws
  /// Starts a run and returns its number; commits by itself.
  func beginRun(step: String, partition: String) throws -> Int64
  /// Stores how a run ended, with its report as JSON.
  func endRun(_ run: Int64, outcome: String, report: String) throws

  // MARK: Objects

  /// Row and fingerprint of an object by ID: the lookup that an unchanged object costs.
  func version(id: String, partition: Int64) throws -> StoredVersion?
  func object(row: Int64) throws -> StoredObject?
  /// Rows of the objects whose DN has this tree key; normally none or one.
  func holders(key: String, partition: Int64) throws -> [Int64]
  /// Rows of the objects with this anchor; none or one, unless the directory gives it twice.
  func rows(anchor: String, partition: Int64) throws -> [Int64]
  /// Visits objects strictly below a tree key, in the order of their keys.
  func descendants(of key: String, partition: Int64, each: (ObjectName) throws -> Void) throws
  /// Visits every object of a partition, in the order of their keys.
  func objects(partition: Int64, each: (ObjectName) throws -> Void) throws
  /// Visits the objects of a partition whose row is not `known`, in the order of their keys; the others cost next to
  /// nothing.
  func objects(partition: Int64, unless known: (Int64) -> Bool, each: (ObjectName) throws -> Void) throws
  func count(partition: Int64) throws -> Int
  /// The objects whose references hold this fingerprint.
  func referrers(of reference: Int64, partition: Int64) throws -> [ObjectName]
  /// How many objects have a non-empty attribute of this lower-case description; with a class, only those of it.
  func count(withAttribute: String, objectClass: String?, partition: Int64) throws -> Int

  /// Stores a new object and returns its row. Feed: `add`.
  func add(_ object: ConnectorObject, partition: Int64, reason: ChangeReason) throws -> Int64
  /// Replaces an object's content, and ID, DN and anchor if they differ. Feed: `rename` if one of the three differs (with
  /// the changed attributes, if any), else `update`.
  func replace(_ old: StoredObject, with new: ConnectorObject, reason: ChangeReason) throws
  /// Gives an object a new DN, and the ID that goes with it, and leaves its attributes alone. Feed: `rename`.
  func rename(
    row: Int64, id: String, dn: String, key: String, anchor: String, hash: ContentHash, reason: ChangeReason
  ) throws
  /// Removes an object, its references and its hold. Feed: `delete`.
  func delete(row: Int64, reason: ChangeReason) throws

  // MARK: Pending hints

  /// Stores hints; one that is there already (same partition, cause, kind, ID, DN, new DN, object, first run) is not stored
  /// twice. Names come and go, so that of a rename, a delete and a hint without an ID the record must be the same too.
  /// While the store is open no number is given twice, not even that of a cleared hint.
  func addPending(_ hints: [PendingHint], partition: Int64) throws
  /// Hints with a number above `after` whose `notBefore` is not above `run`, oldest first.
  func pending(partition: Int64, after: Int64, run: Int64, limit: Int) throws -> [PendingHint]
  func clearPending(_ numbers: [Int64]) throws
  /// Notes which object a hint is about.
  func assignPending(_ number: Int64, object: Int64) throws
  /// Notes why hints could not be resolved; they stay.
  func keepPending(_ numbers: [Int64], problem: String) throws
  func pendingCount(partition: Int64) throws -> Int

  // MARK: Holds

  /// Holds objects; an object that is held already keeps its first hold.
  func hold(_ rows: [Int64], cause: HoldCause, detail: String, run: Int64) throws
  func holds(partition: Int64?) throws -> [Hold]
  func endHolds(rows: [Int64]) throws

  /// Drops feed records beyond the newest `keep`.
  func trimFeed(keep: Int) throws
}

/// What the store knows of a partition.
package struct PartitionRecord: Hashable, Sendable {
  package var number: Int64
  package var key: String
  package var dn: String
  package var watermark: Watermark?
  /// Configuration that the watermark depends on, by configuration key.
  package var fingerprint: [String: String]
  /// The run of the last full import with a completeness proof; nil before the first.
  package var lastFullImport: Int64?

  package init(
    number: Int64, key: String, dn: String, watermark: Watermark? = nil, fingerprint: [String: String] = [:],
    lastFullImport: Int64? = nil
  ) {
    self.number = number
    self.key = key
    self.dn = dn
    self.watermark = watermark
    self.fingerprint = fingerprint
    self.lastFullImport = lastFullImport
  }
}

/// Row and fingerprint of a stored object.
package struct StoredVersion: Hashable, Sendable {
  package var row: Int64
  package var hash: ContentHash

  package init(row: Int64, hash: ContentHash) {
    self.row = row
    self.hash = hash
  }
}

/// A stored object with its row; `references` are empty, for the store keeps them apart.
package struct StoredObject: Hashable, Sendable {
  package var row: Int64
  package var object: ConnectorObject

  package init(row: Int64, object: ConnectorObject) {
    self.row = row
    self.object = object
  }
}

/// What names a stored object, without its attributes.
package struct ObjectName: Hashable, Sendable {
  package var row: Int64
  package var id: String
  package var dn: String
  package var key: String
  package var hash: ContentHash

  package init(row: Int64, id: String, dn: String, key: String, hash: ContentHash) {
    self.row = row
    self.id = id
    self.dn = dn
    self.key = key
    self.hash = hash
  }
}

/// Why a change was accepted: the run, and the log record or rule behind it.
package struct ChangeReason: Hashable, Sendable {
  package var run: Int64
  /// The log record's name or the rule in words; nil for what a full import simply saw.
  package var detail: String?

  package init(run: Int64, detail: String? = nil) {
    self.run = run
    self.detail = detail
  }
}

/// A hint on its way to being resolved.
package struct PendingHint: Hashable, Sendable {
  /// Why the object must be read again.
  package enum Cause: String, Hashable, Sendable {
    /// A log record named it.
    case log
    /// Another object took its DN, or wants to.
    case displaced
    /// It refers to an object that was deleted or renamed, or is the far side of a changed link.
    case reference
    /// It lies below a DN that a renamed branch left.
    case branch
    /// Everything below it must be searched, because it moved into scope.
    case subtree
    /// A full import saw it without an attribute that it had.
    case attributeLoss
  }

  /// Given by the store; zero before.
  package var number: Int64
  package var cause: Cause
  package var hint: Hint
  /// The row of the object that it is about, where that was found out when it was stored; it stays right whatever names
  /// the object gets.
  package var object: Int64?
  /// The first run that may resolve it.
  package var notBefore: Int64
  /// Why the last try failed; empty before the first.
  package var problem: String

  package init(
    cause: Cause, hint: Hint, object: Int64? = nil, notBefore: Int64 = 0, number: Int64 = 0, problem: String = ""
  ) {
    self.number = number
    self.cause = cause
    self.hint = hint
    self.object = object
    self.notBefore = notBefore
    self.problem = problem
  }
}

/// Why a delete, or an update that loses an attribute, is held back.
package enum HoldCause: String, Hashable, Sendable {
  /// More would go than the delete budget allows.
  case budget
  /// Neither a log record nor its neighbourhood explains the absence.
  case vanished
  /// The configuration was narrowed.
  case configuration
  /// Too many objects lost one attribute at once.
  case attributeLoss = "attribute loss"
}

/// A held object; durable until it is released, dropped or seen again.
package struct Hold: Hashable, Sendable {
  package var row: Int64
  package var partition: Int64
  package var id: String
  package var dn: String
  package var cause: HoldCause
  package var detail: String
  package var run: Int64

  package init(row: Int64, partition: Int64, id: String, dn: String, cause: HoldCause, detail: String, run: Int64) {
    self.row = row
    self.partition = partition
    self.id = id
    self.dn = dn
    self.cause = cause
    self.detail = detail
    self.run = run
  }
}

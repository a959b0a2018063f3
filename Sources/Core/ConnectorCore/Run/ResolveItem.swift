/// One object that must be read again, and what is known of it so far.
struct ResolveItem {
  enum Answer {
    /// Not read yet, or not found where it was looked for.
    case open
    /// The directory holds it, in scope.
    case present(ConnectorObject)
    /// The directory holds it, outside the scope, at this DN.
    case outOfScope(String)
    /// Neither its DNs nor its ID find anything.
    case absent
    /// It could not be read; it may or may not exist.
    case failed(String)
    /// Another item turned out to be what stands at the name.
    case another
  }

  var id: String?
  /// DNs at which it may be, the likeliest first.
  var candidates: [String] = []
  var stored: StoredObject?
  var answer = Answer.open
  /// What led here; empty for an object that was pulled in because its DN is wanted.
  var hints: [PendingHint] = []
  /// The sign by which the entry is no object.
  var mark: EntryMark?
  /// Where an object that is known by its DN alone is by the log's last word; nil where it says nothing, or that it is gone.
  var expected: EntryName?
  /// A log record or a rule that explains an absence.
  var evidence: String?

  var numbers: [Int64] { hints.map(\.number) }
  var name: String { stored?.object.dn ?? candidates.first ?? id ?? "an object without a name" }

  var present: ConnectorObject? {
    if case .present(let object) = answer { object } else { nil }
  }

  /// Whether nothing but a DN says which entry it is.
  var isName: Bool { id == nil && stored == nil }

  var isFailed: Bool {
    if case .failed = answer { true } else { false }
  }

  var isOpen: Bool {
    if case .open = answer { true } else { false }
  }

  var isOutOfScope: Bool {
    if case .outOfScope = answer { true } else { false }
  }

  var isAbsent: Bool {
    if case .absent = answer { true } else { false }
  }

  /// Unknown to the connector space, and deleted again by the log's word: not worth a search by ID.
  ///
  /// Without a delete record it is worth one, for a container above it may have been renamed since.
  var cameAndWent: Bool { stored == nil && hints.contains { $0.hint.kind == .deleted } }

  /// The hint that says most about why the object is read again.
  var reasonDetail: String? {
    hints.last { !$0.hint.record.isEmpty }.map(\.hint.record)
  }
}

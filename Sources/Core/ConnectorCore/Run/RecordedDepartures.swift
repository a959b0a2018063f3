/// What a log says of objects that an import missed.
struct RecordedDepartures {
  /// Records that carry an ID, by it.
  private var records: [String: String] = [:]
  /// Records that name entries by DN alone; nil before the first.
  private var names: LoggedNames?

  /// - Parameter names: what records told that this run had to resolve, and that may not come again.
  init(after names: LoggedNames? = nil) { self.names = names }

  mutating func note(_ hint: Hint, id: String) { records[id] = "\(hint.kind.rawValue) in \(hint.record)" }

  mutating func note(_ event: LoggedNames.Event, record: String, isNameless: Bool) {
    if names == nil, isNameless { names = LoggedNames() }
    names?.note(event, record: record)
  }

  /// Where an object should be that is known by its DN alone, and the record that says so; nil where it should be there.
  mutating func destination(of name: ObjectName) -> (key: String, record: String)? {
    guard let end = names?.destination(of: EntryName(dn: name.dn, key: name.key)), let key = end.name?.key,
      key != name.key, let record = end.record
    else { return nil }
    return (key, record)
  }

  /// The record that explains why an object cannot be seen; nil without one.
  mutating func reason(for name: ObjectName) -> String? {
    if let record = records[name.id] { return record }
    // The connector space has the name of the last import, or one that a branch above it got since.
    for key in names?.origin(of: name.key).names ?? [] {
      if let reason = names?.destination(of: EntryName(dn: name.dn, key: key)).departure { return reason }
    }
    return nil
  }
}

extension PartitionImport {
  /// Asks the log about absent objects since the last watermark.
  /// - Returns: whether a log can tell.
  func readDepartures(of absent: [ObjectName], since watermark: Watermark?) async throws -> Bool {
    guard let delta, let watermark, watermark.method == delta.method else { return false }
    let ids = Set(absent.map(\.id))
    departures = RecordedDepartures(after: names)
    do {
      guard case .unbroken = try await delta.continuity(of: watermark, in: scope.partition, reader) else {
        return false
      }
      try await delta.hints(since: watermark, in: scope.partition, reader) { batch in
        await self.noteDepartures(in: batch.hints, of: ids)
      }
    } catch let error as WatermarkLost {
      find(.warning, nil, "The log could not explain absences: \(error.reason)")
      return false
    }
    return true
  }

  private func noteDepartures(in hints: [Hint], of ids: Set<String>) {
    for hint in hints where hint.kind != .changed {
      if scope.immutableID != nil, let id = hint.id, ids.contains(id), explainsAbsence(hint) {
        departures.note(hint, id: id)
      }
      guard let event = event(of: PendingHint(cause: .log, hint: hint)) else { continue }
      departures.note(event, record: hint.record, isNameless: scope.immutableID == nil || hint.id == nil)
    }
  }
}

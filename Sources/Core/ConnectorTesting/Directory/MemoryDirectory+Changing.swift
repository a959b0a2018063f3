public import ConnectorCore
import Synchronization

extension MemoryDirectory {
  /// Makes one change, with stamps and log record; a content record is an entry to add.
  ///
  /// - Throws: `DirectoryError` with the code that RFC 4511 has for it; where the product logs failures, it is logged.
  public func apply(_ record: LDIFRecord) throws(DirectoryError) {
    let answer = state.withLock { state in
      Result { () throws(DirectoryError) in
        if state.held != nil {
          state.held?.append((record, state.model.nextStamp()))
        } else {
          try state.apply(record, nil, flavour)
        }
      }
    }
    try answer.get()
  }

  /// Makes changes given as LDIF, in order (RFC 2849).
  public func apply(ldif: String) throws {
    var reader = LDIFReader(Array(ldif.utf8))
    while let record = try reader.next() { try apply(record) }
  }

  /// Puts entries into the tree as a restore from LDIF does: IDs and times that they bring stay, and nothing is logged.
  public func load(_ records: [LDIFRecord]) throws {
    for record in records {
      let answer = state.withLock { state in
        Result { () throws(DirectoryError) in try state.model.load(record, flavour) }
      }
      try answer.get()
    }
  }

  /// Holds back what is changed from now on: each change gets its number and time now, and comes into sight at `release`.
  public func hold() { state.withLock { $0.held = $0.held ?? [] } }

  /// Makes the changes that were held, with the stamps that they got.
  /// - Parameter reversed: whether the last one comes first.
  public func release(reversed: Bool = false) throws {
    let held = takeHeld()
    try commit(reversed ? held.reversed() : held)
  }

  /// Ends the holding, and hands over what was held.
  func takeHeld() -> [(LDIFRecord, ChangeStamp)] {
    state.withLock { state in
      defer { state.held = nil }
      return state.held ?? []
    }
  }

  /// Makes changes with stamps that they got before.
  func commit(_ changes: [(LDIFRecord, ChangeStamp)]) throws(DirectoryError) {
    for (record, stamp) in changes {
      let answer = state.withLock { state in
        Result { () throws(DirectoryError) in try state.apply(record, stamp, flavour) }
      }
      try answer.get()
    }
  }

  /// Takes away the records of the log but for so many of the newest.
  public func trimLog(keeping: Int = 0) { change { flavour.trim(&$0, keeping: keeping) } }

  /// Puts another server with the same entries in the place of this one: another identity, and a log of its own that has
  /// grown as long.
  public func replaceServer() {
    state.withLock { state in
      state.model.identity &+= 1
      state.model.removeRecords { _ in true }
      flavour.prepare(&state.model)
      // The same changes reached it in another order, so that its numbers mean other things.
      let changes = state.history.filter { $0.result == .success }
      for (number, change) in zip(changes.map(\.stamp.number), changes.reversed()) {
        let stamp = ChangeStamp(time: change.stamp.time.adding(seconds: 17), number: number)
        flavour.record(change.stamped(stamp), in: &state.model)
      }
    }
  }

  /// Puts an older copy in the place of the log: records above that number are gone, and numbers go on from there.
  public func resetCounter(to number: UInt64 = 0) { change { flavour.restore(&$0, to: number) } }

  /// Lets the numbers start high, such as above 2^32.
  public func startNumbers(at number: UInt64) {
    change { model in
      model.counter = number
      flavour.prepare(&model)
    }
  }

  /// Writes the newest record once more, under a number of its own, as some servers do.
  public func repeatLastRecord() {
    state.withLock { state in
      guard let last = state.history.last(where: { $0.result == .success }) else { return }
      let again = last.stamped(state.model.nextStamp())
      flavour.record(again, in: &state.model)
    }
  }
}

extension MemoryDirectory.State {
  mutating func apply(
    _ record: LDIFRecord, _ stamp: ChangeStamp?, _ flavour: any ChangeLogFlavour
  ) throws(DirectoryError) {
    do {
      history += try model.apply(record, stamp, flavour)
    } catch {
      let failed = DirectoryChange(
        kind: record.kind, request: record, before: model.entry(record.dn), after: nil, result: error.code,
        stamp: stamp ?? model.nextStamp())
      history.append(failed)
      flavour.recordFailure(failed, in: &model)
      throw error
    }
  }
}

import ConnectorCore

/// Reads stretches of a numbered log.
///
/// Every search asks for numbers between two others, or for one record alone: that shape is served from an index where
/// an open one runs into limits (389 Directory Server), it stays below the size limit of a server that does not page
/// (Sun 5.2), and a stretch is small enough to be put in order, for answers are not (UnboundID).
struct ChangelogReader: Sendable {
  let log: String
  let dialect: ChangelogDialect
  let settings: DeltaSettings
  let reader: any DirectoryReader

  /// Thrown to end a search: a stretch holds more than was thought.
  private struct TooMany: Error {}

  /// Numbers a stretch; without pages the answer must stay below a usual size limit.
  var width: UInt64 { UInt64(max(1, min(pageSize ?? 500, 1000))) }
  private var most: Int { Int(clamping: width) * 4 }
  private var pageSize: Int? { dialect.pagesLog ? settings.pageSize : nil }

  /// Hands over the records of a stretch in the order of their numbers, in one part or in several.
  func read(_ stretch: ClosedRange<UInt64>, _ take: ([ChangelogRecord]) async throws -> Void) async throws {
    do {
      try await take(records(stretch))
    } catch is TooMany {
      let middle = stretch.lowerBound + (stretch.upperBound - stretch.lowerBound) / 2
      try await read(stretch.lowerBound...middle, take)
      try await read(middle + 1...stretch.upperBound, take)
    }
  }

  /// The record of a number; nil where none is seen.
  func record(_ number: UInt64) async throws -> ChangelogRecord? {
    try await search(.equal(Self.number, String(number))) { $0 }.first
  }

  /// The number of some record that is no lower, not of the lowest; nil where there is none.
  func any(from number: UInt64) async throws -> UInt64? {
    struct Found: Error { let number: UInt64 }
    let request = SearchRequest(
      base: log, scope: .oneLevel, filter: .greaterOrEqual(Self.number, String(number)),
      attributes: [Self.number.string], pageSize: nil, sizeLimit: 1)
    do {
      _ = try await reader.search(request) { [dialect] batch in
        for entry in batch { throw Found(number: try ChangelogRecord(entry, dialect).number) }
      }
      return nil
    } catch let found as Found {
      return max(found.number, number)
    } catch let error as DirectoryError {
      throw ChangelogProblem.search(error, dialect)
    }
  }

  /// The largest number that is seen, found from a guess in steps that double; nil where the log is empty.
  ///
  /// A number that is given while this goes on may be missed.
  func newest(guess: UInt64?) async throws -> UInt64? {
    var (low, high) = (UInt64(0), UInt64.max)
    if let guess, guess > 0 {
      if let number = try await any(from: guess) { low = number } else { high = guess }
    }
    if low == 0 {
      guard let number = try await any(from: 0) else { return nil }
      low = number
    }
    var step: UInt64 = 1
    while high - low > 1 {
      let (sum, overflows) = low.addingReportingOverflow(step)
      let next = overflows || sum >= high ? low + (high - low) / 2 : sum
      if let number = try await any(from: next) {
        low = number
        step = step.multipliedReportingOverflow(by: 2).overflow ? step : step * 2
      } else {
        high = next
        step = 1
      }
    }
    return low
  }

  private func records(_ stretch: ClosedRange<UInt64>) async throws -> [ChangelogRecord] {
    let most = stretch.count > 1 ? most : .max
    let filter = Filter.and([
      .greaterOrEqual(Self.number, String(stretch.lowerBound)), .lessOrEqual(Self.number, String(stretch.upperBound)),
    ])
    return try await search(filter) { records in
      guard records.count <= most else { throw TooMany() }
      return records
    }
    .sorted { $0.number < $1.number }
  }

  private func search(
    _ filter: Filter, _ check: @Sendable ([ChangelogRecord]) throws -> [ChangelogRecord]
  ) async throws -> [ChangelogRecord] {
    let request = SearchRequest(
      base: log, scope: .oneLevel, filter: filter, attributes: ChangelogRecord.attributes(dialect), pageSize: pageSize)
    let found = Records()
    do {
      _ = try await reader.search(request) { [dialect] batch in
        let records = try batch.map { try ChangelogRecord($0, dialect) }
        _ = try check(await found.adding(records))
      }
    } catch let error as DirectoryError {
      throw ChangelogProblem.search(error, dialect)
    }
    return await found.records
  }

  static let number: AttributeDescription = "changeNumber"
}

private actor Records {
  private(set) var records: [ChangelogRecord] = []

  func adding(_ more: [ChangelogRecord]) -> [ChangelogRecord] {
    records += more
    return records
  }
}

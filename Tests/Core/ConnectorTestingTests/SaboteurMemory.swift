import ConnectorCore
import Synchronization

/// Texts that were seen.
final class Memory: Sendable {
  private let texts = Mutex<Set<String>>([])

  func isNew(_ text: String) -> Bool { texts.withLock { $0.insert(text).inserted } }
  func knows(_ text: String) -> Bool { texts.withLock { $0.contains(text) } }
}

/// The highest number seen.
final class Highest: Sendable {
  private let number = Mutex<UInt64>(0)

  var isZero: Bool { number.withLock { $0 == 0 } }

  /// Whether a number is above all before it.
  func rises(to next: UInt64) -> Bool {
    number.withLock { number in
      guard next > number else { return false }
      number = next
      return true
    }
  }
}

/// A reader that keeps its first look at the root DSE.
final class FirstLook: DirectoryReader {
  private let base: any DirectoryReader
  private let root = Mutex<[Entry]?>(nil)

  init(base: any DirectoryReader) { self.base = base }

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    if root.withLock({ $0 }) == nil {
      let first = try await base.collect(SearchRequest(base: "", scope: .base, attributes: ["*", "+"], pageSize: nil))
      root.withLock { $0 = first }
    }
    guard request.base.isEmpty, let entries = root.withLock({ $0 }) else {
      return try await base.search(request, each: each)
    }
    var builder = EntryBatch.Builder()
    for entry in entries {
      builder.beginEntry(dn: [])
      for (name, values) in entry.attributes {
        builder.beginAttribute(Array(name.string.utf8))
        for value in values { builder.addValue(value) }
      }
    }
    try await each(builder.finish())
    return SearchSummary(entries: entries.count)
  }
}

extension ReadAnswer {
  /// The time of a log record, empty where it cannot be read.
  var time: String {
    if case .entry(let entry) = self { entry.string("changeTime") ?? "" } else { "" }
  }
}

extension Hint {
  /// The number in the record's name.
  var number: UInt64? {
    (try? DN(record))?.rdns.first?.assertions.first?.text.flatMap { UInt64($0) }
  }
}

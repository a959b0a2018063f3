import ConnectorCore

/// The bounds of a log, as the root DSE tells them; other accounts may see them than see the log.
struct ChangelogBounds: Sendable {
  /// The lowest number that is there; zero where there is none.
  let first: UInt64?
  /// The highest number given. It runs ahead of what a search can see, so it is never a watermark.
  let last: UInt64?

  init(_ root: Entry) {
    first = root.string("firstChangeNumber").flatMap { UInt64($0) }
    last = root.string("lastChangeNumber").flatMap { UInt64($0) }
  }

  static let attributes = ["firstChangeNumber", "lastChangeNumber"]

  /// Whether the server says that its log holds no record at all.
  var isEmpty: Bool {
    guard let last else { return false }
    return last == 0 || first.map { $0 == 0 || $0 > last } ?? false
  }
}

/// A partition and its log, as far as this account can read them.
struct ChangelogPlace: Sendable {
  /// The log's DN.
  let log: String
  /// The identity that a watermark carries: another log, or another directory behind the same name, differs.
  let server: String
  let bounds: ChangelogBounds
}

/// Finds the log of a partition.
struct ChangelogLocator: Sendable {
  let settings: DeltaSettings
  let dialect: ChangelogDialect

  /// The log's DN: what configuration forces, else what the root DSE says (OID 2.16.840.1.113730.3.1.35), else the
  /// usual name.
  var logDN: String {
    settings.changeLogDN ?? settings.evidence.rootDSE.value("changelog") ?? ChangelogDialect.usualLogDN
  }

  /// Reads container, partition and bounds, all of them anew.
  /// - Throws: `DirectoryError` with the remedy where container or partition cannot be read.
  func locate(_ partition: DN, _ reader: any DirectoryReader) async throws -> ChangelogPlace {
    let answers = try await reader.read([logDN, partition.string], attributes: identityAttributes.map(\.string))
    guard answers.count == 2 else { throw DirectoryError(.decodingError, operation: "read of \(logDN)") }
    guard case .entry(let container) = answers[0] else {
      throw answers[0].error(reading: logDN, remedy: missingLogRemedy)
    }
    guard case .entry(let suffix) = answers[1] else {
      throw answers[1].error(reading: partition.string, remedy: dialect.remedy.partition)
    }
    let server = "log \(identity(of: container)), suffix \(identity(of: suffix))"
    return ChangelogPlace(log: logDN, server: server, bounds: try await bounds(reader))
  }

  /// The bounds of this moment; unknown ones where the root DSE does not show them.
  func bounds(_ reader: any DirectoryReader) async throws -> ChangelogBounds {
    switch try await reader.read("", attributes: ChangelogBounds.attributes) {
    case .entry(let root): return ChangelogBounds(root)
    case .absent: return ChangelogBounds(Entry(dn: "", attributes: []))
    case .failed(let error): throw error
    }
  }

  /// Whether the server says where its log is.
  var isNamed: Bool {
    let root = settings.evidence.rootDSE
    return root.value("changelog") != nil || root.namingContexts.contains { (try? DN($0)) == (try? DN(logDN)) }
  }

  /// A log that is named is there, so it is rights that are missing.
  var missingLogRemedy: String { isNamed ? dialect.remedy.rights : dialect.remedy.enable }

  /// What is given to an entry when it is made, and never again.
  private var identityAttributes: [AttributeDescription] {
    [dialect.entryID, "nsUniqueId", "entryUUID", "createTimestamp"].compactMap(\.self)
  }

  private func identity(of entry: Entry) -> String {
    identityAttributes.lazy.compactMap { entry.string($0) }.first ?? "unknown"
  }
}

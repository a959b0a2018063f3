public import ConnectorCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What one server said of itself, kept in a folder: root DSE, schema, entries, changes, and what to expect of adapters.
///
/// `rootdse.ldif` must be there; `schema.ldif`, `entries.ldif`, `expected.json`, `directory.json` and
/// `delta/<case>/changes.ldif` may be.
public struct Fixture: Sendable, CustomStringConvertible {
  /// A sequence of changes to run against the entries.
  public struct Delta: Sendable {
    /// The name of the case: its folder's.
    public let name: String
    /// The changes, in order (RFC 2849).
    public let changes: [LDIFRecord]
  }

  /// The folder's name, such as `openldap-2.5.13`.
  public let name: String
  /// The folder's path.
  public let folder: String
  /// The root DSE.
  public let rootDSE: Entry
  /// The subschema entry; nil where the fixture has none.
  public let schemaEntry: Entry?
  /// The schema; empty where the fixture has none.
  public let schema: Schema
  /// Entries of the partitions, parents first.
  public let entries: [LDIFRecord]
  /// What adapters should make of it.
  public let expected: Expectation
  /// How the folder behaves as a live server; nil where it does not say.
  public let directory: Behaviour?
  /// Sequences of changes, by name.
  public let deltas: [Delta]

  /// The folder's name.
  public var description: String { name }

  /// Reads a folder.
  /// - Throws: `FixtureError` with the file, and the line where there is one.
  public init(folder: String) throws {
    let files = FixtureFiles(folder: folder)
    self.folder = folder
    name = files.name
    guard let root = try files.records("rootdse.ldif")?.first else {
      throw FixtureError("\(folder)/rootdse.ldif", "is missing or empty; a fixture needs the server's root DSE")
    }
    rootDSE = Entry(root)
    schemaEntry = try files.records("schema.ldif")?.first.map { Entry($0) }
    schema = schemaEntry.map { Schema(subschema: $0) } ?? Schema()
    entries = try files.records("entries.ldif") ?? []
    expected = try files.decoded("expected.json", as: Expectation.self) ?? Expectation()
    directory = try files.decoded("directory.json", as: Behaviour.self)
    deltas = try files.folders("delta").map { name in
      Delta(name: name, changes: try files.records("delta/\(name)/changes.ldif") ?? [])
    }
  }

  /// Every fixture of a folder, by name: each folder in it that has a `rootdse.ldif`.
  public static func all(in folder: String) throws -> [Fixture] {
    let files = FixtureFiles(folder: folder)
    return try files.folders("").filter { files.exists("\($0)/rootdse.ldif") }
      .map { try Fixture(folder: "\(folder)/\($0)") }
  }

  /// What a detection would know of the server.
  /// - Parameter port: the port reached; nil takes the one that the fixture expects.
  public func evidence(port: Int? = nil) -> ServerEvidence {
    ServerEvidence(rootDSE: RootDSE(rootDSE), schema: schema, port: port ?? expected.port)
  }

  /// Whether this adapter is the one that must win it, or that must refuse it.
  public func expects(_ adapter: VendorAdapter) -> Bool {
    expected.winner == adapter.name || expected.winner == "refused" && expected.product == adapter.title
  }
}

/// A fixture's file cannot be used.
public struct FixtureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's path.
  public let file: String
  /// What is wrong with it and what it should be.
  public let reason: String

  init(_ file: String, _ reason: String) {
    self.file = file
    self.reason = reason
  }

  /// One sentence for a person.
  public var description: String { "\(file): \(reason)" }
}

/// The files of one folder.
struct FixtureFiles {
  let folder: String

  var name: String { folder.split(separator: "/").last.map(String.init) ?? folder }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(path)") }

  /// The names of the folders in a folder, sorted; none where it does not exist.
  func folders(_ path: String) throws -> [String] {
    let parent = path.isEmpty ? folder : "\(folder)/\(path)"
    guard FileManager.default.fileExists(atPath: parent) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: parent).sorted().filter { name in
      var isFolder = false
      return FileManager.default.fileExists(atPath: "\(parent)/\(name)", isDirectory: &isFolder) && isFolder
    }
  }

  /// The records of an LDIF file; nil where there is no such file.
  func records(_ path: String) throws -> [LDIFRecord]? {
    guard let data = try data(path) else { return nil }
    var reader = LDIFReader(Array(data))
    var records: [LDIFRecord] = []
    do {
      while let record = try reader.next() { records.append(record) }
    } catch {
      throw FixtureError("\(folder)/\(path)", error.description)
    }
    return records
  }

  func decoded<Form: Decodable>(_ path: String, as form: Form.Type) throws -> Form? {
    guard let data = try data(path) else { return nil }
    do {
      return try JSONDecoder().decode(form, from: data)
    } catch {
      throw FixtureError("\(folder)/\(path)", "is not the JSON that is expected there: \(error)")
    }
  }

  private func data(_ path: String) throws -> Data? {
    guard exists(path) else { return nil }
    do {
      return try Data(contentsOf: URL(filePath: "\(folder)/\(path)"))
    } catch {
      throw FixtureError("\(folder)/\(path)", "cannot be read: \(error)")
    }
  }
}

import ConnectorCore
import ConnectorHost
import Foundation
import Testing

/// A folder of VendorFixtures: what a server says of itself, and what detection must make of it.
struct Fixture: Sendable, CustomTestStringConvertible {
  let name: String
  let rootDSE: Entry
  let schema: Schema
  /// Nil where the folder has none; `foldersAreComplete` fails then.
  let expected: Expected?

  var testDescription: String { name }

  /// The first word of the maker's name.
  var maker: String { rootDSE.string("vendorName")?.split(separator: " ").first?.lowercased() ?? "" }

  var evidence: ServerEvidence { evidence(rootDSE) }

  /// The evidence with another root DSE, and maybe without the schema.
  func evidence(_ rootDSE: Entry, schema withSchema: Bool = true) -> ServerEvidence {
    ServerEvidence(rootDSE: RootDSE(rootDSE), schema: withSchema ? schema : Schema(), port: expected?.port)
  }

  /// Made once, because some tests ask them many thousand times.
  static let adapters = [VendorAdapter].builtIn
  /// Every folder, however many there are when the tests run.
  static let all: [Fixture] = folders.compactMap { try? Fixture($0) }
  /// Those that an adapter of ours, and not the generic one, must recognise.
  static let products = all.filter { $0.expected.map { $0.winner != "generic" } ?? false }

  static let folders: [URL] = {
    var root = URL(filePath: #filePath).resolvingSymlinksInPath()
    for _ in 1...4 { root.deleteLastPathComponent() }
    let fixtures = root.appending(path: "VendorFixtures", directoryHint: .isDirectory)
    let found = try? FileManager.default.contentsOfDirectory(
      at: fixtures, includingPropertiesForKeys: [.isDirectoryKey])
    return (found ?? []).filter { (try? $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }()

  init(_ folder: URL) throws {
    name = folder.lastPathComponent
    rootDSE = try Self.entry(folder.appending(path: "rootdse.ldif"))
    let definitions = folder.appending(path: "schema.ldif")
    let hasSchema = FileManager.default.fileExists(atPath: definitions.path)
    let entry = hasSchema ? try Self.entry(definitions) : Entry(dn: "", attributes: [])
    schema = Schema(objectClasses: entry.strings("objectClasses"), attributeTypes: entry.strings("attributeTypes"))
    let manifest = folder.appending(path: "expected.json")
    expected = try? JSONDecoder().decode(Expected.self, from: Data(contentsOf: manifest))
  }

  private static func entry(_ file: URL) throws -> Entry {
    var reader = LDIFReader(Array(try Data(contentsOf: file)))
    let record = try #require(try reader.next(), "\(file.path) holds no entry")
    var order: [AttributeDescription] = []
    var values: [AttributeDescription: [[UInt8]]] = [:]
    for (name, value) in record.attributes {
      if values[name] == nil { order.append(name) }
      values[name, default: []].append(value)
    }
    return Entry(dn: record.dn, attributes: order.map { ($0, values[$0] ?? []) })
  }
}

/// What a folder's `expected.json` says; a key that is not there is not checked.
struct Expected: Decodable, Sendable {
  /// The adapter's name, `refused` or `generic`.
  var winner: String
  var product: String?
  var port: Int?
  var anchor: String?
  /// Outer nil: not checked. Inner nil: the product has none.
  var immutableID: String??
  var changeLog: String??
  var passwordAttribute: String?
  var partitions: [String]?

  private enum Key: String, CodingKey, CaseIterable {
    case winner, product, port, anchor, immutableID, changeLog, passwordAttribute, partitions
  }

  init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: Key.self)
    winner = try box.decode(String.self, forKey: .winner)
    product = try box.decodeIfPresent(String.self, forKey: .product)
    port = try box.decodeIfPresent(Int.self, forKey: .port)
    anchor = try box.decodeIfPresent(String.self, forKey: .anchor)
    immutableID = box.contains(.immutableID) ? .some(try box.decodeIfPresent(String.self, forKey: .immutableID)) : nil
    changeLog = box.contains(.changeLog) ? .some(try box.decodeIfPresent(String.self, forKey: .changeLog)) : nil
    passwordAttribute = try box.decodeIfPresent(String.self, forKey: .passwordAttribute)
    partitions = try box.decodeIfPresent([String].self, forKey: .partitions)
  }
}

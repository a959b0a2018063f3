import Foundation
import Testing

@testable import TestSupport

/// The executable `fixture-directory` on a fixture of this repository, and a connector that imports from it: two
/// processes that know of each other what LDAP tells.
struct FixtureScene: Sendable {
  static let base = "dc=example,dc=com"

  let folder: String
  let scratch: ScratchDirectory
  /// The clients of OpenLDAP, bound as the fixture's account; anonymous where it names none.
  let account: LDAPTools
  private let port: UInt16

  /// Takes a fixture of this repository by its name.
  init(_ name: String) throws { try self.init(folder: Self.fixtures + name) }

  init(folder: String) throws {
    let scratch = try ScratchDirectory()
    self.scratch = scratch
    self.folder = folder
    port = try freePort()
    let facts = (try? Self.json("\(folder)/directory.json")) ?? [:]
    let passwordFile = try (facts["password"] as? String).map { try scratch.write($0, to: "password") }
    account = LDAPTools(
      uri: "ldap://127.0.0.1:\(port)", bindDN: facts["bindDN"] as? String, passwordFile: passwordFile)
  }

  /// A connector that has imported everything, in three pages; the directory is served by then no more.
  static func imported(_ name: String, id: String? = "entryUUID") async throws -> FixtureScene {
    let scene = try FixtureScene(name)
    try await scene.serving {
      let place = ["--bind-dn", scene.account.bindDN ?? "", "--password-file", scene.account.passwordFile ?? ""]
      let made = try await scene.tool(["init", scene.account.uri] + place)
      #expect(made.exitCode == 0, "\(made.summary)")
      try scene.set("pageSize", to: "5")
      let report = Report(try await scene.tool(["import", "full", "--json"]))
      #expect(report.isComplete && (11...15).contains(report.count("added")), "\(report.result.summary)")
      try await scene.expectTruth("after the first import", id: id)
    }
    return scene
  }

  /// Every fixture of the repository.
  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: fixtures).sorted().filter {
      FileManager.default.fileExists(atPath: "\(fixtures)\($0)/rootdse.ldif")
    }
  }

  /// What `expected.json` says of the adapter that wins.
  var expectedWinner: String {
    get throws { try #require(try Self.json("\(folder)/expected.json")["winner"] as? String) }
  }

  /// Serves the fixture while the body runs; each time the directory is as in the files.
  /// - Parameter faults: a JSON list, see `fixture-directory --help`.
  func serving(faults: String = "[]", _ body: () async throws -> Void) async throws {
    let file = try scratch.write(faults, to: "faults.json")
    let server = try RunningCommand(Self.executable(), [folder, "--port", "\(port)", "--faults", file])
    try await eventually("\(folder) is served") {
      guard server.isRunning else { throw SupportError(try await server.wait().summary) }
      return server.linesSoFar == ["URL=\(account.uri)"]
    }
    let result: Result<Void, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    server.send(SIGTERM)
    let end = try await server.wait()
    #expect(end.exitCode == 0, "\(end.summary)")
    try result.get()
  }

  /// Runs the connector.
  func tool(_ arguments: [String]) async throws -> CommandResult {
    try await Command.run(arguments, directory: scratch.path)
  }

  /// The winner that `detect --json` prints.
  func winner(_ arguments: [String]) async throws -> String {
    let result = try await tool(["detect", "--json"] + arguments)
    let facts = try JSONSerialization.jsonObject(with: Data(result.standardOutputBytes)) as? [String: Any]
    return try #require(facts?["winner"] as? String, "\(folder): \(result.summary)")
  }

  /// Changes a line of the configuration that `init` wrote.
  func set(_ key: String, to value: String) throws {
    let text = try String(contentsOfFile: scratch.file("connector.yaml"), encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let indent = line.prefix { $0 == " " }
      return line.dropFirst(indent.count).hasPrefix("\(key):") ? "\(indent)\(key): \(value)" : String(line)
    }
    try #require(lines.contains { $0.hasSuffix("\(key): \(value)") })
    try scratch.write(lines.joined(separator: "\n"), to: "connector.yaml")
  }

  /// Objects and feed are what `ldapsearch` sees now.
  /// - Parameter id: the attribute that the adapter takes for the ID; nil where the product has none, so that objects are
  ///   known by their DNs.
  func expectTruth(
    _ comment: Comment? = nil, base: String = Self.base, id: String? = "entryUUID",
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let (objects, changes) = try await outputs()
    let ids = Dictionary(try ExportedObject.parse(jsonLines: objects).map { ($0.dn, $0.id) }) { first, _ in first }
    let entries = try await account.search(base, attributes: ["*"] + (id.map { [$0] } ?? [])).map { entry in
      var entry = entry
      // Under this name the judge looks for the ID.
      entry.attributes["entryuuid"] =
        id.map { entry.attributes.removeValue(forKey: $0.lowercased())?.map(Self.identifier) }
        ?? ids[entry.dn].map { [Array($0.utf8)] }
      return entry
    }
    var model = FeedModel()
    try model.apply(jsonLines: changes)
    let untruths =
      try Judge.differences(objectsJSONLines: objects, directory: entries) + model.problems
      + Judge.differences(objects: model.allObjects, directory: entries)
    #expect(untruths == [], comment, sourceLocation: sourceLocation)
  }

  /// An ID as the connector writes it: sixteen octets in hexadecimal digits, a text as it is.
  private static func identifier(_ value: [UInt8]) -> [UInt8] {
    guard value.count == 16 else { return value }
    return value.flatMap { byte in Array(((byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8) }
  }

  /// The body leaves objects and feed exactly as they were.
  func expectUnchanged(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
  ) async throws {
    let before = try await outputs()
    try await body()
    let after = try await outputs()
    #expect(before == after, "objects or feed have changed", sourceLocation: sourceLocation)
  }

  private func outputs() async throws -> (objects: [UInt8], changes: [UInt8]) {
    let results = (try await tool(["objects"]), try await tool(["changes", "--since", "0"]))
    #expect(results.0.exitCode == 0 && results.1.exitCode == 0, "\(results.0.summary)\(results.1.summary)")
    return (results.0.standardOutputBytes, results.1.standardOutputBytes)
  }

  private static let fixtures =
    "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/VendorFixtures/"

  private static func json(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any], "\(path)")
  }

  /// Beside the test bundle, or beside the connector.
  private static func executable() throws -> String {
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let places = [bundle, try Command.executable()].map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("fixture-directory").path
    }
    guard let found = places.first(where: FileManager.default.isExecutableFile) else {
      throw SupportError("no \(places.joined(separator: ", no ")): `swift build` builds it")
    }
    return found
  }
}

import Foundation
import Testing

@testable import TestSupport

/// A real server, a configuration and a connector space of their own, and the promise that every scenario ends with:
/// the connector space, and the feed applied from its beginning, equal what `ldapsearch` sees.
struct Scene: Sendable {
  static let base = TestDirectory.base

  let product: LiveProduct
  let server: any DirectoryUnderTest
  let scratch: ScratchDirectory
  /// What `ldapsearch` is asked for; the same scope and attributes as the configuration's.
  var searchBases = [Self.base]
  var filter = "(objectClass=*)"
  /// Among them the attribute that is the ID.
  var attributes: [String]
  var ignored = Judge.ignoredByDefault
  /// The account whose view of the directory the connector space must equal.
  var witness: LDAPTools
  /// Whether an entry that the search returned belongs to the configuration's containers.
  var isInScope: @Sendable (String) -> Bool = { _ in true }

  /// Starts a server of a product, writes the configuration, runs the body, and removes everything.
  static func running(
    on product: LiveProduct, _ setup: DirectorySetup = DirectorySetup(), yaml: String = "", partition: String = "",
    _ body: (inout Scene) async throws -> Void
  ) async throws {
    try await Scene(product, try await product.start(setup)).run(yaml, partition, body)
  }

  /// The same with a slapd set up in its own words.
  static func running(
    _ options: SlapdOptions = SlapdOptions(), yaml: String = "", partition: String = "",
    _ body: (inout Scene) async throws -> Void
  ) async throws {
    try await Scene(.slapd, try await SlapdServer.start(options)).run(yaml, partition, body)
  }

  private init(_ product: LiveProduct, _ server: any DirectoryUnderTest) throws {
    self.product = product
    self.server = server
    witness = server.connector
    scratch = try ScratchDirectory()
    attributes = ["*", product.id]
  }

  private func run(
    _ yaml: String, _ partition: String, _ body: (inout Scene) async throws -> Void
  ) async throws {
    try await usingServer(server) { _ in
      defer { scratch.remove() }
      var scene = self
      try scene.configure(yaml, partition: partition)
      try await body(&scene)
    }
  }

  /// A company of 200 people, as seed.
  static var company: DirectorySetup { .with { $0.seed = .text(Company().ldif) } }
  /// The same for a slapd set up in its own words.
  static var companyOnSlapd: SlapdOptions { SlapdOptions(company) }

  /// The server of a scene on slapd.
  var slapd: SlapdServer {
    get throws { try #require(server as? SlapdServer) }
  }

  /// Writes the configuration; `partition` adds lines to the partition, `yaml` whole sections.
  func configure(
    _ yaml: String = "", partition: String = "", account: String = TestDirectory.connectorDN,
    passwordFile: String? = nil
  ) throws {
    _ = try scratch.write(
      """
      server: {host: 127.0.0.1, port: \(server.port), operationTimeout: 30s}
      bind: {method: simple, dn: "\(account)", passwordFile: "\(passwordFile ?? server.connectorPasswordFile)"}
      state: state.db
      partitions:
        - dn: "\(Self.base)"
      \(partition.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
      \(yaml)
      """, to: "connector.yaml")
  }

  var configuration: String { scratch.file("connector.yaml") }

  /// Runs the tool.
  @discardableResult
  func tool(
    _ arguments: String..., accepting codes: Set<Int32> = [0], timeout: Double = 120
  ) async throws -> CommandResult {
    let result = try await Command.run(
      arguments + ["--config", configuration], directory: scratch.path, timeout: timeout)
    #expect(codes.contains(result.exitCode), "\(arguments.joined(separator: " ")): \(result.summary)")
    return result
  }

  /// A full import, with its report.
  @discardableResult
  func full(accepting codes: Set<Int32> = [0]) async throws -> Report {
    Report(try await tool("import", "full", "--json", accepting: codes))
  }

  /// A delta import, with its report.
  @discardableResult
  func delta(accepting codes: Set<Int32> = [0]) async throws -> Report {
    Report(try await tool("import", "delta", "--json", accepting: codes))
  }

  /// What is held, by DN.
  func held() async throws -> [String] {
    try await tool("held", "list", "--json").lines.compactMap { line in
      (try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["dn"] as? String
    }
  }

  /// The directory as the connector's account, or another witness, sees it, by an independent client.
  func directory() async throws -> [DirectoryEntry] {
    var entries: [DirectoryEntry] = []
    for base in searchBases {
      entries += try await witness.search(base, filter: filter, attributes: attributes)
    }
    return entries.filter { isInScope($0.dn) }
  }

  /// The promise.
  func expectTruth(_ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await expectObjects(equal: try await directory(), comment, sourceLocation: sourceLocation)
  }

  /// The connector space holds exactly these entries, and so does the feed applied to an empty model.
  func expectObjects(
    equal entries: [DirectoryEntry], _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let untruths = try await untruths(about: entries)
    #expect(untruths == [], comment, sourceLocation: sourceLocation)
  }

  /// Where the connector space or the feed differ from these entries, in words.
  func untruths(about entries: [DirectoryEntry]) async throws -> [String] {
    let objects = try await tool("objects").standardOutputBytes
    let inSpace = try Judge.differences(
      objectsJSONLines: objects, directory: entries, id: product.id, ignoring: ignored)
    var model = FeedModel()
    try model.apply(jsonLines: try await tool("changes", "--since", "0").standardOutputBytes)
    let inFeed = Judge.differences(objects: model.allObjects, directory: entries, id: product.id, ignoring: ignored)
    return inSpace + model.problems.map { "feed: \($0)" } + inFeed.map { "feed: \($0)" }
  }
}

/// The report of a run or an export, as its JSON line tells it.
struct Report {
  let result: CommandResult
  private let facts: [String: Any]

  init(_ result: CommandResult) {
    self.result = result
    let line = result.lines.last.map { Data($0.utf8) } ?? Data()
    facts = (try? JSONSerialization.jsonObject(with: line)) as? [String: Any] ?? [:]
  }

  func count(_ name: String) -> Int { (facts["counts"] as? [String: Any])?[name] as? Int ?? -1 }
  /// Every count that is not zero, for a failing expectation's message.
  var counts: [String: Int] { (facts["counts"] as? [String: Int] ?? [:]).filter { $1 != 0 } }
  var isComplete: Bool { facts["complete"] as? Bool ?? false }
  /// The delta method that wrote the watermark.
  var method: String { (facts["watermark"] as? [String: Any])?["method"] as? String ?? "none" }
  /// The objects that stay although they were not found.
  var doubts: Set<String> {
    let findings = facts["findings"] as? [[String: String]] ?? []
    return Set(findings.filter { $0["summary"]?.contains("stays as it was known") == true }.compactMap { $0["object"] })
  }
  var findings: String { "\(facts["findings"] ?? "")" }
}

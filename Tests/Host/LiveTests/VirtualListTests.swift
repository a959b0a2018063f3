import Foundation
import Testing

@testable import TestSupport

/// Imports by virtual list view with sorting, end to end, in place of paged results.
@Suite struct VirtualListTests {
  private static let reading = "import: {pagedResults: false, virtualListView: true, pageSize: 40}"

  /// A product, and how its lists are sorted: by the immutable ID, and by a key that many entries share.
  private static let products: [(product: LiveProduct, settings: String)] = [
    (.slapd, reading), (.slapd, sharing("sn:2.5.13.3")), (.ds389, reading), (.ds389, sharing("sn")),
    (.unboundID, reading), (.unboundID, sharing("sn")),
  ]

  private static func sharing(_ key: String) -> String {
    "import: {pagedResults: false, virtualListView: true, pageSize: 7, sortKey: \"\(key)\"}"
  }

  @Test(arguments: products.indices)
  func aFullImportAndADeltaImportAreTheTruth(_ index: Int) async throws {
    let (product, settings) = Self.products[index]
    let name = "\(product): \(settings)"
    try await Scene.running(on: product, Scene.company, yaml: settings) { scene in
      // Without pages or a list this account sees no more than the size limit allows.
      let report = try await scene.full()
      #expect(report.isComplete, "\(report.result.summary)")
      try await scene.expectTruth("after a full import by \(name)")
      try await scene.write {
        $0.unit("ou=new", in: Scene.base)
        for number in 0..<60 { $0.person("cn=new \(number)", in: "ou=new,\(Scene.base)") }
        $0.modify("cn=new 7,ou=new,\(Scene.base)", "replace", "sn", ["Other"])
        $0.rename("cn=new 8,ou=new,\(Scene.base)", to: "cn=renamed")
        $0.delete("cn=new 9,ou=new,\(Scene.base)")
      }
      #expect(try await scene.delta().result.exitCode == 0)
      try await scene.expectTruth("after a delta import")
      try await scene.write { $0.delete("cn=new 10,ou=new,\(Scene.base)") }
      #expect(try await scene.full().count("deleted") == 1)
      try await scene.expectTruth("after the second full import")
    }
  }

  @Test func moreContainersThanListsOfAConnectionAreReadOneByOne() async throws {
    let containers = (0..<12).map { "ou=unit \($0),\(Scene.base)" }
    let list = containers.map { "\"\($0)\"" }.joined(separator: ", ")
    try await Scene.running(
      yaml: Self.reading, partition: "include: [\(list)]\nsearchOnlySelectedContainers: true"
    ) { scene in
      scene.searchBases = containers
      try await scene.write { text in
        for container in containers {
          text.unit("\(container.prefix { $0 != "," })", in: Scene.base)
          for number in 0..<50 { text.person("cn=\(number)", in: container) }
        }
      }
      #expect(try await scene.full().count("added") == 12 * 51)
      try await scene.expectTruth("after the full import")
      // Branches that come into scope are read as lists, too.
      try await scene.write { text in
        for container in containers.prefix(8) {
          text.rename("cn=1,\(container)", to: "cn=moved")
        }
      }
      try await scene.delta()
      try await scene.expectTruth("after the delta import")
    }
  }

  @Test func aBranchThatMovesIntoScopeIsReadAsAList() async throws {
    try await Scene.running(
      yaml: Self.reading, partition: "include: [\"ou=in,\(Scene.base)\"]"
    ) { scene in
      scene.isInScope = { $0.lowercased().hasSuffix("ou=in,\(Scene.base)") }
      try await scene.write { text in
        text.unit("ou=in", in: Scene.base)
        for branch in 0..<7 {
          text.unit("ou=branch \(branch)", in: Scene.base)
          for number in 0..<50 { text.person("cn=\(number)", in: "ou=branch \(branch),\(Scene.base)") }
        }
      }
      try await scene.full()
      try await scene.write { text in
        for branch in 0..<7 {
          text.rename(
            "ou=branch \(branch),\(Scene.base)", to: "ou=branch \(branch)",
            newSuperior: "ou=in,\(Scene.base)")
        }
      }
      #expect(try await scene.delta().count("added") == 7 * 51)
      try await scene.expectTruth("after the delta import")
    }
  }

  @Test func pagedResultsWinWhereBothAreOn() async throws {
    // Without the overlay slapd refuses a list, so only pages can have brought the entries.
    try await Scene.running(
      .with {
        $0.seed = .text(Company().ldif)
        $0.sortAndVLV = false
      }, yaml: "import: {pagedResults: true, virtualListView: true}"
    ) { scene in
      #expect(try await scene.full().isComplete)
      try await scene.expectTruth()
      try scene.configure(Self.reading)
      try await scene.expectUnchanged {
        let refused = try await scene.tool("import", "full", accepting: [3])
        #expect(refused.standardError.contains("unavailableCriticalExtension (12)"), "\(refused.summary)")
        #expect(refused.standardError.contains("switch virtual list view off"), "\(refused.summary)")
      }
    }
  }

  @Test func theHierarchyIsReadAsAList() async throws {
    try await Scene.running(Scene.companyOnSlapd, yaml: Self.reading) { scene in
      let asList = try await scene.tool("hierarchy", "--json").standardOutputBytes
      try scene.configure()
      #expect(try await scene.tool("hierarchy", "--json").standardOutputBytes == asList)
    }
  }

  @Test(arguments: [true, false])
  func initFillsInWhatTheServerOffers(hasOverlay: Bool) async throws {
    try await Scene.running(.with { $0.sortAndVLV = hasOverlay }) { scene in
      let file = scene.scratch.file("made.yaml")
      let made = try await Command.run(
        [
          "init", scene.server.uri, "--bind-dn", TestDirectory.connectorDN, "--password-file",
          scene.server.connectorPasswordFile, "--output", file,
        ], directory: scene.scratch.path)
      #expect(made.exitCode == 0, "\(made.summary)")
      let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        .map { $0.drop { $0 == " " } }
      #expect(lines.contains("pagedResults: true") && lines.contains("sortKey: auto"))
      #expect(lines.contains("virtualListView: \(hasOverlay)"))
      #expect(lines.contains("# Here `auto` is `entryUUID`.") == hasOverlay)
    }
  }

  /// A product without paged results: the fixture's root DSE does not list them, so its server does not page.
  @Test func aServerWithoutPagedResultsIsImportedAsInitLeftIt() async throws {
    let original = try FixtureScene("389ds-2.3.1")
    let folder = try ScratchDirectory()
    defer { folder.remove() }
    let copy = folder.file("fixture")
    try FileManager.default.copyItem(atPath: original.folder, toPath: copy)
    let rootDSE = try String(contentsOfFile: "\(copy)/rootdse.ldif", encoding: .utf8)
    let lines = rootDSE.split(separator: "\n", omittingEmptySubsequences: false)
    let without = lines.filter { $0 != "supportedControl: 1.2.840.113556.1.4.319" }
    #expect(without.count == lines.count - 1)
    try Data(without.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: "\(copy)/rootdse.ldif"))
    let scene = try FixtureScene(folder: copy)
    try await scene.serving {
      let place = ["--bind-dn", scene.account.bindDN ?? "", "--password-file", scene.account.passwordFile ?? ""]
      #expect(try await scene.tool(["init", scene.account.uri] + place).exitCode == 0)
      for pageSize in [5, 1000] {
        try scene.set("pageSize", to: "\(pageSize)")
        let report = Report(try await scene.tool(["import", "full", "--json"]))
        #expect(report.isComplete, "\(report.result.summary)")
        try await scene.expectTruth("after the import", id: "nsUniqueId")
      }
      try scene.set("virtualListView", to: "false")
      #expect(try await scene.tool(["import", "full"]).exitCode == 0, "all in one operation")
      try await scene.expectTruth("after the import in one operation", id: "nsUniqueId")
      try scene.set("pagedResults", to: "true")
      let refused = try await scene.tool(["import", "full"])
      #expect(refused.exitCode == 3 && refused.standardError.contains("(12)"), "\(refused.summary)")
    }
  }

  @Test func aServerThatIgnoresTheControlsIsNotTrusted() async throws {
    let scene = try await FixtureScene.imported("openldap-2.5.13")
    let fault =
      #"[{"when": {"operation": "search", "base": "\#(FixtureScene.base)"}, "do": "ignoredListView", "always": true}]"#
    try await scene.serving(faults: fault) {
      try scene.set("pagedResults", to: "false")
      try scene.set("virtualListView", to: "true")
      let failed = try await scene.tool(["import", "full"])
      #expect(failed.exitCode == 3, "\(failed.summary)")
      #expect(failed.standardError.contains("without the response control of virtual list view"), "\(failed.summary)")
    }
  }
}

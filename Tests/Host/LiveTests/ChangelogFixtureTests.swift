import Testing

@testable import TestSupport

/// Delta imports from the change logs of products that nobody can install here, by the executable and over a socket: the
/// fixtures say from which documents their logs are composed.
@Suite struct ChangelogFixtureTests {
  /// A fixture, and what delta imports do there.
  struct Product: CustomTestStringConvertible, Sendable {
    let fixture: String
    let method: String
    /// The attribute that identifies an entry; nil where there is none.
    var id: String?

    var testDescription: String { fixture }
  }

  private static let products = [
    Product(fixture: "opendj-4.4", method: "changelog-cookie", id: "entryUUID"),
    Product(fixture: "oud-12.2.1.4", method: "changelog-cookie", id: "entryUUID"),
    Product(fixture: "oracle-dsee-11.1.1.7", method: "changelog", id: "nsUniqueId"),
    Product(fixture: "sunone-5.2", method: "changelog", id: "nsUniqueId"),
    Product(fixture: "ping-10.0", method: "changelog", id: "entryUUID"),
    Product(fixture: "ibm-tds-6.3", method: "changelog", id: "ibm-entryUuid"),
    Product(fixture: "isode-mvault-19", method: "changelog"),
    Product(fixture: "radiantone-7.2", method: "changelog"),
  ]

  @Test(arguments: products)
  func changesOfEveryKindArrive(product: Product) async throws {
    let scene = try await FixtureScene.imported(product.fixture, id: product.id)
    try await scene.serving {
      // The directory is new since the import, and so is its log.
      #expect(try await scene.tool(["import", "full", "--partition", FixtureScene.base]).exitCode == 0)
      try await scene.account.modify(FixtureDirectoryTests.everyKind)
      let report = Report(try await scene.tool(["import", "delta", "--json", "--partition", FixtureScene.base]))
      #expect(report.result.exitCode == 0, "\(report.result.summary)")
      #expect(report.method == product.method)
      #expect(report.count("added") == 1 && report.count("deleted") == 1, "\(report.counts)")
      #expect(report.count("renamed") >= 3, "\(report.counts)")
      try await scene.expectTruth("after the delta import", id: product.id)
      try await scene.expectUnchanged {
        let again = Report(try await scene.tool(["import", "delta", "--json", "--partition", FixtureScene.base]))
        #expect(again.result.exitCode == 0 && again.counts == [:], "\(again.result.summary)")
      }
    }
  }

  @Test func anotherServerWithAnEqualNameNeedsAFullImport() async throws {
    for fixture in ["opendj-4.4", "ibm-tds-6.3", "isode-mvault-19"] {
      let product = try #require(Self.products.first { $0.fixture == fixture })
      let scene = try await FixtureScene.imported(fixture, id: product.id)
      try await scene.serving {
        #expect(try await scene.tool(["import", "full", "--partition", FixtureScene.base]).exitCode == 0)
        try await scene.account.modify(FixtureDirectoryTests.everyKind)
        #expect(try await scene.tool(["import", "delta", "--partition", FixtureScene.base]).exitCode == 0)
      }
      // Served anew, the log begins again, as after a restore from a copy.
      try await scene.serving {
        try await scene.expectUnchanged {
          let refused = try await scene.tool(["import", "delta", "--partition", FixtureScene.base])
          #expect(refused.exitCode == 4 && refused.standardError.contains("full import"), "\(refused.summary)")
        }
      }
    }
  }
}

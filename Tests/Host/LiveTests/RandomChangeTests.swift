import Foundation
import Testing

@testable import TestSupport

/// Three hundred changes of all kinds at random, in every kind of configuration, with the truth after every thirty.
@Suite struct RandomChangeTests {
  private static let inside = "ou=in,\(Scene.base)"
  private static let outside = "ou=out,\(Scene.base)"
  private static let seed = ProcessInfo.processInfo.environment["LDAP_CONNECTOR_SEED"].flatMap { UInt64($0) } ?? 20_26

  /// What is configured on which product.
  private static let combinations: [(LiveProduct, Variation)] = [
    (.slapd, .plain), (.slapdLoggingFailures, .memberOf), (.slapdLoggingFailures, .scoped),
    (.slapdLoggingFailures, .peopleOnly), (.ds389, .plain), (.ds389, .memberOf), (.ds389, .scoped),
    (.ds389WithoutLoggedID, .plain), (.ds389WithoutLoggedID, .peopleOnly), (.unboundID, .scoped),
  ]

  enum Variation: String, Sendable {
    case plain, memberOf, scoped, peopleOnly

    var setup: DirectorySetup { .with { $0.memberOf = self == .memberOf } }

    var yaml: String {
      let budget = "deleteBudget: {count: 5000, percent: 100}\n"
      switch self {
      case .plain, .scoped: return budget
      case .memberOf: return budget + "schema: {attributes: [cn, uid, ou, mail, description, member, memberOf]}"
      case .peopleOnly: return budget + "schema: {objectClasses: [inetOrgPerson]}"
      }
    }

    var partition: String { self == .scoped ? "include: [\"\(RandomChangeTests.inside)\"]" : "" }

    func adapt(_ scene: inout Scene) {
      switch self {
      case .plain: break
      case .memberOf:
        scene.attributes = [
          "objectClass", "cn", "uid", "ou", "mail", "description", "member", "memberOf", scene.product.id,
        ]
      case .peopleOnly: scene.filter = "(objectClass=inetOrgPerson)"
      case .scoped:
        scene.isInScope = { $0 == RandomChangeTests.inside || $0.hasSuffix("," + RandomChangeTests.inside) }
      }
    }
  }

  @Test(arguments: combinations)
  func threeHundredChangesOfAllKinds(product: LiveProduct, variation: Variation) async throws {
    try await withRandomChanges(product, variation) { scene, changes in
      for round in 1...10 { try await change(scene, &changes, by: 30, "\(product), \(variation), round \(round)") }
    }
  }

  /// More hints than are resolved at once, so that one batch meets what another has changed.
  @Test(arguments: combinations.filter(\.0.logsIDs))
  func manyChangesBeforeOneImport(product: LiveProduct, variation: Variation) async throws {
    try await withRandomChanges(product, variation) { scene, changes in
      try await change(scene, &changes, by: 1500, "\(product), \(variation), at once")
    }
  }

  /// Runs `body` with an imported scene, and looks afterwards whether a full import finds something that deltas missed.
  private func withRandomChanges(
    _ product: LiveProduct, _ variation: Variation, _ body: (Scene, inout RandomChanges) async throws -> Void
  ) async throws {
    var changes = RandomChanges(
      on: product, seed: Self.seed, roots: [Self.inside, Self.outside], keepsGroupsInPlace: variation == .memberOf)
    var beginning = LDIFText()
    for name in ["in", "out"] { beginning.unit("ou=\(name)", in: Scene.base) }
    changes.begin(&beginning)
    let start = beginning.text
    try await Scene.imported(
      on: product, variation.setup, yaml: variation.yaml, partition: variation.partition,
      prepare: { scene in
        variation.adapt(&scene)
        try await scene.server.admin.modify(start)
      }
    ) { scene in
      try await body(scene, &changes)
      let report = try await scene.full()
      let found = ["added", "updated", "renamed", "deleted", "held"].filter { report.count($0) != 0 }
      #expect(found == [], "seed \(Self.seed), \(variation): a full import finds something to do: \(report.counts)")
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  /// Writes `number` changes or a few more, imports them by one delta, and demands the truth.
  private func change(
    _ scene: Scene, _ changes: inout RandomChanges, by number: Int, _ place: String
  ) async throws {
    let before = changes.count
    try await scene.write { records in while changes.count < before + number { changes.next(&records) } }
    let report = try await scene.delta()
    let place = "seed \(Self.seed), \(place): \(report.counts)"
    let written = changes.count - before
    // Servers that keep memberOf may log that too.
    let excess = report.count("hints") - written
    #expect(scene.attributes.contains("memberOf") ? excess >= 0 : excess == 0, "\(place), \(written) written")
    #expect(report.count("held") == 0, "\(place)")
    let untruths = try await scene.untruths(about: try await scene.directory())
    try #require(untruths == [], "\(place)")
  }
}

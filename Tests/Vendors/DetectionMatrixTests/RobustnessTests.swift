import ConnectorCore
import ConnectorHost
import ConnectorTesting
import Testing

@Suite("Detection with less, other and false evidence")
struct RobustnessTests {
  private func winner(_ evidence: ServerEvidence) -> ServerDescription {
    ServerDescription(evidence, adapters: Repository.adapters)
  }

  @Test("Names of attributes in other letter case change nothing", arguments: Repository.fixtures)
  func letterCase(_ fixture: Fixture) throws {
    for change in [{ $0.lowercased() }, { $0.uppercased() }] as [(String) -> String] {
      let names = Entry(
        dn: "", attributes: fixture.rootDSE.attributes.map { (AttributeDescription(change($0.string)), $1) })
      #expect(winner(fixture.evidence(names)).winner == fixture.expected.winner)
    }
  }

  @Test("Without a schema the same adapter wins", arguments: Repository.fixtures)
  func noSchema(_ fixture: Fixture) throws {
    let found = winner(fixture.evidence(fixture.rootDSE, schema: false))
    #expect(found.winner == fixture.expected.winner, "\(Ranking(found))")
  }

  @Test("With half of the root DSE and all of the schema hidden, no other product wins", arguments: Repository.products)
  func halfHidden(_ fixture: Fixture) throws {
    let expected = fixture.expected.winner
    let adapter = winner(fixture.evidence()).named?.name
    let names = fixture.rootDSE.attributes.map(\.0).sorted { $0.string.lowercased() < $1.string.lowercased() }
    var recognised = 0
    for seed in 0..<8 {
      var order = names
      order.shuffle(seed: UInt64(seed))
      let hidden = Set(order.prefix(names.count / 2)).subtracting(["objectClass"])
      let visible = Entry(dn: "", attributes: fixture.rootDSE.attributes.filter { !hidden.contains($0.0) })
      let found = winner(fixture.evidence(visible, schema: false))
      let isFair = ["generic", "tie"].contains(found.winner) || found.named?.name == adapter
      #expect(isFair, "hidden \(hidden.map(\.string).sorted()): \(found.winner), \(Ranking(found))")
      recognised += found.named?.name == adapter ? 1 : 0
    }
    // A server of ten attributes may be left with none that means anything; a talkative one is known by any half.
    if names.count > 15 { #expect(recognised >= 3, "\(expected): \(recognised) of 8") }
  }

  /// The folders of each product; one is enough to copy from.
  private static let folders = Dictionary(grouping: Repository.products) { fixture in
    ServerDescription(fixture.evidence(), adapters: Repository.adapters).named?.name ?? fixture.name
  }

  @Test("One attribute copied from another product does not make that product win", arguments: Repository.fixtures)
  func copiedMarker(_ victim: Fixture) throws {
    let mine = winner(victim.evidence()).named?.name
    for (product, fixtures) in Self.folders where product != mine {
      let original = try #require(fixtures.last)
      let makers = Set(fixtures.map(\.maker)).subtracting([""])
      let theirs = try #require(Repository.adapters.first { $0.name == product })
      let markers = Set(theirs.detector.markers.map { AttributeDescription($0) })
      for (name, values) in original.rootDSE.attributes where markers.contains(name) {
        // Between products of one maker, proxies included, the version is the product's name: nobody could tell.
        if name == "vendorVersion", makers.contains(victim.maker) { continue }
        if name == "orcldirectoryversion", !victim.rootDSE.values(name).isEmpty { continue }
        let rest = victim.rootDSE.attributes.filter { $0.0 != name }
        let forged = victim.evidence(Entry(dn: "", attributes: rest + [(name, values)]), schema: false)
        guard theirs.detector.detect(forged).score >= AdapterSelection.threshold else { continue }
        let found = winner(forged)
        #expect(found.named?.name != product, "\(name) of \(original.name): \(Ranking(found))")
      }
    }
  }

  @Test("One attribute alone, of a server that says nothing else, is not enough", arguments: Repository.products)
  func loneMarker(_ fixture: Fixture) throws {
    let plain: [(AttributeDescription, [[UInt8]])] = [
      ("objectClass", [Array("top".utf8)]), ("supportedLDAPVersion", [[0x33]]),
      ("namingContexts", [Array("dc=example,dc=com".utf8)]), ("subschemaSubentry", [Array("cn=schema".utf8)]),
    ]
    for (name, values) in fixture.rootDSE.attributes {
      let attributes = plain.filter { $0.0 != name } + [(name, values)]
      let evidence = ServerEvidence(
        rootDSE: RootDSE(Entry(dn: "", attributes: attributes)), schema: Schema(), port: fixture.expected.port)
      let found = winner(evidence)
      #expect(found.winner == "generic", "\(name): \(Ranking(found))")
    }
  }

  @Test("Nothing, and nonsense, is nobody's product")
  func hostile() {
    let nonsense: [[(AttributeDescription, [[UInt8]])]] = [
      [], [("vendorName", [])], [("vendorName", [[]])], [("vendorVersion", [[0xFF, 0x00, 0x80]])],
      [("namingContexts", [[0x00], [], [0xFF], Array(",,,=".utf8)])],
      [("vendorVersion", [Array(repeating: 0x39, count: 100_000)])],
      [("supportedControl", Array(repeating: Array("1.2.840.113556.1.4.".utf8), count: 5_000))],
    ]
    for attributes in nonsense {
      let evidence = ServerEvidence(rootDSE: RootDSE(Entry(dn: "", attributes: attributes)), schema: Schema())
      let found = winner(evidence)
      #expect(found.winner == "generic")
      #expect(found.contexts.needsBase || !found.contexts.partitions.isEmpty)
    }
  }
}

extension Array {
  /// Shuffles the same way on every run.
  fileprivate mutating func shuffle(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    for position in indices.dropFirst().reversed() {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      swapAt(position, Int(state % UInt64(position + 1)))
    }
  }
}

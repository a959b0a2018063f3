import ConnectorCore
import Testing

@Suite("Rules of detection")
struct RuleFormsTests {
  private func fact(
    _ rule: RuleDetector.Rule, _ rootDSE: [String: [String]], schema: Schema = Schema(), port: Int? = nil
  ) -> String? {
    let entry = Entry(dn: "", attributes: rootDSE.map { (AttributeDescription($0), $1.map { Array($0.utf8) }) })
    let evidence = ServerEvidence(rootDSE: RootDSE(entry), schema: schema, port: port)
    return RuleDetector([rule]).detect(evidence).reasons.first?.fact
  }

  @Test("Texts are found anywhere, or at the start, whatever their letter case")
  func texts() {
    let root = ["VENDORVERSION": ["Acme-Directory/2.1"]]
    #expect(
      fact(.rootDSE("vendorVersion", containsAny: ["x", "acme"], points: 1), root)
        == "root DSE vendorVersion: Acme-Directory/2.1")
    #expect(fact(.rootDSE("vendorVersion", startsWithAny: ["ACME-"], points: 1), root) != nil)
    #expect(fact(.rootDSE("vendorVersion", startsWithAny: ["Directory"], points: 1), root) == nil)
    #expect(fact(.rootDSE("vendorVersion", containsAny: [], points: 1), root) == nil)
  }

  @Test("A name that is another maker's is told, a missing or empty one is not")
  func otherThan() {
    let rule = RuleDetector.Rule.rootDSE("vendorName", otherThan: ["Acme", "Apex"], points: -1)
    #expect(fact(rule, ["vendorName": ["Zenith"]]) == "root DSE vendorName: Zenith")
    #expect(fact(rule, ["vendorName": ["APEX Corp."]]) == nil)
    #expect(fact(rule, [:]) == nil)
    #expect(fact(rule, ["vendorName": [""]]) == nil)
  }

  @Test("OIDs count below an arc, wherever they are listed, each once")
  func arcs() {
    let root = ["supportedControl": ["1.2.3.4", "1.2.3.4", "1.2.33"], "supportedExtension": ["1.2.3.5.1"]]
    #expect(
      fact(.lists(below: "1.2.3", atLeast: 2, points: 1), root)
        == "root DSE lists 2 OIDs below 1.2.3, such as 1.2.3.4")
    #expect(fact(.lists(below: "1.2.3", atLeast: 3, points: 1), root) == nil)
    #expect(fact(.lists(below: "1.2.3.4", points: 1), root) == nil)
    #expect(fact(.lists("1.2.3.5.1", points: 1), root) == "root DSE supportedExtension: 1.2.3.5.1")
    #expect(fact(.lists("1.2.3", points: 1), root) == nil)
  }

  @Test("Naming contexts are compared as DNs, and what is no DN is passed over")
  func contexts() {
    let root = ["namingContexts": ["\0", ",,", "OU = System"]]
    #expect(fact(.namingContext(anyOf: ["ou=system"], points: 1), root) != nil)
    #expect(fact(.namingContext(anyOf: ["ou=schema"], points: 1), root) == nil)
  }

  @Test("Schemas are known by names, arcs and extensions")
  func schemas() {
    let schema = Schema(
      objectClasses: ["( 1.9.1 NAME 'acmePerson' X-ORIGIN 'Acme 2' )"],
      attributeTypes: ["( 1.9.2 NAME 'acmeID' SYNTAX 1.3 )", "( 1.99.2 NAME 'other' SYNTAX 1.3 X-NAME 'x' )"])
    #expect(fact(.schema(definesAny: ["none", "ACMEID"], points: 1), [:], schema: schema) == "schema defines ACMEID")
    #expect(fact(.schema(below: "1.9", atLeast: 2, points: 1), [:], schema: schema) != nil)
    #expect(fact(.schema(below: "1.9", points: 1), [:], schema: schema) == nil)
    #expect(
      fact(.schema(extension: "X-ORIGIN", contains: "acme", points: 1), [:], schema: schema)
        == "schema says X-ORIGIN: Acme 2")
    #expect(fact(.schema(extension: "X-NAME", points: 1), [:], schema: schema) != nil)
    #expect(fact(.schema(extension: "X-OTHER", points: 1), [:], schema: schema) == nil)
  }

  @Test("A port counts where it is known")
  func ports() {
    #expect(fact(.port([7, 9], points: 1), [:], port: 9) == "reached on port 9")
    #expect(fact(.port([7, 9], points: 1), [:], port: 8) == nil)
    #expect(fact(.port([7, 9], points: 1), [:]) == nil)
  }

  @Test("What a server says is shown on one line and not without end")
  func shown() {
    let text = "\u{1B}[31m\n" + String(repeating: "x", count: 1_000)
    let told = fact(.rootDSE(hasAny: ["a", "b"], points: 1), ["b": [text]]) ?? ""
    #expect(told.hasPrefix("root DSE has b:  [31m x") && told.count < 200)
  }

  @Test("Every attribute that a rule looks at is asked for by name")
  func markers() {
    let rules: [RuleDetector.Rule] = [
      .rootDSE(hasAny: ["a", "b"], points: 1), .rootDSE("c", otherThan: [], points: 1), .lists("1", points: 1),
      .port([1], points: 1),
    ]
    #expect(Set(RuleDetector(rules).markers).isSuperset(of: ["a", "b", "c", "supportedCapabilities"]))
  }
}

@Suite("Capabilities of a product")
struct CapabilityTests {
  @Test("What is listed in vain does not count, and what works unlisted does")
  func capabilities() {
    var adapter = VendorAdapter("acme", title: "Acme", detector: RuleDetector([]))
    adapter.listedInVain = ["1.1"]
    adapter.supportedUnlisted = ["1.9"]
    let attributes: [(AttributeDescription, [[UInt8]])] = [
      ("supportedControl", [Array("1.1".utf8), Array("1.2".utf8)]), ("supportedFeatures", [Array("1.3".utf8)]),
    ]
    #expect(adapter.capabilities(on: RootDSE(Entry(dn: "", attributes: attributes))) == ["1.2", "1.3", "1.9"])
  }
}

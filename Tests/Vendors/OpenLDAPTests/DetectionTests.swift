import ConnectorCore
import Foundation
import Testing

@testable import OpenLDAPAdapter

@Suite struct DetectionTests {
  private let adapter = VendorAdapter.openLDAP

  @Test func aCapturedSlapdIsRecognised() throws {
    let evidence = try captured()
    let detection = adapter.detector.detect(evidence)
    #expect(detection.score == 100)
    #expect(detection.reasons.allSatisfy { $0.points > 0 })
    #expect(detection.reasons.contains { $0.fact == "schema defines auditContainer" })
    #expect(adapter.version(evidence) == "2.5 or later")
  }

  @Test func aSlapdThatHidesItsObjectClassIsRecognisedByTheRest() throws {
    let evidence = try captured { $0.removeAll { $0.0.type.lowercased().hasSuffix("objectclass") } }
    #expect(adapter.detector.detect(evidence).score >= AdapterSelection.threshold)
  }

  @Test func aSlapdWithAVendorNameOfItsAdministratorIsRecognised() throws {
    let evidence = try captured { $0.append(("vendorName", [Array("389 Project".utf8)])) }
    let detection = adapter.detector.detect(evidence)
    #expect(detection.score >= 80)
    #expect(detection.reasons.contains { $0.points < 0 && $0.fact.contains("389 Project") })
  }

  @Test(arguments: [
    ("vendorName", "LLDAP"), ("vendorName", "Samba Team (https://www.samba.org)"),
    ("supportedCapabilities", "1.2.840.113556.1.4.1851"), ("objectClass", "ds-root-dse"),
    ("entryUUID", "f290425c-8272-4e62-8a67-92b06f38dbf5"), ("directoryTreeName", "TREE"),
  ])
  func whatPosesAsSlapdIsRefusedWithTheContradiction(_ name: String, _ value: String) throws {
    let evidence = try captured { $0.append((AttributeDescription(name), [Array(value.utf8)])) }
    let detection = adapter.detector.detect(evidence)
    #expect(detection.score < AdapterSelection.threshold)
    #expect(detection.reasons.contains { $0.points < 0 && $0.fact.contains(value) })
  }

  @Test func theMarkersAreAskedForByName() {
    #expect(Set(adapter.detector.markers).isSuperset(of: ["structuralObjectClass", "vendorName", "configContext"]))
  }

  @Test func theVersionIsToldByFeaturesUnlessSomebodyNamedIt() throws {
    let older = try captured(schema: false) { $0.removeAll { $0.0 == "supportedExtension" } }
    #expect(adapter.version(older) == "2.4")
    let named = try captured { $0.append(("vendorVersion", [Array("OpenLDAP 2.6.8".utf8)])) }
    #expect(adapter.version(named) == "OpenLDAP 2.6.8")
  }

  @Test func theAdapterSaysWhatTheConnectorMustKnow() {
    #expect(adapter.name == "openldap")
    #expect(adapter.anchor == .dn)
    #expect(adapter.immutableID == .entryUUID)
    #expect(adapter.changeLogDN == "cn=accesslog")
    #expect(adapter.secretAttributes.contains("olcRootPW"))
    #expect(adapter.contextsWithoutEntries.contains("cn=accesslog"))
    #expect(adapter.linkedAttributes == [LinkedAttributes(forward: "member", backward: "memberOf")])
  }

  private func captured(
    schema withSchema: Bool = true, _ change: (inout [(AttributeDescription, [[UInt8]])]) -> Void = { _ in }
  ) throws -> ServerEvidence {
    var attributes = try fixture("rootdse.ldif")
    change(&attributes)
    let definitions = withSchema ? Entry(dn: "", attributes: try fixture("schema.ldif")) : nil
    let schema = Schema(
      objectClasses: definitions?.strings("objectClasses") ?? [],
      attributeTypes: definitions?.strings("attributeTypes") ?? [])
    return ServerEvidence(rootDSE: RootDSE(Entry(dn: "", attributes: attributes)), schema: schema)
  }

  /// The attributes of a captured entry, the values of one attribute together.
  private func fixture(_ name: String) throws -> [(AttributeDescription, [[UInt8]])] {
    var root = URL(filePath: #filePath).resolvingSymlinksInPath()
    for _ in 1...4 { root.deleteLastPathComponent() }
    let file = root.appending(path: "VendorFixtures/openldap-2.5.13/\(name)")
    var reader = LDIFReader(Array(try Data(contentsOf: file)))
    let record = try #require(try reader.next())
    var values: [AttributeDescription: [[UInt8]]] = [:]
    for (name, value) in record.attributes { values[name, default: []].append(value) }
    return values.sorted { $0.key.string < $1.key.string }.map { ($0.key, $0.value) }
  }
}

import ConnectorCore
import Testing

@testable import ChangelogAdapters
@testable import ConnectorTesting

@Suite("What products say of their logs")
struct ProductTests {
  private func evidence(_ attributes: KeyValuePairs<String, [String]>) -> ServerEvidence {
    let entry = Entry(
      dn: "", attributes: attributes.map { name, values in (AttributeDescription(name), values.map { Array($0.utf8) }) }
    )
    return ServerEvidence(rootDSE: RootDSE(entry), schema: Schema())
  }

  @Test("FreeIPA's log is not trusted, unless the operator forces it")
  func freeIPA() throws {
    var settings = DeltaSettings(evidence: evidence(["namingContexts": ["dc=example,dc=com", "o=ipaca"]]))
    let refused = VendorAdapter.directoryServer389.deltaChoice(settings)
    #expect(refused.strategy == nil && refused.reason?.contains("nsslapd-include-suffix") == true)
    settings.method = ChangelogMethod.numbers
    #expect(VendorAdapter.directoryServer389.deltaChoice(settings).strategy?.method == ChangelogMethod.numbers)
  }

  @Test(
    "RadiantOne has deltas from 7.1.1 on",
    arguments: [
      ("RadiantOne 7.0", false), ("RadiantOne 7.1", false), ("RadiantOne 7.1.1", true), ("RadiantOne 7.2", true),
      ("RadiantOne", true),
    ])
  func radiantOne(version: String, isAvailable: Bool) {
    let choice = VendorAdapter.radiantOne.deltaChoice(
      DeltaSettings(evidence: evidence(["vendorVersion": [version]])))
    #expect((choice.strategy != nil) == isAvailable)
    if !isAvailable { #expect(choice.reason?.contains("7.1.1") == true) }
  }

  @Test("OpenDJ is read by cookie where it offers that, by number where it does not or where that is forced")
  func cookies() {
    let plain = DeltaSettings(evidence: evidence(["changelog": ["cn=changelog"]]))
    #expect(VendorAdapter.openDJ.deltaChoice(plain).strategy?.method == ChangelogMethod.numbers)
    var offered = DeltaSettings(evidence: evidence(["supportedControl": [CookieLog.control]]))
    #expect(VendorAdapter.openDJ.deltaChoice(offered).strategy?.method == ChangelogMethod.cookies)
    offered.method = ChangelogMethod.numbers
    #expect(VendorAdapter.openDJ.deltaChoice(offered).strategy?.method == ChangelogMethod.numbers)
  }

  @Test("A method that the adapter does not have is refused by name, and `none` switches deltas off")
  func forcedMethods() {
    var settings = DeltaSettings(evidence: evidence([:]))
    settings.method = "accesslog"
    #expect(VendorAdapter.ibmDirectory.deltaChoice(settings).reason?.contains("accesslog") == true)
    settings.method = .off
    #expect(VendorAdapter.ibmDirectory.deltaChoice(settings).reason?.contains("deltaMethod") == true)
  }

  @Test(
    "A plug-in that leaves the partition out makes the log useless",
    arguments: [
      ("nsslapd-include-suffix", "cn=dns,dc=example,dc=com"), ("nsslapd-exclude-suffix", "ou=people,dc=example,dc=com"),
      ("nsslapd-exclude-suffix", "dc=example,dc=com"),
    ])
  func suffixes(attribute: String, suffix: String) async throws {
    let log = try Log(.changelog(.ds389), dialect: DirectoryServer389.dialect)
    log.directory.change { model in
      model.put(
        MemoryEntry(
          dn: "cn=Retro Changelog Plugin,cn=plugins,cn=config",
          ["objectClass": ["nsSlapdPlugin"], AttributeDescription(attribute): [suffix]]))
    }
    let readiness = try await log.strategy.readiness(of: log.dn, log.directory)
    #expect(readiness.status == .unavailable)
    #expect(readiness.findings.contains { $0.status == .unavailable && $0.remedy?.contains(attribute) == true })
  }

  @Test("389's records without an ID are usable, and the cure is one line")
  func withoutIdentifiers() async throws {
    let log = try Log(.changelog(.ds389WithoutID), dialect: DirectoryServer389.dialect)
    let readiness = try await log.strategy.readiness(of: log.dn, log.directory)
    #expect(readiness.status == .available)
    #expect(readiness.findings.contains { $0.remedy?.contains("nsslapd-attribute: nsuniqueid:targetUniqueId") == true })
  }
}

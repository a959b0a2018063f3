import ConnectorCore
import Testing

@testable import ConnectorHost

@Suite("What adapters say of writing")
struct ExportFactsTests {
  /// The decision on one product: how its accounts are disabled, and whether anything may be written on its usual port.
  private struct Stance: Equatable {
    var account: String?
    var isWritable = true
    var encoding = PasswordFacts.Encoding.text
    var change = PasswordFacts.Change.passwordModify
  }

  private static let stances: [String: Stance] = [
    "openldap": Stance(account: "pwdAccountLockedTime"),
    "389ds": Stance(account: "nsAccountLock"), "oracle-dsee": Stance(account: "nsAccountLock"),
    "sunone": Stance(account: "nsAccountLock"),
    "opends": Stance(account: "ds-pwp-account-disabled"), "opendj": Stance(account: "ds-pwp-account-disabled"),
    "oud": Stance(account: "ds-pwp-account-disabled"), "ping": Stance(account: "ds-pwp-account-disabled"),
    "ibm": Stance(account: "ibm-pwdAccountLocked"), "isode": Stance(), "radiantone": Stance(), "oid": Stance(),
    "novell-edirectory": Stance(account: "loginDisabled"), "netiq-edirectory": Stance(account: "loginDisabled"),
    "adlds": Stance(account: "msDS-UserAccountDisabled", encoding: .quotedUTF16, change: .deleteAndAdd),
    "adgc": Stance(isWritable: false, encoding: .quotedUTF16, change: .deleteAndAdd),
    "samba": Stance(account: "userAccountControl", encoding: .quotedUTF16, change: .deleteAndAdd),
    "adds": Stance(encoding: .quotedUTF16, change: .deleteAndAdd),
    "apacheds": Stance(account: "pwdAccountLockedTime", change: .verifiedByBind), "lldap": Stance(),
  ]

  private let nowhere = ServerEvidence(rootDSE: RootDSE(Entry(dn: "", attributes: [])), schema: Schema(), port: 389)

  private func facts(_ name: String) throws -> ExportFacts {
    try #require([VendorAdapter].builtIn.first { $0.name == name }).export
  }

  @Test("Every built-in adapter has a decided stance, and no other has one")
  func everyAdapterIsDecided() {
    #expect(Set(Self.stances.keys) == Set([VendorAdapter].builtIn.map(\.name)))
    for adapter in [VendorAdapter].builtIn {
      let facts = adapter.export
      let stance = Stance(
        account: facts.accountState?.attribute.string, isWritable: facts.refusal(nowhere) == nil,
        encoding: facts.password.encoding, change: facts.password.change)
      #expect(stance == Self.stances[adapter.name], "\(adapter.name)")
    }
  }

  @Test("No text for an operator is a guess, or empty")
  func textsAreDecided() {
    for adapter in [VendorAdapter].builtIn {
      let facts = adapter.export
      let texts = [
        facts.refusal(nowhere), facts.moveRefusal, facts.password.remark, facts.accountState?.proof,
        facts.accountState?.needs,
      ].compactMap(\.self)
      for text in texts {
        #expect(!text.isEmpty && !text.lowercased().contains("unverified"), "\(adapter.name): \(text)")
      }
    }
  }

  @Test("Samba's global catalog is read-only, and its own ports are not")
  func sambaCatalog() throws {
    var evidence = nowhere
    let samba = try facts("samba")
    #expect(samba.refusal(evidence) == nil)
    evidence.port = 3268
    #expect(samba.refusal(evidence)?.contains("Write to port 389") == true)
  }

  @Test("A global catalog says where to write, and AD LDS keeps no old RDN and no RFC 3062")
  func activeDirectory() throws {
    #expect(try facts("adgc").refusal(nowhere)?.contains("domain controller") == true)
    let lds = try facts("adlds")
    #expect(lds.mustDeleteOldRDN && lds.publishesPartOfSchema && !lds.password.usesPasswordModify)
    #expect(lds.versionAttribute == "uSNChanged")
    #expect(lds.keptByServer.contains("memberof") && lds.filledInByServer.contains("objectCategory"))
  }

  @Test("A membership of eDirectory stands in four attributes")
  func fourAttributes() throws {
    for name in ["novell-edirectory", "netiq-edirectory"] {
      let kept = try facts(name).keptInStep
      #expect(kept.allSatisfy { $0.of == "member" })
      #expect(kept.filter { !$0.isAtTarget }.map(\.companion) == ["equivalentToMe"])
      #expect(kept.filter(\.isAtTarget).map(\.companion) == ["groupMembership", "securityEquals"])
    }
  }

  private func scope(_ name: String, isProtected: Bool, _ change: (inout Configuration) -> Void = { _ in }) throws
    -> ExportScope
  {
    let adapter = try #require([VendorAdapter].builtIn.first { $0.name == name })
    var configuration = Configuration()
    change(&configuration)
    var scope = ExportScope(configuration, adapter: adapter, evidence: nowhere, isProtected: isProtected)
    scope.capabilities.insert(WellKnownOIDs.passwordModify)
    return scope
  }

  @Test("389 gets a password by RFC 3062 over TLS alone")
  func operationNeedsTLS() throws {
    let secret = Secret("x")
    let clear = PasswordRequest(try scope("389ds", isProtected: false)).set("cn=a", to: secret)
    let protected = PasswordRequest(try scope("389ds", isProtected: true)).set("cn=a", to: secret)
    #expect("\(clear)" == "modify of cn=a" && "\(protected)" == "password change of cn=a")
  }

  @Test("An attribute of the operator's own choice takes the password as text, and is no object's content")
  func ownAttribute() throws {
    let own = try scope("adlds", isProtected: true) { $0.export.passwordAttribute = "userPassword" }
    #expect(own.passwordAttribute == "userPassword")
    #expect(PasswordRequest(own).value(of: Secret("ab")) == Array("ab".utf8))
    #expect(own.secretAttributes.contains("userPassword") && own.secretAttributes.contains("unicodePwd"))
    let usual = try scope("adlds", isProtected: true)
    #expect(PasswordRequest(usual).value(of: Secret("a")) == [0x22, 0, 0x61, 0, 0x22, 0])
  }

  @Test("Old servers of Sun's cannot move entries, later ones can")
  func moves() throws {
    #expect(try facts("sunone").moveRefusal != nil)
    #expect(try facts("oracle-dsee").moveRefusal == nil)
  }
}

import ConnectorCore
import Testing

/// How passwords are sent, by what the product takes.
@Suite struct PasswordRequestTests {
  private let offered: Set<String> = ["1.3.6.1.4.1.4203.1.11.1"]
  private let dn = "cn=a,dc=b"

  private func request(
    _ change: (inout PasswordFacts) -> Void = { _ in }, _ capabilities: Set<String> = []
  ) -> PasswordRequest {
    var facts = PasswordFacts()
    change(&facts)
    return PasswordRequest(facts, attribute: "unicodePwd", capabilities: capabilities)
  }

  private func steps(_ request: WriteRequest?) -> [String]? {
    guard case .change(.modify(let steps), _)? = request?.operation else { return nil }
    return steps.map { "\($0.operation) \($0.attribute) \($0.values.map { String(decoding: $0, as: UTF8.self) })" }
  }

  private func isOperation(_ request: WriteRequest?) -> Bool {
    if case .passwordModify? = request?.operation { true } else { false }
  }

  @Test("The operation is used where it is wanted and offered, and never for a hash")
  func operation() {
    let secret = Secret("new")
    #expect(isOperation(request({ _ in }, offered).set(dn, to: secret)))
    #expect(steps(request().set(dn, to: secret)) == [#"replace unicodePwd ["new"]"#])
    #expect(steps(request({ $0.usesPasswordModify = false }, offered).set(dn, to: secret)) != nil)
    let hash = request({ _ in }, offered).set(dn, to: Secret("{SSHA}x"), isHashed: true)
    #expect(steps(hash) == [#"replace unicodePwd ["{SSHA}x"]"#])
  }

  @Test("A password in quotation marks is UTF-16, low byte first; a hash stays as it is")
  func encoding() {
    let request = request { $0.encoding = .quotedUTF16 }
    #expect(request.value(of: Secret("né")) == [0x22, 0, 0x6E, 0, 0xE9, 0, 0x22, 0])
    #expect(request.value(of: Secret("😀")) == [0x22, 0, 0x3D, 0xD8, 0x00, 0xDE, 0x22, 0])
    #expect(request.value(of: Secret("{X}y"), isHashed: true) == Array("{X}y".utf8))
    #expect(self.request().value(of: Secret("né")) == Array("né".utf8))
  }

  @Test("A change proves the old password, or is none")
  func change() {
    let (old, new) = (Secret("old"), Secret("new"))
    #expect(isOperation(request({ _ in }, offered).change(dn, from: old, to: new)))
    #expect(request().change(dn, from: old, to: new) == nil)
    #expect(request({ $0.change = .verifiedByBind }, offered).change(dn, from: old, to: new) == nil)
    #expect(
      steps(request({ $0.change = .deleteAndAdd }, offered).change(dn, from: old, to: new))
        == [#"delete unicodePwd ["old"]"#, #"add unicodePwd ["new"]"#])
  }

  @Test("Nothing shows a password")
  func secrecy() {
    let request = request({ _ in }, offered).set(dn, to: Secret("pass-phrase"))
    #expect(!"\(request)".contains("pass-phrase"))
    var text = ""
    dump(request, to: &text)
    #expect(!text.contains("pass-phrase"))
  }
}

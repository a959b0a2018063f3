import Testing

@testable import ConnectorCore

@Suite("Passwords of an input") struct InputSecretTests {
  private func update(_ attributes: String, _ more: String = "") -> ExportInput {
    Inputs.read("{\"change\":\"update\",\"dn\":\"cn=a\",\"attributes\":{\(attributes)}\(more)}")
  }

  @Test(arguments: [
    (#""userPassword":["geheim"]"#, ""), (#""unicodePwd":"geheim""#, ""), (#""USERPASSWORD;x":["geheim"]"#, ""),
    (#""unicodePwd":{"old":["{SSHA}old"],"new":["geheim"]}"#, ""), (#""userPassword":{"add":["geheim"]}"#, ""),
    (#""userPassword":{"add":["geheim"],"remove":["old"]}"#, ""), ("", #","password":"geheim""#),
    // "geheim" in quotes and UTF-16, as LDIF has it for some servers
    (#""unicodePwd":[{"base64":"IgBnAGUAaABlAGkAbQAiAA=="}]"#, ""),
  ])
  func `A password leaves the edits, however it is written`(attributes: String, more: String) {
    let all = [#""sn":["s"]"#, attributes].filter { !$0.isEmpty }.joined(separator: ",")
    #expect(update(all, more).changes.map(Inputs.summary) == ["1 | update | dn=cn=a | sn=[s] | password=geheim"])
  }

  @Test(arguments: [
    ("{SSHA}YWJj", true), ("{PBKDF2_SHA256}x", true), ("{CRYPT}$6$x", true), ("{PBKDF2-SHA512}x", true), ("{}x", false),
    ("{SSHA}", false), ("{not a scheme}x", false), ("SSHA}x", false), ("{SSHA", false), ("x{SSHA}y", false),
  ])
  func `A hash is known by its scheme`(text: String, isHashed: Bool) {
    let password = update("", ",\"password\":\"\(text)\"").changes.first?.password
    #expect(password?.isHashed == isHashed)
    #expect(password?.line == 1)
    #expect(password?.secret.withBytes { $0 } == Array(text.utf8))
  }

  @Test func `The password of an add and of LDIF leaves the edits too`() {
    #expect(
      Inputs.summary(
        #"{"change":"add","dn":"cn=a","attributes":{"cn":["a"],"userPassword":["geheim"]}}"#)
        == ["1 | add | dn=cn=a | cn=[a] | password=geheim"])
    #expect(
      Inputs.summary("dn: cn=a\ncn: a\nuserPassword:: Z2VoZWlt\n") == ["1 | add | dn=cn=a | cn=[a] | password=geheim"])
    #expect(
      Inputs.summary(
        "dn: cn=a\nchangetype: modify\ndelete: unicodePwd\nunicodePwd: old\n-\nadd: unicodePwd\nunicodePwd: geheim\n-\n"
      )
        == ["1 | update | dn=cn=a | password=geheim"])
    #expect(
      Inputs.summary(
        "dn: cn=a\nchangetype: modify\ndelete: userPassword\n-\nadd: userPassword\nuserPassword: geheim\n-\n")
        == ["1 | update | dn=cn=a | password=geheim"])
  }

  @Test func `Removing the password is an ordinary edit`() {
    #expect(update(#""userPassword":[]"#).changes.map(Inputs.summary) == ["1 | update | dn=cn=a | userPassword=[]"])
    #expect(
      update(#""userPassword":{"old":["geheim"],"new":[]}"#).changes.map(Inputs.summary)
        == ["1 | update | dn=cn=a | userPassword=[]"])
    #expect(
      Inputs.summary("dn: cn=a\nchangetype: modify\ndelete: userPassword\n-\n")
        == ["1 | update | dn=cn=a | userPassword=[]"])
    #expect(
      update(#""olcRootPW":{"old":["geheim"],"new":[]}"#).changes.map(Inputs.summary)
        == ["1 | update | dn=cn=a | olcRootPW=[]"])
  }

  @Test(arguments: [
    #""userPassword":["geheim","geheim2"]"#, #""userPassword":["geheim"],"unicodePwd":["geheim"]"#,
    #""userPassword":[""]"#, #""userPassword":{"remove":["geheim"]}"#, #""olcRootPW":["geheim"]"#,
    #""olcRootPW":{"add":["geheim"]}"#, #""olcRootPW":{"remove":["geheim"]}"#,
    #""olcrootpw;x":{"old":[],"new":["geheim"]}"#,
    #""userPassword":{"new":["geheim"],"geheim":[]}"#, #""userPassword":[["geheim"]]"#,
    #""userPassword":[{"base64":"geheim*"}]"#,
  ])
  func `Other uses of secrets are errors, and no error holds one`(attributes: String) {
    let input = update(attributes)
    #expect(input.changes.isEmpty)
    #expect(
      input.errors.count == 1 && input.errors.allSatisfy { !$0.description.contains("geheim") }, "\(input.errors)")
  }

  @Test func `Only adds, updates and renames set a password`() {
    let input = Inputs.read(
      #"""
      {"change":"delete","dn":"cn=a","password":"geheim"}
      {"change":"enable","dn":"cn=a","password":"geheim"}
      {"change":"rename","dn":"cn=b","oldDN":"cn=a","password":"geheim"}
      {"change":"update","dn":"cn=b","password":"geheim","attributes":{"userPassword":["geheim"]}}
      {"change":"update","dn":"cn=b","password":["geheim"]}
      """#)
    #expect(input.changes.map(Inputs.summary) == ["3 | rename to cn=b | dn=cn=a | password=geheim"])
    #expect(input.errors.map(\.line) == [1, 2, 4, 5])
    #expect(input.errors.allSatisfy { !$0.reason.contains("geheim") })
  }

  @Test func `A print of a change does not show its password`() throws {
    let change = try #require(update(#""userPassword":["geheim"]"#).changes.first)
    var dumped = "\(change) \(String(reflecting: change))"
    dump(change, to: &dumped)
    #expect(!dumped.contains("geheim"))
  }
}

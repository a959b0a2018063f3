import Testing

@testable import ConnectorCore

@Suite("The form of an input") struct InputFormTests {
  @Test(arguments: [
    "{\"change\":\"delete\",\"dn\":\"cn=a\"}", "\u{FEFF}{\"change\":\"delete\",\"dn\":\"cn=a\"}\r\n",
    "\r\n \t\n# comment\n{\"change\":\"delete\",\"dn\":\"cn=a\"}", "dn: cn=a\nchangetype: delete",
    "\u{FEFF}dn: cn=a\r\nchangetype: delete\r\n\r\n", "# a comment\n {that goes on}\ndn: cn=a\nchangetype: delete\n",
    "version: 1\n\ndn: cn=a\nchangetype: delete\n",
  ])
  func `JSON Lines and LDIF are told apart, whatever wrote them`(text: String) {
    let input = Inputs.read(text)
    #expect(input.errors.isEmpty, "\(input.errors)")
    #expect(input.changes.map(\.target.dn) == ["cn=a"])
  }

  @Test func `Files of other forms are refused with the way out`() {
    #expect(Inputs.read("[{\"change\":\"delete\"}]").errors.map(\.reason.firstClause) == ["the file is one JSON list"])
    let wide = ExportInput(bytes: [0xFF, 0xFE, 0x7B, 0], context: Inputs.context)
    #expect(wide.errors.first?.reason.contains("UTF-16") == true)
    #expect(Inputs.read("change,dn\ndelete,cn=a\n").errors.map(\.line) == [1])
  }

  @Test func `A file of nothing asks for nothing`() {
    for text in ["", "\n\n", "\u{FEFF}", "# only a comment", "version: 1\n", "   \r\n"] {
      let input = Inputs.read(text)
      #expect(input.changes.isEmpty && input.errors.isEmpty, "\(text.debugDescription)")
    }
  }

  @Test func `Ten thousand lines of ten attributes are read in moments`() {
    let attributes = (0..<10).map { "\"attribute\($0)\":{\"old\":[\"value \($0)\"],\"new\":[\"other \($0)\",\"é\"]}" }
    let line = "{\"change\":\"update\",\"dn\":\"cn=a,dc=x\",\"attributes\":{\(attributes.joined(separator: ","))}}\n"
    let bytes = Array(String(repeating: line, count: 10_000).utf8)
    let clock = ContinuousClock()
    var count = 0
    let time = clock.measure { count = ExportInput(bytes: bytes, context: Inputs.context).changes.count }
    #expect(count == 10_000)
    // A debug build on a busy machine; a release build takes a small part of it.
    #expect(time < .seconds(30))
  }
}

extension String {
  /// The text up to the first semicolon.
  fileprivate var firstClause: String { String(prefix { $0 != ";" }) }
}

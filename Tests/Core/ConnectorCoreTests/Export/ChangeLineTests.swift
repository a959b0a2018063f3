import Testing

@testable import ConnectorCore

@Suite("Changes from JSON Lines") struct ChangeLineTests {
  @Test func `Lines of the connector's own feed are read with their IDs, anchors and old values`() {
    let lines = Inputs.summary(
      #"""
      {"feed":"own","sequence":1,"transaction":1,"change":"add","id":"u1","anchor":"cn=a,dc=x","dn":"cn=a,dc=x","objectClasses":["top","person"],"attributes":{"objectClass":["top","person"],"cn":["a"],"photo":[{"base64":"AAH/"}]},"reason":"full import, run 1"}
      {"feed":"own","sequence":2,"transaction":1,"change":"update","id":"u1","anchor":"cn=a,dc=x","dn":"cn=a,dc=x","objectClasses":["person"],"attributes":{"mail":{"old":["a@x"],"new":["a@x","b@x"]},"fax":{"old":["1"],"new":[]}},"reason":"delta"}
      {"feed":"own","sequence":3,"change":"rename","id":"u1","anchor":"cn=b,dc=x","dn":"cn=b,dc=x","oldAnchor":"cn=a,dc=x","oldDN":"cn=a,dc=x","objectClasses":[],"attributes":{"cn":{"old":["a"],"new":["b"]}}}
      {"feed":"own","sequence":4,"change":"rename","id":"n2","oldId":"n1","anchor":"same","dn":"cn=c,dc=x","oldDN":"cn=b,dc=x","attributes":{}}
      {"feed":"own","sequence":5,"change":"delete","id":"u1","anchor":"a","dn":"cn=c,dc=x","objectClasses":["person"],"attributes":{"cn":["c"],"userPassword":["x"]}}
      """#)
    #expect(
      lines == [
        "1 | add | id=u1 | anchor=cn=a,dc=x | dn=cn=a,dc=x | objectClass=[top,person] | cn=[a] | photo=[[0, 1, 255]]",
        "2 | update | id=u1 | anchor=cn=a,dc=x | dn=cn=a,dc=x | mail=[a@x,b@x] was [a@x] | fax=[] was [1]",
        "3 | rename to cn=b,dc=x | id=u1 | anchor=cn=a,dc=x | dn=cn=a,dc=x | cn=[b] was [a]",
        "4 | rename to cn=c,dc=x | id=n1 | anchor=same | dn=cn=b,dc=x",
        "5 | delete | id=u1 | anchor=a | dn=cn=c,dc=x",
      ])
  }

  @Test func `A line of another feed names its object by DN alone`() {
    let input = Inputs.read(
      #"""
      {"feed":"other","change":"update","id":"u1","anchor":"x","dn":"cn=a","attributes":{"sn":["a"]}}
      {"feed":"other","change":"rename","id":"u1","oldId":"u0","oldAnchor":"y","anchor":"x","dn":"cn=b","oldDN":"cn=a"}
      {"feed":"other","change":"delete","id":"u1","anchor":"x"}
      {"feed":"other","change":"rename","id":"u1","dn":"cn=b"}
      """#)
    #expect(
      input.changes.map(Inputs.summary) == ["1 | update | dn=cn=a | sn=[a]", "2 | rename to cn=b | dn=cn=a"])
    #expect(input.errors.map(\.line) == [3, 4])
    #expect(input.errors.allSatisfy { $0.reason.contains("another connector's feed") })
  }

  @Test func `Lines written by hand may be short`() {
    let lines = Inputs.summary(
      #"""
      # staff

        {"change":"add","dn":"cn=a","objectClasses":["person"],"attributes":{"sn":"a","n":[1,-2.5e3,true,false,null],"x":null,"y":[]}}
      {"change":"update","id":"7","attributes":{"a":["1"],"b":{"add":["2"],"remove":["3"]},"c":{"add":["4"]},"d":{"new":["5"]},"e":null,"f":[],"g":{"base64":"AAE="}}}
      {"change":"rename","anchor":"k","dn":"cn=é,dc=x"}
      {"change":"enable","dn":"cn=a"}
      {"change":"disable","anchor":"k"}
      """#)
    #expect(
      lines == [
        "3 | add | dn=cn=a | sn=[a] | n=[1,-2.5e3,TRUE,FALSE] | objectClass=[person]",
        "4 | update | id=7 | a=[1] | b+[2]-[3] | c+[4]-[] | d=[5] | e=[] | f=[] | g=[\u{0}\u{1}]",
        "5 | rename to cn=é,dc=x | anchor=k", "6 | enable | dn=cn=a", "7 | disable | anchor=k",
      ])
  }

  @Test(arguments: [
    (#"{"dn":"cn=a"}"#, "“change” is missing"), (#"{"change":"addd","dn":"cn=a"}"#, "did you mean “add”"),
    (#"{"change":"update","dn":"cn=a","atributes":{}}"#, "did you mean “attributes”"),
    (#"{"change":"update","dn":"cn=a","oldDn":"b"}"#, "did you mean “oldDN”"),
    (#"{"change":"update","dn":"cn=a","my secret":1}"#, "nobody knows a name"),
    (#"{"change":"add","id":"1"}"#, "needs “dn”"), (#"{"change":"rename","id":"1"}"#, "the new name"),
    (#"{"change":"delete"}"#, "nothing names the object"), (#"{"change":"update","dn":""}"#, "empty"),
    (#"{"change":"update","dn":"a\u0000b"}"#, "NUL"), (#"{"change":"update","dn":["a"]}"#, "is a list"),
    (#"{"change":"enable","dn":"a","attributes":{"cn":["a"]}}"#, "line of its own"),
    (#"{"change":"update","dn":"a","attributes":["a"]}"#, "must be an object"),
    (#"{"change":"update","dn":"a","attributes":{"a b":["a"]}}"#, "attribute name"),
    (#"{"change":"update","dn":"a","attributes":{"":["a"]}}"#, "attribute name"),
    (#"{"change":"update","dn":"a","attributes":{"cn":["a"],"CN":["b"]}}"#, "stands twice"),
    (#"{"change":"update","dn":"a","attributes":{"cn":["a"],"cn":["b"]}}"#, "stands twice"),
    (#"{"change":"update","dn":"a","dn":"b"}"#, "stands twice"),
    (#"{"change":"update","dn":"a","attributes":{"cn":{"nwe":["a"]}}}"#, "did you mean “new”"),
    (#"{"change":"update","dn":"a","attributes":{"cn":{"old":["a"]}}}"#, "needs “new”"),
    (#"{"change":"update","dn":"a","attributes":{"cn":{"new":["a"],"add":["b"]}}}"#, "needs “new”"),
    (#"{"change":"update","dn":"a","attributes":{"cn":{}}}"#, "needs “new”"),
    (#"{"change":"update","dn":"a","attributes":{"cn":[["a"]]}}"#, "a value of cn is a string"),
    (#"{"change":"update","dn":"a","attributes":{"cn":[{"base64":"A"}]}}"#, "no base64"),
    (#"{"change":"update","dn":"a","attributes":{"cn":[{"base64":7}]}}"#, "no base64"),
    (#"{"change":"add","dn":"a","attributes":{"cn":{"new":["a"]}}}"#, "in an add"),
    (#"{"change":"update","dn":"a"} {}"#, "behind the end"), (#"{"change":"update","dn":"a",}"#, "name in quotation"),
    (#"{"change":"update""#, "ends within"), (#"{"change":"up"#, "ends within"), ("{", "ends within"),
    ("{]", "quotation marks"),
    (#"{"change" "update"}"#, "expected “:”"), (#"{"change":up}"#, "expected a value"),
    ("{\"a\":\"\u{1}\"}", "control"),
    (#"{"a":01}"#, "number"), (#"{"a":-}"#, "number"), (#"{"a":1.}"#, "number"), (#"{"a":1e}"#, "number"),
    (#"{"a":"\x"}"#, "backslash"), (#"{"a":"\u12"}"#, "hexadecimal"), (#"{"a":"\ud800"}"#, "surrogate"),
    (#"{"a":"\ud800\u0041"}"#, "surrogate"), (#"{"a":"\udc00"}"#, "surrogate"),
  ])
  func `A line that is no change is refused with its number and what to write`(line: String, reason: String) {
    let input = Inputs.read(
      "{\"change\":\"delete\",\"dn\":\"cn=first\"}\n\n" + line + "\n{\"change\":\"delete\",\"dn\":\"cn=z\"}")
    #expect(input.errors.map(\.line) == [3])
    #expect(input.errors.first?.reason.contains(reason) == true, "\(input.errors)")
    #expect(input.changes.map(\.target.dn) == ["cn=first", "cn=z"])
  }

  @Test func `Escapes of every kind are read`() {
    let line = #"{"change":"update","dn":"cn=\u00e9\ud83d\ude00","attributes":{"a":["\"\\\/\b\f\n\r\t\u0000é😀"]}}"#
    let change = Inputs.read(line).changes.first
    #expect(change?.target.dn == "cn=é😀")
    #expect(
      change?.edits == [AttributeEdit("a", .replace([Array("\"\\/\u{8}\u{c}\n\r\t\u{0}é😀".utf8)], expected: nil))])
  }

  @Test func `Deep nesting, endless lines and bytes that are no text are refused, and reading goes on`() {
    let good = Array("\n{\"change\":\"delete\",\"dn\":\"cn=a\"}\n".utf8)
    let deep = Array((String(repeating: "{\"a\":", count: 200_000)).utf8)
    let lists = Array(("{\"change\":" + String(repeating: "[", count: 200_000)).utf8)
    let bad: [UInt8] = Array("{\"change\":\"".utf8) + [0xFF, 0xFE, 0xC0] + Array("\"}".utf8)
    let nul: [UInt8] = [0x7B, 0, 0, 0]
    let input = ExportInput(bytes: deep + good + lists + good + bad + good + nul, context: Inputs.context)
    #expect(input.errors.map(\.line) == [1, 3, 5, 7])
    #expect(input.errors[0].reason.contains("deeper") && input.errors[1].reason.contains("deeper"))
    #expect(input.errors[2].reason.contains("UTF-8"))
    #expect(input.changes.map(\.line) == [2, 4, 6])
  }

  @Test func `A value of a megabyte is read whole`() {
    let value = String(repeating: "xyz é", count: 200_000)
    let input = Inputs.read(#"{"change":"update","dn":"a","attributes":{"cn":["\#(value)"]}}"#)
    #expect(input.changes.first?.edits.first?.form == .replace([Array(value.utf8)], expected: nil))
  }

  @Test func `Random lines never trap, and no error repeats what stands in them`() {
    var random = SeededRandom(seed: 8_259)
    let pieces = [
      "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\"change\":\"update\"", "\"dn\":\"cn=XYZZY\"",
      "\"attributes\":{",
      "\"cn\":[\"XYZZY\"]", "{\"base64\":\"XYZZY\"}", "true", "null", "-1.5", "\n", "\"password\":\"XYZZY\"",
      "\"userPassword\"",
      "d800",
    ]
    var errors = 0
    for _ in 0..<5_000 {
      let input = ExportInput(bytes: [0x7B] + random.bytes(of: pieces, maximum: 12), context: Inputs.context)
      errors += input.errors.count
      for error in input.errors { #expect(!error.reason.contains("XYZZY"), "\(error)") }
    }
    let whole = Inputs.read(#"{"change":"update","dn":"cn=XYZZY","attributes":{"cn":["XYZZY"]}}"#)
    #expect(whole.changes.count == 1 && errors > 1_000)
  }
}

/// The records of one transaction hold together, so that their order in the feed does not matter.
@Suite struct FeedTransactionTests {
  private func lines(of records: [(String, String, String, Int)]) -> [Int] {
    let text = records.map { change, old, new, transaction in
      change == "rename"
        ? #"{"feed":"f","transaction":\#(transaction),"change":"rename","oldDN":"\#(old)","dn":"\#(new)"}"#
        : #"{"feed":"f","transaction":\#(transaction),"change":"\#(change)","dn":"\#(new)","attributes":{}}"#
    }
    let input = ExportInput(bytes: Array(text.joined(separator: "\n").utf8), context: InputContext())
    #expect(input.errors == [])
    return input.changes.map(\.line)
  }

  @Test func aBranchThatMovesBelowANewEntryFollowsIt() {
    let order = lines(of: [
      ("rename", "uid=a,ou=x", "uid=a,ou=x,ou=new", 1), ("update", "", "ou=new", 1),
      ("rename", "ou=x", "ou=x,ou=new", 1), ("add", "", "ou=new", 1),
    ])
    #expect(order == [4, 3, 1, 2])
  }

  @Test func deletesComeFirstAndRenamesFreeNames() {
    let order = lines(of: [
      ("add", "", "ou=x", 1), ("rename", "ou=x", "ou=y", 1), ("delete", "", "ou=y", 1), ("delete", "", "uid=a,ou=y", 1),
    ])
    #expect(order == [4, 3, 2, 1])
  }

  @Test func transactionsStayInTheirOrder() {
    #expect(lines(of: [("add", "", "uid=a,ou=x", 1), ("add", "", "ou=x", 2), ("delete", "", "ou=x", 3)]) == [1, 2, 3])
  }
}

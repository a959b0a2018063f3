import ConnectorCore
import FixtureServer
import Testing

@Suite struct FaultFileTests {
  @Test("Every kind of fault is read")
  func kinds() throws {
    let text = """
      [{"do": "cut", "when": {"operation": "search", "base": "o=x", "page": 2, "request": 5}, "always": true},
       {"do": "cut", "after": 3}, {"do": "busy"}, {"do": "unavailable"}, {"do": "slow", "milliseconds": 20},
       {"do": "sizeLimit"}, {"do": "malformed", "when": {"operation": "bind"}}, {"do": "withoutPageControl"},
       {"do": "ignoredListView"}, {"do": "emptySuccess"}, {"do": "code", "code": 80}]
      """
    let when = Fault.Condition(.search, base: "o=x", page: 2, request: 5)
    #expect(
      try FaultFile.parse(Array(text.utf8)) == [
        Fault(.cut(after: nil), when: when, isRepeated: true), Fault(.cut(after: 3)), Fault(.code(.busy)),
        Fault(.code(.unavailable)), Fault(.slow(milliseconds: 20)), Fault(.sizeLimit(after: nil)),
        Fault(.malformed, when: .init(.bind)), Fault(.withoutPageControl), Fault(.ignoredListView),
        Fault(.emptySuccess), Fault(.code(.other)),
      ])
    #expect(try FaultFile.parse(Array("[]".utf8)).isEmpty)
  }

  @Test(
    "A file that cannot be used is refused with the place and what is allowed",
    arguments: [
      ("{", "not JSON"), ("{}", "not a JSON list"), ("[1]", "fault 1 is not a JSON object"),
      (#"[{"do": "cut"}, {}]"#, "fault 2: “do” is missing; it is one of cut, busy"),
      (#"[{"do": "explode"}]"#, "fault 1: nothing to do is called “explode”; there are cut, busy"),
      (#"[{"do": "cut", "whn": {}}]"#, "unknown key “whn”; allowed are after, always, code, do, milliseconds, when"),
      (#"[{"do": "cut", "when": {"op": "search"}}]"#, "fault 1, “when”: unknown key “op”; allowed are base"),
      (#"[{"do": "cut", "when": {"operation": "find"}}]"#, "no operation is called “find”; there are bind, search"),
      (#"[{"do": "cut", "when": {"page": 0}}]"#, "“page” is not a whole number from 1"),
      (#"[{"do": "cut", "when": {"request": "2"}}]"#, "“request” is not a whole number from 1"),
      (#"[{"do": "cut", "when": {"base": 1}}]"#, "“base” is not a string"),
      (#"[{"do": "cut", "always": "yes"}]"#, "“always” is neither true nor false"),
      (#"[{"do": "slow"}]"#, "“slow” needs “milliseconds”"), (#"[{"do": "code"}]"#, "“code” needs “code”"),
      (#"[{"do": "sizeLimit", "when": {"operation": "bind"}}]"#, "can happen to a search alone, not to “bind”"),
    ])
  func refused(_ text: String, _ reason: String) throws {
    let error = try #require(throws: FaultFileError.self) { try FaultFile.parse(Array(text.utf8)) }
    #expect(error.description.contains(reason), "\(error)")
  }
}

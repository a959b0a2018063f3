import Testing

@testable import TestSupport

/// The judges are judged: each must find what is planted, or every live test that trusts them proves nothing.
@Suite struct SupportTests {
  private let entry = DirectoryEntry(
    dn: "uid=é,dc=example,dc=com",
    attributes: [
      "objectclass": [Array("inetOrgPerson".utf8)], "entryuuid": [Array("id-1".utf8)], "userpassword": [[1]],
      "mail": [Array("a@b".utf8), Array("c@d".utf8)], "jpegphoto": [[0xff, 0xd8, 0xff, 0xd9]],
    ])

  private func line(
    dn: String = "uid=é,dc=example,dc=com", id: String = "id-1", mail: String = #"["c@d","a@b"]"#, more: String = ""
  ) -> [UInt8] {
    Array(
      #"""
      {"feed":"f","sequence":7}
      {"dn":"\#(dn)","anchor":"\#(dn)","id":"\#(id)","objectClasses":["inetOrgPerson"],\#
      "attributes":{"mail":\#(mail),"jpegPhoto":[{"base64":"/9j/2Q=="}]\#(more)}}
      """#.utf8)
  }

  @Test func theJudgeAcceptsTheSameEntryInAnotherOrderOfValues() throws {
    #expect(try Judge.differences(objectsJSONLines: line(), directory: [entry]).isEmpty)
  }

  @Test(arguments: [
    (#"["a@b"]"#, "", "mail"), (#"["a@b","C@d"]"#, "", "mail"), (#"["a@b","c@d","c@d"]"#, "", "mail"),
    (#"["a@b","c@d"]"#, #","sn":["x"]"#, "sn"), (#"["a@b","c@d"]"#, #","mail;lang-de":["c@d"]"#, "mail;lang-de"),
  ])
  func theJudgeFindsAPlantedValue(mail: String, more: String, attribute: String) throws {
    let found = try Judge.differences(objectsJSONLines: line(mail: mail, more: more), directory: [entry])
    #expect(found.count == 1)
    #expect(found.first?.contains(": \(attribute): ") == true)
  }

  @Test func theJudgeComparesDNsByteForByte() throws {
    let decomposed = "uid=e\u{301},dc=example,dc=com"
    let found = try Judge.differences(objectsJSONLines: line(dn: decomposed), directory: [entry])
    #expect(found.count == 2)
  }

  @Test func theJudgeFindsAWrongIDAMissingAndASurplusObject() throws {
    #expect(try Judge.differences(objectsJSONLines: line(id: "id-2"), directory: [entry]).count == 1)
    #expect(try Judge.differences(objectsJSONLines: [], directory: [entry]).count == 1)
    #expect(try Judge.differences(objectsJSONLines: line(), directory: []).count == 1)
    #expect(throws: SupportError.self) { try Judge.differences(objectsJSONLines: Array("{".utf8), directory: []) }
  }

  @Test func theJudgeCountsWhatItDoesNotShow() {
    let many = (0..<50).map { DirectoryEntry(dn: "cn=\($0)") }
    let found = Judge.differences(objects: [], directory: many)
    #expect(found.count == 21)
    #expect(found.last == "… and 30 more")
  }

  @Test func anEntryIsReadFromLDIFByteForByte() throws {
    let text = "dn:: Y249w6k=\ncn: a b \nempty:\nuserCertificate;binary:: AP8=\ncn: c\n\n# refldap://x\n\ndn: cn=2\n"
    let entries = try DirectoryEntry.parse(Array(text.utf8))
    #expect(entries.map(\.dn) == ["cn=é", "cn=2"])
    #expect(entries[0].strings("CN") == ["a b ", "c"])
    #expect(entries[0].attributes["empty"] == [[]])
    #expect(entries[0].attributes["usercertificate;binary"] == [[0, 0xff]])
    #expect(throws: SupportError.self) { try DirectoryEntry.parse(Array("no colon".utf8)) }
  }

  // MARK: The change feed

  private static let add = record(1, 1, "add", "a", "cn=a", #","attributes":{"cn":["a"],"sn":["x"]}"#)

  private static func record(
    _ sequence: Int, _ transaction: Int, _ change: String, _ id: String, _ dn: String, _ more: String = ""
  ) -> String {
    #"{"feed":"f","sequence":\#(sequence),"transaction":\#(transaction),"change":"\#(change)","id":"\#(id)","#
      + #""anchor":"\#(dn)","dn":"\#(dn)","reason":"test"\#(more)}"# + "\n"
  }

  private func problems(_ records: [String]) throws -> [String] {
    var model = FeedModel()
    try model.apply(jsonLines: Array(records.joined().utf8))
    return model.problems
  }

  @Test func aSoundFeedGivesTheModelThatItDescribes() throws {
    var model = FeedModel()
    try model.apply(
      jsonLines: Array(
        [
          Self.add, Self.record(2, 1, "add", "b", "cn=b", #","objectClasses":["top"],"attributes":{}"#),
          Self.record(5, 2, "update", "a", "cn=a", #","attributes":{"SN":{"old":["x"],"new":[]}}"#),
          Self.record(6, 3, "rename", "a", "cn=B", #","oldDN":"cn=a","attributes":{"cn":{"old":["a"],"new":["B"]}}"#),
          Self.record(7, 3, "delete", "b", "cn=b"), Self.record(8, 4, "rename", "a", "cn=b", #","oldDN":"cn=B""#),
        ].joined().utf8))
    #expect(model.problems.isEmpty)
    #expect(model.allObjects == [ExportedObject(dn: "cn=b", id: "a", anchor: "cn=b", attributes: ["cn": [[0x42]]])])
    #expect(model.counts == ["add": 2, "update": 1, "rename": 2, "delete": 1])
  }

  @Test(arguments: [
    [add, record(1, 1, "add", "b", "cn=b")],
    [add, record(2, 2, "add", "a", "cn=a2")],
    [record(1, 1, "update", "a", "cn=a", #","attributes":{"cn":{"old":[],"new":["b"]}}"#)],
    [record(1, 1, "delete", "a", "cn=a")],
    [record(1, 1, "rename", "a", "cn=b", #","oldDN":"cn=a""#)],
    [add, record(2, 2, "update", "a", "cn=a", #","attributes":{"sn":{"old":["y"],"new":["z"]}}"#)],
    [add, record(2, 2, "update", "a", "cn=a", #","attributes":{"mail":{"old":["y"],"new":["z"]}}"#)],
    [add, record(2, 2, "update", "a", "cn=a")],
    [add, record(2, 2, "update", "a", "cn=other", #","attributes":{"sn":{"old":["x"],"new":["z"]}}"#)],
    [add, record(2, 2, "rename", "a", "cn=b", #","oldDN":"cn=c""#)],
    [add, record(2, 2, "rename", "a", "cn=a", #","oldDN":"cn=a""#)],
    [add, record(2, 2, "rename", "a", "cn=b")],
    [add, record(2, 1, "add", "b", "CN=A"), record(3, 2, "delete", "b", "CN=A")],
    [add, record(2, 0, "add", "b", "cn=b")],
    [add, record(2, 2, "add", "b", "cn=b").replacing(#""feed":"f""#, with: #""feed":"g""#)],
  ])
  func aFeedThatContradictsItselfIsRefused(records: [String]) throws {
    #expect(try problems(records).count == 1)
  }

  @Test func aRenameMayChangeTheID() throws {
    var model = FeedModel()
    try model.apply(
      jsonLines: Array(
        [
          Self.add, Self.record(2, 2, "rename", "cn=b", "cn=b", #","oldDN":"cn=a","oldId":"a""#),
          Self.record(3, 2, "add", "a", "cn=a", #","objectClasses":["top"],"attributes":{}"#),
          Self.record(4, 3, "rename", "77", "cn=b", #","oldDN":"cn=b","oldId":"cn=b""#),
        ].joined().utf8))
    #expect(model.problems.isEmpty)
    #expect(Set(model.objects.keys) == ["a", "77"])
    #expect(model.objects["77"]?.attributes.isEmpty == false)
  }

  @Test(arguments: [
    [add, record(2, 2, "rename", "b", "cn=b", #","oldDN":"cn=a","oldId":"x""#)],
    [add, record(2, 2, "rename", "a", "cn=b", #","oldDN":"cn=a","oldId":"a""#)],
    [
      add, record(2, 1, "add", "b", "cn=b"), record(3, 2, "rename", "b", "cn=c", #","oldDN":"cn=a","oldId":"a""#),
    ],
  ])
  func aRenameToAnIDThatCannotBeIsRefused(records: [String]) throws {
    #expect(try problems(records).count == 1)
  }

  @Test func twoObjectsMayShareADNWithinATransaction() throws {
    let swap = [
      Self.record(2, 1, "add", "b", "cn=b"), Self.record(3, 2, "rename", "a", "cn=b", #","oldDN":"cn=a""#),
      Self.record(4, 2, "rename", "b", "cn=a", #","oldDN":"cn=b""#),
    ]
    #expect(try problems([Self.add] + swap).isEmpty)
  }

  // MARK: Children

  @Test func aCommandReportsItsOutputAndItsExitCode() async throws {
    let running = try RunningCommand(
      "/bin/sh", ["-c", "cat; echo oops >&2; exit 3"], input: .bytes(Array("hi\n".utf8)))
    let result = try await running.wait()
    #expect(result.exitCode == 3)
    #expect(result.lines == ["hi"])
    #expect(result.standardError == "oops\n")
  }

  @Test func aCommandIsKilledAfterItsTime() async throws {
    let running = try RunningCommand("/bin/sleep", ["60"])
    running.kill(afterMilliseconds: 30)
    #expect(try await running.wait(timeout: 20).signal == 9)
    let tooSlow = try RunningCommand("/bin/sleep", ["60"])
    await #expect(throws: SupportError.self) { try await tooSlow.wait(timeout: 0.05) }
    #expect(!tooSlow.isRunning)
  }

  @Test func aChildStartsWithAnEmptySignalMask() async throws {
    let result = try await RunningCommand("/bin/grep", ["^SigBlk", "/proc/self/status"]).wait()
    #expect(result.lines == ["SigBlk:\t0000000000000000"])
  }

  @Test func thePeakMemoryIsTheChildsAndNotOurs() async throws {
    let ours = [UInt8](repeating: 1, count: 300 << 20)
    let small = try await RunningCommand("/bin/sleep", ["0.1"], followsMemory: true).wait()
    #expect(ours.count > 0 && small.peakRSSBytes > 0 && small.peakRSSBytes < 20 << 20)
    let big = try await RunningCommand(
      "/usr/bin/perl", ["-e", "$x = 'a' x 80000000; select undef, undef, undef, 0.1"], followsMemory: true
    ).wait()
    #expect(big.peakRSSBytes > 80_000_000 && big.peakRSSBytes < 250_000_000)
  }
}

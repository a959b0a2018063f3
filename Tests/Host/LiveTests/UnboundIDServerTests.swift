import Testing

@testable import TestSupport

/// The private in-memory server of UnboundID does what the live tests count on.
@Suite struct UnboundIDServerTests {
  private static let unit = "ou=x,\(UnboundIDServer.base)"
  private var unit: String { Self.unit }

  private func write(_ server: UnboundIDServer, _ records: (inout LDIFText) -> Void) async throws {
    var text = LDIFText()
    records(&text)
    try await server.admin.modify(text.text)
  }

  private func log(_ server: UnboundIDServer) async throws -> [DirectoryEntry] {
    let records = try await server.connector.search(
      UnboundIDServer.logBase, filter: "(changeNumber=*)", attributes: ["*"])
    return records.sorted { Int($0.strings("changeNumber")[0]) ?? 0 < Int($1.strings("changeNumber")[0]) ?? 0 }
  }

  @Test func itPosesAsAnotherProductAndLogsEveryWrite() async throws {
    let options = UnboundIDOptions.with {
      $0.vendorName = "ForgeRock AS"
      $0.vendorVersion = "OpenDJ Server 3.0.0"
    }
    try await UnboundIDServer.running(options) { server in
      let root = try await server.anonymous.read("", attributes: ["*", "+"])
      #expect(root?.strings("vendorName") == ["ForgeRock AS"] && root?.strings("changelog") == ["cn=changelog"])
      #expect(try await log(server).count == 3, "the suffix and the accounts")
      try await write(server) {
        $0.unit("ou=x", in: UnboundIDServer.base)
        $0.person("uid=one", in: unit, [("mail", "a@b")])
        $0.modify("uid=one,\(unit)", "add", "objectClass", ["extensibleObject"])
        $0.modify("uid=one,\(unit)", "replace", "uidNumber", ["7"])
        $0.modify("uid=one,\(unit)", "increment", "uidNumber", ["1"])
        $0.rename("uid=one,\(unit)", to: "uid=eins", newSuperior: UnboundIDServer.base)
        $0.delete("uid=eins,\(UnboundIDServer.base)")
      }
      let types = try await log(server).dropFirst(3).map { $0.strings("changeType")[0] }
      #expect(types == ["add", "add", "modify", "modify", "modify", "moddn", "delete"])
      #expect(try await server.connector.search().allSatisfy { $0.entryUUID != nil })
    }
  }

  @Test func theLogKeepsAsManyRecordsAsItIsTold() async throws {
    try await UnboundIDServer.running(.with { $0.maxChanges = 3 }) { server in
      try await write(server) { records in
        for number in 1...5 { records.unit("ou=\(number)", in: UnboundIDServer.base) }
      }
      #expect(try await log(server).flatMap { $0.strings("changeNumber") } == ["6", "7", "8"])
    }
  }

  @Test func aReplacementHasOtherDataAndAnotherLog() async throws {
    try await UnboundIDServer.running(.with { $0.seed = .text(Company().ldif) }) { server in
      let first = try await server.connector.search(attributes: ["entryUUID"])
      #expect(first.count > 200)
      try await write(server) { $0.unit("ou=x", in: UnboundIDServer.base) }
      try await server.wipeAndReplace()
      let second = try await server.connector.search(attributes: ["entryUUID"])
      #expect(second.count == 3 && Set(second.map(\.entryUUID)).isDisjoint(with: first.map(\.entryUUID)))
      #expect(try await log(server).flatMap { $0.strings("changeNumber") } == ["1", "2", "3"])
    }
  }
}

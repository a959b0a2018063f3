import ConnectorCore
import ConnectorHost
import Foundation
import Testing

@Suite("record")
struct RecordingCommandTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/recording" }

  init() throws { folder = try TemporaryFolder() }

  /// The company with people, a log and what a root DSE tells of its host.
  private func console() -> Console {
    let console = Console()
    console.change {
      $0["dnsHostName"] = ["ldap7.armstrong.example"]
      $0["changeLog"] = ["cn=log"]
    }
    let member = ["objectClass": ["groupOfNames"], "member": ["cn=Ann,ou=people,dc=example,dc=com"]]
    let person = [
      "objectClass": ["top", "person"], "cn": ["Ann"], "sn": ["Armstrong"], "userPassword": ["geheimnis"],
      "description": ["cn=Ann,ou=people,dc=example,dc=com"], "createTimestamp": ["20260102030405Z"],
    ]
    let record = [
      "objectClass": ["changeLogEntry"], "changeNumber": ["1"], "targetDN": ["cn=Ann,ou=people,dc=example,dc=com"],
      "changeType": ["modify"], "changes": ["replace: sn\nsn: Armstrong\n-\n"],
    ]
    console.directory.entries.removeAll { $0.dn.hasPrefix("cn=Ann") }
    console.directory.entries += [
      .make("cn=Ann,ou=people,dc=example,dc=com", person), .make("cn=all,dc=example,dc=com", member),
      .make("cn=log"), .make("changeNumber=1,cn=log", record),
    ]
    return console
  }

  private func everything() throws -> String {
    try FileManager.default.contentsOfDirectory(atPath: path).map { try folder.read("recording/\($0)") }.joined()
  }

  private func records(_ name: String) throws -> [LDIFRecord] {
    var reader = LDIFReader(Array(try folder.read("recording/\(name)").utf8))
    var records: [LDIFRecord] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  private func values(_ record: LDIFRecord?, _ name: AttributeDescription) -> [String] {
    (record?.attributes ?? []).filter { $0.0 == name }.map { String(decoding: $0.1, as: UTF8.self) }
  }

  @Test("A recording holds every file, and no name, host or password")
  func files() async throws {
    let console = console()
    #expect(await console.run("record", "ldap://ldap7.armstrong.example", "-o", path) == 0, "\(console.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    #expect(
      names == [
        "README.md", "directory.json", "entries.ldif", "expected.json", "log.ldif", "rootdse.ldif", "schema.ldif",
      ])
    let text = try everything()
    for secret in ["Armstrong", "armstrong", "ldap7", "Ann,", "ou=people", "geheimnis", "example", "192.0.2.1"] {
      #expect(!text.contains(secret), "\(secret)")
    }
    #expect(text.contains("**Captured**") && text.contains("Acme Directory"))
    #expect(console.output.contains("Left out: userPassword."))
  }

  @Test("Names and references stay related, parents come first, what the server keeps stays")
  func relations() async throws {
    let console = console()
    #expect(await console.run("record", "ldap://a", "-o", path) == 0, "\(console.errors)")
    let entries = try records("entries.ldif")
    let dns = try entries.map { try DN($0.dn) }
    for (position, dn) in dns.enumerated().dropFirst() {
      let parent = try #require(dn.parent)
      #expect(dns[..<position].contains(parent), "\(dn)")
    }
    let group = try #require(entries.first { values($0, "objectClass") == ["groupOfNames"] })
    let member = try DN(try #require(values(group, "member").first))
    #expect(dns.contains(member))
    let person = try #require(entries.first { values($0, "createTimestamp") == ["20260102030405Z"] })
    #expect(try DN(person.dn) == member)
    let log = try records("log.ldif")
    #expect(log.map(\.dn) == ["cn=log", "changeNumber=1,cn=log"].map { $0.replacing("cn=log", with: log[0].dn) })
    #expect(try DN(try #require(values(log.last, "targetDN").first)) == member)
    #expect(values(log.last, "changes").first?.contains("sn: \(values(person, "sn").first ?? "-")\n") == true)
    #expect(try DN(values(records("rootdse.ldif").first, "namingContexts")[0]) == dns[0])
  }

  @Test("expected.json and directory.json say what detection said, with scrambled partitions")
  func expectations() async throws {
    let console = console()
    #expect(await console.run("record", "ldap://a:1389", "-o", path) == 0, "\(console.errors)")
    func facts(_ name: String) throws -> [String: Any] {
      let text = try folder.read("recording/\(name)")
      return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
    let expected = try facts("expected.json")
    #expect(expected["winner"] as? String == "acme")
    #expect(expected["port"] as? Int == 1389)
    #expect(expected["anchor"] as? String == "dn")
    #expect(expected["immutableID"] as? String == "entryUUID")
    #expect(expected["partitions"] as? [String] == [try #require(records("entries.ldif").first).dn])
    #expect(try facts("directory.json")["log"] as? String == "changelog")
  }

  @Test("The sample is as large as asked for, with the parents that it needs")
  func limits() async throws {
    let console = console()
    #expect(await console.run("record", "ldap://a", "-o", path, "--entries", "2", "--log-records", "0", "--json") == 0)
    let report = try JSONSerialization.jsonObject(with: Data(console.output.utf8)) as? [String: Any]
    #expect(report?["entries"] as? Int == 2)
    #expect(try records("entries.ldif").count == 2)
    #expect(report?["winner"] as? String == "acme")
  }

  @Test("Where a value is still to be read, nothing is left and the message names the attribute alone")
  func leak() async throws {
    let console = console()
    console.change { $0["vendorVersion"] = ["Armstrong Edition 7"] }
    #expect(await console.run("record", "ldap://a", "-o", path) == ExitStatus.failure.rawValue)
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(console.errors.contains("rootdse.ldif") && console.errors.contains("sn in vendorVersion"))
    #expect(!console.errors.contains("Armstrong"))
  }

  @Test("An existing folder is not touched, and a folder that cannot be made is an error")
  func folders() async throws {
    let console = console()
    #expect(await console.run("record", "ldap://a", "-o", folder.path) == ExitStatus.failure.rawValue)
    #expect(console.settings.isEmpty)
    #expect(await console.run("record", "ldap://a", "-o", folder.path + "/no/where") == ExitStatus.failure.rawValue)
    #expect(await console.run("record", "ldap://a") == ExitStatus.usage.rawValue)
    #expect(await console.run("record", "ldap://a", "-o", path, "--entries", "-1") == ExitStatus.usage.rawValue)
  }

  @Test("A server that hides schema and log is recorded all the same, and the README says so")
  func hidden() async throws {
    let console = console()
    console.change { $0["subschemaSubentry"] = nil }
    console.directory.failures["cn=log"] = DirectoryError(.insufficientAccessRights, operation: "search")
    console.directory.failures["CN=Log"] = DirectoryError(.insufficientAccessRights, operation: "search")
    #expect(await console.run("record", "ldap://a", "-o", path) == 0, "\(console.errors)")
    #expect(!FileManager.default.fileExists(atPath: path + "/schema.ldif"))
    #expect(try folder.read("recording/README.md").contains("the subschema entry; not there"))
    #expect(console.errors.contains("warning: "))
  }
}

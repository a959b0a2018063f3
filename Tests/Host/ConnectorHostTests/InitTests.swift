import ConnectorCore
import ConnectorHost
import Foundation
import Testing

@Suite("init")
struct InitTests {
  private let folder: TemporaryFolder
  private let file: String

  init() throws {
    folder = try TemporaryFolder()
    file = folder.path + "/hr.yaml"
  }

  private func read() throws -> Configuration {
    try ConfigurationFile(path: file, adapters: ["acme", "generic"]).configuration
  }

  @Test("Writes a file that reads back as what was detected and asked for")
  func prefilled() async throws {
    let console = Console()
    console.environment = ["PW": "hunter2"]
    let ca = try folder.write("ca.pem", "")
    let status = await console.run(
      "init", "ldap://ldap.example.com:1389", "--start-tls", "--ca-file", ca, "--bind-dn",
      "cn=reader,dc=example,dc=com",
      "--password-env", "PW", "--output", file)
    #expect(status == 0)
    var expected = Configuration()
    expected.server.host = "ldap.example.com"
    expected.server.port = 1389
    expected.server.transport = .startTLS
    expected.server.caFile = ca
    expected.bind.method = .simple
    expected.bind.dn = try DN("cn=reader,dc=example,dc=com")
    expected.bind.passwordEnvironment = "PW"
    expected.adapter = "acme"
    expected.partitions = [Configuration.Partition(dn: try DN("dc=example,dc=com"))]
    #expect(try read() == expected)
    let text = try folder.read("hr.yaml")
    #expect(!text.contains("hunter2"))
    #expect(text.contains("# Detected: Acme Directory"))
    #expect(text.contains("# Left out, without entries to import: CN=Log"))
    #expect(text.contains("# Delta import by stub: available for dc=example,dc=com."))
    #expect(console.output.contains("Next: ldap-connector check --config \(file)"))
  }

  @Test("Never replaces a file unless told to")
  func force() async throws {
    try folder.write("hr.yaml", "mine")
    let console = Console()
    #expect(await console.run("init", "ldap://a", "--output", file) == ExitStatus.failure.rawValue)
    #expect(try folder.read("hr.yaml") == "mine")
    #expect(console.settings.isEmpty)
    #expect(await console.run("init", "ldap://a", "--output", file, "--force") == 0)
    #expect(try read().server.host == "a")
  }

  @Test("Where the server names no partition the file holds an example and says so")
  func needsBase() async throws {
    let console = Console()
    console.change { $0["namingContexts"] = [""] }
    #expect(await console.run("init", "ldap://a", "--output", file) == 0)
    #expect(try read().partitions.map(\.dn.string) == ["dc=example,dc=com"])
    #expect(try folder.read("hr.yaml").contains("put your own base DN in place of the example"))
  }

  @Test("A tie leaves `auto`, and the file names the adapters to choose from")
  func tie() async throws {
    let console = Console()
    console.adapters = [.stub("one", vendorName: "Acme", points: 80), .stub("two", vendorName: "Acme", points: 80)]
    #expect(await console.run("init", "ldap://a", "--output", file) == 0)
    #expect(try read().adapter == nil)
    #expect(try folder.read("hr.yaml").contains("`adapter: one`"))
  }

  @Test("Virtual list view is on where the server has it with sorting, and does not list it in vain")
  func virtualListView() async throws {
    let (pages, lists, sort) = (WellKnownOIDs.pagedResults, WellKnownOIDs.virtualListView, WellKnownOIDs.sort)
    var inVain = VendorAdapter.acme
    inVain.listedInVain = [lists]
    let cases: [(VendorAdapter, [String], Bool, Bool)] = [
      (.acme, [pages], true, false), (.acme, [pages, lists, sort], true, true), (.acme, [lists, sort], false, true),
      (.acme, [lists], false, false), (.acme, [sort], false, false), (inVain, [lists, sort, pages], true, false),
    ]
    for (adapter, controls, pagedResults, virtualListView) in cases {
      let console = Console()
      console.adapters = [adapter]
      console.change { $0["supportedControl"] = controls }
      #expect(await console.run("init", "ldap://a", "--output", file, "--force") == 0)
      let configuration = try read()
      #expect(configuration.import.pagedResults == pagedResults, "\(controls)")
      #expect(configuration.import.virtualListView == virtualListView, "\(controls)")
      #expect(configuration.import.sortKey == nil)
      #expect(try folder.read("hr.yaml").contains("# Here `auto` is `entryUUID`.") == virtualListView)
    }
  }

  @Test("A product that must not be served gets no file")
  func refused() async throws {
    let console = Console()
    console.adapters = [.stub("bad", vendorName: "Acme", points: 90, refusal: "use the other connector")]
    #expect(await console.run("init", "ldap://a", "--output", file) == ExitStatus.configuration.rawValue)
    #expect(console.errors.contains("use the other connector"))
    #expect(!FileManager.default.fileExists(atPath: file))
  }
}

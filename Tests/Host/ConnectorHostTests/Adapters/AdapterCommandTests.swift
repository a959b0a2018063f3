@testable import ConnectorCore
import Foundation
import Testing

@testable import ConnectorHost

@Suite("Adapters on the command line")
struct AdapterCommandTests {
  @Test(
    "--adapters may stand anywhere, in both spellings, and the command does not see it",
    arguments: [
      ["--adapters", "d", "adapter", "list"], ["adapter", "--adapters", "d", "list"],
      ["adapter", "list", "--adapters", "d"], ["adapter", "list", "--adapters=d"],
    ])
  func option(arguments: [String]) throws {
    let option = try AdapterOption(arguments)
    #expect(option.folder == "d" && option.arguments == ["adapter", "list"])
  }

  @Test("What follows -- is no option")
  func terminator() throws {
    let option = try AdapterOption(["x", "--", "--adapters", "d"])
    #expect(option.folder == nil && option.arguments == ["x", "--", "--adapters", "d"])
  }

  @Test(
    "--adapters without a folder, or twice, is a wrong command line",
    arguments: [
      ["--adapters"], ["--adapters", "--json"], ["--adapters="], ["--adapters", "a", "--adapters", "b"],
    ])
  func misuse(arguments: [String]) async {
    let console = Console()
    #expect(await console.run(["adapter", "list"] + arguments) == ExitStatus.usage.rawValue)
    #expect(console.errors.contains("--adapters") && console.output.isEmpty, "\(console.errors)")
  }

  @Test("A refused folder ends every command with the code of a wrong configuration, and nothing is done")
  func refused() async throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("a.so", "text")
    let console = Console()
    #expect(await console.run("detect", "ldap://a", "--adapters", folder.path) == ExitStatus.configuration.rawValue)
    #expect(console.errors.contains("adapter refused: \(folder.path)/a.so is no shared object"))
    #expect(console.settings.isEmpty && console.output.isEmpty)
  }

  @Test("list tells name, title, anchor, immutable ID, delta and origin of every adapter")
  func list() async throws {
    let console = Console()
    console.adapters = .builtIn
    #expect(await console.run("adapter", "list", "--json") == 0)
    let facts = try #require(try JSONSerialization.jsonObject(with: Data(console.output.utf8)) as? [String: Any])
    let rows = try #require(facts["adapters"] as? [[String: Any]])
    #expect(rows.count == [VendorAdapter].builtIn.count)
    let row = try #require(rows.first { $0["name"] as? String == "openldap" })
    #expect(row["title"] as? String == "OpenLDAP" && row["anchor"] as? String == "dn")
    #expect(row["immutableID"] as? String == "entryUUID" && row["origin"] as? String == "built in")
    #expect(row["delta"] as? Bool == true && row["deltaText"] as? String == "by accesslog")
    #expect((facts["api"] as? [String: Any])?["version"] as? Int == 1)
    let text = Console()
    text.adapters = .builtIn
    #expect(await text.run("adapter") == 0)
    #expect(
      text.output.contains("openldap: OpenLDAP\n  anchor dn, immutable ID entryUUID\n  delta import by accesslog\n"))
  }

  @Test("The configuration names a folder relative to its file; it is read for commands that need an adapter")
  func configuration() async throws {
    let folder = try TemporaryFolder()
    chmod(folder.path, 0o700)
    try FileManager.default.createDirectory(atPath: folder.path + "/own", withIntermediateDirectories: false)
    chmod(folder.path + "/own", 0o700)
    let file = try folder.write(
      "c.yaml",
      """
      server: {host: ldap.example.com}
      adapter: later
      adapters: own
      partitions: [{dn: "dc=example,dc=com"}]
      """)
    let console = Console()
    #expect(await console.run("hierarchy", "--config", file) == ExitStatus.configuration.rawValue)
    #expect(console.errors.contains("\(file):2:1: adapter: expected one of `auto`, `acme`, `generic`, found “later”"))
    _ = try folder.write("own/x.so", "text")
    #expect(await console.run("hierarchy", "--config", file) == ExitStatus.configuration.rawValue)
    #expect(console.errors.contains("adapter refused: \(folder.path)/own/x.so is no shared object"))
    let other = try TemporaryFolder()
    chmod(other.path, 0o700)
    #expect(await console.run("adapter", "list", "--config", file, "--adapters", other.path) == 0)
  }

  @Test("A sum over the layout of the public types is the same for this module as for the core")
  func layout() {
    let intake = AdapterIntake()
    AdapterLibrary.handOver([.acme], to: Unmanaged.passUnretained(intake).toOpaque())
    #expect(intake.adapters.map(\.name) == ["acme"] && intake.wasCalled && !intake.isForeign)
  }

  @Test("A library that was built with another layout hands over nothing, and nothing of it is made")
  func foreignLayout() {
    let intake = AdapterIntake()
    let host = UnsafeRawPointer(Unmanaged.passUnretained(intake).toOpaque())
    #expect(!AdapterLibrary.isWelcome(builtWith: AdapterLibrary.layout &+ 1, to: host))
    #expect(intake.isForeign && intake.adapters.isEmpty)
  }
}

import Foundation
import Testing

@testable import TestSupport

/// Adapters of outsiders, from their own packages: loaded by the stock host, and compiled into a host of their own.
@Suite struct AcmeTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let example = root.appendingPathComponent("Examples/AcmeDirectory").path
  /// Shared by all packages of outsiders, so that the connector is built once for them.
  private static let scratch = root.appendingPathComponent(".build-own-host").path

  private func swift(_ command: String, _ package: String) async throws {
    let words = ["swift", command, "--package-path", package, "--scratch-path", Self.scratch]
    let result = try await RunningCommand("/usr/bin/env", words).wait(timeout: 1200)
    try #require(result.exitCode == 0, "\(result.summary)")
  }

  /// A folder of adapters with one library in it.
  private func adapters(_ library: String, in scratch: ScratchDirectory) throws -> String {
    let folder = scratch.file("adapters")
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    try FileManager.default.copyItem(atPath: "\(Self.scratch)/debug/\(library)", toPath: "\(folder)/\(library)")
    chmod("\(folder)/\(library)", 0o755)
    return folder
  }

  private func facts(_ result: CommandResult) throws -> [String: Any] {
    #expect(result.exitCode == 0, "\(result.summary)")
    return try #require(try JSONSerialization.jsonObject(with: Data(result.standardOutputBytes)) as? [String: Any])
  }

  @Test func theStockHostLoadsTheExampleAndAHostOfItsOwnHasItBuiltIn() async throws {
    try await swift("build", Self.example)
    let scratch = try ScratchDirectory()
    let folder = try adapters("libAcmeDirectory.so", in: scratch)
    let fixture = "\(Self.example)/VendorFixtures/acme-4.2"
    let evidence = ["--evidence", "\(fixture)/rootdse.ldif", "--schema", "\(fixture)/schema.ldif", "--json"]

    let without = try facts(try await Command.run(["detect"] + evidence))
    #expect(without["winner"] as? String == "generic")
    let with = try facts(try await Command.run(["detect", "--adapters", folder] + evidence))
    #expect(with["winner"] as? String == "acme" && with["product"] as? String == "Acme Directory")

    let rows = try facts(try await Command.run(["adapter", "list", "--json", "--adapters", folder]))["adapters"]
    let row = try #require((rows as? [[String: Any]])?.first { $0["name"] as? String == "acme" })
    #expect(row["origin"] as? String == "\(folder)/libAcmeDirectory.so" && row["delta"] as? Bool == false)

    let check = ["adapter", "check", "acme", "--fixture", fixture, "--json", "--adapters", folder]
    let report = try facts(try await Command.run(check, timeout: 600))
    #expect(report["kept"] as? Bool == true && (report["verdicts"] as? [Any])?.isEmpty == false)

    let own = "\(Self.scratch)/debug/acme-host"
    let compiledIn = try facts(try await RunningCommand(own, ["detect"] + evidence).wait())
    #expect(compiledIn["winner"] as? String == "acme")
    let twice = try await RunningCommand(own, ["adapter", "list", "--adapters", folder]).wait()
    #expect(twice.exitCode == 2)
    #expect(twice.standardError.contains("an adapter named `acme`, and there is one of that name"), "\(twice.summary)")
  }

  @Test func aNewPackageKeepsItsPromisesAndItsAdapterImports() async throws {
    try await Scene.running(Scene.companyOnSlapd) { scene in
      let package = scene.scratch.file("fresh")
      let made = try await Command.run(
        ["adapter", "new", "fresh-ware", "--output", package, "--connector", Self.root.path])
      #expect(made.exitCode == 0, "\(made.summary)")
      let again = try await Command.run(
        ["adapter", "new", "fresh-ware", "--output", package, "--connector", Self.root.path])
      #expect(again.exitCode == 1 && again.standardError.contains("exists"), "\(again.summary)")
      try await swift("test", package)

      let folder = try adapters("libFreshWareAdapter.so", in: scene.scratch)
      let fixture = "\(package)/VendorFixtures/fresh-ware-1.0"
      let check = try await Command.run(
        ["adapter", "check", "\(folder)/libFreshWareAdapter.so", "--fixture", fixture], timeout: 600)
      #expect(check.exitCode == 0 && check.standardOutput.contains("kept      detect.own-wins"), "\(check.summary)")

      try scene.configure("adapter: fresh-ware\nadapters: adapters")
      try await scene.full()
      try await scene.expectTruth()
      try scene.configure("adapter: fresh-wares\nadapters: adapters")
      let wrong = try await scene.tool("import", "full", accepting: [2])
      #expect(wrong.standardError.contains("did you mean `fresh-ware`?"), "\(wrong.summary)")
    }
  }

  @Test func aNewPackageNeedsACheckout() async throws {
    let scratch = try ScratchDirectory()
    let folder = scratch.file("a")
    let lost = try await Command.run(["adapter", "new", "acme", "--output", folder, "--connector", scratch.path])
    #expect(lost.exitCode == 1 && lost.standardError.contains("is no checkout of the connector"), "\(lost.summary)")
    let named = try await Command.run(["adapter", "new", "Acme Directory"])
    #expect(named.exitCode == 64 && named.standardError.contains("lower-case letters"), "\(named.summary)")
    let taken = try await Command.run(["adapter", "new", "openldap", "--connector", Self.root.path])
    #expect(taken.exitCode == 1 && taken.standardError.contains("There is an adapter `openldap`"), "\(taken.summary)")
    #expect(!FileManager.default.fileExists(atPath: folder))
  }
}

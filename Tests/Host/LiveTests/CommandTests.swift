import Foundation
import Testing

@testable import TestSupport

/// The commands around a run, as a person or a script meets them.
@Suite struct CommandTests {
  private let base = SlapdServer.base

  @Test func initWritesAConfigurationThatWorksAsItIs() async throws {
    try await Scene.running(Scene.companyOnSlapd) { scene in
      try FileManager.default.removeItem(atPath: scene.configuration)
      let account = ["--bind-dn", SlapdServer.connectorDN, "--password-file", scene.server.connectorPasswordFile]
      let made = try await scene.bare(["init", scene.server.uri] + account)
      #expect(made.exitCode == 0 && made.standardOutput.contains("OpenLDAP"), "\(made.summary)")
      let text = try String(contentsOfFile: scene.configuration, encoding: .utf8)
      #expect(!text.contains(SlapdServer.userPassword + "\n"), "the password is not in the file")
      #expect(try await scene.bare(["check"]).exitCode == 0)
      #expect(try await scene.bare(["import", "full"]).exitCode == 0)
      try await scene.expectTruth()
      let again = try await scene.bare(["init", scene.server.uri] + account)
      #expect(again.exitCode == 1 && again.standardError.contains("--force"), "\(again.summary)")
      #expect(try await scene.bare(["init", scene.server.uri, "--force"] + account).exitCode == 0)
    }
  }

  @Test(arguments: ["ldaps", "startTLS"])
  func initAndImportsWorkOverTLS(transport: String) async throws {
    try await Scene.running(Scene.companyOnSlapd) { scene in
      let server = try scene.slapd
      let url = transport == "ldaps" ? [server.ldapsURI] : [server.uri, "--start-tls"]
      let made = try await scene.bare(
        ["init"] + url + [
          "--ca-file", server.certificates.authority, "--bind-dn", SlapdServer.connectorDN, "--password-file",
          server.connectorPasswordFile, "--force",
        ])
      #expect(made.exitCode == 0, "\(made.summary)")
      let text = try String(contentsOfFile: scene.configuration, encoding: .utf8)
      #expect(text.contains("transport: \(transport)"))
      try await scene.write { $0.unit("ou=first", in: base) }
      let report = try await scene.full()
      #expect(!report.result.standardError.contains("clear text"))
      try await scene.expectTruth()
      try await scene.write { $0.person("uid=ada", in: base) }
      try await scene.delta()
      try await scene.expectTruth()
    }
  }

  @Test func exitCodesTellScriptsWhatHappened() async throws {
    try await Scene.running { scene in
      try await scene.tool("import", "delta", accepting: [4])
      try await scene.tool("objects", "--dn", base, accepting: [1])
      let status = try await scene.json("status", "--json")
      #expect(status["lastSequence"] as? Int == 0, "a delta without a watermark changes nothing")
      try await scene.tool("import", "delta", "--or-full")
      try await scene.expectTruth()
      try await scene.tool("import", "full", "--partition", "ou=unknown,\(base)", accepting: [64])
      try await scene.tool("import", "sideways", accepting: [64])
      #expect(try await scene.bare(["import", "full", "--config", "missing.yaml"]).exitCode == 2)
      try scene.configure("schema: {objectClass: [person]}")
      let wrong = try await scene.tool("import", "full", accepting: [2])
      #expect(wrong.standardError.contains("objectClasses"), "the key that was meant: \(wrong.summary)")
      try scene.configure()
      try await scene.slapd.stop()
      try await scene.tool("import", "full", accepting: [3])
      try await scene.tool("import", "delta", accepting: [3])
    }
  }

  @Test func nothingIsHeldAtFirst() async throws {
    try await Scene.running { scene in
      try await scene.full()
      #expect(try await scene.tool("held", "list").lines == ["Nothing is held."])
      #expect(try await scene.tool("held", "list", "--json").lines == [])
      try await scene.tool("held", "release", "--all", accepting: [1])
      try await scene.tool("held", "drop", accepting: [64])
    }
  }

  @Test func statusShowsObjectsWatermarkAndRuns() async throws {
    try await Scene.imported { scene in
      let status = try await scene.json("status", "--json")
      let partition = try #require((status["partitions"] as? [[String: Any]])?.first)
      #expect(partition["dn"] as? String == base)
      #expect(partition["objects"] as? Int == (try await scene.directory().count))
      #expect(partition["held"] as? Int == 0 && partition["pending"] as? Int == 0)
      #expect((partition["watermark"] as? [String: Any])?["method"] as? String == "accesslog")
      #expect(status["lastSequence"] as? Int == (try await scene.lastSequence()))
      let runs = try #require(status["runs"] as? [[String: Any]])
      #expect(runs.map { $0["step"] as? String } == ["delta import", "full import"])
      #expect(runs.allSatisfy { $0["outcome"] as? String == "complete" })
      let text = try await scene.tool("status").standardOutput
      #expect(text.contains("\(base): ") && text.contains("full import of \(base): complete"))
    }
  }

  @Test func aSecondRunIsTurnedAwayUnlessItWaits() async throws {
    try await Scene.imported { scene in
      try scene.waitLongForTheServer()
      scene.server.suspend()
      let first = try scene.start("import", "full")
      try await scene.untilLocked(by: first)
      let second = try await scene.tool("import", "delta", accepting: [5])
      #expect(second.standardError.contains("run"), "\(second.summary)")
      let patient = try scene.start("import", "delta", "--wait", "5m")
      try await Task.sleep(for: .milliseconds(300))
      #expect(first.isRunning && patient.isRunning)
      #expect(try await scene.tool("objects").exitCode == 0, "reading goes on meanwhile")
      scene.server.resume()
      #expect(try await first.wait().exitCode == 0)
      #expect(try await patient.wait().exitCode == 0)
      try await scene.expectTruth()
    }
  }

  @Test func aReaderOfTheServerPicksSchemaAndHierarchy() async throws {
    try await Scene.running(Scene.companyOnSlapd) { scene in
      let schema = try await scene.json("schema", "--class", "inetorgperson", "--attribute", "jpegphoto", "--json")
      let person = try #require((schema["objectClasses"] as? [[String: Any]])?.first)
      #expect(person["superiors"] as? [String] == ["organizationalPerson", "person", "top"])
      #expect((person["must"] as? [String]).map(Set.init) == ["sn", "cn", "objectClass"])
      let photo = try #require((schema["attributes"] as? [[String: Any]])?.first)
      #expect(photo["binary"] as? Bool == true && photo["operational"] as? Bool == false)
      let wrong = try await scene.tool("schema", "--attribute", "jpegFoto", accepting: [1])
      #expect(wrong.standardError.contains("jpegPhoto"))
      let hierarchy = try await scene.json("hierarchy", "--json")
      let top = try #require((hierarchy["partitions"] as? [[String: Any]])?.first)
      #expect(top["descendants"] as? Int == (try await scene.directory().count - 1))
      let engineering = "ou=Engineering,\(Company.peopleBase)"
      let part = try await scene.json("hierarchy", "--base", engineering, "--depth", "0", "--json")
      let found = try #require((part["partitions"] as? [[String: Any]])?.first)
      #expect(found["descendants"] as? Int == (try await scene.server.connector.search(engineering).count - 1))
      #expect((found["containers"] as? [Any])?.isEmpty == true)
      #expect(try await scene.tool("hierarchy").standardOutput.contains("ou=Büro München"))
    }
  }
}

extension Scene {
  /// Runs the tool in the scene's directory without naming a configuration.
  func bare(_ arguments: [String]) async throws -> CommandResult {
    try await Command.run(arguments, directory: scratch.path)
  }

  /// Starts the tool in the background.
  func start(_ arguments: String...) throws -> RunningCommand {
    try Command.start(arguments + ["--config", configuration], directory: scratch.path)
  }

  /// The one JSON document that a command prints.
  func json(_ arguments: String...) async throws -> [String: Any] {
    let result = try await bare(arguments + (arguments.contains("--config") ? [] : ["--config", configuration]))
    let document = try JSONSerialization.jsonObject(with: Data(result.standardOutputBytes))
    return try #require(document as? [String: Any], "\(result.summary)")
  }

  /// Lets a run wait for a suspended server as long as a slow machine needs for the rest of the test.
  func waitLongForTheServer() throws {
    let text = try String(contentsOfFile: configuration, encoding: .utf8)
    let patient = text.replacing("server: {", with: "server: {connectionTimeout: 5m, ")
    try scratch.write(patient.replacing("operationTimeout: 30s", with: "operationTimeout: 5m"), to: "connector.yaml")
  }

  /// Waits until a run under way has written its process into the connector's lock.
  func untilLocked(by run: RunningCommand) async throws {
    for _ in 0..<400 {
      if (try? String(contentsOfFile: scratch.file("state.db.lock"), encoding: .utf8)) == "\(run.pid)\n" { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    Issue.record("the run did not take the lock")
  }
}

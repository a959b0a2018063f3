import ConnectorCore
import ConnectorHost
import ConnectorLDAP
import Foundation
import Testing

@Suite("Commands")
struct CommandTests {
  @Test("detect prints every fact with a stable name")
  func detectJSON() async throws {
    let console = Console()
    #expect(await console.run("detect", "ldap://ldap.example.com", "--json") == 0)
    let facts = try #require(try JSONSerialization.jsonObject(with: Data(console.output.utf8)) as? [String: Any])
    #expect(facts["choice"] as? String == "adapter")
    #expect(facts["adapter"] as? String == "acme")
    #expect(facts["product"] as? String == "Acme Directory")
    #expect(facts["vendorName"] as? String == "Acme")
    #expect(facts["anchor"] as? String == "dn")
    #expect(facts["immutableID"] as? String == "entryUUID")
    #expect(facts["passwordAttribute"] as? String == "userPassword")
    #expect(facts["contextsWithoutEntries"] as? [String] == ["CN=Log"])
    #expect((facts["partitions"] as? [[String: Any]])?.first?["readable"] as? Bool == true)
    #expect((facts["delta"] as? [String: Any])?["method"] as? String == "stub")
    let export = facts["export"] as? [String: Any]
    #expect(export?["writable"] as? Bool == true && export?["passwordSet"] as? String == "writing userPassword")
    #expect((facts["ranking"] as? [[String: Any]])?.first?["score"] as? Int == 90)
    #expect((facts["controls"] as? [[String: String]])?.first?["oid"] == WellKnownOIDs.pagedResults)
    #expect((facts["missing"] as? [Any])?.isEmpty == true)
    #expect((facts["unseen"] as? [Any])?.isEmpty == true)
  }

  @Test("detect tells a person the product, its evidence, the partitions, the method and what is missing")
  func detectText() async throws {
    let console = Console()
    console.change { $0["supportedFeatures"] = nil }
    #expect(await console.run("detect", "ldap://ldap.example.com:1389") == 0)
    for part in [
      "ldap://ldap.example.com:1389 (192.0.2.1), no TLS", "Product: Acme Directory, served by the adapter `acme`",
      "+90  root DSE objectClass: acmeRootDSE", "  dc=example,dc=com\n", "Without entries to import: CN=Log",
      "Delta import: by stub\n  dc=example,dc=com: available\n    available: one record was read", "Anchor: dn",
      "Export: entries can be written\n  Password set by: writing userPassword\n  Password changed by: a bind with the old",
      "Account state: no attribute is known",
      "Warning: not listed by the server.", WellKnownOIDs.trueFalseFilters,
    ] { #expect(console.output.contains(part), "\(part)") }
  }

  @Test("Exit codes tell a wrong command line, a wrong configuration and a server that refuses apart")
  func exitCodes() async throws {
    let console = Console()
    #expect(await console.run("detect") == ExitStatus.usage.rawValue)
    #expect(await console.run("detect", "http://a") == ExitStatus.usage.rawValue)
    #expect(await console.run("nonsense") == ExitStatus.usage.rawValue)
    #expect(await console.run("schema", "--start-tls") == ExitStatus.usage.rawValue)
    #expect(await console.run("schema", "ldap://a", "--config", "c.yaml") == ExitStatus.usage.rawValue)
    #expect(await console.run("check", "--config", "/nowhere.yaml") == ExitStatus.configuration.rawValue)
    console.connectError = DirectoryError(.invalidCredentials, operation: "bind")
    #expect(await console.run("detect", "ldap://a") == ExitStatus.directory.rawValue)
    #expect(console.errors.contains("invalidCredentials (49)"))
    console.connectError = Odd()
    #expect(await console.run("detect", "ldap://a") == ExitStatus.failure.rawValue)
    #expect(await console.run("--help") == ExitStatus.success.rawValue)
    #expect(await console.run("--version") == ExitStatus.success.rawValue)
  }

  private struct Odd: Error {}

  @Test(
    "Every error class has its own code",
    arguments: [
      (ConfigurationError([]) as any Error, ExitStatus.configuration),
      (AdapterUndecided(description: "") as any Error, .configuration),
      (DirectoryError(.busy, operation: "") as any Error, .directory),
      (WatermarkLost("") as any Error, .fullImportNeeded), (CommandFailure(.busy) as any Error, .busy),
      (CancellationError() as any Error, .failure),
    ] as [(any Error, ExitStatus)])
  func statusOfErrors(error: any Error, status: ExitStatus) {
    #expect(ExitStatus(error) == status)
  }

  @Test("Help names every exit code, and every command has examples")
  func help() async throws {
    let console = Console()
    #expect(await console.run("--help") == 0)
    for status in ExitStatus.allCases { #expect(console.output.contains(" \(status.rawValue)  \(status.meaning)")) }
    for command in ["detect", "init", "check", "schema", "hierarchy", "export", "password", "account"] {
      let console = Console()
      #expect(await console.run(command, "--help") == 0)
      #expect(console.output.contains("EXAMPLES:\n  ldap-connector \(command)"), "\(command)")
    }
  }

  @Test("A password is fetched from where the options say, and never appears")
  func password() async throws {
    let console = Console()
    console.environment = ["PW": "hunter2"]
    let account = ["--bind-dn", "cn=a,dc=x", "--password-env", "PW"]
    #expect(await console.run(["detect", "ldap://a", "--start-tls"] + account) == 0)
    let settings = try #require(console.settings.first)
    guard case .simple(let dn, let secret) = settings.bind else { return _ = Issue.record("no simple bind") }
    #expect(dn == "cn=a,dc=x" && !secret.isEmpty)
    #expect(settings.transport == .startTLS && settings.port == 389 && settings.verifiesCertificate)
    #expect(!(console.output + console.errors).contains("hunter2"))
    console.environment = [:]
    #expect(await console.run(["detect", "ldap://a"] + account) == ExitStatus.usage.rawValue)
    #expect(console.errors.contains("--password-env: the environment variable PW is not set"))
    #expect(await console.run("detect", "ldap://a", "--bind-dn", "cn=a") == ExitStatus.usage.rawValue)
    #expect(await console.run("detect", "ldap://a", "--password-env", "PW") == ExitStatus.usage.rawValue)
  }

  @Test("hierarchy counts entries by container, whatever the spelling of their DNs")
  func hierarchy() async throws {
    let console = Console()
    #expect(await console.run("hierarchy", "ldap://a") == 0)
    #expect(
      console.output == """
        dc=example,dc=com  (2, 6 with all below)
          ou=people  (3, 4 with all below)
            ou=sales  (1)

        """)
    let pruned = Console()
    #expect(await pruned.run("hierarchy", "ldap://a", "--depth", "0", "--base", "ou=people,dc=example,dc=com") == 0)
    #expect(pruned.output == "ou=people,dc=example,dc=com  (3, 4 with all below)\n")
    #expect(await pruned.run("hierarchy", "ldap://a", "--depth", "-1") == ExitStatus.usage.rawValue)
  }

  @Test("hierarchy makes up for containers that are hidden")
  func hiddenContainer() async throws {
    let console = Console()
    console.directory.entries.removeAll { $0.dn.hasPrefix("ou=") }
    #expect(await console.run("hierarchy", "ldap://a", "--json") == 0)
    let found = try #require(
      try JSONSerialization.jsonObject(with: Data(console.output.utf8)) as? [String: [[String: Any]]])
    let top = try #require(found["partitions"]?.first)
    #expect(top["children"] as? Int == 0 && top["descendants"] as? Int == 3)
    let people = try #require((top["containers"] as? [[String: Any]])?.first)
    #expect((people["dn"] as? String)?.lowercased() == "ou=people,dc=example,dc=com")
    #expect(people["children"] as? Int == 2 && people["descendants"] as? Int == 3)
  }

  @Test("A search that was cut short is an error, because its counts would be too low")
  func hierarchyCut() async throws {
    let console = Console()
    console.directory.failures["ou=people,dc=example,dc=com"] = DirectoryError(.sizeLimitExceeded, operation: "search")
    #expect(await console.run("hierarchy", "ldap://a", "--base", "ou=people,dc=example,dc=com") == 3)
    #expect(console.output.isEmpty)
  }

  @Test("schema shows classes with inheritance, attributes by the settings, and aliases as binary")
  func schema() async throws {
    let console = Console()
    #expect(await console.run("schema", "ldap://a") == 0)
    #expect(console.output.contains("  person < top  (structural, 3 required, 1 allowed)"))
    #expect(console.output.contains("  extensibleObject < top  (auxiliary, every attribute)"))
    #expect(console.output.contains("  userCertificate  (Directory String, multi, binary)"))
    #expect(console.output.contains("  distinguishedName  (DN, single, reference)"))
    #expect(!console.output.contains("createTimestamp"))
    #expect(await console.run("schema", "ldap://a", "--operational") == 0)
    #expect(console.output.contains("  createTimestamp  (Generalized Time, single, operational, read-only)"))
  }

  @Test("schema picks one class and one attribute, and suggests a name for one that is not there")
  func schemaPick() async throws {
    let console = Console()
    #expect(await console.run("schema", "ldap://a", "--class", "PERSON", "--attribute", "commonname", "--json") == 0)
    let found = try #require(
      try JSONSerialization.jsonObject(with: Data(console.output.utf8)) as? [String: [[String: Any]]])
    #expect(found["objectClasses"]?.map { $0["name"] as? String } == ["person"])
    #expect(found["objectClasses"]?.first?["must"] as? [String] == ["sn", "cn", "objectClass"])
    #expect(found["attributes"]?.map { $0["name"] as? String } == ["cn"])
    #expect(await console.run("schema", "ldap://a", "--class", "persn") == 1)
    #expect(console.errors.contains("no object class persn; did you mean person?"))
  }

  @Test("A schema that cannot be seen is an error that says why")
  func noSchema() async throws {
    let console = Console()
    console.change { $0["subschemaSubentry"] = nil }
    #expect(await console.run("schema", "ldap://a") == ExitStatus.directory.rawValue)
    #expect(console.errors.contains("names no subschema entry"))
  }
}

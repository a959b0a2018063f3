import ConnectorCore
import ConnectorHost
import Testing

@Suite("The template of a configuration")
struct ConfigurationTemplateTests {
  private func read(_ text: String) throws -> Configuration {
    try ConfigurationFile(text: text, path: "c.yaml", adapters: ["acme"]).configuration
  }

  private static func someServer() throws -> Configuration {
    var configuration = Configuration()
    configuration.server.host = "ldap.example.com"
    configuration.partitions = [Configuration.Partition(dn: try DN("dc=example,dc=com"))]
    return configuration
  }

  /// Every setting away from its default, with values that YAML could take for something else.
  private static func everythingSet() throws -> Configuration {
    var configuration = try someServer()
    configuration.server.host = "fe80::1%eth0"
    configuration.server.port = 10389
    configuration.server.transport = .startTLS
    configuration.server.caFile = "CA # of \"mine\".pem"
    configuration.server.verifyCertificate = false
    configuration.server.minimumTLS = .v1_3
    configuration.server.connectionTimeout = .milliseconds(1500)
    configuration.server.operationTimeout = .seconds(3600)
    configuration.bind.method = .simple
    configuration.bind.dn = try DN("cn=Müller\\, Jörg: {x},dc=example,dc=com")
    configuration.bind.passwordFile = "true"
    configuration.adapter = "acme"
    configuration.adapters = "own/adapters"
    configuration.state = "null"
    var partition = Configuration.Partition(dn: try DN("o=\\22Big\\22 [Co]"))
    partition.include = [try DN("ou=a,o=\\\"Big\\\" [Co]"), try DN("ou=b\\2Cc,o=\\\"Big\\\" [Co]")]
    partition.exclude = [try DN("ou=x,ou=a,o=\\22Big\\22 [Co]")]
    partition.searchOnlySelectedContainers = true
    configuration.partitions.append(partition)
    configuration.schema.objectClasses = ["person", "2.5.6.7"]
    configuration.schema.attributes = ["cn;lang-de", "mail"]
    configuration.schema.attributeAliases = []
    configuration.schema.includeOperationalAttributes = true
    configuration.schema.includeExtensibleAttributes = true
    configuration.import.pagedResults = false
    configuration.import.virtualListView = true
    configuration.import.sortKey = SortKey("cn;lang-de", rule: "2.5.13.3")
    configuration.import.pageSize = 17
    configuration.import.deltaMethod = "changelog"
    configuration.import.changeLogDN = try DN("cn=log")
    configuration.import.overlap = .zero
    configuration.import.anchor = "entryUUID"
    configuration.import.attributeLossShare = 99
    configuration.export.treeDelete = true
    configuration.export.emptyGroupMember = try DN("cn=nobody,dc=example,dc=com")
    configuration.export.passwordAttribute = "authPassword"
    configuration.export.allowClearTextPasswords = true
    configuration.export.provisioningHierarchy = [ProvisioningRule("o", "organization")]
    configuration.deleteBudget.count = 0
    configuration.deleteBudget.percent = 100
    configuration.feedRetention = 1
    return configuration
  }

  @Test("Reading the template of the defaults gives the defaults")
  func defaults() throws {
    let configuration = try Self.someServer()
    #expect(try read(ConfigurationTemplate(configuration).text) == configuration)
  }

  @Test("Reading a template gives every value that was written, spelling included")
  func everything() throws {
    let configuration = try Self.everythingSet()
    let again = try read(ConfigurationTemplate(configuration).text)
    #expect(again == configuration)
    #expect(again.bind.dn?.string == configuration.bind.dn?.string)
    #expect(
      again.partitions.map { $0.include.map(\.string) } == configuration.partitions.map { $0.include.map(\.string) })
  }

  @Test("The sample with every setting differs from the defaults in every setting, so that the round trip proves all")
  func sampleIsComplete() throws {
    let lines = { (configuration: Configuration) in
      ConfigurationTemplate(configuration).text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }
    let untouched = Set(lines(try Self.someServer())).intersection(lines(try Self.everythingSet()))
      .filter { !$0.hasSuffix(":") && !$0.contains("# ") && !$0.contains("- dn:") }
    // The first partition is the same in both; the second one has every setting.
    #expect(
      untouched.map { $0.drop { " -".contains($0) } }.sorted() == [
        "exclude: []", "include: []", "searchOnlySelectedContainers: false",
      ])
  }

  @Test("Every key of the table stands in the template, with its meaning, its form and its default")
  func complete() throws {
    let text = ConfigurationTemplate(try Self.someServer()).text
    let words = text.split(separator: "\n").map { $0.drop { " #".contains($0) } }.joined(separator: " ")
    for row in Settings.table {
      #expect(text.contains("\n\(row.key):"), "\(row.key)")
      for path in row.paths {
        let key = path.split(separator: ".").last.map(String.init) ?? path
        let isThere = text.split(separator: "\n").contains { line in
          line.drop { " #-".contains($0) }.hasPrefix("\(key):")
        }
        #expect(isThere, "\(path)")
      }
      if case .section(_, let explanation, let settings) = row {
        #expect(words.contains(explanation))
        for setting in settings {
          #expect(words.contains("\(setting.explanation) "), "\(setting.key)")
          #expect(words.contains("Default: \(setting.defaultText ?? "")") || words.contains("Must be set."))
        }
      }
    }
  }

  @Test("Notes stand above their keys, on comment lines whatever they hold")
  func notes() throws {
    var template = ConfigurationTemplate(try Self.someServer())
    template.header = ["Made for a test."]
    template.notes = ["adapter": ["Found:\nadapter: evil\u{0} \u{2028}x: y"], "import.anchor": ["Here it is `dn`."]]
    #expect(template.text.hasPrefix("# Made for a test.\n"))
    #expect(template.text.contains("  # Here it is `dn`.\n  anchor: auto\n"))
    #expect(try read(template.text) == Self.someServer())
  }

  @Test("No two rows of the table have one path")
  func table() {
    let paths = Settings.table.flatMap(\.paths)
    #expect(Set(paths).count == paths.count)
    #expect(paths.contains("server.port") && paths.contains("partitions[].dn") && paths.contains("feedRetention"))
  }
}

@Suite("Durations in text")
struct DurationTextTests {
  @Test(
    "A duration is written in the largest unit that holds it, and read back",
    arguments: [
      ("500ms", Duration.milliseconds(500)), ("10s", .seconds(10)), ("90s", .seconds(90)), ("2m", .seconds(120)),
      ("1h", .seconds(3600)), ("1500ms", .milliseconds(1500)), ("0s", .zero),
    ])
  func roundTrip(text: String, duration: Duration) {
    #expect(DurationText.read(text) == duration)
    #expect(DurationText.write(duration) == text)
  }

  @Test(
    "What is no whole number with a unit is refused",
    arguments: [
      "", "10", "s", "-1s", "1.5s", "1 s", "10S", "10d", "٣s", "99999999999999999999s", "9223372036854775807h",
    ])
  func refused(text: String) {
    #expect(DurationText.read(text) == nil)
  }
}

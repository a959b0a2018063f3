import ArgumentParser
import ConnectorCore

/// `schema`: object classes and attributes, as the server defines them and the configuration selects them.
struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Shows object classes with what they inherit, and attributes with their syntax.",
    discussion: """
      Operational attributes are shown where the configuration includes them, or with --operational; a class and an \
      attribute picked by name are always shown whole.

      EXAMPLES:
        ldap-connector schema
        ldap-connector schema --class inetOrgPerson
        ldap-connector schema --attribute jpegPhoto --json
        ldap-connector schema ldap://ldap.example.com --operational
      """)

  @OptionGroup
  var server: ServerOptions

  @Option(name: .customLong("class"), help: ArgumentHelp("Show one object class.", valueName: "name"))
  var objectClass: String?

  @Option(help: ArgumentHelp("Show one attribute.", valueName: "name"))
  var attribute: String?

  @Flag(help: "Include operational attributes.")
  var operational = false

  @Flag(help: "Print the facts as one JSON document.")
  var json = false

  func run() async throws {
    let target = try server.target()
    let description = try await target.withConnection { try await target.describe($0) }
    let schema = description.evidence.schema
    guard !schema.attributeTypes.isEmpty else {
      throw CommandFailure(.directory, description.unseen.joined(separator: "\n"))
    }
    var selection = target.configuration.schema
    if operational { selection.includeOperationalAttributes = true }
    let report = try picked(SchemaReport(schema, selection), schema)
    let output = HostContext.current.output
    output.line(json ? try JSONOutput.document(report) : SchemaText(report).text)
  }

  private func picked(_ report: SchemaReport, _ schema: Schema) throws -> SchemaReport {
    guard objectClass != nil || attribute != nil else { return report }
    var picked = report
    picked.objectClasses = []
    picked.attributes = []
    picked.problems = []
    if let objectClass {
      let found = schema.objectClass(objectClass)
      let names = schema.objectClasses.flatMap(\.names)
      picked.objectClasses = [report.describe(try Self.require(found, "object class", objectClass, names), in: schema)]
    }
    if let attribute {
      let found = schema.attributeType(AttributeDescription(attribute).type)
      let names = schema.attributeTypes.flatMap(\.names)
      picked.attributes = [report.describe(try Self.require(found, "attribute", attribute, names))]
    }
    return picked
  }

  private static func require<Found>(_ found: Found?, _ kind: String, _ name: String, _ names: [String]) throws -> Found
  {
    if let found { return found }
    let near = NearestName.to(name, among: names).map { "; did you mean \($0)?" } ?? "."
    throw CommandFailure(.failure, "The server's schema has no \(kind) \(name)\(near)")
  }
}

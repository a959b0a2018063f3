import ArgumentParser
import ConnectorCore

/// `detect`: what is this server, and what can the connector do with it?
struct DetectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Finds out which product a server is, what it holds and what the connector can do with it.",
    discussion: """
      Reads the root DSE, the schema and the top entries; changes nothing. Works anonymously as far as the server \
      allows, and says what it could not see. With --evidence it reads a root DSE from an LDIF file instead, such as \
      one that a customer sent: `ldapsearch -x -LLL -b '' -s base '*' '+' vendorName vendorVersion`.

      EXAMPLES:
        ldap-connector detect ldap://ldap.example.com
        ldap-connector detect ldaps://ldap.example.com --ca-file ca.pem
        ldap-connector detect ldap://ldap.example.com --start-tls \\
            --bind-dn cn=reader,dc=example,dc=com --password-env LDAP_PASSWORD --json
        ldap-connector detect --evidence rootdse.ldif --schema schema.ldif --port 3268
      """)

  @Argument(help: "The server: ldap://host[:port] or ldaps://host[:port].", transform: { try LDAPURL($0) })
  var url: LDAPURL?

  @Option(
    help: ArgumentHelp("Read the root DSE from this LDIF file; nothing is connected to.", valueName: "file"),
    completion: .file())
  var evidence: String?

  @Option(
    help: ArgumentHelp("With --evidence: the LDIF file of the subschema entry.", valueName: "file"),
    completion: .file())
  var schema: String?

  @Option(help: "With --evidence: the port that the server answers on, which tells some products apart.")
  var port: Int?

  @OptionGroup(title: "Connection")
  var connection: ConnectionOptions

  @Flag(help: "Print the facts as one JSON document.")
  var json = false

  func validate() throws {
    guard (url == nil) != (evidence == nil) else {
      throw ValidationError("Name a server by its URL, or a file with --evidence; exactly one of them.")
    }
    if evidence == nil {
      if schema != nil || port != nil {
        throw ValidationError("--schema and --port belong to --evidence; a URL has its own port: ldap://host:port.")
      }
    } else if !connection.isEmpty {
      throw ValidationError("With --evidence nothing is connected to, so no option of a connection has a use.")
    }
    if let port, !(1...65535).contains(port) { throw ValidationError("--port must be from 1 to 65535.") }
  }

  func run() async throws {
    let report = try await report()
    let output = HostContext.current.output
    output.line(json ? try JSONOutput.document(report) : DetectText(report).text)
  }

  private func report() async throws -> DetectReport {
    if let url { return try await Detection.run(Target(url: url, connection)).report }
    let file = evidence ?? ""
    let found = try EvidenceFiles(rootDSE: file, schema: schema, port: port).read()
    return DetectReport(file: file, ServerDescription(found, adapters: HostContext.current.adapters))
  }
}

/// Detection from connecting to the report, as `detect` and `init` need it.
enum Detection {
  static func run(_ target: Target) async throws -> (report: DetectReport, description: ServerDescription) {
    try await target.withConnection { connection in
      let description = try await target.describe(connection)
      let tops = description.tops
      let delta = try await DeltaReport.examine(
        description, partitions: tops.filter { $0.problem == nil }.map(\.dn),
        unreadable: tops.filter { $0.problem != nil }.map(\.dn), connection.reader)
      return (DetectReport(target, connection, description, delta), description)
    }
  }
}

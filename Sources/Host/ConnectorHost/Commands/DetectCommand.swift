import ArgumentParser
import ConnectorCore

/// `detect`: what is this server, and what can the connector do with it?
struct DetectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Finds out which product a server is, what it holds and what the connector can do with it.",
    discussion: """
      Reads the root DSE, the schema and the top entries; changes nothing. Works anonymously as far as the server \
      allows, and says what it could not see.

      EXAMPLES:
        ldap-connector detect ldap://ldap.example.com
        ldap-connector detect ldaps://ldap.example.com --ca-file ca.pem
        ldap-connector detect ldap://ldap.example.com --start-tls \\
            --bind-dn cn=reader,dc=example,dc=com --password-env LDAP_PASSWORD --json
      """)

  @Argument(help: "The server: ldap://host[:port] or ldaps://host[:port].", transform: { try LDAPURL($0) })
  var url: LDAPURL

  @OptionGroup(title: "Connection")
  var connection: ConnectionOptions

  @Flag(help: "Print the facts as one JSON document.")
  var json = false

  func run() async throws {
    let report = try await Detection.run(Target(url: url, connection)).report
    let output = HostContext.current.output
    output.line(json ? try JSONOutput.document(report) : DetectText(report).text)
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

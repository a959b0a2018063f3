import ArgumentParser
import ConnectorCore
import Foundation

/// `init`: a configuration file, filled in from detection.
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes a complete, commented configuration file, filled in from what the server says.",
    discussion: """
      Every setting is in the file with its meaning and its default. No password is: the file names the environment \
      variable, or the file, that holds it.

      EXAMPLES:
        ldap-connector init ldap://ldap.example.com \\
            --bind-dn cn=reader,dc=example,dc=com --password-env LDAP_PASSWORD
        ldap-connector init ldaps://ldap.example.com --ca-file ca.pem --output hr.yaml
      """)

  @Argument(help: "The server: ldap://host[:port] or ldaps://host[:port].", transform: { try LDAPURL($0) })
  var url: LDAPURL

  @OptionGroup(title: "Connection")
  var connection: ConnectionOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "file"), completion: .file())
  var output = "connector.yaml"

  @Flag(help: "Replace the file if there is one.")
  var force = false

  func run() async throws {
    guard force || !FileManager.default.fileExists(atPath: output) else {
      throw CommandFailure(.failure, "\(output) exists; --force replaces it, --output names another file.")
    }
    let target = try Target(url: url, connection)
    let (report, description) = try await Detection.run(target)
    if case .refused = description.choice { _ = try description.requireAdapter() }
    let template = DetectedConfiguration(target, report, description).template
    do {
      try Data(template.text.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      throw CommandFailure(.failure, "\(output) cannot be written: \(error.localizedDescription)")
    }
    summary(report)
  }

  private func summary(_ report: DetectReport) {
    let console = HostContext.current.output
    let product = [report.product, report.version].compactMap(\.self).joined(separator: " ")
    let subject = product.isEmpty ? "a product that you must name: see `adapter` in it" : product
    console.line("Wrote \(output) for \(subject).")
    for remark in report.unseen { console.error("warning: \(remark)") }
    let isDefault = output == "connector.yaml"
    console.line("Next: ldap-connector check\(isDefault ? "" : " --config \(output)")")
  }
}

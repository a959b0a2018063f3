import ArgumentParser

/// `check`: every step from the host name to the change log, each with what to do where it fails.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks the way to the server step by step, and says what to do about what fails.",
    discussion: """
      Looks at the configuration, name, TCP, TLS, bind, root DSE, schema, product, partitions and change log; changes \
      nothing. Stops at the first step without which no other makes sense. The exit code is 3 where a step failed.

      EXAMPLES:
        ldap-connector check
        ldap-connector check --config hr.yaml --json
      """)

  @Option(name: .shortAndLong, help: ArgumentHelp("The configuration file.", valueName: "file"), completion: .file())
  var config = ConfigurationFile.usualPath

  @Flag(help: "Print the steps as one JSON document.")
  var json = false

  func run() async throws {
    let target = try Target(configurationAt: config)
    let settings = try target.settings()
    let output = HostContext.current.output
    let check = Check(target, settings) { [json] step in
      if !json { output.line(step.text) }
    }
    let steps = await check.run()
    if json { output.line(try JSONOutput.document(["steps": steps])) }
    if steps.contains(where: { $0.status == .failed }) { throw CommandFailure(.directory) }
  }
}

import Foundation
import Glibc

/// The executable under test.
package enum Command {
  /// The path of `ldap-connector`: `LDAP_CONNECTOR`, or beside the test bundle, or below `.build`.
  package static func executable() throws -> String {
    let name = "ldap-connector"
    if let chosen = ProcessInfo.processInfo.environment["LDAP_CONNECTOR"] { return chosen }
    let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(fileURLWithPath: bundle).deletingLastPathComponent().path
    let places = [beside, ".build/debug", ".build/release"].map { "\($0)/\(name)" }
    guard let found = places.first(where: { access($0, X_OK) == 0 }) else {
      throw SupportError("no \(name) in \(places.joined(separator: ", ")): build it (make build) or set LDAP_CONNECTOR")
    }
    return URL(fileURLWithPath: found).path
  }

  /// Runs the executable to its end.
  /// - Parameters:
  ///   - environment: variables added to or replaced in those of this process.
  ///   - directory: the working directory, where `connector.yaml` is looked for.
  ///   - timeout: seconds; the executable is killed and an error thrown when it takes longer.
  package static func run(
    _ arguments: [String], environment: [String: String] = [:], input: String = "", directory: String? = nil,
    timeout: Double = 120
  ) async throws -> CommandResult {
    let running = try start(arguments, environment: environment, input: input, directory: directory)
    return try await running.wait(timeout: timeout)
  }

  /// Starts the executable in the background.
  package static func start(
    _ arguments: [String], environment: [String: String] = [:], input: String = "", directory: String? = nil
  ) throws -> RunningCommand {
    try RunningCommand(
      executable(), arguments, environment: environment, input: .bytes(Array(input.utf8)), directory: directory,
      followsMemory: true)
  }
}

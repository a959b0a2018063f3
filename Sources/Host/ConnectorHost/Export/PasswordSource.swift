import ArgumentParser
import ConnectorCore

/// Where a command takes a password from: an environment variable, a file, or a person at a terminal.
struct PasswordSource {
  /// The options' common part, such as `new-password`.
  private let name: String
  private let environment: String?
  private let file: String?

  init(_ name: String, environment: String?, file: String?) {
    self.name = name
    self.environment = environment
    self.file = file
  }

  /// Fetches the password.
  /// - Parameter twice: whether a person must type it twice.
  func secret(_ prompt: String, twice: Bool) throws -> Secret {
    guard environment == nil || file == nil else {
      throw ValidationError("Give --\(name)-env or --\(name)-file, not both.")
    }
    do throws(SettingFinding) {
      if let environment {
        return try PasswordPlace.variable(environment, in: HostContext.current.environment, for: "--\(name)-env")
      }
      if let file { return try PasswordPlace.file(file, for: "--\(name)-file") }
    } catch {
      throw ValidationError("\(error.path): \(error.message)")
    }
    return try asked(prompt, twice: twice)
  }

  private func asked(_ prompt: String, twice: Bool) throws -> Secret {
    guard let secret = try HostContext.current.ask(prompt) else {
      throw ValidationError("There is no terminal to ask for the password: use --\(name)-env or --\(name)-file.")
    }
    guard !secret.isEmpty else { throw CommandFailure(.failure, "The password is empty. Nothing was changed.") }
    guard twice else { return secret }
    let again = try HostContext.current.ask("Once more: ")
    guard let again, again.withBytes({ first in secret.withBytes { $0 == first } }) else {
      throw CommandFailure(.failure, "The two passwords differ. Nothing was changed.")
    }
    return secret
  }
}

import ConnectorCore
import Foundation

/// The places that a password is fetched from.
enum PasswordPlace {
  /// The most bytes that a password file may have.
  private static let sizeLimit = 1 << 16

  /// - Parameter path: the setting or option that names the variable.
  static func variable(
    _ name: String, in environment: [String: String], for path: String
  ) throws(SettingFinding) -> Secret {
    guard let value = environment[name], !value.isEmpty else {
      let message = "the environment variable \(name) is \(environment[name] == nil ? "not set" : "empty")"
      throw SettingFinding(path: path, message: message)
    }
    return Secret(value)
  }

  /// - Parameter path: the setting or option that names the file.
  static func file(_ file: String, for path: String) throws(SettingFinding) -> Secret {
    guard let bytes = FileManager.default.contents(atPath: file) else {
      throw SettingFinding(path: path, message: "\(file) cannot be read; check that it exists and who may read it")
    }
    guard bytes.count <= sizeLimit else {
      throw SettingFinding(path: path, message: "\(file) is too large for a password; is it the right file?")
    }
    let password = withoutNewline(bytes[...])
    guard !password.isEmpty else { throw SettingFinding(path: path, message: "\(file) is empty") }
    return Secret(Array(password))
  }

  /// Editors end a file with a newline that is no part of the password.
  private static func withoutNewline(_ bytes: Data) -> Data {
    guard bytes.last == 0x0A else { return bytes }
    let line = bytes.dropLast()
    return line.last == 0x0D ? line.dropLast() : line
  }
}

import ConnectorCore
package import ConnectorLDAP
import Foundation
import Glibc

extension Configuration {
  /// The settings of a connection, with the password fetched from where the configuration says it is.
  /// - Parameters:
  ///   - resolve: makes a path of the configuration one that can be opened.
  ///   - environment: where a password variable is looked up.
  /// - Throws: `SettingFinding` for a file or variable that cannot be used; it never holds the password.
  package func connectionSettings(
    resolve: (String) -> String, environment: [String: String]
  ) throws(SettingFinding) -> ConnectionSettings {
    var settings = ConnectionSettings(
      host: server.host, port: UInt16(clamping: server.effectivePort), transport: .init(server.transport))
    settings.caFile = server.caFile.map(resolve)
    if let file = settings.caFile, access(file, R_OK) != 0 {
      throw SettingFinding(
        path: "server.caFile", message: "\(file) cannot be read: \(String(cString: strerror(errno)))")
    }
    settings.verifiesCertificate = server.verifyCertificate
    settings.minimumTLS = server.minimumTLS == .v1_3 ? .v1_3 : .v1_2
    settings.connectTimeout = server.connectionTimeout
    settings.operationTimeout = server.operationTimeout
    if bind.method == .simple, let dn = bind.dn {
      settings.bind = .simple(dn: dn.string, password: try bind.password(resolve: resolve, environment: environment))
    }
    return settings
  }

  /// What deserves a warning though it works: passwords in clear text or in files that others read, TLS unchecked.
  package func connectionWarnings(resolve: (String) -> String) -> [String] {
    var warnings: [String] = []
    if bind.method == .simple, server.transport == .ldap {
      warnings.append("The password travels in clear text. Set `server.transport` to `ldaps` or `startTLS`.")
    }
    if server.transport != .ldap, !server.verifyCertificate {
      warnings.append("The server's certificate is not verified: anybody on the way can pose as the server.")
    }
    if let file = bind.passwordFile.map(resolve), let mode = Self.mode(of: file), mode & 0o077 != 0 {
      warnings.append("Others than its owner may read the password file. Run `chmod 600 \(file)`.")
    }
    return warnings
  }

  private static func mode(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode : nil
  }
}

extension Configuration.Bind {
  /// The most bytes that a password file may have.
  private static let sizeLimit = 1 << 16

  fileprivate func password(
    resolve: (String) -> String, environment: [String: String]
  ) throws(SettingFinding) -> Secret {
    if let variable = passwordEnvironment {
      guard let value = environment[variable], !value.isEmpty else {
        let message = "the environment variable \(variable) is \(environment[variable] == nil ? "not set" : "empty")"
        throw SettingFinding(path: "bind.passwordEnvironment", message: message)
      }
      return Secret(value)
    }
    guard let passwordFile else {
      throw SettingFinding(path: "bind.method", message: "a simple bind needs a password")
    }
    return try Self.password(inFile: resolve(passwordFile))
  }

  private static func password(inFile file: String) throws(SettingFinding) -> Secret {
    let path = "bind.passwordFile"
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

extension ConnectionSettings.Transport {
  fileprivate init(_ transport: Configuration.Transport) {
    switch transport {
    case .ldap: self = .ldap
    case .ldaps: self = .ldaps
    case .startTLS: self = .startTLS
    }
  }
}

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
  fileprivate func password(
    resolve: (String) -> String, environment: [String: String]
  ) throws(SettingFinding) -> Secret {
    if let variable = passwordEnvironment {
      return try PasswordPlace.variable(variable, in: environment, for: "bind.passwordEnvironment")
    }
    guard let passwordFile else {
      throw SettingFinding(path: "bind.method", message: "a simple bind needs a password")
    }
    return try PasswordPlace.file(resolve(passwordFile), for: "bind.passwordFile")
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

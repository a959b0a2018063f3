import Foundation
import Glibc

/// The source checkout of the connector that an adapter's package builds against: it has the library and the Swift
/// modules of this very release.
struct ConnectorCheckout {
  /// Its folder, absolute.
  let path: String

  /// Takes a folder that somebody named.
  init(path: String) throws(CommandFailure) {
    guard let found = Self.resolved(path), Self.isCheckout(found) else {
      throw CommandFailure(
        .failure, "\(path) is no checkout of the connector: it has no Package.swift that names `ldap-connector`.")
    }
    self.path = found
  }

  /// Takes the folder in whose `.build` this executable lies.
  init() throws(CommandFailure) {
    var place = Self.resolved("/proc/self/exe") ?? "/"
    while place != "/" {
      place = (place as NSString).deletingLastPathComponent
      if Self.isCheckout(place) {
        path = place
        return
      }
    }
    throw CommandFailure(
      .failure,
      "This executable does not lie in a checkout of ldap-connector, so that the new package could not find the library "
        + "and its Swift modules. Name the checkout that this host was built from with --connector.")
  }

  private static func isCheckout(_ folder: String) -> Bool {
    guard let data = FileManager.default.contents(atPath: folder + "/Package.swift") else { return false }
    return String(decoding: data, as: UTF8.self).contains("name: \"ldap-connector\"")
      && FileManager.default.fileExists(atPath: folder + "/Sources/Core/ConnectorCore")
  }

  private static func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }
}

import Foundation
import Synchronization

/// Databases as `ldif2db` made them, for the next server with the same content: an import takes more than a second,
/// however little there is to import.
enum DS389Databases {
  private static let kept = Mutex<[String: ScratchDirectory]>([:])

  /// Copies the database with this content to `path`.
  /// - Returns: false when there is none yet.
  static func copy(_ ldif: String, to path: String) throws -> Bool {
    guard let database = kept.withLock({ $0[ldif] }) else { return false }
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: database.file("db"), toPath: path)
    return true
  }

  /// Keeps a copy of the database of a server that does not run.
  static func keep(_ ldif: String, from path: String) throws {
    let database = try ScratchDirectory(prefix: "ldct-389")
    try FileManager.default.copyItem(atPath: path, toPath: database.file("db"))
    kept.withLock { $0[ldif] = database }
  }
}

import Foundation
import Glibc
import Synchronization

/// A private temporary directory with a short path (a Unix socket's path has about 107 bytes), removed with its value.
package final class ScratchDirectory: Sendable {
  /// Absolute path, without a slash at the end.
  package let path: String

  /// Makes `/tmp/<prefix>-XXXXXX`, readable by its owner only.
  package init(prefix: String = "ldct") throws {
    var template = Array("/tmp/\(prefix)-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let made else { throw SupportError("cannot make a directory in /tmp: \(errnoText())") }
    path = made
    Leftovers.expect(made)
  }

  deinit { remove() }

  /// Removes the directory and everything in it; harmless when repeated.
  package func remove() {
    try? FileManager.default.removeItem(atPath: path)
    Leftovers.forget(path)
  }

  /// The path of `name` inside the directory.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes `text` to `name` (mode 0600), and returns its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    let target = file(name)
    let made = FileManager.default.createFile(
      atPath: target, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    guard made else { throw SupportError("cannot write \(target)") }
    return target
  }
}

/// The directories that still stand when the process exits: the last reference to one may never be released.
private enum Leftovers {
  private static let paths = Mutex<Set<String>>([])
  private static let registered: Void = {
    atexit { Leftovers.paths.withLock { $0 }.forEach { try? FileManager.default.removeItem(atPath: $0) } }
  }()

  static func expect(_ path: String) {
    _ = registered
    paths.withLock { _ = $0.insert(path) }
  }

  static func forget(_ path: String) { paths.withLock { _ = $0.remove(path) } }
}

func errnoText() -> String { String(cString: strerror(errno)) }

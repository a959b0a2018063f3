import Foundation
import Glibc

/// A file without a name that stands behind a child's standard stream, so that no pipe can fill up and stall it.
final class AnonymousFile: Sendable {
  let descriptor: Int32

  init(_ bytes: [UInt8] = []) throws {
    let name = "/tmp/ldct-io-\(UUID().uuidString)"
    descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SupportError("cannot make a temporary file: \(errnoText())") }
    unlink(name)
    try writeAll(bytes, to: descriptor)
    lseek(descriptor, 0, SEEK_SET)
  }

  deinit { close(descriptor) }

  /// Everything written so far; the child's own file position stays where it is.
  func contents() -> [UInt8] {
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = chunk.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(all.count)) }
      guard count > 0 else { return all }
      all.append(contentsOf: chunk.prefix(count))
    }
  }
}

/// Writes all of `bytes`, however often write(2) takes only a part.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
  var done = 0
  while done < bytes.count {
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done) }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { throw SupportError("write: \(errnoText())") }
    done += count
  }
}

import CLDAP
import Glibc

/// Wakes a thread that waits in poll, from any other.
final class WakeSignal: Sendable {
  /// An eventfd; readable from `signal()` to `clear()`. It is -1 when the process is out of file descriptors.
  let descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func signal() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  func clear() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}

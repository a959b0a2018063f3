import Glibc
import TestSupport

/// A TCP client that sends any bytes.
struct RawClient: Sendable {
  let port: Int

  /// Sends bytes and returns what comes back before the server hangs up, or until so many whole messages have come.
  /// - Parameters:
  ///   - hangsUp: whether to close at once and wait for nothing.
  ///   - pausing: whether to send byte by byte.
  func exchange(
    _ bytes: [UInt8], answers: Int = .max, hangsUp: Bool = false, pausing: Bool = false
  ) async throws -> [UInt8] {
    let port = port
    return try await offPool {
      let descriptor = try connected(port)
      defer { close(descriptor) }
      if pausing {
        for byte in bytes {
          send([byte], to: descriptor)
          usleep(500)
        }
      } else {
        send(bytes, to: descriptor)
      }
      if hangsUp { return [] }
      var received: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 65536)
      while messages(in: received) < answers {
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { break }
        received += chunk.prefix(count)
      }
      return received
    }
  }
}

private func connected(_ port: Int) throws -> Int32 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  var patience = timeval(tv_sec: 20, tv_usec: 0)
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(clamping: port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  let status = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  guard status == 0 else {
    close(descriptor)
    throw SupportError("nobody listens on port \(port)")
  }
  return descriptor
}

private func send(_ bytes: [UInt8], to descriptor: Int32) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    guard sent > 0 else { return }
    rest = rest.dropFirst(sent)
  }
}

/// The number of whole BER elements at the start of `bytes`.
private func messages(in bytes: [UInt8]) -> Int {
  var (position, count) = (0, 0)
  while position + 2 <= bytes.count {
    let first = Int(bytes[position + 1])
    let digits = first < 0x80 ? 0 : first & 0x7F
    guard position + 2 + digits <= bytes.count else { break }
    let length = digits == 0 ? first : bytes[position + 2..<position + 2 + digits].reduce(0) { $0 << 8 | Int($1) }
    position += 2 + digits + length
    if position <= bytes.count { count += 1 }
  }
  return count
}

import Glibc

/// A TCP port on 127.0.0.1 that nobody listens on now.
///
/// Taken from below the range of ephemeral ports, so that no outgoing connection takes it while a server restarts.
package func freePort() throws -> UInt16 {
  for _ in 0..<200 {
    let port = UInt16.random(in: 10_240..<32_000)
    if canBind(port) { return port }
  }
  throw SupportError("no free port between 10240 and 32000 on 127.0.0.1")
}

private func canBind(_ port: UInt16) -> Bool {
  withSocket(port) { descriptor, address, length in
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    return bind(descriptor, address, length) == 0
  }
}

/// Whether something accepts connections on `port` of 127.0.0.1.
package func accepts(port: UInt16) -> Bool {
  withSocket(port) { descriptor, address, length in connect(descriptor, address, length) == 0 }
}

private func withSocket(_ port: UInt16, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  guard descriptor >= 0 else { return false }
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  let length = socklen_t(MemoryLayout<sockaddr_in>.size)
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body(descriptor, $0, length) }
  }
}

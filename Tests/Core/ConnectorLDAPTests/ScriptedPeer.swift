import Foundation
import Glibc
import Synchronization

/// A server that does what a test tells it to: a listening socket on 127.0.0.1 and a script for each connection.
///
/// It listens until the process ends: a test that uses nothing but the port after its first line would otherwise lose
/// the server in mid-sentence.
final class ScriptedPeer: Sendable {
  let port: UInt16
  private let record = Record()

  /// Runs `script` on a thread of its own for each connection, and closes that when it returns.
  init(_ script: @escaping @Sendable (Connection) -> Void) throws {
    let (listener, port) = try listen(backlog: 16)
    self.port = port
    let record = record
    Thread.detachNewThread {
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        Thread.detachNewThread {
          script(Connection(descriptor: descriptor, record: record))
          shutdown(descriptor, Int32(SHUT_RDWR))
          record.state.withLock { $0.isOver = true }
          close(descriptor)
        }
      }
    }
  }

  /// The tags of all requests that scripts have read, once the first script is over; the script must end by itself.
  func heard() async throws -> [UInt8] {
    while !record.state.withLock({ $0.isOver }) { try await Task.sleep(for: .milliseconds(5)) }
    return record.state.withLock { $0.operations }
  }

  /// What the scripts of a peer have seen.
  final class Record: Sendable {
    let state = Mutex<(operations: [UInt8], isOver: Bool)>(([], false))
  }

  /// One client, seen from the script.
  struct Connection: Sendable {
    let descriptor: Int32
    let record: Record

    /// The message ID (below 128) of the client's next request; nil when it has hung up.
    func nextRequest() -> UInt8? { nextMessage()?.id }

    /// The client's next request: its message ID (below 128), and what follows the length of the message.
    func nextMessage() -> (id: UInt8, content: [UInt8])? {
      guard let head = take(2), let length = contentLength(head[1]), let body = take(length), body.count > 3 else {
        return nil
      }
      record.state.withLock { $0.operations.append(body[3]) }
      return (body[2], body)
    }

    /// Reads requests without an answer until the client hangs up.
    func listen() {
      while nextRequest() != nil {}
    }

    func send(_ bytes: [UInt8]) {
      var rest = bytes[...]
      while !rest.isEmpty {
        let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent > 0 else { return }
        rest = rest.dropFirst(sent)
      }
    }

    /// Says nothing until the client hangs up, but reads what it sends.
    func stayAndRead() {
      while take(1) != nil {}
    }

    /// Says nothing and reads nothing until the client hangs up or a minute has passed.
    func stayAndIgnore() {
      var state = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: 0x2000), revents: 0)  // POLLRDHUP
      _ = poll(&state, 1, 60_000)
    }

    private func contentLength(_ first: UInt8) -> Int? {
      guard first >= 0x80 else { return Int(first) }
      return take(Int(first & 0x7f))?.reduce(0) { $0 << 8 | Int($1) }
    }

    private func take(_ count: Int) -> [UInt8]? {
      var bytes = [UInt8](repeating: 0, count: count)
      var done = 0
      while done < count {
        let got = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress.map { $0 + done }, count - done, 0) }
        guard got > 0 else { return nil }
        done += got
      }
      return bytes
    }
  }
}

/// A port whose queue of waiting connections is full, so that connecting hangs.
final class FullPort: Sendable {
  let port: UInt16
  private let descriptors: [Int32]

  init() throws {
    let (listener, port) = try listen(backlog: 0)
    self.port = port
    descriptors =
      [listener]
      + (0..<4).map { _ in
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        _ = withLoopback(port) { connect(descriptor, $0, $1) }
        return descriptor
      }
  }

  deinit { descriptors.forEach { close($0) } }
}

private struct SocketError: Error {}

private func listen(backlog: Int32) throws -> (descriptor: Int32, port: UInt16) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  guard withLoopback(0, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, backlog) == 0 else {
    throw SocketError()
  }
  var address = sockaddr_in()
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let status = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
  }
  guard status == 0 else { throw SocketError() }
  return (descriptor, UInt16(bigEndian: address.sin_port))
}

private func withLoopback(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  let length = socklen_t(MemoryLayout<sockaddr_in>.size)
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
  }
}

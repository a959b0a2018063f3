import ConnectorCore
import NIOCore

/// One client's connection: reads its messages and sends the answers, in order.
struct Connection: Sendable {
  let channel: NIOAsyncChannel<[UInt8], ByteBuffer>
  var session: Session

  /// Sent at once, so that a large answer neither waits for its end nor fills the memory twice.
  private static let chunk = 64 << 10

  /// Serves the client until it unbinds or hangs up, sends something that is no LDAP, or a fault ends the connection.
  func serve() async {
    var connection = self
    try? await channel.executeThenClose { messages, _ in
      do {
        try await connection.answer(messages)
      } catch is CancellationError {
        // The server stops.
      } catch {
        // Best effort: the client may be gone (RFC 4511 §4.4.1).
        try? await connection.send(
          ResponseMessage.noticeOfDisconnection(.protocolError, "this is no LDAP message: \(error)").encoded)
      }
    }
  }

  private mutating func answer(_ messages: NIOAsyncChannelInboundStream<[UInt8]>) async throws {
    for try await bytes in messages {
      let request = try RequestMessage(decoding: bytes)
      if case .unbind = request.operation { return }
      guard let answer = try await session.answer(request) else { continue }
      try await send(answer)
      if answer.isLast { return }
    }
  }

  private func send(_ answer: Answer) async throws {
    var waiting: [UInt8] = []
    for message in answer.messages {
      waiting += message
      guard waiting.count >= Self.chunk else { continue }
      try await send(waiting)
      waiting = []
    }
    if !waiting.isEmpty { try await send(waiting) }
  }

  /// Returns when the kernel has the bytes, so that closing afterwards loses none.
  private func send(_ bytes: [UInt8]) async throws {
    try await channel.channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
  }
}

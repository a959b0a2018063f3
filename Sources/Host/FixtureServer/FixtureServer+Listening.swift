import NIOCore
import NIOPosix

extension FixtureServer {
  typealias Client = NIOAsyncChannel<[UInt8], ByteBuffer>

  static func listen(_ port: Int) async throws -> NIOAsyncChannel<Client, Never> {
    do {
      return try await ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .bind(host: "127.0.0.1", port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(FrameDecoder()))
            return try Client(wrappingChannelSynchronously: channel)
          }
        }
    } catch let error as IOError {
      throw FixtureServerError("port \(port) of 127.0.0.1 cannot be had: \(error); port 0 takes a free one")
    }
  }

  /// Serves clients until the task is cancelled; every connection has a session of its own.
  static func accept(_ listener: NIOAsyncChannel<Client, Never>, _ session: Session) async {
    try? await listener.executeThenClose { clients in
      try await withThrowingDiscardingTaskGroup { group in
        for try await client in clients {
          group.addTask { await Connection(channel: client, session: session).serve() }
        }
      }
    }
  }
}

import Dispatch
import Foundation

/// What happens to the process from outside, as a stream that the command waits for.
struct Events {
  enum Event: Sendable {
    case end
    case nextDelta
  }

  let stream: AsyncStream<Event>
  private let sources: [any DispatchSourceSignal]

  init(untilEOF: Bool) {
    let (stream, continuation) = AsyncStream.makeStream(of: Event.self)
    self.stream = stream
    sources = [(SIGTERM, .end), (SIGINT, .end), (SIGUSR1, .nextDelta)].map { (number: Int32, event: Event) in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield(event) }
      source.resume()
      return source
    }
    guard untilEOF else { return }
    Thread.detachNewThread {
      while !FileHandle.standardInput.availableData.isEmpty {}
      continuation.yield(.end)
    }
  }
}

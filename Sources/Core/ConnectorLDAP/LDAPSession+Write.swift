import CLDAP
import CTransport
package import ConnectorCore

extension LDAPSession: DirectoryWriter {
  package func write(_ requests: [WriteRequest]) async throws -> [WriteAnswer] {
    try await interruptible {
      let operation = "write of \(requests.count) entries"
      let wire = try wire(for: operation)
      try wire.checkUsable(operation)
      var writes = RunningWrites(requests, wire: wire, log: log)
      return writes.run()
    }
  }
}

/// Changes in flight together, their answers sorted back into the order of the requests.
///
/// None is ever abandoned: the server may have made the change, and then nobody would learn of it.
private struct RunningWrites {
  /// Enough to hide the way to the server and back; servers that limit what waits on a connection take 100 and more.
  private static let window = 64

  private struct Write {
    let index: Int
    let started: Int64
  }

  private let requests: [WriteRequest]
  private let wire: Wire
  private let log: OperationLog
  private var next = 0
  private var inFlight: [Int32: Write] = [:]
  private var answers: [WriteAnswer?]
  /// When the task was cancelled.
  private var cancelled: Int64?

  init(_ requests: [WriteRequest], wire: Wire, log: OperationLog) {
    self.requests = requests
    self.wire = wire
    self.log = log
    answers = Array(repeating: nil, count: requests.count)
  }

  mutating func run() -> [WriteAnswer] {
    var reason: DirectoryError?
    while reason == nil && (!inFlight.isEmpty || mayStillSend) {
      do {
        try step()
      } catch {
        // A cancellation is seen by the next step.
        if !(error is CancellationError) { reason = error as? DirectoryError ?? wire.fail(.other, "\(error)", "write") }
      }
    }
    if let reason { log.failure(reason) }
    return finish(reason)
  }

  private var mayStillSend: Bool { next < requests.count && cancelled == nil }

  /// What the kernel does not take waits here, so that large requests do not pile up in memory.
  private var sendsNow: Bool {
    mayStillSend && inFlight.count < Self.window && (inFlight.isEmpty || wire.hasSentEverything)
  }

  private mutating func step() throws {
    if cancelled == nil && Task.isCancelled { cancelled = ct_now() }
    while sendsNow { try send() }
    if !inFlight.isEmpty { try receive() }
  }

  private mutating func send() throws {
    let request = requests[next]
    let started = log.request(request)
    do {
      let id = try wire.send(request)
      inFlight[id] = Write(index: next, started: started)
    } catch let error as DirectoryError where !wire.isOver {
      log.failure(error)
      answers[next] = .refused(error)
    }
    next += 1
  }

  private mutating func receive() throws {
    let patience = cancelled.map { Wire.Patience.afterCancellation(at: $0) } ?? .whileBytesMove(bulk: false)
    let message = try wire.receive(patience, "write of entries") { inFlight[$0] != nil }
    guard let write = inFlight[message.id] else { return }
    let request = requests[write.index]
    guard message.kind != LDAP_RES_INTERMEDIATE else { return }
    guard message.kind == request.responseKind else {
      throw wire.fail(.decodingError, "the server answered a change with another operation's response", "\(request)")
    }
    let result = try wire.result(message, "\(request)", hiding: log.secrets(in: request))
    guard result.code.rawValue >= 0 else {
      throw wire.fail(.decodingError, "the server sent a result code below zero", "\(request)")
    }
    inFlight[message.id] = nil
    wire.finish(message.id)
    log.result(request, message.id, result.code, since: write.started)
    answers[write.index] =
      result.code == .success
      ? .done(WriteControls.outcome(of: message, result, to: request, wire.handle))
      : .refused(result.error("\(request)"))
  }

  /// Answers for the requests that have none.
  private mutating func finish(_ reason: DirectoryError?) -> [WriteAnswer] {
    for write in inFlight.values { answers[write.index] = reason.map { .unknown($0.about(requests[write.index])) } }
    wire.abandon(inFlight.keys)  // of a connection that has failed: it only forgets them
    let cancellation = DirectoryError(.cancelledHere, operation: "", message: "cancelled before it was sent")
    let unsent = cancelled == nil ? reason ?? cancellation : cancellation
    return zip(answers, requests).map { $0 ?? .unsent(unsent.about($1)) }
  }
}

extension DirectoryError {
  fileprivate func about(_ request: WriteRequest) -> DirectoryError {
    var error = self
    error.operation = "\(request)"
    return error
  }
}

extension WriteRequest {
  /// The kind of message that answers it.
  fileprivate var responseKind: ber_tag_t {
    switch operation {
    case .change(.add, _): LDAP_RES_ADD
    case .change(.modify, _): LDAP_RES_MODIFY
    case .change(.delete, _): LDAP_RES_DELETE
    case .change(.rename, _): LDAP_RES_RENAME
    case .passwordModify: LDAP_RES_EXTENDED
    }
  }
}

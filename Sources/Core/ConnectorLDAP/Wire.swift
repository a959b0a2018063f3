import CLDAP
import CTransport
import ConnectorCore
import Glibc

/// One connection: libldap's handle on a transport of ours, and the requests in flight on it.
///
/// Not thread-safe; its session's thread alone touches it. Every failure of the connection is final: libldap would
/// connect again by itself, in the clear.
final class Wire {
  let handle: OpaquePointer
  let peer: PeerInfo
  private let transport: OpaquePointer
  private let secret: Secret
  private let wake: WakeSignal
  private let timeout: Int64
  private var inFlight: [Int32: Pending] = [:]
  private var stashed = 0
  private var failure: WireResult?

  /// Messages of a request that came while another one's were awaited.
  private struct Pending {
    var messages: [OpaquePointer] = []
    var position = 0
  }

  /// How long to wait for an answer.
  enum Patience {
    /// Until a moment of `ct_now`, come what may.
    case until(Int64)
    /// As long as bytes move at least once in the operation timeout.
    case whileBytesMove(bulk: Bool)
    /// For the operation timeout from a moment of `ct_now` on, cancelled or not.
    case afterCancellation(at: Int64)
  }

  init(_ settings: ConnectionSettings, wake: WakeSignal, transport: OpaquePointer) throws {
    guard let handle = ct_attach(transport, max(1024, min(settings.maximumPDU, 1 << 30))) else {
      ct_free(transport)
      throw ConnectionError(.system, "out of memory for an LDAP session")
    }
    self.handle = handle
    self.transport = transport
    self.wake = wake
    timeout = settings.operationTimeout.milliseconds
    peer = PeerInfo(ct_peer_info(transport).pointee)
    if case .simple(_, let password) = settings.bind { secret = password } else { secret = Secret("") }
  }

  deinit {
    for pending in inFlight.values { pending.messages[pending.position...].forEach { ldap_msgfree($0) } }
    ldap_unbind_ext_s(handle, nil, nil)
    ct_free(transport)
  }

  /// Sends a request by a call of libldap's that returns a code of its own and a message ID.
  func send(_ operation: @autoclosure () -> String, _ call: (inout Int32) -> Int32) throws -> Int32 {
    if let failure { throw failure.error(operation()) }
    var id: Int32 = 0
    let status = call(&id)
    guard status == LDAP_SUCCESS else {
      let code = ResultCode(rawValue: status)
      if code == .serverDown { throw fail(code, closingReason, operation()) }
      throw DirectoryError(code, operation: operation(), message: String(cString: ldap_err2string(status)))
    }
    inFlight[id] = Pending()
    return id
  }

  /// Waits for the next message to one of the requests in flight.
  /// - Throws: `CancellationError`; `DirectoryError` when the server stays silent or the connection is lost, and from
  ///   then on always.
  func receive(
    _ patience: Patience, _ operation: @autoclosure () -> String, where wanted: (Int32) -> Bool
  ) throws -> WireMessage {
    if let failure { throw failure.error(operation()) }
    if stashed > 0, let pointer = unstash(wanted) { return WireMessage(pointer) }
    let start = ct_now()
    while true {
      while let (id, pointer) = try next(operation()) {
        if wanted(id) { return WireMessage(pointer) }
        inFlight[id]?.messages.append(pointer)
        stashed += 1
      }
      try wait(patience, since: start, operation())
    }
  }

  /// Forgets a request whose result has been received.
  func finish(_ id: Int32) {
    inFlight[id] = nil
  }

  /// Tells the server to stop working on requests (RFC 4511 §4.11), and drops what it has already sent.
  func abandon(_ ids: some Sequence<Int32>) {
    for id in ids {
      guard let pending = inFlight.removeValue(forKey: id) else { continue }
      pending.messages[pending.position...].forEach { ldap_msgfree($0) }
      stashed -= pending.messages.count - pending.position
      if failure == nil { ldap_abandon_ext(handle, id, nil, nil) }
    }
  }

  /// Throws the reason once the connection has failed.
  func checkUsable(_ operation: String) throws {
    if let failure { throw failure.error(operation) }
  }

  /// True once the connection has failed.
  var isOver: Bool { failure != nil }

  /// True when the kernel has all bytes of the requests so far.
  var hasSentEverything: Bool { ct_unsent(transport) == 0 }

  /// Ends the session with a reason that every later call repeats.
  @discardableResult
  func fail(_ code: ResultCode, _ message: String, _ operation: String) -> DirectoryError {
    let reason = failure ?? WireResult(code: code, message: message)
    failure = reason
    return reason.error(operation)
  }

  /// Reads the result that ends an operation, without the secrets of this request that its message may repeat.
  func result(
    _ message: borrowing WireMessage, _ operation: String, hiding secrets: @autoclosure () -> [Secret] = []
  ) throws -> WireResult {
    if let result = WireResult(message, of: handle, hiding: [secret] + secrets()) { return result }
    throw fail(.decodingError, "the server sent a malformed result", operation)
  }

  private func unstash(_ wanted: (Int32) -> Bool) -> OpaquePointer? {
    for (id, pending) in inFlight where pending.position < pending.messages.count && wanted(id) {
      inFlight[id]?.position += 1
      stashed -= 1
      return pending.messages[pending.position]
    }
    return nil
  }

  /// The next message that has arrived in full and belongs to a request in flight.
  private func next(_ operation: @autoclosure () -> String) throws -> (Int32, OpaquePointer)? {
    while true {
      var message: OpaquePointer?
      let kind = ct_next(transport, handle, &message)
      guard kind >= 0 else {
        throw fail(kind == -2 ? .decodingError : .serverDown, closingReason, operation())
      }
      guard kind > 0, let message else { return nil }
      let id = ldap_msgid(message)
      if inFlight[id] != nil { return (id, message) }
      try unsolicited(WireMessage(message), operation())
    }
  }

  /// A notice of disconnection (RFC 4511 §4.4.1) is the server's last word; anything else that nobody asked for, such
  /// as the rest of an abandoned answer, is dropped.
  private func unsolicited(_ message: consuming WireMessage, _ operation: String) throws {
    guard message.id == 0, message.kind == LDAP_RES_EXTENDED else { return }
    guard let result = WireResult(message, of: handle, hiding: [secret]), result.code != .success else { return }
    let text = result.message.isEmpty ? "\(result.code)" : "\(result.code): \(result.message)"
    throw fail(.serverDown, "the server ended the session with \(text)", operation)
  }

  private func wait(_ patience: Patience, since start: Int64, _ operation: @autoclosure () -> String) throws {
    let outcome: ct_wait_result
    switch patience {
    case .until(let moment):
      try Task.checkCancellation()
      outcome = ct_wait(transport, wake.descriptor, moment, 0, false)
    case .whileBytesMove(let bulk):
      try Task.checkCancellation()
      outcome = ct_wait(transport, wake.descriptor, start + timeout, timeout, bulk)
    case .afterCancellation(let moment): outcome = ct_wait(transport, wake.descriptor, moment + timeout, 0, false)
    }
    switch outcome {
    case CT_WAIT_READY: return
    case CT_WAIT_WOKEN: wake.clear()
    case CT_WAIT_CLOSED: throw fail(.serverDown, closingReason, operation())
    default:
      let waited = ct_now() - start
      throw fail(.timeout, "the server did not answer for \(waited) ms; the session is given up", operation())
    }
  }

  private var closingReason: String {
    let reason = String(cString: ct_closing(transport))
    return reason.isEmpty ? "the connection is gone" : reason
  }
}

extension Duration {
  /// Whole milliseconds, at least one, at most a year.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    guard seconds < 31_536_000 else { return 31_536_000_000 }
    return max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
  }
}

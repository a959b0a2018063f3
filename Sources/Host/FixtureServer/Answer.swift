import ConnectorCore
import SwiftASN1

/// Everything that one request is answered with: entries, and the result that ends them.
struct Answer: Sendable {
  var id: Int
  var entries: [Entry] = []
  var result: ResponseMessage
  /// Bytes that stand before the result, or in its place where `isCut`.
  var garbage: [UInt8] = []
  /// Whether the connection ends with the answer.
  var isLast = false
  /// Whether the connection ends without the result.
  var isCut = false

  init(_ id: Int, _ content: ResponseMessage.Content, controls: [Control] = []) {
    self.id = id
    result = ResponseMessage(id: id, content: content, controls: controls)
  }

  /// The messages in the order of sending.
  var messages: some Sequence<[UInt8]> {
    var tail: [[UInt8]] = garbage.isEmpty ? [] : [garbage]
    if !isCut { tail.append(result.encoded) }
    let entries = entries.lazy.map { ResponseMessage(id: id, content: .entry($0)).encoded }
    return [AnySequence(entries), AnySequence(tail)].joined()
  }
}

extension Answer {
  /// The answer as a fault leaves it; a fault that belongs before the operation changes nothing here.
  func suffering(_ effect: Fault.Effect) -> Answer {
    var answer = self
    switch effect {
    case .slow, .code, .ignoredListView: break
    case .cut(let after): answer.cut(after: after)
    case .sizeLimit(let after):
      answer.entries = Array(entries.prefix(after ?? entries.count / 2))
      answer.result.content = .result(LDAPResult(.sizeLimitExceeded), of: .search)
      answer.result.controls = []
    case .malformed: answer.garbage = brokenMessage
    case .withoutPageControl:
      answer.result.controls.removeAll { [Control.pagedResultsOID, VirtualListViewOutcome.oid].contains($0.oid) }
    case .emptySuccess: answer.becomeEmpty()
    }
    return answer
  }

  /// A paged search looks as if this were its only page.
  private mutating func becomeEmpty() {
    entries = []
    result.content = .result(.success, of: .search)
    guard let index = result.controls.firstIndex(where: { $0.oid == Control.pagedResultsOID }) else { return }
    result.controls[index] = PagedResultsControl(size: 0, cookie: []).control
  }

  private mutating func cut(after: Int?) {
    let kept = Array(entries.prefix(after ?? entries.count / 2))
    let next = entries.dropFirst(kept.count).first
    let half = next.map { ResponseMessage(id: id, content: .entry($0)).encoded } ?? result.encoded
    entries = kept
    garbage = Array(half.prefix(half.count / 2))
    isCut = true
    isLast = true
  }

  /// An entry, or a result where the operation has no entries, in which a string claims more bytes than there are.
  private var brokenMessage: [UInt8] {
    let tag: UInt
    switch result.content {
    case .result(_, of: .search), .entry, .reference: tag = 4
    case .result(_, let kind): tag = kind.rawValue
    case .extended: tag = 24
    }
    return DER.Serializer.bytes { message in
      message.appendConstructedNode(identifier: .sequence) { parts in
        parts.integer(id)
        parts.appendConstructedNode(identifier: .application(tag)) { $0.serializeRawBytes([0x04, 0x7F, 0x63, 0x6E]) }
      }
    }
  }
}

import ConnectorCore
import SwiftASN1

/// The request for a part of a sorted list (draft-ietf-ldapext-ldapv3-vlv-09 §5.1).
struct VirtualListView: Hashable, Sendable {
  var before: Int
  var after: Int
  var target: Target
  /// What the server sent with the last part.
  var context: [UInt8]?

  enum Target: Hashable, Sendable {
    /// A position from 1, and what the client believes to be the size of the list, zero where it has no idea.
    case offset(Int, of: Int)
    /// The first entry whose sort key is not less.
    case value([UInt8])
  }

  init(decoding value: [UInt8]) throws {
    self = try BER.sequence(try BER.parse(value), identifier: .sequence) { parts in
      VirtualListView(
        before: max(0, try parts.integer("beforeCount")), after: max(0, try parts.integer("afterCount")),
        target: try Target(decoding: try parts.required("target")),
        context: try parts.optional(.octetString)?.octets(.octetString))
    }
  }

  private init(before: Int, after: Int, target: Target, context: [UInt8]?) {
    (self.before, self.after, self.target, self.context) = (before, after, target, context)
  }

  /// The target's position from 1 in a list of `count` entries (§6.1); nil where an offset cannot be one.
  func position(in count: Int, ofValue find: ([UInt8]) -> Int) -> Int? {
    switch target {
    case .value(let value): find(value) + 1
    case .offset(let offset, let size):
      if offset < 1 || size < 0 {
        nil
      } else if size == 0 || size == count || offset == 1 {
        max(1, min(offset, count))
      } else if offset >= size {
        max(1, count)
      } else {
        max(1, min(count, Int((Double(offset) * Double(count) / Double(size)).rounded())))
      }
    }
  }

  /// Where the part lies in the list, from 0.
  func range(around position: Int, in count: Int) -> Range<Int> {
    let start = max(0, position - 1 - before)
    let end = min(count, position + after)
    return min(start, end)..<end
  }
}

extension VirtualListView.Target {
  fileprivate init(decoding node: ASN1Node) throws {
    switch node.identifier {
    case .context(0):
      self = try BER.sequence(node, identifier: .context(0)) { parts in
        .offset(try parts.integer("offset"), of: try parts.integer("contentCount"))
      }
    case .context(1): self = .value(try node.octets(.context(1)))
    default: throw MalformedMessage("a list view's target is an offset or a value")
    }
  }
}

/// The outcome of a list view, for the response control (draft-ietf-ldapext-ldapv3-vlv-09 §5.2).
struct VirtualListViewOutcome: Hashable, Sendable {
  static let oid = "2.16.840.1.113730.3.4.10"

  var position = 0
  var count = 0
  var code: ResultCode
  var context: [UInt8]?

  var control: Control {
    let value = DER.Serializer.bytes { value in
      value.appendConstructedNode(identifier: .sequence) { parts in
        parts.integer(position)
        parts.integer(count)
        parts.integer(Int(code.rawValue), .enumerated)
        if let context { parts.octets(context) }
      }
    }
    return Control(Self.oid, value: value)
  }
}

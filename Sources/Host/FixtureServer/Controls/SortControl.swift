import ConnectorCore
import SwiftASN1

/// One key of server-side sorting (RFC 2891 §1.1).
struct SortControlKey: Hashable, Sendable {
  var attribute: AttributeDescription
  var rule: String?
  var isReversed: Bool

  /// Reads the control's value, a list of keys.
  static func list(decoding value: [UInt8]) throws -> [SortControlKey] {
    try BER.parse(value).parts(.sequence) { key in
      try BER.sequence(key, identifier: .sequence) { parts in
        SortControlKey(
          attribute: AttributeDescription(try parts.text("sort attribute")),
          rule: try parts.optional(.context(0))?.text(.context(0), "ordering rule"),
          isReversed: try parts.optional(.context(1)).map {
            try Bool(berEncoded: $0, withIdentifier: .context(1))
          } ?? false)
      }
    }
  }
}

/// The outcome of sorting, for the response control (RFC 2891 §1.2).
struct SortOutcome: Hashable, Sendable {
  var code: ResultCode
  var attribute: AttributeDescription?

  var control: Control {
    let value = DER.Serializer.bytes { value in
      value.appendConstructedNode(identifier: .sequence) { parts in
        parts.integer(Int(code.rawValue), .enumerated)
        if let attribute { parts.text(attribute.string, .context(0)) }
      }
    }
    return Control("1.2.840.113556.1.4.474", value: value)
  }
}

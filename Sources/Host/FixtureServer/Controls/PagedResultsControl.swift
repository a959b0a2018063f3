import ConnectorCore
import SwiftASN1

/// The value of the paged results control, in requests and responses (RFC 2696 §2).
struct PagedResultsControl: Hashable, Sendable {
  /// In a request the entries wanted in a page; in a response how many there are on all pages.
  var size: Int
  var cookie: [UInt8]

  init(size: Int, cookie: [UInt8]) {
    self.size = size
    self.cookie = cookie
  }

  init(decoding value: [UInt8]) throws {
    self = try BER.sequence(try BER.parse(value), identifier: .sequence) { parts in
      PagedResultsControl(size: max(0, try parts.integer("page size")), cookie: try parts.octets("cookie"))
    }
  }

  var control: Control {
    let value = DER.Serializer.bytes { value in
      value.appendConstructedNode(identifier: .sequence) { parts in
        parts.integer(size)
        parts.octets(cookie)
      }
    }
    return Control(Control.pagedResultsOID, value: value)
  }
}

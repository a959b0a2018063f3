/// What a server sorts entries by (RFC 2891 §1.1): one attribute, in ascending order.
public struct SortKey: Hashable, Sendable, CustomStringConvertible {
  /// The attribute; of several values the smallest counts.
  public var attribute: AttributeDescription
  /// The ordering rule by OID or name; nil takes the one that the schema gives the attribute.
  public var rule: String?

  /// Joins the parts; nothing is checked.
  public init(_ attribute: AttributeDescription, rule: String? = nil) {
    self.attribute = attribute
    self.rule = rule
  }

  /// Reads `entryUUID` or, with an ordering rule, `cn:2.5.13.3`; nil for a text of another form.
  public init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let attribute = parts.first, parts.count <= 2 else { return nil }
    let options = attribute.split(separator: ";", omittingEmptySubsequences: false)
    guard (options + parts.dropFirst()).allSatisfy(Self.isName) else { return nil }
    self.init(AttributeDescription(String(attribute)), rule: parts.count == 2 ? String(parts[1]) : nil)
  }

  /// The form that `init(text:)` reads.
  public var description: String { attribute.string + (rule.map { ":" + $0 } ?? "") }

  /// A descriptor, a numeric OID or an option (RFC 4512 §1.4, §2.5); `_` is in use though they do not have it.
  private static func isName(_ text: Substring) -> Bool {
    let isHead = text.utf8.first.map { $0 != 0x2D && $0 != 0x2E } ?? false
    return isHead
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
      }
  }
}

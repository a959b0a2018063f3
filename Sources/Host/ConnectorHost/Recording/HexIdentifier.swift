/// Sixteen octets that stand in a text as hexadecimal digits: a UUID (RFC 4122 §3), or one of its relatives with other
/// places for the hyphens or none.
struct HexIdentifier {
  /// The octets.
  let bytes: [UInt8]
  /// The number of scalars that it takes.
  let length: Int
  private let groups: [Int]
  private let isUpper: Bool

  private static let layouts = [[8, 4, 4, 4, 12], [8, 8, 8, 8], [32]]

  /// Reads one at a position; nil where there is none, or more digits or letters follow.
  init?(_ scalars: ArraySlice<Unicode.Scalar>) {
    for groups in Self.layouts {
      let length = groups.reduce(groups.count - 1, +)
      let text = scalars.prefix(length)
      guard text.count == length, !scalars.dropFirst(length).prefix(1).contains(where: { Word.contains($0) }) else {
        continue
      }
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      let digits = parts.flatMap { $0 }.compactMap { UInt8(String($0), radix: 16) }
      guard parts.map(\.count) == groups, digits.count == 32 else { continue }
      bytes = stride(from: 0, to: 32, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
      isUpper = text.contains { $0 >= "A" && $0 <= "F" }
      self.groups = groups
      self.length = length
      return
    }
    return nil
  }

  /// Other octets written in the same way.
  func text(of bytes: [UInt8]) -> String {
    var digits = bytes.map { byte in
      let text = String(byte, radix: 16, uppercase: isUpper)
      return byte < 16 ? "0" + text : text
    }.joined()[...]
    return groups.map { count in
      defer { digits = digits.dropFirst(count) }
      return String(digits.prefix(count))
    }.joined(separator: "-")
  }
}

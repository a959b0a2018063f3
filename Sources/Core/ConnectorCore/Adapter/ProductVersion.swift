/// A version found in what a server says of itself, such as `6.3.1` in `Some-Directory/6.3.1 B2011.0311`.
public struct ProductVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The version as the server writes it, such as `2.0.0.AM26`.
  public let description: String
  /// The numbers that it starts with, the most significant first.
  public let numbers: [Int]

  /// Finds the first number with a dot and a number behind it; nil where there is none.
  public init?(in text: String) {
    let scalars = Array(text.utf8)
    var start = 0
    while start < scalars.count {
      let digits = scalars[start...].prefix(while: Self.isDigit)
      let rest = scalars[digits.endIndex...]
      if !digits.isEmpty, rest.first == 0x2E, let next = rest.dropFirst().first, Self.isDigit(next) {
        let word = scalars[start...].prefix { Self.isDigit($0) || Self.isLetter($0) || $0 == 0x2E || $0 == 0x5F }
        description = String(decoding: word, as: UTF8.self)
        numbers = description.split(separator: ".").map { Int($0.prefix { $0.isASCII && $0.isNumber }) }
          .prefix { $0 != nil }.compactMap(\.self)
        return
      }
      start = max(start + 1, digits.endIndex)
    }
    return nil
  }

  /// Takes the numbers of a version.
  public init(_ numbers: Int...) {
    self.numbers = numbers
    description = numbers.map(String.init).joined(separator: ".")
  }

  /// Compares number by number; a missing one counts as 0.
  public static func < (left: Self, right: Self) -> Bool {
    for position in 0..<max(left.numbers.count, right.numbers.count) {
      let (mine, other) = (left.number(position), right.number(position))
      if mine != other { return mine < other }
    }
    return false
  }

  /// Whether the numbers are the same, missing ones counted as 0; what follows them does not matter.
  public static func == (left: Self, right: Self) -> Bool { !(left < right) && !(right < left) }

  /// Hashes what `==` compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(numbers.reversed().drop { $0 == 0 }.map(\.self))
  }

  private func number(_ position: Int) -> Int { position < numbers.count ? numbers[position] : 0 }
  private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
  private static func isLetter(_ byte: UInt8) -> Bool { 0x41...0x5A ~= byte || 0x61...0x7A ~= byte }
}

extension ServerEvidence {
  /// The version in `vendorVersion`; nil where there is none.
  public var vendorVersion: ProductVersion? { rootDSE.vendorVersion.flatMap { ProductVersion(in: $0) } }
}

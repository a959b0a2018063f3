/// How far an external change log has been read: for each replicated domain the newest CSN of each replica.
///
/// The form is the server's, `dc=example,dc=com:CSN CSN;…`. It is valid on every replica.
struct ChangelogCookie: Hashable, Sendable {
  /// The identity of a change: milliseconds (16 digits), replica (4) and sequence number (8), hexadecimal.
  struct CSN: Hashable, Comparable, Sendable {
    let text: String
    /// The digits that tell the replica.
    var replica: Substring { text.dropFirst(16).prefix(4) }

    init?(_ text: some StringProtocol) {
      guard text.utf8.count == 28, text.utf8.allSatisfy({ Self.isDigit($0) }) else { return nil }
      self.text = text.lowercased()
    }

    /// The largest CSN of the same replica that is smaller.
    var predecessor: CSN? {
      guard let time = UInt64(text.prefix(16), radix: 16), let sequence = UInt32(text.suffix(8), radix: 16) else {
        return nil
      }
      if sequence > 0 { return CSN(text.dropLast(8) + Self.padded(UInt64(sequence - 1), 8)) }
      return time > 0 ? CSN(Self.padded(time - 1, 16) + replica + "ffffffff") : nil
    }

    static func < (left: CSN, right: CSN) -> Bool { left.text < right.text }

    private static func isDigit(_ byte: UInt8) -> Bool {
      0x30...0x39 ~= byte || 0x41...0x46 ~= byte || 0x61...0x66 ~= byte
    }

    private static func padded(_ number: UInt64, _ digits: Int) -> String {
      let text = String(number, radix: 16)
      return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
  }

  /// By domain, as the server spells it, and replica.
  private(set) var domains: [String: [String: CSN]] = [:]

  /// The beginning of the log.
  init() {}

  /// Reads a cookie; nil for a form that is not known.
  init?(_ text: String) {
    for group in text.split(separator: ";") {
      guard let colon = group.lastIndex(of: ":") else { return nil }
      let numbers = group[group.index(after: colon)...].split(separator: " ")
      var replicas: [String: CSN] = [:]
      for number in numbers {
        guard let csn = CSN(number) else { return nil }
        replicas[String(csn.replica)] = csn
      }
      domains[String(group[..<colon])] = replicas
    }
  }

  var isEmpty: Bool { domains.isEmpty }

  /// The server's form; domains and replicas in order, so that equal cookies are equal texts.
  var text: String {
    domains.sorted { $0.key < $1.key }.map { domain, replicas in
      "\(domain):\(replicas.sorted { $0.key < $1.key }.map(\.value.text).joined(separator: " "));"
    }
    .joined()
  }

  /// The value of the request control: an octet string in BER (X.690 §8.7).
  var controlValue: [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.count > 0x7F else { return [0x04, UInt8(bytes.count)] + bytes }
    var (count, length) = (bytes.count, [UInt8]())
    while count > 0 {
      length.insert(UInt8(truncatingIfNeeded: count), at: 0)
      count >>= 8
    }
    return [0x04, 0x80 | UInt8(length.count)] + length + bytes
  }

  /// Keeps the larger CSN of each replica.
  mutating func merge(_ other: ChangelogCookie) {
    for (domain, replicas) in other.domains {
      domains[domain, default: [:]].merge(replicas) { max($0, $1) }
    }
  }

  /// The newest change of all, with its domain.
  var newest: (domain: String, csn: CSN)? {
    domains.flatMap { domain, replicas in replicas.values.map { (domain, $0) } }
      .max { ($0.1, $0.0) < ($1.1, $1.0) }
  }

  /// A change of a replica that both know, of which this cookie has seen more; nil where there is none.
  func ahead(of other: ChangelogCookie) -> CSN? {
    for (domain, replicas) in domains {
      for (replica, csn) in replicas {
        if let known = other.domains[domain]?[replica], known < csn { return csn }
      }
    }
    return nil
  }

  /// The cookie from which that change would come first.
  func before(_ csn: CSN, in domain: String) -> ChangelogCookie? {
    guard let predecessor = csn.predecessor else { return nil }
    var earlier = self
    earlier.domains[domain]?[String(csn.replica)] = predecessor
    return earlier
  }
}

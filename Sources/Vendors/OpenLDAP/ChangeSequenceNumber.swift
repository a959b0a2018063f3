import ConnectorCore

/// A CSN: when, and on which server, a change was made, such as `20261122222927.031391Z#000000#001#000000`.
///
/// Numbers of one server are compared as text, for their normalised forms have equal length; numbers of two servers
/// have no order that means anything (draft-ietf-ldup-model, slapd's own form in `contextCSN`, `entryCSN`, `minCSN`).
struct ChangeSequenceNumber: Hashable, Comparable, Sendable {
  /// The normalised text: six digits of fraction, a server ID of three digits, lower case.
  let text: String
  /// The server's ID as three hexadecimal digits, such as `001`.
  let serverID: String

  /// Reads a CSN, the shorter forms of slapd 2.3 and 2.4 included; nil for anything else.
  init?(_ text: String) {
    let parts = text.lowercased().split(separator: "#", omittingEmptySubsequences: false)
    guard parts.count == 4, let time = GeneralizedTime(parts[0].uppercased()),
      let count = Self.padded(parts[1], to: 6), let server = Self.padded(parts[2], to: 3),
      let modification = Self.padded(parts[3], to: 6)
    else { return nil }
    serverID = server
    self.text = [time.text(fractionDigits: 6), count, server, modification].joined(separator: "#")
  }

  /// When the change was made, by the clock of the server that made it.
  var time: GeneralizedTime? { text.split(separator: "#").first.flatMap { GeneralizedTime(String($0)) } }

  static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  private static func padded(_ digits: Substring, to length: Int) -> String? {
    guard !digits.isEmpty, digits.utf8.count <= length, digits.allSatisfy(\.isHexDigit) else { return nil }
    return String(repeating: "0", count: length - digits.utf8.count) + digits
  }
}

/// For each server ID the largest CSN known; as JSON an object from ID to CSN.
struct ServerPositions: Hashable, Sendable {
  private var numbers: [String: ChangeSequenceNumber] = [:]

  init() {}

  /// Takes the values of an attribute like `contextCSN`; what is no CSN is left out.
  init(_ texts: [String]) {
    for csn in texts.compactMap(ChangeSequenceNumber.init) { note(csn) }
  }

  var isEmpty: Bool { numbers.isEmpty }
  var serverIDs: Set<String> { Set(numbers.keys) }
  /// One CSN a server, in the order of the IDs.
  var all: [ChangeSequenceNumber] { numbers.values.sorted { $0.serverID < $1.serverID } }

  subscript(serverID: String) -> ChangeSequenceNumber? { numbers[serverID] }

  /// Keeps the larger of this CSN and the one known for its server.
  mutating func note(_ csn: ChangeSequenceNumber) {
    if let known = numbers[csn.serverID], known >= csn { return }
    numbers[csn.serverID] = csn
  }

  /// Keeps the larger CSN of each server.
  func merging(_ other: ServerPositions) -> ServerPositions {
    var merged = self
    for csn in other.all { merged.note(csn) }
    return merged
  }

  /// Whether a CSN is at or below the one known for its server.
  func reaches(_ csn: ChangeSequenceNumber) -> Bool {
    numbers[csn.serverID].map { csn <= $0 } ?? false
  }
}

extension ServerPositions: Codable {
  init(from decoder: any Decoder) throws {
    self.init(Array(try decoder.singleValueContainer().decode([String: String].self).values))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(numbers.mapValues(\.text))
  }
}

/// The text of `dse.ldif`, the configuration of 389 Directory Server: changed while the server does not run.
struct DSEFile {
  private struct Entry {
    let dn: String
    var lines: [String]
  }

  private var entries: [Entry] = []

  /// Reads LDIF as the server and its package write it: folded lines, comments, blanks around the colon.
  init(_ ldif: String) {
    let unfolded = ldif.replacing("\n ", with: "")
    for line in unfolded.split(separator: "\n") where !line.hasPrefix("#") {
      if let dn = Self.value(of: "dn", in: line) {
        entries.append(Entry(dn: dn, lines: []))
      } else if !entries.isEmpty {
        entries[entries.endIndex - 1].lines.append(String(line))
      }
    }
  }

  /// Gives `attribute` of the entry `dn` these values and no others; none at all remove it.
  /// - Throws: `SupportError` when the file has no such entry: another version of the server, perhaps.
  mutating func set(_ dn: String, _ attribute: String, _ values: [String]) throws {
    guard let index = entries.firstIndex(where: { $0.dn.lowercased() == dn.lowercased() }) else {
      throw SupportError("dse.ldif of 389 Directory Server has no entry \(dn)")
    }
    entries[index].lines.removeAll { Self.value(of: attribute, in: $0) != nil }
    entries[index].lines += values.map { "\(attribute): \($0)" }
  }

  var text: String {
    entries.map { "dn: \($0.dn)\n" + $0.lines.map { $0 + "\n" }.joined() }.joined(separator: "\n")
  }

  private static func value(of attribute: String, in line: some StringProtocol) -> String? {
    guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == attribute.lowercased() else {
      return nil
    }
    return String(line[line.index(after: colon)...].drop { $0 == ":" || $0 == " " })
  }
}

/// Understands the lines of one record (RFC 2849).
struct LDIFRecordParser {
  private let lines: [LDIFLine]
  private let dn: LDIFLine
  private var position = 1

  /// Takes the lines of one record, at least one.
  init(_ lines: [LDIFLine]) throws(LDIFError) {
    guard let first = lines.first, first.name.lowercased() == "dn" else {
      throw LDIFError(line: lines.first?.number ?? 0, reason: "a record must start with “dn:”")
    }
    self.lines = lines
    dn = first
  }

  mutating func parse() throws(LDIFError) -> LDIFRecord {
    var record = LDIFRecord(dn: try dn.text(), controls: try controls())
    record.line = dn.number
    guard let line = peek, line.name.lowercased() == "changetype" else {
      if let control = record.controls.first {
        throw dn.error("the control \(control.oid) needs a “changetype:” after it")
      }
      record.attributes = try attributes()
      return record
    }
    position += 1
    switch try line.text().lowercased() {
    case "add":
      record.change = .add
      record.attributes = try attributes()
    case "delete": record.change = .delete
    case "modify": record.change = .modify(try modifications())
    case "modrdn", "moddn": record.change = try rename()
    case let type: throw line.error("changetype “\(type)” is unknown; expected add, delete, modify, modrdn or moddn")
    }
    if let rest = peek { throw rest.error("\(rest.shownName) does not belong to this changetype") }
    return record
  }

  private mutating func attributes() throws(LDIFError) -> [(AttributeDescription, [UInt8])] {
    var attributes: [(AttributeDescription, [UInt8])] = []
    while let line = take() { attributes.append((AttributeDescription(line.name), try line.value())) }
    return attributes
  }

  /// `control: OID [true|false] [: value]`.
  private mutating func controls() throws(LDIFError) -> [Control] {
    var controls: [Control] = []
    while let line = peek, line.name.lowercased() == "control" {
      position += 1
      let whole = try line.value()
      let head = whole.prefix { $0 != 0x3A }
      let words = String(decoding: head, as: UTF8.self).lowercased().split(separator: " ")
      guard let oid = words.first, words.count <= 2, ["true", "false"].contains(words.dropFirst().first ?? "false")
      else { throw line.error("expected “control: OID”, then true or false, then the value") }
      // The rest has the form of a line of its own: “: text”, “:: base64”.
      let rest = LDIFLine(number: line.number, bytes: Array("control".utf8) + whole[head.count...])
      let value = head.count < whole.count ? try rest.value() : nil
      controls.append(Control(String(oid), isCritical: words.last == "true", value: value))
    }
    return controls
  }

  private mutating func modifications() throws(LDIFError) -> [LDIFModification] {
    var modifications: [LDIFModification] = []
    while let line = take() {
      guard let operation = LDIFModification.Operation(rawValue: line.name.lowercased()) else {
        throw line.error("expected add, delete, replace or increment, found \(line.shownName)")
      }
      var step = LDIFModification(operation, AttributeDescription(try line.text()))
      while let line = take(), !line.isDash {
        guard AttributeDescription(line.name) == step.attribute else {
          throw line.error(
            "expected another value of the attribute that the step names, or “-”, found \(line.shownName)")
        }
        step.values.append(try line.value())
      }
      modifications.append(step)
    }
    return modifications
  }

  private mutating func rename() throws(LDIFError) -> LDIFChange {
    let newRDN = try field("newrdn").text()
    let deletes = try field("deleteoldrdn")
    guard let deleteOldRDN = ["0": false, "1": true][try deletes.text()] else {
      throw deletes.error("deleteoldrdn must be 0 or 1")
    }
    let newSuperior = peek?.name.lowercased() == "newsuperior" ? try field("newsuperior").text() : nil
    return .rename(newRDN: newRDN, deleteOldRDN: deleteOldRDN, newSuperior: newSuperior)
  }

  private mutating func field(_ name: String) throws(LDIFError) -> LDIFLine {
    guard let line = take(), line.name.lowercased() == name else {
      throw LDIFError(line: lines[min(position, lines.count) - 1].number, reason: "expected “\(name):” here")
    }
    return line
  }

  private var peek: LDIFLine? { position < lines.count ? lines[position] : nil }

  private mutating func take() -> LDIFLine? {
    guard let line = peek else { return nil }
    position += 1
    return line
  }
}

/// Compares what the connector holds with what the directory returned, value for value.
package enum Judge {
  /// What is never compared as an attribute: passwords are not stored, and IDs are compared as the ID.
  package static let ignoredByDefault: Set<String> = ["userpassword", "entryuuid", "nsuniqueid"]

  /// The differences between the output of `objects --json` and the entries of `ldapsearch`.
  /// - Returns: the first 20 in words; empty means the same.
  package static func differences(
    objectsJSONLines: [UInt8], directory: [DirectoryEntry], id: String = "entryUUID",
    ignoring: Set<String> = ignoredByDefault
  ) throws -> [String] {
    let objects = try ExportedObject.parse(jsonLines: objectsJSONLines)
    return differences(objects: objects, directory: directory, id: id, ignoring: ignoring)
  }

  /// The differences between objects and entries: the set of DNs (byte for byte), the ID, object
  /// classes, and every attribute's set of values.
  ///
  /// - Parameters:
  ///   - id: the attribute that is the objects' ID; the entries must have been asked for with it.
  ///   - ignoring: attribute descriptions, in lower case, that are not compared.
  /// - Returns: the first 20 in words; empty means the same.
  package static func differences(
    objects: [ExportedObject], directory: [DirectoryEntry], id: String = "entryUUID",
    ignoring: Set<String> = ignoredByDefault
  ) -> [String] {
    var report = Report()
    var unmatched: [[UInt8]: ExportedObject] = [:]
    for object in objects where unmatched.updateValue(object, forKey: Array(object.dn.utf8)) != nil {
      report.add("\(object.dn): two objects have this DN")
    }
    let twice = Dictionary(grouping: objects, by: \.id).filter { $1.count > 1 }.keys.sorted()
    for id in twice { report.add("two objects have the ID \(id)") }
    for entry in directory {
      guard let object = unmatched.removeValue(forKey: Array(entry.dn.utf8)) else {
        report.add("\(entry.dn): in the directory, but no object has this DN")
        continue
      }
      compareID(object, entry, id, &report)
      compare(object, entry, ignoring, &report)
    }
    for object in unmatched.values.sorted(by: { $0.dn < $1.dn }) {
      report.add("\(object.dn): an object, but not in the directory")
    }
    return report.lines
  }

  private static func compareID(
    _ object: ExportedObject, _ entry: DirectoryEntry, _ attribute: String, _ report: inout Report
  ) {
    let id = entry.strings(attribute).first
    guard object.id != id else { return }
    report.add("\(entry.dn): its ID is \(object.id), its \(attribute) \(id ?? "not among the attributes")")
  }

  private static func compare(
    _ object: ExportedObject, _ entry: DirectoryEntry, _ ignoring: Set<String>, _ report: inout Report
  ) {
    let classes = object.objectClasses.map { Array($0.utf8) }
    var ignoring = ignoring
    if object.attributes["objectclass"] == nil { ignoring.insert("objectclass") }
    compare("objectClasses", classes, entry.attributes["objectclass"] ?? [], entry.dn, &report)
    for name in Set(object.attributes.keys).union(entry.attributes.keys).subtracting(ignoring).sorted() {
      compare(name, object.attributes[name] ?? [], entry.attributes[name] ?? [], entry.dn, &report)
    }
  }

  private static func compare(
    _ name: String, _ held: [[UInt8]], _ returned: [[UInt8]], _ dn: String, _ report: inout Report
  ) {
    guard !sameValues(held, returned) else { return }
    let extra = Set(held).subtracting(returned).map(readable).sorted().prefix(3)
    let missing = Set(returned).subtracting(held).map(readable).sorted().prefix(3)
    report.add(
      "\(dn): \(name): \(held.count) values held, \(returned.count) in the directory; only held: "
        + "[\(extra.joined(separator: ", "))]; only in the directory: [\(missing.joined(separator: ", "))]")
  }

  private struct Report {
    private var count = 0
    private var shown: [String] = []

    mutating func add(_ line: String) {
      count += 1
      if count <= 20 { shown.append(line) }
    }

    var lines: [String] { count > 20 ? shown + ["… and \(count - 20) more"] : shown }
  }
}

/// Whether two lists hold the same values, in any order and equally often.
func sameValues(_ left: [[UInt8]], _ right: [[UInt8]]) -> Bool {
  if left == right { return true }
  guard left.count == right.count else { return false }
  return left.sorted(by: precedes) == right.sorted(by: precedes)
}

private func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool { left.lexicographicallyPrecedes(right) }

/// A value as text where it is short and printable, else its size and first bytes.
func readable(_ value: [UInt8]) -> String {
  if let text = String(validating: value, as: UTF8.self), !text.contains(where: \.isNewline), value.count <= 80 {
    return "\"\(text)\""
  }
  return "\(value.count) bytes from \(value.prefix(12).map { String($0, radix: 16) }.joined(separator: " "))"
}

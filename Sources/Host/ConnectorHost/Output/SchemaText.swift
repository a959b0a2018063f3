/// The schema for a person: a line an item, or everything of the one that was picked.
struct SchemaText {
  private let report: SchemaReport

  init(_ report: SchemaReport) { self.report = report }

  var text: String {
    let isPicked = report.objectClasses.count + report.attributes.count <= 2
    let classes = report.objectClasses.map { isPicked ? Self.whole($0) : Self.line($0) }
    let attributes = report.attributes.map { isPicked ? Self.whole($0) : Self.line($0) }
    return [
      Self.section("Object classes", classes), Self.section("Attributes", attributes),
      Self.section("Definitions with problems", report.problems.map { ["  " + $0] }),
    ].compactMap(\.self).joined(separator: "\n\n")
  }

  private static func section(_ title: String, _ items: [[String]]) -> String? {
    items.isEmpty ? nil : (["\(title):"] + items.flatMap(\.self)).joined(separator: "\n")
  }

  private static func line(_ item: SchemaReport.Class) -> [String] {
    let superiors = item.superiors.isEmpty ? "" : " < " + item.superiors.joined(separator: " < ")
    let counts = item.allowsAll ? "every attribute" : "\(item.must.count) required, \(item.may.count) allowed"
    return ["  \(item.name)\(superiors)  (\(item.kind), \(counts))"]
  }

  private static func line(_ item: SchemaReport.Attribute) -> [String] {
    ["  \(item.name)  (\(([syntax(of: item)] + traits(of: item)).joined(separator: ", ")))"]
  }

  private static func whole(_ item: SchemaReport.Class) -> [String] {
    let may = item.allowsAll ? ["every attribute"] : item.may
    return heading(item.name, item.oid, item.aliases, item.description)
      + ["    \(item.kind)\(item.obsolete ? ", obsolete" : "")"] + list("inherits", item.superiors)
      + list("required", item.must) + list("allowed", may)
  }

  private static func whole(_ item: SchemaReport.Attribute) -> [String] {
    heading(item.name, item.oid, item.aliases, item.description)
      + ["    \(syntax(of: item)) \(item.syntax ?? "")", "    " + traits(of: item).joined(separator: ", ")]
      + list("derived from", item.superior.map { [$0] } ?? []) + list("equality", item.equality.map { [$0] } ?? [])
  }

  private static func heading(_ name: String, _ oid: String, _ aliases: [String], _ description: String?) -> [String] {
    let others = aliases.isEmpty ? "" : ", also \(aliases.joined(separator: ", "))"
    return ["  \(name) (\(oid))\(others)"] + (description.map { $0.isEmpty ? [] : ["    \($0)"] } ?? [])
  }

  private static func list(_ title: String, _ items: [String]) -> [String] {
    items.isEmpty ? [] : ["    \(title): \(items.joined(separator: ", "))"]
  }

  private static func syntax(of item: SchemaReport.Attribute) -> String {
    item.syntaxName ?? item.syntax ?? "no syntax"
  }

  private static func traits(of item: SchemaReport.Attribute) -> [String] {
    [item.singleValued ? "single" : "multi"] + (item.binary ? ["binary"] : [])
      + (item.reference ? ["reference"] : []) + (item.operational ? ["operational"] : [])
      + (item.userModifiable ? [] : ["read-only"])
  }
}

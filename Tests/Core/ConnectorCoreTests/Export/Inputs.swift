@testable import ConnectorCore

/// Reads inputs for tests, and writes what was read in a short form.
enum Inputs {
  static let context = InputContext(
    feed: "own", passwordAttribute: "unicodePwd", secretAttributes: ["userPassword", "unicodePwd", "olcRootPW"])

  static func read(_ text: String) -> ExportInput { ExportInput(bytes: Array(text.utf8), context: context) }

  /// Each change as `line kind target edits password`.
  static func summary(_ text: String) -> [String] { read(text).changes.map(summary) }

  static func summary(_ change: DesiredChange) -> String {
    let target = [("id", change.target.id), ("anchor", change.target.anchor), ("dn", change.target.dn)]
      .compactMap { name, value in value.map { "\(name)=\($0)" } }
    var parts = ["\(change.line)", kind(change.kind)] + target + change.edits.map(summary)
    if let password = change.password {
      let text = password.secret.withBytes { String(decoding: $0, as: UTF8.self) }
      parts.append("password=\(text)" + (password.isHashed ? " hashed" : ""))
    }
    return parts.joined(separator: " | ")
  }

  private static func kind(_ kind: DesiredChange.Kind) -> String {
    switch kind {
    case .add: "add"
    case .update: "update"
    case .rename(.dn(let dn)): "rename to \(dn)"
    case .rename(.request(let rdn, let deletes, let superior)): "rename \(rdn) \(deletes) \(superior ?? "-")"
    case .delete: "delete"
    case .enable: "enable"
    case .disable: "disable"
    }
  }

  private static func summary(_ edit: AttributeEdit) -> String {
    switch edit.form {
    case .replace(let values, let expected):
      "\(edit.attribute)=\(list(values))" + (expected.map { " was \(list($0))" } ?? "")
    case .change(let add, let remove): "\(edit.attribute)+\(list(add))-\(list(remove))"
    }
  }

  private static func list(_ values: [[UInt8]]) -> String {
    "[" + values.map { String(validating: $0, as: UTF8.self) ?? "\($0)" }.joined(separator: ",") + "]"
  }
}

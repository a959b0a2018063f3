import Yams

/// How a setting is written in the file: one scalar, or a list of them.
struct SettingForm<Value: Sendable>: Sendable {
  /// What a value looks like, in words that follow "expected".
  let expected: String
  /// Reads a node, or reports the problem and returns nil.
  let read: @Sendable (_ node: Node, _ path: String, _ reader: inout ConfigurationReader) -> Value?
  /// The value as YAML; nil where it is not set.
  let write: @Sendable (Value) -> String?
}

extension SettingForm {
  /// One scalar.
  static func one(_ form: ScalarForm<Value>) -> SettingForm {
    SettingForm(expected: form.expected) { node, path, reader in
      reader.scalar(node, form, path)
    } write: { value in
      form.yaml(value)
    }
  }

  /// One scalar that may be left out; the file then does not have the key.
  static func maybe<Wrapped>(_ form: ScalarForm<Wrapped>) -> SettingForm where Value == Wrapped? {
    SettingForm(expected: form.expected) { node, path, reader in
      reader.scalar(node, form, path)
    } write: { value in
      value.map(form.yaml)
    }
  }

  /// A list of scalars, each with its own position in messages.
  static func list<Element>(of form: ScalarForm<Element>, _ expected: String) -> SettingForm where Value == [Element] {
    SettingForm(expected: expected) { node, path, reader in
      guard let items = reader.items(of: node, at: path, expected: expected) else { return nil }
      let values = items.map { reader.scalar($0.node, form, $0.path) }
      return values.contains { $0 == nil } ? nil : values.compactMap(\.self)
    } write: { values in
      YAMLText.list(values.map(form.write))
    }
  }
}

extension Node {
  /// What stands here, for a message.
  var inWords: String {
    switch self {
    case .scalar(let scalar) where scalar.isNothing: "nothing"
    case .scalar(let scalar) where scalar.string.count > 60: "“\(scalar.string.prefix(60))…”"
    case .scalar(let scalar): "“\(scalar.string)”"
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }
}

extension Node.Scalar {
  /// Whether this is YAML's null: nothing at all, `~` or `null`.
  var isNothing: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(string) }
  /// Whether the text stands without quotes.
  var isPlain: Bool { style == .plain || style == .any }
}

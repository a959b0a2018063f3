import Yams

/// One key of the configuration file: the one place that knows its name, form, meaning, and where its value goes.
///
/// The reader takes the expected form from here, and the template its comments, so that the two cannot differ.
package struct Setting<Root: Sendable>: Sendable {
  /// The key inside its section.
  package let key: String
  /// What a value looks like, in words that follow "expected".
  package let expected: String
  /// The default in words; nil where the file must have the key.
  package let defaultText: String?
  /// What the setting is for.
  package let explanation: String
  /// What the template shows in a comment where the key is not set.
  package let example: String
  /// Takes the value of a node over into the configuration, or reports why not.
  let read: @Sendable (_ node: Node, _ path: String, _ reader: inout ConfigurationReader, _ root: inout Root) -> Void
  /// The value as YAML; nil where it is not set.
  let write: @Sendable (Root) -> String?

  /// Joins a key with its form, its place in the configuration, and its meaning; the default is the place's own.
  init<Value>(
    _ key: String, _ form: SettingForm<Value>, _ place: any WritableKeyPath<Root, Value> & Sendable, of defaults: Root,
    isRequired: Bool = false, unset: String = "not set", example: String = "", _ explanation: String
  ) {
    self.key = key
    self.expected = form.expected
    self.explanation = explanation
    self.example = example
    defaultText = isRequired ? nil : form.write(defaults[keyPath: place]) ?? unset
    read = { node, path, reader, root in
      if let value = form.read(node, path, &reader) { root[keyPath: place] = value }
    }
    write = { form.write($0[keyPath: place]) }
  }
}

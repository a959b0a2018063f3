/// Writes a configuration as a file that a person can read without a manual: every key, its meaning and its default.
package struct ConfigurationTemplate {
  /// What the file says.
  package var configuration: Configuration
  /// Lines at the top, such as when and from what the file was made.
  package var header: [String] = []
  /// Further comment lines above a key, by path; what detection found.
  package var notes: [String: [String]] = [:]

  package init(_ configuration: Configuration) { self.configuration = configuration }

  /// The text of the file; `ConfigurationFile` reads the same configuration from it.
  package var text: String {
    let rows = Settings.table.map { row in lines(of: row).joined(separator: "\n") }
    return (header.map(Self.comment) + [""] + [rows.joined(separator: "\n\n")]).joined(separator: "\n") + "\n"
  }

  private func lines(of row: Settings.Row) -> [String] {
    switch row {
    case .setting(let setting):
      return lines(of: setting, in: configuration, path: setting.key)
    case .section(let key, let explanation, let settings):
      return heading(key, explanation)
        + settings.flatMap { lines(of: $0, in: configuration, path: "\(key).\($0.key)").map { "  " + $0 } }
    case .partitions(let key, let explanation, let settings):
      return heading(key, explanation)
        + configuration.partitions.enumerated().flatMap { item($1, settings, isFirst: $0 == 0, path: "\(key)[\($0)]") }
    }
  }

  private func heading(_ key: String, _ explanation: String) -> [String] {
    Self.wrapped(explanation) + (notes[key] ?? []).flatMap(Self.wrapped) + ["\(key):"]
  }

  /// A list item; the comments stand in the first one alone.
  private func item(
    _ partition: Configuration.Partition, _ settings: [Setting<Configuration.Partition>], isFirst: Bool, path: String
  ) -> [String] {
    let lines = settings.flatMap { setting in
      self.lines(of: setting, in: partition, path: "\(path).\(setting.key)").filter { isFirst || !$0.hasPrefix("#") }
    }
    let start = lines.firstIndex { !$0.hasPrefix("#") } ?? 0
    return lines.enumerated().map { ($0 == start ? "  - " : $0 < start ? "  " : "    ") + $1 }
  }

  private func lines<Root>(of setting: Setting<Root>, in root: Root, path: String) -> [String] {
    let defaultText = setting.defaultText.map { "Default: \($0)." } ?? "Must be set."
    let expected = setting.expected.prefix(1).uppercased() + setting.expected.dropFirst()
    let value = setting.write(root).map { "\(setting.key): \($0)" } ?? "# \(setting.key): \(setting.example)"
    return Self.wrapped(setting.explanation) + Self.wrapped("\(expected). \(defaultText)")
      + (notes[path] ?? []).flatMap(Self.wrapped) + [value]
  }

  private static func comment(_ line: String) -> String { line.isEmpty ? "#" : "# " + line }

  /// Breaks a text into comment lines of about 100 columns; line breaks and control characters become spaces.
  private static func wrapped(_ text: String) -> [String] {
    var lines = [""]
    for word in text.split(whereSeparator: { $0.isWhitespace || $0.asciiValue.map { $0 < 32 } ?? false }) {
      if lines[lines.count - 1].count + word.count > 98 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines.map(comment)
  }
}

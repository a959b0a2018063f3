import ConnectorCore

/// Says why a key does not belong where it stands, and what to write instead.
enum UnknownKey {
  static func message(for name: String, among keys: [String]) -> String {
    if ["password", "passwd", "bindpw", "bindpassword", "secret"].contains(name.lowercased()) {
      return "`\(name)` is refused: a password in this file would be read by all who see the file, its backups and its "
        + "history. Name an environment variable in `bind.passwordEnvironment`, or a file in `bind.passwordFile`"
    }
    return "`\(name)` is no setting here; " + remedy(for: name, among: keys)
  }

  private static func remedy(for name: String, among keys: [String]) -> String {
    if let near = NearestName.to(name, among: keys) { return "did you mean `\(near)`?" }
    if let elsewhere = path(of: name) { return "it belongs to \(elsewhere)" }
    return "valid are " + keys.map { "`\($0)`" }.joined(separator: ", ")
  }

  /// Where in the table a key of this name is, letter case aside.
  private static func path(of name: String) -> String? {
    Settings.table.lazy.compactMap { row in
      row.paths.first { $0.split(separator: ".").last?.lowercased() == name.lowercased() }.map { path in
        path == row.key ? "the top level of the file" : "`\(row.key)`"
      }
    }.first
  }
}

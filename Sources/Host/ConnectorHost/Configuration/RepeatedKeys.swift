import Yams

/// Lets a file whose mappings repeat a key be read nevertheless, so that one such mistake does not hide all others.
///
/// Yams stops at a repeated key. Its first occurrence is replaced, in memory, by a name that no setting has.
enum RepeatedKeys {
  /// A key that stands twice in one mapping.
  struct Found {
    var key: String
    /// Where it stands first.
    var mark: Mark
    /// The name that stands there now.
    var placeholder: String
  }

  /// The top node of a text, and the keys that it repeats.
  /// - Throws: `YamlError` where the text is no YAML, or repeats keys in a form that cannot be mended.
  static func compose(_ text: String) throws -> (root: Node?, found: [Found]) {
    var text = text
    var found: [Found] = []
    while true {
      do {
        // Settings read their scalars themselves; resolving tags costs regular expressions.
        return (try Parser(yaml: text, resolver: .basic).singleRoot(), found)
      } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
        guard let key = duplicates.first, found.count < 100,
          let place = place(of: key, at: context.mark, in: text)
        else { throw YamlError.duplicatedKeysInMapping(duplicates: duplicates, context: context) }
        let placeholder = "repeated\u{1F}\(found.count)"
        text.replaceSubrange(place, with: "\"repeated\\x1F\(found.count)\"")
        found.append(Found(key: key, mark: context.mark, placeholder: placeholder))
      }
    }
  }

  private static func place(of key: String, at mark: Mark, in text: String) -> Range<String.Index>? {
    let scalars = text.unicodeScalars
    var start = scalars.startIndex
    for _ in 1..<max(1, mark.line) {
      guard let end = scalars[start...].firstIndex(of: "\n") else { return nil }
      start = scalars.index(after: end)
    }
    guard let first = scalars.index(start, offsetBy: mark.column - 1, limitedBy: scalars.endIndex),
      scalars[first...].starts(with: key.unicodeScalars)
    else { return nil }
    return first..<scalars.index(first, offsetBy: key.unicodeScalars.count)
  }
}

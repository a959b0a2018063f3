/// The parts of a schema definition (RFC 4512 §4.1) that say nothing to a machine.
enum DefinitionText {
  /// The quoted strings after `DESC` and after extensions, without their quotation marks, in order.
  static func freeTexts(of definition: String) -> [Substring] {
    var found: [Substring] = []
    var keyword: Substring = ""
    var position = definition.startIndex
    while position < definition.endIndex {
      let rest = definition[position...]
      switch definition[position] {
      case "'":
        let text = rest.dropFirst().prefix { $0 != "'" }
        if keyword == "DESC" || keyword.hasPrefix("X-") { found.append(text) }
        position = text.endIndex < definition.endIndex ? definition.index(after: text.endIndex) : text.endIndex
      case " ", "(", ")", "$": position = definition.index(after: position)
      default:
        keyword = rest.prefix { !" ()$'".contains($0) }
        position = keyword.endIndex
      }
    }
    return found
  }
}

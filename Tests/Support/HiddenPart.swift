/// A part of a directory that the connector's account can be kept from seeing.
package enum HiddenPart: Sendable {
  /// The entry and everything below it.
  case subtree(String)
  /// An attribute of all entries.
  case attribute(String)
}

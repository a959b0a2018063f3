import ArgumentParser

/// `--adapters DIR`, which every command takes, before its name or after it.
///
/// It is taken out before the command line is read: no command needs to know of it, and none can forget it.
struct AdapterOption {
  static let name = "--adapters"
  /// The folder, nil where the option was not given.
  let folder: String?
  /// Everything else.
  let arguments: [String]

  init(_ all: [String]) throws {
    let end = all.firstIndex(of: "--") ?? all.endIndex
    var folder: String?
    var rest: [String] = []
    var words = all[..<end].makeIterator()
    while let word = words.next() {
      guard word == Self.name || word.hasPrefix(Self.name + "=") else {
        rest.append(word)
        continue
      }
      guard folder == nil else { throw ValidationError("Give --adapters once; one folder holds all adapters.") }
      folder = word == Self.name ? words.next() : String(word.dropFirst(Self.name.count + 1))
      guard let folder, !folder.isEmpty, !folder.hasPrefix("-") else {
        throw ValidationError("--adapters needs the path of a folder.")
      }
    }
    self.folder = folder
    arguments = rest + all[end...]
  }
}

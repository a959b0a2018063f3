/// Why a shared object is not taken as an adapter, and what to do.
struct AdapterProblem: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  static let notSharedObject = AdapterProblem(
    "is no shared object of 64 bits (ELF); a folder of adapters holds libraries that `swift build` made, and no other"
  )
  static let otherMachine = AdapterProblem("was built for another processor; rebuild it on a machine like this one")
  static let damaged = AdapterProblem("is damaged or cut short; copy it again, or rebuild it")
}

/// Shared objects that were refused; a folder of adapters is taken as a whole or not at all, because without one of its
/// adapters another would serve a directory that it does not understand.
package struct AdaptersRefused: Error, Sendable, Equatable, CustomStringConvertible {
  /// One file, or the folder itself.
  package struct Refusal: Sendable, Equatable, Encodable {
    package let file: String
    /// Why, and what to do.
    package let reason: String
  }

  /// In the order of the folder.
  package let refusals: [Refusal]

  init(_ refusals: [Refusal]) { self.refusals = refusals }

  init(_ file: String, _ problem: AdapterProblem) {
    self.init([Refusal(file: file, reason: problem.description)])
  }

  /// Stands before every file's line.
  static let prefix = "adapter refused: "

  /// A line a file.
  package var description: String {
    refusals.map { "\(Self.prefix)\($0.file) \($0.reason)" }.joined(separator: "\n")
  }
}

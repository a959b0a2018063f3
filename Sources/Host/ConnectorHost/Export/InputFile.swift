import ConnectorCore
import Foundation

/// The file with the desired changes, `-` for standard input.
enum InputFile {
  /// - Throws: `CommandFailure` where it cannot be read.
  static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    if path == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.failure, "\(path) cannot be read; check that it exists and who may read it.")
    }
    return Array(data)
  }
}

/// The passwords of an input, by line.
struct InputPasswords: Sendable {
  private let byLine: [Int: Secret]
  private let hash: @Sendable (Secret, Int) -> String

  init(_ input: ExportInput?, hash: @escaping @Sendable (Secret, Int) -> String) {
    byLine = Dictionary((input?.changes ?? []).compactMap { $0.password.map { ($0.line, $0.secret) } }) { first, _ in
      first
    }
    self.hash = hash
  }

  /// The password that a plan means; nil where the line holds another one, or none.
  func secret(_ reference: SecretReference) -> Secret? {
    guard let secret = byLine[reference.line], hash(secret, reference.line) == reference.hash else { return nil }
    return secret
  }
}

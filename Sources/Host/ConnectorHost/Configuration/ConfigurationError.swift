/// One thing that is wrong in a configuration file, and where.
package struct ConfigurationProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file as the operator named it.
  package var file: String
  /// The line from 1; nil where the whole file is meant.
  package var line: Int?
  /// The column from 1, in characters.
  package var column: Int?
  /// What is wrong and what was expected; never holds a secret.
  package var message: String

  package init(file: String, line: Int? = nil, column: Int? = nil, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// `file:line:column: message`, the form that editors jump to.
  package var description: String {
    guard let line, let column else { return "\(file): \(message)" }
    return "\(file):\(line):\(column): \(message)"
  }
}

/// Says everything that is wrong in a configuration at once; nothing of it was applied.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The problems in the order of the file.
  package var problems: [ConfigurationProblem]

  package init(_ problems: [ConfigurationProblem]) {
    self.problems = problems.enumerated()
      .sorted {
        ($0.element.line ?? 0, $0.element.column ?? 0, $0.offset)
          < ($1.element.line ?? 0, $1.element.column ?? 0, $1.offset)
      }
      .map(\.element)
  }

  /// A problem a line.
  package var description: String { problems.map(\.description).joined(separator: "\n") }
}

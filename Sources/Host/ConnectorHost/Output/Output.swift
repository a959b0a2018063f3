@preconcurrency import Glibc

/// Where a command writes: facts to standard output, everything else to standard error.
package struct Output: Sendable {
  private let toOutput: @Sendable (String) -> Void
  private let toError: @Sendable (String) -> Void
  /// Whether a person watches standard error, so that a progress line makes sense.
  package let showsProgress: Bool

  /// Takes the two destinations.
  package init(
    showsProgress: Bool = false, output: @escaping @Sendable (String) -> Void,
    error: @escaping @Sendable (String) -> Void
  ) {
    self.showsProgress = showsProgress
    toOutput = output
    toError = error
  }

  /// The process's own; a reader that hung up ends the process, as the ignored SIGPIPE would have.
  package static let standard = Output(showsProgress: isatty(STDERR_FILENO) == 1) { text in
    if fputs(text, stdout) == EOF, errno == EPIPE { exit(128 + SIGPIPE) }
  } error: { text in
    fputs(text, stderr)
  }

  /// Writes a line of facts.
  package func line(_ text: String = "") { toOutput(text + "\n") }

  /// Writes a line for a person: an error, a warning, a remark.
  package func error(_ text: String) { toError(text + "\n") }

  /// Replaces the progress line; does nothing where nobody watches.
  package func progress(_ text: String) {
    if showsProgress { toError("\r\u{1B}[K" + text) }
  }
}

/// A line on the terminal that counts what has been done so far, and how fast.
package actor ProgressLine {
  private let output: Output
  private let subject: String
  private let start = ContinuousClock.now
  private var shownAt: ContinuousClock.Instant?

  /// - Parameter subject: what is counted, such as `entries read`.
  package init(_ subject: String, output: Output) {
    self.subject = subject
    self.output = output
  }

  /// Shows a new count, ten times a second at most.
  package func update(_ count: Int) {
    let now = ContinuousClock.now
    guard output.showsProgress, shownAt.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
    shownAt = now
    let seconds = (now - start) / .seconds(1)
    let rate = seconds > 0.5 ? ", \(Int(Double(count) / seconds)) a second" : ""
    output.progress("\(count) \(subject)\(rate)")
  }

  /// Takes the line away.
  package func finish() {
    if shownAt != nil { output.progress("") }
    shownAt = nil
  }
}

/// Why a plan is not carried out at all.
package struct ExportRefused: Error, Hashable, Sendable, CustomStringConvertible {
  package let reason: String
  package let remedy: String

  package init(_ reason: String, remedy: String) {
    self.reason = reason
    self.remedy = remedy
  }

  package var description: String { "The plan is refused: \(reason). \(remedy)" }
}

extension ExportPlan {
  /// - Throws: `ExportRefused` for a plan of another version, of another feed or for another adapter.
  package func check(feed: String, adapter: String) throws {
    let remedy = "Make a plan anew with `export plan`."
    guard format == Self.currentFormat else {
      throw ExportRefused(
        "it has the form of version \(format), and this connector knows version \(Self.currentFormat)", remedy: remedy)
    }
    guard self.feed == feed else {
      throw ExportRefused("it was made with another connector space (feed \(self.feed), here \(feed))", remedy: remedy)
    }
    guard self.adapter == adapter else {
      throw ExportRefused("it was made for the adapter \(self.adapter), and here \(adapter) serves", remedy: remedy)
    }
    guard Set(operations.map(\.number)).count == operations.count else {
      throw ExportRefused("two of its operations have the same number", remedy: remedy)
    }
  }
}

@testable import ConnectorLDAP

/// A server's virtual list of numbers, and a client that reads it to its end.
struct ListModel {
  /// How the server treats changes, offsets and sizes.
  struct Manners: CustomStringConvertible {
    /// It keeps the list of the first request, and leaves out what is deleted since.
    var keepsList = false
    /// It gives an offset behind the end the last entry instead of an error.
    var clampsOffsets = false
    /// It does not say how long the list is.
    var hidesCount = false
    /// It counts these entries and does not show them.
    var hides: @Sendable (Int) -> Bool = { _ in false }
    /// The most entries that it gives at a time.
    var most = Int.max

    var description: String {
      "keeps \(keepsList), clamps \(clampsOffsets), hides count \(hidesCount), most \(most == .max ? 0 : most)"
    }
  }

  var entries: [Int]
  var manners = Manners()
  private(set) var handedOut: [Int] = []
  private(set) var requests = 0
  private var kept: [Int]?

  init(_ entries: some Sequence<Int>, _ manners: Manners = Manners()) {
    self.entries = entries.sorted()
    self.manners = manners
  }

  /// Reads the list; `change` runs between two windows.
  mutating func read(pageSize: Int, change: (inout ListModel) -> Void = { _ in }) throws {
    var progress = ListProgress(pageSize: pageSize)
    while true {
      let (shown, answer) = answer(progress.window)
      requests += 1
      for entry in shown where progress.take(Array("\(entry)".utf8)) { handedOut.append(entry) }
      guard try progress.advance(answer, "search") else { return }
      change(&self)
    }
  }

  private mutating func answer(_ window: VirtualList.Window) -> ([Int], VirtualList.Answer) {
    let list = manners.keepsList ? kept ?? entries : entries
    kept = list
    let count = manners.hidesCount ? 0 : list.count
    var start = window.start
    if start > list.count {
      guard manners.clampsOffsets || list.isEmpty else { return ([], .outside(view(0, count))) }
      start = max(1, list.count)
    }
    let part = list.dropFirst(start - 1).prefix(window.count)
    let there = Set(entries)
    let shown = part.filter { there.contains($0) && !manners.hides($0) }.prefix(manners.most)
    return (Array(shown), .view(view(list.isEmpty ? 0 : start, count)))
  }

  private func view(_ position: Int, _ count: Int) -> VirtualList.View {
    VirtualList.View(position: position, contentCount: count)
  }
}

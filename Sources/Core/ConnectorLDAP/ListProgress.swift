import ConnectorCore

/// How far a virtual list was read, and which window of it comes next.
///
/// Some servers keep the list of the first request, others cut every window from the list as it is by then, and
/// positions shift under the reader. So windows overlap, and positions are not trusted: new is what follows an entry
/// that was handed out before. Where a window holds none of those, windows around it are looked at; where no window
/// does, the list is read from its start again, for an entry that comes twice is harmless, and one that is missing not.
struct ListProgress {
  /// Entries of a window that were handed out already.
  private static let usualOverlap = 20
  /// The most entries that one window asks for.
  private static let largestWindow = 1 << 24
  /// How often the list is read from its start again.
  private static let mostRestarts = 3

  /// What to ask for.
  private(set) var window: VirtualList.Window
  /// What to bring back to the server.
  private(set) var contextID: [UInt8]?
  private let size: Int
  private let overlap: Int
  private var recent = RecentNames()
  /// Entries handed out since the list was begun, or begun again.
  private var handedOut = 0
  private var restarts = 0
  /// The most entries that a window has brought; some servers give less than was asked for.
  private var largestAnswer = 1
  private var tally = Tally()
  private var search: SearchAround?
  /// Windows in a row that brought nothing new.
  private var idle = 0

  /// The entries of the window under way.
  private struct Tally {
    var received = 0
    var new = 0
    /// The place in the window of the last entry that was handed out before, from zero.
    var known: Int?
  }

  /// - Parameter pageSize: the entries of a window; at least two, one of which was seen before.
  init(pageSize: Int) {
    size = max(2, min(pageSize, Self.largestWindow))
    overlap = min(Self.usualOverlap, size / 2)
    window = VirtualList.Window(start: 1, count: size)
  }

  /// Takes the next entry of the window; false where it must not be handed out, because that was done before.
  mutating func take(_ dn: [UInt8]) -> Bool {
    tally.received += 1
    if recent.contains(dn) {
      tally.known = tally.received - 1
      return false
    }
    guard handedOut == tally.new || tally.known != nil else { return false }
    recent.append(dn)
    handedOut += 1
    tally.new += 1
    return true
  }

  /// Moves on after a window; false at the end of the list.
  /// - Throws: `DirectoryError` (busy) where the list changes faster than it can be read.
  mutating func advance(_ answer: VirtualList.Answer, _ operation: String) throws -> Bool {
    let (view, isOutside) =
      switch answer {
      case .view(let view): (view, false)
      case .outside(let view): (view ?? VirtualList.View(contextID: contextID), true)
      }
    contextID = view.contextID
    // A server may answer an offset behind the end with the last entries.
    let start = (1...window.start).contains(view.position) && !isOutside ? view.position : window.start
    let total = view.contentCount > 0 ? view.contentCount : nil
    if isOutside, handedOut == 0, let total { throw Self.contradiction(total, operation) }
    let isLost = handedOut > 0 && tally.new == 0 && tally.known == nil
    idle = tally.new > 0 ? 0 : idle + 1
    largestAnswer = max(largestAnswer, min(tally.received, size))
    let next = isLost ? try lookAround(start, total, isOutside, operation) : follow(start, total, isOutside)
    tally = Tally()
    guard let next else { return false }
    guard idle < 1000 + 2 * handedOut / size else { throw Self.tooFast(operation) }
    window = next
    return true
  }

  /// The window after one that has something known in it, or is the first; nil at the end.
  private mutating func follow(_ start: Int, _ total: Int?, _ isOutside: Bool) -> VirtualList.Window? {
    search = nil
    let left = total.map { max(0, $0 - start + 1) }
    let reachesEnd =
      isOutside || left.map { max(window.count, tally.received) >= $0 } ?? (tally.received < window.count)
    let missing = max(0, window.count - tally.received)
    let isWhole = left.map { tally.received >= $0 } ?? false
    // All that is left, and room for more: nothing can come behind it.
    if isWhole && missing > 0 { return nil }
    if tally.new == 0, missing > 0 {
      let known = tally.known ?? 0
      if reachesEnd && known == 0 { return nil }
      // The server counts entries that it does not show, deleted or hidden ones: reach over them. Or it gives less than
      // was asked for: begin at the last one known.
      return larger(from: start + known, reachesEnd ? window.count : window.count * 2)
    }
    if tally.new == 0 && reachesEnd { return nil }
    // By the count of what came, for a server may also give less than was asked for.
    return larger(from: max(start, start + tally.received - overlap), size + missing)
  }

  /// The next window in which something known may be, or nil where the whole list is gone.
  private mutating func lookAround(
    _ start: Int, _ total: Int?, _ isOutside: Bool, _ operation: String
  ) throws -> VirtualList.Window? {
    if start == 1, tally.received == 0, total == nil { return nil }
    let isLast = isOutside || total.map { start + window.count > $0 } ?? (tally.received < window.count)
    var around = search ?? SearchAround(from: min(start, (total ?? start) + 1), step: largestAnswer)
    let next = around.next(after: start, isLast: isLast)
    search = next == nil ? nil : around
    return try next.map { VirtualList.Window(start: $0, count: size) } ?? restart(operation)
  }

  /// The first window, when nothing known is left in the list; also what was known before counts as new.
  private mutating func restart(_ operation: String) throws -> VirtualList.Window {
    guard restarts < Self.mostRestarts else { throw Self.tooFast(operation) }
    restarts += 1
    recent = RecentNames()
    handedOut = 0
    return VirtualList.Window(start: 1, count: size)
  }

  private func larger(from start: Int, _ count: Int) -> VirtualList.Window {
    VirtualList.Window(start: start, count: min(max(size, count), Self.largestWindow))
  }

  private static func contradiction(_ total: Int, _ operation: String) -> DirectoryError {
    DirectoryError(
      .offsetRangeError, operation: operation,
      message: "the server says that the first entry lies outside its list of \(total)")
  }

  private static func tooFast(_ operation: String) -> DirectoryError {
    DirectoryError(
      .busy, operation: operation,
      message: "the list changed faster than it could be read, so entries may have been missed; try again when fewer "
        + "entries are added and deleted, or take a larger page size")
  }
}

/// The windows around a place, nearest first, back to the start and on to the end of the list.
private struct SearchAround {
  private let step: Int
  /// Where the next window back starts, nil when the start of the list was looked at.
  private var back: Int?
  /// Where the next window on starts, nil when the end of the list was looked at.
  private var forth: Int?
  private var wentBack: Bool?

  init(from start: Int, step: Int) {
    self.step = step
    back = start > 1 ? max(1, start - step) : nil
  }

  /// Where to look after a window in vain.
  mutating func next(after start: Int, isLast: Bool) -> Int? {
    if wentBack == true {
      back = start > 1 ? max(1, start - step) : nil
    } else {
      forth = isLast ? nil : start + step
    }
    wentBack = back != nil && (wentBack != true || forth == nil)
    return wentBack == true ? back : forth
  }
}

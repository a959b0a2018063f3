import ConnectorCore
import Testing

@testable import ChangelogAdapters
@testable import ConnectorTesting

@Suite("Numbers that were passed over")
struct GapTests {
  private func ranges(_ gaps: NumberGaps) -> [ClosedRange<UInt64>] { gaps.ranges.map { $0.from...$0.to } }

  @Test("A number that shows itself splits the range that it was missing from, and ends it where it was alone")
  func filling() {
    var gaps = NumberGaps()
    gaps.note(between: 10, and: 20, at: 5)
    gaps.note(between: 20, and: 21, at: 5)
    #expect(ranges(gaps) == [11...19])
    for number in [15, 11, 19] as [UInt64] { gaps.fill(number) }
    #expect(ranges(gaps) == [12...14, 16...18])
    for number in [12, 13, 14, 99] as [UInt64] { gaps.fill(number) }
    #expect(ranges(gaps) == [16...18])
    #expect(gaps.contains(17) && !gaps.contains(14))
  }

  @Test("Beyond the bound the closest ranges are joined, so that nothing is forgotten")
  func bound() {
    var gaps = NumberGaps()
    for step in 1...UInt64(NumberGaps.bound + 500) {
      gaps.note(between: step * 10, and: step * 10 + 5, at: Int64(step))
    }
    #expect(gaps.ranges.count == NumberGaps.bound)
    for step in 1...UInt64(NumberGaps.bound + 500) { #expect(gaps.contains(step * 10 + 3)) }
  }

  @Test("A record that comes late is hinted by the next delta, however often it took")
  func late() async throws {
    let log = try Log()
    let start = try await log.watermark()
    let late = try log.addLate("late")
    try log.add("early")
    let first = try await log.delta(since: start)
    #expect(first.hints.names == ["early"])
    let second = try await log.delta(since: first.end)
    #expect(second.hints.isEmpty && second.end == first.end, "nothing new, so the same watermark")
    try log.directory.commit(late)
    let third = try await log.delta(since: second.end)
    #expect(third.hints.names == ["late"])
    #expect(try ChangelogPosition(third.end).gaps.isEmpty)
  }

  @Test("A hole below the newest record is noticed when the first watermark is taken")
  func holeAtTheStart() async throws {
    let log = try Log()
    let late = try log.addLate("late")
    try log.add("early")
    let start = try await log.watermark()
    try log.directory.commit(late)
    #expect(try await log.delta(since: start).hints.names == ["late"])
  }

  @Test("A hole is asked for until the time is over, once more then, and never again")
  func patience() async throws {
    let log = try Log()
    let start = try await log.watermark()
    let late = try log.addLate("never")
    try log.add("early")
    var mark = try await log.delta(since: start).end
    log.pass(599)
    mark = try await log.delta(since: mark).end
    #expect(try !ChangelogPosition(mark).gaps.isEmpty, "599 of 600 seconds")
    log.pass(1)
    mark = try await log.delta(since: mark).end
    #expect(try ChangelogPosition(mark).gaps.isEmpty, "600 seconds")
    try log.directory.commit(late)
    #expect(try await log.delta(since: mark).hints.isEmpty, "the hole counts as legal")
  }

  @Test("What shows itself in the very run that would give it up is hinted")
  func lastMoment() async throws {
    let log = try Log()
    let start = try await log.watermark()
    let late = try log.addLate("late")
    try log.add("early")
    let mark = try await log.delta(since: start).end
    log.pass(100_000)
    try log.directory.commit(late)
    #expect(try await log.delta(since: mark).hints.names == ["late"])
  }

  @Test("A hole that was trimmed away before it could be asked for again needs a full import")
  func trimmedHole() async throws {
    let log = try Log()
    let start = try await log.watermark()
    let late = try log.addLate("late")
    for name in ["a", "b", "c"] { try log.add(name) }
    let mark = try await log.delta(since: start).end
    try log.directory.commit(late)
    log.directory.trimLog(keeping: 1)
    let reason = try #require(try await log.lost(mark))
    #expect(reason.contains("had no record yet when it was read") && reason.contains("firstChangeNumber"))
  }

  @Test("A wide hole costs a search and stops nobody", arguments: [5_000, 1 << 40] as [UInt64])
  func wideHole(width: UInt64) async throws {
    let log = try Log()
    let start = try await log.watermark()
    try log.add("before")
    log.directory.startNumbers(at: width)
    try log.add("after")
    _ = log.directory.takeSearches()
    let run = try await log.delta(since: start)
    #expect(run.hints.names == ["before", "after"])
    #expect(log.directory.takeSearches().count < 20)
    #expect(try await log.delta(since: run.end).hints.isEmpty)
  }

  @Test("A stretch that holds more than was thought is read in parts, in order")
  func crowdedStretch() async throws {
    var log = try Log()
    log.settings.pageSize = 5
    let start = try await log.watermark()
    log.directory.startNumbers(at: 1 << 20)
    let names = (0..<60).map { "n\($0)" }
    for name in names { try log.add(name) }
    log.directory.faults.order = .shuffled(seed: 3)
    #expect(try await log.delta(since: start).hints.names == names)
  }
}

import ConnectorCore
import TestSupport
import Testing

@testable import ConnectorLDAP

@Suite("Reading a virtual list")
struct ListProgressTests {
  @Test("Every entry comes once and in order, whatever the sizes of list and page", arguments: [1, 2, 3, 7, 100, 5000])
  func undisturbed(pageSize: Int) throws {
    for count in [0, 1, 2, 3, 6, 7, 8, 99, 100, 101, 1000] {
      for (hidesCount, clamps) in [(false, false), (true, false), (false, true), (true, true)] {
        var list = ListModel(0..<count, .init(clampsOffsets: clamps, hidesCount: hidesCount))
        try list.read(pageSize: pageSize)
        #expect(list.handedOut == Array(0..<count), "\(count) entries, \(list.manners)")
      }
    }
  }

  @Test("A list costs no more requests than its overlapping pages, and one to see that nothing follows a full one")
  func requests() throws {
    for (count, pageSize, requests) in [(0, 100, 1), (99, 100, 1), (100, 100, 2), (101, 100, 2), (1000, 100, 13)] {
      var list = ListModel(0..<count)
      try list.read(pageSize: pageSize)
      #expect(list.requests == requests, "\(count) entries")
    }
  }

  @Test("Entries that the server counts and does not show are reached over, be they few, many or all")
  func hidden() throws {
    let hides: [@Sendable (Int) -> Bool] = [
      { $0 % 10 == 3 }, { $0 % 10 != 3 }, { (20..<700).contains($0) }, { $0 < 300 }, { $0 >= 300 }, { _ in true },
    ]
    for hides in hides {
      for pageSize in [1, 7, 100] {
        var list = ListModel(0..<800, .init(hides: hides))
        try list.read(pageSize: pageSize)
        #expect(list.handedOut == (0..<800).filter { !hides($0) })
        #expect(list.requests < 3000)
      }
    }
  }

  @Test("A server that gives less than was asked for is asked again, not taken to be at its end")
  func capped() throws {
    for most in [2, 9, 50] {
      var list = ListModel(0..<500, .init(most: most))
      try list.read(pageSize: 100)
      #expect(list.handedOut == Array(0..<500), "\(most)")
    }
  }

  @Test("Entries that come and go at the front between any two pages cost no other entry", arguments: [false, true])
  func changesAtTheFront(keepsList: Bool) throws {
    for (pageSize, shift, every) in [(1, 1, 3), (7, 3, 1), (7, 30, 20), (100, 45, 1), (100, 400, 9)] {
      for direction in [1, -1, 0] {
        var list = ListModel(0..<1500, .init(keepsList: keepsList))
        var front = 0
        var next = -1
        try list.read(pageSize: pageSize) { list in
          guard list.requests % every == 0 else { return }
          let adds = direction == 1 || direction == 0 && Bool.random()
          // What goes must have been read, and the list must end.
          if adds, list.requests < 500 {
            list.entries.insert(contentsOf: (next - shift + 1...next), at: 0)
            next -= shift
          } else if !adds, list.handedOut.count - front > shift * 2, list.entries.count > shift {
            list.entries.removeFirst(shift)
            front += shift
          }
        }
        let stayed = list.entries.filter { $0 >= 0 }
        let seen = Set(list.handedOut)
        #expect(stayed.allSatisfy(seen.contains), "page \(pageSize), shift \(shift), direction \(direction)")
        #expect(list.handedOut.filter { $0 >= 0 }.count == seen.count { $0 >= 0 }, "nothing twice")
      }
    }
  }

  @Test("Under random changes nothing that was there all along is missing", arguments: 0..<200)
  func randomChanges(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var manners = ListModel.Manners()
    manners.keepsList = Bool.random(using: &random)
    manners.clampsOffsets = Bool.random(using: &random)
    manners.hidesCount = !manners.keepsList && Bool.random(using: &random)
    if Int.random(in: 0..<4, using: &random) == 0 { manners.most = Int.random(in: 5...60, using: &random) }
    let pageSize = [1, 2, 5, 20, 50, 100][Int.random(in: 0..<6, using: &random)]
    // Even numbers are there from the beginning, odd ones are added.
    var list = ListModel((0..<Int.random(in: 0...600, using: &random)).map { $0 * 2 }, manners)
    var stayed = Set(list.entries)
    let most = Int.random(in: 0...max(1, pageSize), using: &random)
    try list.read(pageSize: pageSize) { list in
      for _ in 0..<Int.random(in: 0...most, using: &random) where list.requests < 500 {
        if Bool.random(using: &random), let gone = list.entries.randomElement(using: &random) {
          list.entries.removeAll { $0 == gone }
          stayed.remove(gone)
        } else {
          let new = Int.random(in: 0..<700, using: &random) * 2 + 1
          if !list.entries.contains(new) {
            list.entries.append(new)
            list.entries.sort()
          }
        }
      }
    }
    #expect(stayed.subtracting(list.handedOut) == [], "page \(pageSize), \(manners)")
    #expect(Set(list.handedOut).count == list.handedOut.count, "something came twice: page \(pageSize), \(manners)")
  }

  @Test("A list that has lost all that is remembered is read from its start again", arguments: [false, true])
  func allKnownGone(keepsList: Bool) throws {
    var list = ListModel(0..<5000, .init(keepsList: keepsList))
    try list.read(pageSize: 100) { list in
      if list.requests == 20 { list.entries.removeAll { $0 > 300 && $0 <= (list.handedOut.last ?? 0) } }
    }
    #expect(list.entries.count < 3800)
    #expect(Set(list.entries).subtracting(list.handedOut) == [])
  }

  @Test("A list that loses it again and again is an error, never a short answer")
  func tooFast() throws {
    var list = ListModel(0..<5000)
    let error = #expect(throws: DirectoryError.self) {
      try list.read(pageSize: 100) { list in list.entries.removeAll { $0 <= (list.handedOut.last ?? 0) } }
    }
    #expect(error?.code == .busy)
    #expect(error?.message.contains("changed faster than it could be read") == true)
  }

  @Test("A list that becomes empty ends", arguments: [false, true])
  func emptied(clampsOffsets: Bool) throws {
    var list = ListModel(0..<500, .init(clampsOffsets: clampsOffsets))
    try list.read(pageSize: 100) { $0.entries = [] }
    #expect(list.handedOut == Array(0..<100))
  }

  @Test("A server that takes no notice of the offset is no list without an end")
  func sameWindowForEver() throws {
    var progress = ListProgress(pageSize: 10)
    let error = #expect(throws: DirectoryError.self) {
      repeat {
        for number in 0..<progress.window.count { _ = progress.take([UInt8(truncatingIfNeeded: number)]) }
      } while try progress.advance(.view(.init(position: 1)), "search")
    }
    #expect(error?.code == .busy)
  }

  @Test("A list whose first entry lies outside is an error, unless it is empty")
  func firstOutside() throws {
    var progress = ListProgress(pageSize: 10)
    #expect(try progress.advance(.outside(nil), "search") == false)
    let error = #expect(throws: DirectoryError.self) {
      try progress.advance(.outside(.init(contentCount: 5)), "search")
    }
    #expect(error?.code == .offsetRangeError)
  }

  @Test("The context that came last goes back, also none")
  func context() throws {
    var progress = ListProgress(pageSize: 2)
    #expect(progress.contextID == nil)
    for context in [[1], [], nil] as [[UInt8]?] {
      for number in 0..<2 { _ = progress.take([UInt8(number)] + (context ?? [9])) }
      _ = try progress.advance(.view(.init(position: progress.window.start, contentCount: 50, contextID: context)), "s")
      #expect(progress.contextID == context)
    }
  }
}

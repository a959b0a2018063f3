import ConnectorCore
import Testing

@testable import OpenLDAPAdapter

@Suite struct HintTests {
  private let delta = strategy()

  private func watermark(_ directory: MemoryDirectory) async throws -> Watermark {
    try await delta.currentWatermark(of: partition, directory)
  }

  @Test func aLogThatWasEmptyHintsEverythingThatCame() async throws {
    let directory = MemoryDirectory()
    let first = try await watermark(directory)
    directory.append(record(10), record(20, type: "delete"))
    let run = try await delta.run(since: first, directory)
    #expect(run.ids == ["id-10", "id-20"])
    #expect(try await delta.run(since: run.watermark, directory).hints.isEmpty)
  }

  @Test func whatWasInTheOverlapAtTheFirstWatermarkIsHintedOnceMore() async throws {
    let directory = MemoryDirectory()
    directory.append(record(1000), record(700_000))
    let run = try await delta.run(since: try await watermark(directory), directory)
    #expect(run.ids == ["id-700000"])
    #expect(try await delta.run(since: run.watermark, directory).hints.isEmpty)
  }

  @Test func nothingNewGivesNoHintAndTheSameWatermark() async throws {
    let directory = MemoryDirectory()
    let first = try await watermark(directory)
    directory.append(record(10), record(20, csn: csn(20, server: 2)), record(700_000))
    let run = try await delta.run(since: first, directory)
    #expect(run.hints.count == 3)
    let again = try await delta.run(since: run.watermark, directory)
    #expect(again.hints.isEmpty)
    #expect(try await delta.run(since: again.watermark, directory).watermark == again.watermark)
  }

  @Test func aRecordWithLowerCSNAndLowerStartThatAppearsLateIsHinted() async throws {
    let directory = MemoryDirectory()
    let first = try await watermark(directory)
    directory.append(record(5000, id: "early"), record(9000, id: "newest"))
    let run = try await delta.run(since: first, directory)
    directory.append(record(8000, csn: csn(7000), id: "late"))
    let next = try await delta.run(since: run.watermark, directory)
    #expect(next.ids == ["late"])
    #expect(try await delta.run(since: next.watermark, directory).hints.isEmpty)
  }

  @Test func aRecordOlderThanTheOverlapIsFoundByItsCSN() async throws {
    let directory = MemoryDirectory()
    let first = try await watermark(directory)
    directory.append(record(5_000_000))
    let run = try await delta.run(since: first, directory)
    directory.append(record(1_000_000, csn: csn(5_000_001), id: "slow"))
    #expect(try await delta.run(since: run.watermark, directory).ids == ["slow"])
  }

  @Test func aServerNeverSeenStartsAtZero() async throws {
    let directory = MemoryDirectory { $0.container["contextCSN"] = [csn(5_000_000)] }
    directory.append(record(5_000_000))
    let run = try await delta.run(since: try await watermark(directory), directory)
    directory.append(record(900_000, csn: csn(1, server: 7), id: "foreign"))
    directory.change { $0.container["contextCSN"] = [csn(5_000_000), csn(1, server: 7)] }
    let next = try await delta.run(since: run.watermark, directory)
    #expect(next.ids == ["foreign"])
    #expect(try await delta.run(since: next.watermark, directory).hints.isEmpty)
  }

  @Test func aServerThatIsGoneForYearsDoesNotDragTheLogIn() async throws {
    let directory = MemoryDirectory { $0.container["contextCSN"] = [csn(1, server: 2), csn(5_000_000)] }
    directory.append(record(1, csn: csn(1, server: 2)), record(2_000_000), record(5_000_000))
    let run = try await delta.run(since: try await watermark(directory), directory)
    _ = directory.takeLogSearches()
    _ = try await delta.run(since: run.watermark, directory)
    let asked = try #require(directory.takeLogSearches().first).filter.description
    #expect(asked.contains("(entryCSN>=\(csn(5_000_000)))"))
    #expect(!asked.contains(csn(1, server: 2)))
  }

  @Test func aContextCSNThatStandsStillIsNotBelieved() async throws {
    let directory = MemoryDirectory { $0.container["contextCSN"] = [csn(10), csn(4_000_000, server: 2)] }
    directory.append(record(10), record(4_000_000, csn: csn(4_000_000, server: 2)))
    let first = try await delta.run(since: try await watermark(directory), directory)
    directory.append(record(4_000_500, id: "seen"))
    let second = try await delta.run(since: first.watermark, directory)
    #expect(second.ids == ["seen"])
    directory.append(record(20, csn: csn(4_000_400), id: "slow"))
    #expect(try await delta.run(since: second.watermark, directory).ids.contains("slow"))
  }

  @Test func failuresAndOtherDatabasesAreNotHinted() async throws {
    let directory = MemoryDirectory()
    let first = try await watermark(directory)
    directory.append(record(1, result: "68"), record(2, target: "dc=other"), record(3))
    #expect(try await delta.run(since: first, directory).ids == ["id-3"])
  }

  @Test func bulkDeletesThatShareACSNAreHintedOnce() async throws {
    let directory = MemoryDirectory()
    let first = try await watermark(directory)
    directory.append(record(1, csn: csn(50)), record(2, csn: csn(50)), record(900_000, csn: csn(9, server: 2)))
    let run = try await delta.run(since: first, directory)
    #expect(run.hints.count == 3)
    #expect(try await delta.run(since: run.watermark, directory).hints.isEmpty)
  }

  @Test func theLogIsReadInPagesAndHandedOverPageByPage() async throws {
    let paged = strategy { $0.pageSize = 2 }
    let directory = MemoryDirectory()
    let first = try await paged.currentWatermark(of: partition, directory)
    directory.append(record(1), record(2), record(3), record(4), record(5))
    let sizes = BatchSizes()
    try await paged.hints(since: first, in: partition, directory) { await sizes.note($0) }
    #expect(await sizes.hints == [2, 2, 1, 0])
    #expect(await sizes.checkpoints == [false, false, false, true])
    #expect(directory.takeLogSearches().allSatisfy { $0.pageSize == 2 })
  }

  @Test func aRecordThatNamesNoEntryIsAnErrorAndNotSkipped() async throws {
    let directory = MemoryDirectory()
    let first = try await watermark(directory)
    directory.append(record(1, also: ["reqDN": [], "reqEntryUUID": []]))
    let error = await #expect(throws: DirectoryError.self) { try await delta.run(since: first, directory) }
    #expect(error?.code == .insufficientAccessRights)
  }

  @Test func aSizeLimitEndsTheRunWithItsRemedyAndWithoutACheckpoint() async throws {
    let directory = MemoryDirectory()
    let first = try await watermark(directory)
    directory.append(record(1), record(2), record(3))
    directory.change { $0.sizeLimit = 2 }
    let error = await #expect(throws: DirectoryError.self) { try await delta.run(since: first, directory) }
    #expect(error?.message.contains("size=unlimited") == true)
    #expect(error?.message.contains("olcLimits") == true)
  }

  @Test func theKnownRecordsOfTheOverlapAreReadByNameAlone() async throws {
    let directory = MemoryDirectory()
    let first = try await watermark(directory)
    directory.append(record(5000), record(6000), record(9000))
    let run = try await delta.run(since: first, directory)
    _ = directory.takeLogSearches()
    _ = try await delta.run(since: run.watermark, directory)
    let quiet = directory.takeLogSearches()
    #expect(quiet.map(\.attributes) == [AccesslogRecord.attributes, [SearchRequest.noAttributes]])
    #expect(quiet.first?.filter.description.contains("(reqStart>=\(start(9000)))") == true)
  }

  @Test func onlyTheStretchWithLateRecordsIsReadWhole() async throws {
    let directory = MemoryDirectory()
    let first = try await watermark(directory)
    directory.append(record(5000), record(6000), record(20_000))
    let run = try await delta.run(since: first, directory)
    directory.append(record(6001, csn: csn(4000), id: "late"), record(8000, csn: csn(4001), id: "later"))
    _ = directory.takeLogSearches()
    let next = try await delta.run(since: run.watermark, directory)
    #expect(next.ids == ["late", "later"])
    let asked = try #require(directory.takeLogSearches().last).filter.description
    #expect(asked.contains("(reqStart>=\(start(6001)))(reqStart<=\(start(9000)))"))
  }

  @Test func aLateRecordDoesNotMoveTheWatermark() async throws {
    let directory = MemoryDirectory()
    let first = try await watermark(directory)
    directory.append(record(20_000))
    let run = try await delta.run(since: first, directory)
    // Between the search for new records and that of the overlap two writes end, and the later one started first.
    directory.change {
      $0.afterLogSearch = {
        $0.records += [record(8000, csn: csn(30_001), id: "slow"), record(25_000, csn: csn(30_000), id: "quick")]
      }
    }
    let next = try await delta.run(since: run.watermark, directory)
    #expect(next.ids == ["slow"])
    #expect(try await delta.run(since: next.watermark, directory).ids == ["quick"])
  }

  @Test func recordsThatAreHiddenAreNoEmptyLog() async throws {
    let directory = MemoryDirectory { $0.container["contextCSN"] = [csn(10)] }
    directory.append(record(10))
    let run = try await delta.run(since: try await watermark(directory), directory)
    directory.append(record(20))
    directory.change {
      $0.container["contextCSN"] = [csn(20)]
      $0.recordsAreHidden = true
    }
    let error = await #expect(throws: WatermarkLost.self) { try await delta.run(since: run.watermark, directory) }
    #expect(error?.reason.contains("does not see") == true)
  }

  @Test func recordsHiddenSinceTheFirstWatermarkAreNoticedWithTheFirstChange() async throws {
    let directory = MemoryDirectory {
      $0.container["contextCSN"] = [csn(10)]
      $0.recordsAreHidden = true
    }
    directory.append(record(10))
    let first = try await watermark(directory)
    #expect(try await delta.run(since: first, directory).hints.isEmpty)
    directory.append(record(20))
    directory.change { $0.container["contextCSN"] = [csn(20)] }
    await #expect(throws: WatermarkLost.self) { try await delta.run(since: first, directory) }
  }

  @Test func aPurgeThatOvertakesThePassIsNoticed() async throws {
    let directory = MemoryDirectory { $0.container["minCSN"] = [csn(1)] }
    directory.append(record(1))
    let run = try await delta.run(since: try await watermark(directory), directory)
    directory.append(record(10), record(20))
    directory.change {
      $0.afterLogSearch = {
        $0.container["minCSN"] = [csn(20)]
        $0.records = []
      }
    }
    let error = await #expect(throws: WatermarkLost.self) {
      try await delta.run(since: run.watermark, directory)
    }
    #expect(error?.reason.contains("trimmed while it was read") == true)
  }

  @Test func theConfiguredLogServesEvenWhereTheSuffixNamesAnother() async throws {
    let suffix = LoggedSuffix(entry("dc=example,dc=com", [:]), dn: partition)
    let named = LoggedSuffix(entry("dc=example,dc=com", ["auditContext": ["cn=named"]]), dn: partition)
    let configured = strategy { $0.changeLogDN = "cn=mylog" }.locator
    #expect(configured.logDN(of: suffix) == "cn=mylog")
    #expect(configured.logDN(of: named) == "cn=mylog")
    #expect(delta.locator.logDN(of: named) == "cn=named")
    #expect(delta.locator.logDN(of: suffix) == "cn=accesslog")
  }
}

private actor BatchSizes {
  var hints: [Int] = []
  var checkpoints: [Bool] = []

  func note(_ batch: HintBatch) {
    hints.append(batch.hints.count)
    checkpoints.append(batch.checkpoint != nil)
  }
}

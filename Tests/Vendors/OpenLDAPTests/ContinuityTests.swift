import ConnectorCore
import Testing

@testable import OpenLDAPAdapter

@Suite struct ContinuityTests {
  private let delta = strategy()

  private func check(_ watermark: Watermark, _ directory: MemoryDirectory) async throws -> String? {
    switch try await delta.continuity(of: watermark, in: partition, directory) {
    case .unbroken: nil
    case .lost(let reason): reason
    }
  }

  /// A log with three records, read to its end.
  private func readLog() async throws -> (MemoryDirectory, Watermark) {
    let directory = MemoryDirectory {
      $0.container["minCSN"] = [csn(10)]
      $0.container["contextCSN"] = [csn(30)]
      $0.suffix["contextCSN"] = [csn(30)]
    }
    directory.append(record(10), record(20), record(30))
    let first = try await delta.currentWatermark(of: partition, directory)
    return (directory, try await delta.run(since: first, directory).watermark)
  }

  @Test func nothingHappenedIsUnbroken() async throws {
    let (directory, watermark) = try await readLog()
    #expect(try await check(watermark, directory) == nil)
  }

  @Test func anotherLogOrAnotherSuffixIsLost() async throws {
    let (directory, watermark) = try await readLog()
    directory.change { $0.container["entryCSN"] = [csn(99, server: 0)] }
    #expect(try await check(watermark, directory)?.contains("another log or server") == true)
    await #expect(throws: WatermarkLost.self) { try await delta.run(since: watermark, directory) }
    let (replaced, second) = try await readLog()
    replaced.change { $0.suffix["entryUUID"] = ["suffix-2"] }
    #expect(try await check(second, replaced)?.contains("another log or server") == true)
  }

  @Test func aPurgeUpToTheWatermarkIsUnbroken() async throws {
    let (directory, watermark) = try await readLog()
    directory.change {
      $0.records = []
      $0.container["minCSN"] = [csn(30)]
    }
    #expect(try await check(watermark, directory) == nil)
  }

  @Test func aPurgePastTheWatermarkIsLost() async throws {
    let (directory, watermark) = try await readLog()
    directory.append(record(40))
    directory.change {
      $0.records = []
      $0.container["minCSN"] = [csn(40)]
    }
    #expect(try await check(watermark, directory)?.contains("trimmed past the watermark") == true)
  }

  @Test func aLastRecordThatIsGoneWithoutAPurgeIsLost() async throws {
    let (directory, watermark) = try await readLog()
    directory.change { $0.records.removeLast() }
    #expect(try await check(watermark, directory)?.contains("minCSN does not show") == true)
    directory.change { $0.container["minCSN"] = nil }
    #expect(try await check(watermark, directory)?.contains("keeps no minCSN") == true)
  }

  @Test func aLastRecordOfTheSameNameIsNotEnough() async throws {
    let (directory, watermark) = try await readLog()
    directory.change {
      $0.records.removeLast()
      $0.records.append(record(30, also: ["entryUUID": ["other"]]))
    }
    #expect(try await check(watermark, directory)?.contains("another record") == true)
  }

  @Test func aNewServerIDIsUnbrokenWhileItsFirstRecordIsThere() async throws {
    let (directory, watermark) = try await readLog()
    directory.append(record(40, csn: csn(40, server: 5)))
    directory.change { $0.container["minCSN"] = [csn(10), csn(40, server: 5)] }
    #expect(try await check(watermark, directory) == nil)
    directory.change { $0.records.removeLast() }
    #expect(try await check(watermark, directory)?.contains("server ID 005") == true)
  }

  @Test func aLogThatWentBackwardsIsLost() async throws {
    let (directory, watermark) = try await readLog()
    directory.change { $0.container["contextCSN"] = [csn(20)] }
    #expect(try await check(watermark, directory)?.contains("restored from an older copy") == true)
  }

  @Test func aSuffixThatStaysAheadOfItsLogIsLost() async throws {
    let (directory, watermark) = try await readLog()
    directory.change { $0.suffix["contextCSN"] = [csn(50)] }
    #expect(try await check(watermark, directory)?.contains("does not hold the newest change") == true)
  }

  @Test func aLogThatFollowsItsSuffixAfterAMomentIsUnbroken() async throws {
    let (directory, watermark) = try await readLog()
    directory.change {
      $0.suffix["contextCSN"] = [csn(50)]
      $0.afterLogSearch = { $0.container["contextCSN"] = [csn(50)] }
    }
    let reason = try await check(watermark, directory)
    #expect(reason == nil)
  }

  @Test func aRecordProvesTheCoverWhereTheLogKeepsNoContextCSN() async throws {
    let (directory, watermark) = try await readLog()
    directory.append(record(50))
    directory.change { $0.suffix["contextCSN"] = [csn(50)] }
    #expect(try await check(watermark, directory) == nil)
  }

  @Test func dataLoadedOfflineBeforeTheFullImportIsNoGap() async throws {
    let directory = MemoryDirectory { $0.suffix["contextCSN"] = [csn(999, server: 0)] }
    directory.append(record(10))
    let watermark = try await delta.currentWatermark(of: partition, directory)
    #expect(try await check(watermark, directory) == nil)
    directory.change { $0.suffix["contextCSN"] = [csn(1999, server: 0)] }
    #expect(try await check(watermark, directory)?.contains("loaded offline") == true)
  }

  @Test func aLogThatWasEmptyNeedsMinCSNToBeTrusted() async throws {
    let directory = MemoryDirectory()
    let watermark = try await delta.currentWatermark(of: partition, directory)
    #expect(try await check(watermark, directory) == nil)
    directory.append(record(10))
    #expect(try await check(watermark, directory)?.contains("without minCSN") == true)
    directory.change { $0.container["minCSN"] = [csn(10)] }
    #expect(try await check(watermark, directory) == nil)
  }

  @Test func aLogThatCannotBeReadIsAnErrorAndNotALoss() async throws {
    let (directory, watermark) = try await readLog()
    directory.change { $0.failing["cn=accesslog"] = .noSuchObject }
    let error = await #expect(throws: DirectoryError.self) { try await check(watermark, directory) }
    #expect(error?.message.contains("olcAccess") == true)
  }
}

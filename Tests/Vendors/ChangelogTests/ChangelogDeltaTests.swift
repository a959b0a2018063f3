import ConnectorCore
import Testing

@testable import ChangelogAdapters
@testable import ConnectorTesting

@Suite("Deltas by change number")
struct ChangelogDeltaTests {
  @Test("The root DSE's lastChangeNumber is never the watermark, for it runs ahead of what a search can see")
  func countersRunAhead() async throws {
    let log = try Log()
    let ahead: @Sendable (inout DirectoryModel) -> Void = { $0.rootDSE.attributes.set("lastChangeNumber", "50") }
    log.directory.change(ahead)
    let start = try await log.watermark()
    #expect(try ChangelogPosition(start).last == 2)
    try log.add("a")
    log.directory.change(ahead)
    #expect(try await log.delta(since: start).hints.names == ["a"])
    #expect(try await log.lost(start) == nil)
  }

  @Test("Without counters in the root DSE everything is found all the same")
  func noCounters() async throws {
    let log = try Log()
    func hide() {
      log.directory.change { model in
        for name in ["firstChangeNumber", "lastChangeNumber"] as [AttributeDescription] {
          model.rootDSE.attributes[name] = []
        }
      }
    }
    hide()
    let start = try await log.watermark()
    for number in 0..<7 { try log.add("n\(number)") }
    hide()
    #expect(try await log.delta(since: start).hints.count == 7)
    let readiness = try await log.strategy.readiness(of: log.dn, log.directory)
    #expect(readiness.status == .available)
    #expect(readiness.findings.contains { $0.status == .unknown && $0.evidence.contains("firstChangeNumber") })
  }

  @Test("The container that configuration names wins over the root DSE's, and that over the usual one")
  func container() throws {
    var log = try Log(.changelog(container: "cn=log,o=other"))
    #expect(log.strategy.locator.logDN == "cn=log,o=other")
    log.settings.changeLogDN = "cn=forced"
    #expect(log.strategy.locator.logDN == "cn=forced")
    let none = DeltaSettings(
      evidence: ServerEvidence(rootDSE: RootDSE(Entry(dn: "", attributes: [])), schema: Schema()))
    #expect(ChangelogLocator(settings: none, dialect: .draft).logDN == "cn=changelog")
  }

  @Test("The changes themselves, which hold passwords, are never asked for")
  func noChanges() async throws {
    let log = try Log()
    let start = try await log.watermark()
    try log.add("a")
    _ = try await log.delta(since: start)
    _ = try await log.strategy.readiness(of: log.dn, log.directory)
    for search in log.directory.takeSearches() where search.base == "cn=changelog" {
      #expect(!search.attributes.isEmpty && !search.attributes.contains { ["*", "+", "changes"].contains($0) })
    }
  }

  @Test("Where the server does not page, stretches are short and no search asks for pages")
  func withoutPages() async throws {
    var log = try Log()
    log.settings.pageSize = nil
    let start = try await log.watermark()
    for number in 0..<600 { try log.add("n\(number)") }
    log.directory.faults.sizeLimit = 501
    #expect(try await log.delta(since: start).hints.count == 600)
    #expect(log.directory.takeSearches().allSatisfy { $0.pageSize == nil })
  }

  @Test("A limit of the server is told with the product's own cure")
  func limits() async throws {
    var log = try Log(.changelog(.ds389), dialect: DirectoryServer389.dialect)
    log.settings.pageSize = 100
    let start = try await log.watermark()
    for number in 0..<50 { try log.add("n\(number)") }
    log.directory.faults.adminLimit = 20
    let error = await #expect(throws: DirectoryError.self) { _ = try await log.delta(since: start) }
    #expect(error?.code == .adminLimitExceeded && error?.message.contains("nsLookThroughLimit") == true)
  }

  @Test("An account that sees no record is found out by the counters, and told what to do")
  func hiddenRecords() async throws {
    let log = try Log(.changelog(.ds389), dialect: DirectoryServer389.dialect)
    let start = try await log.watermark()
    try log.add("a")
    log.directory.faults.hidesRecords = true
    #expect(try await log.lost(start)?.contains("aci: (targetattr") == true)
    let error = await #expect(throws: DirectoryError.self) { _ = try await log.watermark() }
    #expect(error?.code == .insufficientAccessRights && error?.message.contains("lastChangeNumber") == true)
    let readiness = try await log.strategy.readiness(of: log.dn, log.directory)
    #expect(readiness.status == .unavailable)
    #expect(readiness.findings.contains { $0.remedy?.contains("aci: (targetattr") == true })
  }

  @Test("A watermark of an empty log is lost for an account that does not see what came since")
  func hiddenFromTheStart() async throws {
    let log = try Log(isEmpty: true)
    let empty = try await log.watermark()
    try log.add("a")
    log.directory.faults.hidesRecords = true
    await #expect(throws: WatermarkLost.self) { _ = try await log.delta(since: empty) }
    log.directory.faults.hidesRecords = false
    #expect(try await log.delta(since: empty).hints.names.contains("a"))
  }

  @Test("A log of which exactly what was read has gone is still whole")
  func trimmedUpToTheWatermark() async throws {
    let log = try Log()
    for number in 0..<5 { try log.add("n\(number)") }
    let start = try await log.watermark()
    for number in 5..<8 { try log.add("n\(number)") }
    log.directory.trimLog(keeping: 3)
    #expect(try await log.lost(start) == nil)
    #expect(try await log.delta(since: start).hints.count == 3)
    log.directory.trimLog(keeping: 2)
    #expect(try await log.lost(start)?.contains("trimmed") == true)
  }
}

import ConnectorCore
import ConnectorHost
import ConnectorTesting
import Testing

@Suite struct ConformanceTests {
  @Test(arguments: [VendorAdapter].builtIn.map(\.name))
  func anAdapterKeepsItsPromises(_ name: String) async throws {
    let adapter = try #require([VendorAdapter].builtIn.first { $0.name == name })
    let report = await Conformance.run(try subject(adapter))
    #expect(report.verdicts.count == Conformance.promises.count)
    for verdict in report.broken {
      Issue.record("\(verdict.promise.id): \(verdict.outcome). To do: \(verdict.promise.remedy)")
    }
    guard keepsLog(name) else { return }
    let declared = report.verdicts.filter { $0.promise.needsDelta && $0.outcome != .kept }
    #expect(declared.isEmpty, "an adapter with a log declares nothing of its delta as impossible: \(report)")
  }

  @Test func everyFixtureBelongsToAnAdapterOrToNobody() throws {
    let names = Set([VendorAdapter].builtIn.map(\.name) + ["refused", "generic"])
    try #require(try !fixtures().isEmpty)
    for fixture in try fixtures() {
      #expect(names.contains(fixture.expected.winner), "\(fixture.name) expects \(fixture.expected.winner)")
    }
  }
}

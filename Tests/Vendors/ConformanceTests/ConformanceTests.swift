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
  }

  @Test func openLDAPKeepsEveryPromiseAndDeclaresNone() async throws {
    let adapter = try #require([VendorAdapter].builtIn.first { $0.name == "openldap" })
    let report = await Conformance.run(try subject(adapter))
    let others = report.verdicts.filter { $0.outcome != .kept }.map { "\($0.promise.id): \($0.outcome)" }
    #expect(others.isEmpty, "\(others.joined(separator: "\n"))")
  }

  @Test func everyFixtureBelongsToAnAdapterOrToNobody() throws {
    let names = Set([VendorAdapter].builtIn.map(\.name) + ["refused", "generic"])
    try #require(try !fixtures().isEmpty)
    for fixture in try fixtures() {
      #expect(names.contains(fixture.expected.winner), "\(fixture.name) expects \(fixture.expected.winner)")
    }
  }
}

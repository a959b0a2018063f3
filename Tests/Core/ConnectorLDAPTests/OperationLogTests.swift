import ConnectorCore
import ConnectorLDAP
import Logging
import TestSupport
import Testing

@Suite struct OperationLogTests {
  @Test func everyRequestAndResultIsLoggedWithoutASecret() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(30)) }) { server in
      let lines = LogLines()
      var settings = ConnectionSettings(host: "127.0.0.1", port: server.ports.ldap)
      settings.bind = .simple(dn: SlapdServer.connectorDN, password: Secret(SlapdServer.userPassword + ""))
      let session = try await LDAPSession.connect(to: settings, logger: lines.logger())
      let filter = Filter.or([.equal("userPassword", "hunter2"), .equal("sn", "7"), .present("cn")])
      _ = try await session.search(SearchRequest(base: SlapdServer.base, filter: filter, pageSize: 20)) { _ in }
      let text = lines.all.joined(separator: "\n")
      #expect(text.contains("op=bind") && text.contains("base=\(SlapdServer.connectorDN)"))
      #expect(text.contains("filter=(|(userPassword=hidden)(sn=7)(cn=*))"), "\(text)")
      #expect(text.contains("page=1") && text.contains("page=2") && !text.contains("page=3"), "\(text)")
      #expect(text.contains("entries=20"))
      #expect(!text.contains("hunter2"))
      #expect(lines.all.count == 6)
    }
  }

  @Test func nothingIsLoggedAboveDebug() async throws {
    try await SlapdServer.running { server in
      let lines = LogLines()
      let settings = ConnectionSettings(host: "127.0.0.1", port: server.ports.ldap)
      let session = try await LDAPSession.connect(to: settings, logger: lines.logger(.info))
      let root = try await session.collect(SearchRequest(base: "", scope: .base, pageSize: nil))
      #expect(root.count == 1)
      #expect(lines.all.isEmpty)
    }
  }
}

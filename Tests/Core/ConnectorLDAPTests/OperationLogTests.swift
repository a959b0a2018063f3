import ConnectorCore
import ConnectorLDAP
import Logging
import Synchronization
import TestSupport
import Testing

@Suite struct OperationLogTests {
  @Test func everyRequestAndResultIsLoggedWithoutASecret() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(30)) }) { server in
      let lines = Lines()
      var logger = Logger(label: "ldap.operations") { _ in Recorder(lines: lines) }
      logger.logLevel = .debug
      var settings = ConnectionSettings(host: "127.0.0.1", port: server.ports.ldap)
      settings.bind = .simple(dn: SlapdServer.connectorDN, password: Secret(SlapdServer.userPassword + ""))
      let session = try await LDAPSession.connect(to: settings, logger: logger)
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
      let lines = Lines()
      var logger = Logger(label: "ldap.operations") { _ in Recorder(lines: lines) }
      logger.logLevel = .info
      let settings = ConnectionSettings(host: "127.0.0.1", port: server.ports.ldap)
      let session = try await LDAPSession.connect(to: settings, logger: logger)
      let root = try await session.collect(SearchRequest(base: "", scope: .base, pageSize: nil))
      #expect(root.count == 1)
      #expect(lines.all.isEmpty)
    }
  }
}

private final class Lines: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  func add(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct Recorder: LogHandler {
  let lines: Lines
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.debug

  init(lines: Lines) { self.lines = lines }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
    lines.add("\(event.level) \(event.message) \(facts)")
  }
}

import ConnectorCore
import ConnectorLDAP
import Logging
import TestSupport
import Testing

/// A server that is written to, and what its product does; a further product is one more value.
struct WriteServer {
  static let base = TestDirectory.base
  static let people = "ou=people,\(TestDirectory.base)"

  /// What of LDAP a product has beyond the ordinary.
  enum Feature: CaseIterable {
    case assertion, increment, permissiveModify, treeDelete, passwordModify
    /// A rename that keeps the old RDN's value adds the new one's, as RFC 4511 §4.9 wants it.
    case valueOfNewRDN
    /// A value of the wrong syntax in an entry to add is 21; else it is 65.
    case syntaxErrorOfAdd
  }

  var settings: ConnectionSettings
  /// The independent client that tells what is there.
  var judge: LDAPTools
  var features: Set<Feature>

  init(_ server: any DirectoryUnderTest, _ password: String, _ features: Set<Feature>) {
    settings = ConnectionSettings(host: "127.0.0.1", port: server.port)
    settings.bind = .simple(dn: server.admin.bindDN ?? "", password: Secret(password))
    judge = server.admin
    self.features = features
  }

  /// Runs `body` with each product in turn, and with a container for people.
  static func each(_ body: (WriteServer, LDAPSession) async throws -> Void) async throws {
    try await SlapdServer.running { server in
      let features = Set(Feature.allCases).subtracting([.treeDelete])
      try await WriteServer(server, SlapdServer.adminPassword, features).run(body)
    }
    try await UnboundIDServer.running { server in
      let features = Set(Feature.allCases).subtracting([.valueOfNewRDN, .syntaxErrorOfAdd])
      try await WriteServer(server, UnboundIDServer.adminPassword, features).run(body)
    }
    try await DS389Server.running { server in
      let features: Set<Feature> = [.valueOfNewRDN, .syntaxErrorOfAdd]
      try await WriteServer(server, DS389Server.adminPassword, features).run(body)
    }
  }

  func run(_ body: (WriteServer, LDAPSession) async throws -> Void) async throws {
    let session = try await LDAPSession.connect(to: settings)
    try await judge.add("dn: \(Self.people)\nobjectClass: organizationalUnit\nou: people\n")
    try await body(self, session)
    await session.close()
  }

  /// Adds a person with `ldapadd`.
  func add(_ name: String, _ lines: String = "") async throws {
    try await judge.add("dn: \(Self.dn(name))\nobjectClass: inetOrgPerson\ncn: \(name)\nsn: \(name)\n\(lines)")
  }

  static func dn(_ name: String) -> String { "cn=\(name),\(people)" }

  /// The names of the people that are there.
  func names() async throws -> [String] {
    try await judge.search(Self.people, scope: .one, attributes: ["cn"], options: ["-E", "pr=500/noprompt"])
      .compactMap { $0.strings("cn").first }
  }
}

extension WriteRequest {
  /// Adds a person, by default one that every server takes.
  static func person(
    _ name: String, _ more: [(AttributeDescription, [[UInt8]])] = [], parent: String = WriteServer.people
  ) -> WriteRequest {
    let cn = name.bytes
    return .add(
      "cn=\(name),\(parent)", [("objectClass", ["inetOrgPerson".bytes]), ("cn", [cn]), ("sn", [cn])] + more)
  }
}

extension String {
  var bytes: [UInt8] { Array(utf8) }
}

extension WriteAnswer {
  /// What came of it, for comparisons: `done`, the code of a refusal, `unknown` or `unsent`.
  var verdict: String {
    switch self {
    case .done: "done"
    case .refused(let error): "\(error.code.rawValue)"
    case .unknown: "unknown"
    case .unsent: "unsent"
    }
  }

  var outcome: WriteOutcome? {
    if case .done(let outcome) = self { outcome } else { nil }
  }

  /// Why it was not done, or is not known to be.
  var error: DirectoryError? {
    switch self {
    case .done: nil
    case .refused(let error), .unknown(let error), .unsent(let error): error
    }
  }
}

extension LDAPSession {
  /// Writes one request.
  func write(_ request: WriteRequest) async throws -> WriteAnswer {
    try #require(try await write([request]).first)
  }

  /// Writes requests one after the other, and tells what came of each.
  func verdicts(_ requests: [WriteRequest]) async throws -> [String] {
    var verdicts: [String] = []
    for request in requests { verdicts.append(try await write(request).verdict) }
    return verdicts
  }
}

import Foundation
import Testing

@testable import TestSupport

/// What scenes of exports need beyond imports: inputs, counts of the feed, and binds of an independent client.
protocol ExportScene {
  var scratch: ScratchDirectory { get }
  var account: LDAPTools { get }
  func run(_ arguments: [String], input: String) async throws -> CommandResult
}

extension ExportScene {
  /// Writes an input of JSON Lines.
  @discardableResult
  func input(_ lines: [String], _ name: String = "changes.jsonl") throws -> String {
    try scratch.write(lines.map { $0 + "\n" }.joined(), to: name)
    return name
  }

  /// Runs the tool and expects an exit code.
  @discardableResult
  func expect(
    _ code: Int32, _ arguments: String..., input: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> CommandResult {
    let result = try await run(arguments, input: input)
    #expect(
      result.exitCode == code, "\(arguments.joined(separator: " ")): \(result.summary)", sourceLocation: sourceLocation)
    return result
  }

  /// How many records the change feed has.
  func feedSize() async throws -> Int { try await run(["changes", "--since", "0"], input: "").lines.count }

  /// The result code of a bind as an account, by `ldapsearch`.
  func bindCode(_ dn: String, _ password: String) async throws -> Int32 {
    let file = try scratch.write(password, to: "bind.pw")
    let tools = LDAPTools(uri: account.uri, bindDN: dn, passwordFile: file)
    let rootDSE = ["-b", "", "-s", "base", "1.1"]
    return try await tools.run("ldapsearch", rootDSE, accepting: [0, 19, 32, 48, 49, 50, 53]).exitCode
  }
}

extension FixtureScene: ExportScene {
  func run(_ arguments: [String], input: String) async throws -> CommandResult {
    try await Command.run(arguments, input: input, directory: scratch.path)
  }

  /// A connector that has imported a fixture while it is served; the body runs meanwhile.
  static func exporting(
    _ name: String, base: String, settings: [(String, String)] = [("allowClearTextPasswords", "true")],
    _ body: (FixtureScene) async throws -> Void
  ) async throws {
    let scene = try FixtureScene(name)
    defer { scene.scratch.remove() }
    try await scene.serving {
      let place = ["--bind-dn", scene.account.bindDN ?? "", "--password-file", scene.account.passwordFile ?? ""]
      let made = try await scene.tool(["init", scene.account.uri] + place)
      #expect(made.exitCode == 0, "\(made.summary)")
      let file = scene.scratch.file("connector.yaml")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      try scene.scratch.write(
        text.replacing("- dn: dc=example,dc=com", with: "- dn: \"\(base)\""), to: "connector.yaml")
      for (key, value) in settings { try scene.set(key, to: value) }
      try await scene.expect(0, "import", "full")
      try await body(scene)
    }
  }
}

/// A connector with an account that may write, on a slapd with TLS.
struct SlapdExportScene: ExportScene {
  static let base = TestDirectory.base
  static let people = "ou=people,\(base)"

  let server: SlapdServer
  let scratch: ScratchDirectory
  var account: LDAPTools { server.admin }

  /// Starts a server with a few people and groups, imports them, and runs the body.
  static func running(
    transport: String = "startTLS", yaml: String = "", _ body: (SlapdExportScene) async throws -> Void
  ) async throws {
    let options = SlapdOptions.with {
      $0.seed = .text(seed)
      $0.firstAccessRules = ["to * by dn.exact=\"\(TestDirectory.connectorDN)\" manage by * break"]
    }
    let server = try await SlapdServer.start(options)
    try await usingServer(server) { _ in
      let scene = SlapdExportScene(server: server, scratch: try ScratchDirectory())
      defer { scene.scratch.remove() }
      try scene.configure(transport, yaml)
      try await scene.expect(0, "import", "full")
      try await body(scene)
    }
  }

  func configure(_ transport: String, _ yaml: String) throws {
    let authority = transport == "ldap" ? "" : "caFile: \"\(server.certificates.authority)\", "
    try scratch.write(
      """
      server: {host: 127.0.0.1, port: \(server.port), transport: \(transport), \(authority)operationTimeout: 30s}
      bind: {method: simple, dn: "\(TestDirectory.connectorDN)", passwordFile: "\(server.connectorPasswordFile)"}
      state: state.db
      partitions: [{dn: "\(Self.base)"}]
      \(yaml)
      """, to: "connector.yaml")
  }

  func run(_ arguments: [String], input: String) async throws -> CommandResult {
    try await Command.run(arguments, input: input, directory: scratch.path)
  }

  private static var seed: String {
    var records = LDIFText()
    for unit in ["people", "groups", "old"] {
      records.entry("ou=\(unit),\(base)", classes: ["organizationalUnit"], [])
    }
    for uid in ["ann", "bob", "cem"] {
      records.entry(
        "uid=\(uid),\(people)", classes: ["inetOrgPerson"], [("cn", uid), ("sn", uid), ("mail", "\(uid)@example.com")])
    }
    for number in 0..<12 {
      records.entry("uid=o\(number),ou=old,\(base)", classes: ["inetOrgPerson"], [("cn", "o"), ("sn", "o")])
    }
    records.entry("cn=staff,ou=groups,\(base)", classes: ["groupOfNames"], [("member", "uid=ann,\(people)")])
    return records.text
  }
}

import Testing

@testable import TestSupport

/// Exports to a 389 Directory Server: passwords and accounts as this product has them.
@Suite struct DS389ExportTests {
  private static let ann = "uid=ann,\(DS389Server.base)"

  private struct Scene: ExportScene {
    let scratch: ScratchDirectory
    let account: LDAPTools

    func run(_ arguments: [String], input: String) async throws -> CommandResult {
      try await Command.run(arguments, input: input, directory: scratch.path)
    }
  }

  private func running(_ body: (Scene) async throws -> Void) async throws {
    var seed = LDIFText()
    seed.entry(Self.ann, classes: ["inetOrgPerson"], [("cn", "Ann"), ("sn", "Ann")])
    try await DS389Server.running(.with { $0.seed = .text(seed.text) }) { server in
      let scene = Scene(scratch: try ScratchDirectory(), account: server.admin)
      defer { scene.scratch.remove() }
      try scene.scratch.write(DS389Server.adminPassword, to: "admin.pw")
      try scene.scratch.write(
        """
        server: {host: 127.0.0.1, port: \(server.port), operationTimeout: 30s}
        bind: {method: simple, dn: "\(DS389Server.adminDN)", passwordFile: admin.pw}
        state: state.db
        partitions: [{dn: "\(DS389Server.base)"}]
        export: {allowClearTextPasswords: true}
        """, to: "connector.yaml")
      try await scene.expect(0, "import", "full")
      try await body(scene)
    }
  }

  @Test func aPasswordIsWrittenWithoutTLSAndADisabledAccountCannotLogIn() async throws {
    try await running { scene in
      try scene.scratch.write("Secret-pass-1", to: "one")
      let set = try await scene.expect(0, "password", "set", Self.ann, "--new-password-file", "one")
      #expect(set.standardOutput.contains("password set by writing userPassword"), "\(set.summary)")
      #expect(try await scene.bindCode(Self.ann, "Secret-pass-1") == 0)
      try await scene.expect(0, "account", "disable", Self.ann)
      #expect(try await scene.bindCode(Self.ann, "Secret-pass-1") == 53)
      let entry = try await scene.account.read(Self.ann, attributes: ["nsAccountLock"])
      #expect(entry?.strings("nsAccountLock").map { $0.uppercased() } == ["TRUE"])
      let file = try scene.input([#"{"change":"enable","dn":"\#(Self.ann)"}"#])
      try await scene.expect(0, "export", file, "--yes")
      #expect(try await scene.bindCode(Self.ann, "Secret-pass-1") == 0)
      let size = try await scene.feedSize()
      try await scene.expect(0, "import", "full")
      #expect(try await scene.feedSize() == size)
    }
  }
}

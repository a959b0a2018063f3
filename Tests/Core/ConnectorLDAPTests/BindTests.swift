import ConnectorCore
import ConnectorLDAP
import TestSupport
import Testing

@Suite struct BindTests {
  @Test func theRightPasswordOpensASession() async throws {
    try await SlapdServer.running { server in
      let session = try await connect(server)
      let found = try await session.read(SlapdServer.connectorDN, attributes: ["cn"])
      guard case .entry(let entry) = found else {
        Issue.record("not an entry: \(found)")
        return
      }
      #expect(entry.dn == SlapdServer.connectorDN)
      #expect(entry.strings("cn") == ["connector"])
      await session.close()
    }
  }

  @Test func aWrongPasswordIsToldByCodeAndWordsWithoutThePassword() async throws {
    try await SlapdServer.running { server in
      let error = await directoryError { _ = try await connect(server, password: "wrong-pass-4711") }
      #expect(error?.code == .invalidCredentials)
      #expect(
        error?.description == "bind as cn=connector,dc=example,dc=com: invalidCredentials (49): DN or password is wrong"
      )
      #expect(error?.isRetriable == false)
    }
  }

  @Test func aSimpleBindWithoutAPasswordIsRefusedBeforeItIsSent() async throws {
    try await SlapdServer.running { server in
      let error = await connectionError { try await connect(server, password: "") }
      #expect(error?.cause == .badSetting)
      #expect(error?.message.contains("needs both a DN and a password") == true)
    }
  }

  @Test func aPasswordThatTheServerRepeatsIsTakenOutOfItsMessage() async throws {
    let peer = try ScriptedPeer { client in
      guard let id = client.nextRequest() else { return }
      client.send(Messages.result(id, tag: 0x61, code: 49, diagnostic: "no user\nwith password hunter2 here"))
      client.stayAndRead()
    }
    let error = await directoryError {
      _ = try await connect(port: peer.port) { $0.bind = .simple(dn: "cn=a", password: Secret("hunter2")) }
    }
    #expect(error?.message == "no user with password (secret) here")
  }

  @Test func aSecretShowsItselfNowhere() {
    let secret = Secret("hunter2")
    var dumped = ""
    dump(secret, to: &dumped)
    for text in ["\(secret)", String(reflecting: secret), "\([secret])", dumped] {
      #expect(!text.contains("hunter2"))
      #expect(!text.contains("104"), "the bytes of the password: \(text)")
    }
  }

  @Test func aClosedSessionSaysSo() async throws {
    try await SlapdServer.running { server in
      let session = try await connect(server)
      await session.close()
      let error = await directoryError { _ = try await session.collect(SearchRequest(base: "", scope: .base)) }
      #expect(error?.code == .serverDown)
      #expect(error?.message == "the session is closed")
    }
  }
}

import ConnectorCore
import ConnectorLDAP
import Glibc
import TestSupport
import Testing

@Suite struct TLSTests {
  @Test(arguments: [ConnectionSettings.Transport.ldaps, .startTLS])
  func aVerifiedSessionKnowsItsPeer(_ transport: ConnectionSettings.Transport) async throws {
    try await SlapdServer.running { server in
      let session = try await connect(server, transport)
      let peer = try #require(await session.peer)
      let tls = try #require(peer.tls)
      #expect(peer.address == "127.0.0.1")
      #expect(tls.isVerified)
      #expect(tls.version == "TLSv1.3")
      #expect(!tls.cipher.isEmpty)
      #expect(tls.subject == "CN=valid,O=Example")
      #expect(tls.issuer == "CN=Test CA,O=Example")
      #expect(tls.names.contains("DNS:localhost") && tls.names.contains("IP:127.0.0.1"))
      #expect(tls.notBefore == 1_577_836_800 && tls.notAfter > 2_400_000_000)
      #expect(tls.sha256.count == 32 && tls.sha256.contains { $0 != 0 })
      #expect(try await session.collect(SearchRequest(base: SlapdServer.base)).count == 3)
    }
  }

  @Test func aSessionWithoutTLSSaysSo() async throws {
    try await SlapdServer.running { server in
      let session = try await connect(server)
      #expect(await session.peer?.tls == nil)
    }
  }

  @Test(arguments: [ConnectionSettings.Transport.ldaps, .startTLS])
  func aCertificateOfAnotherCAIsRefused(_ transport: ConnectionSettings.Transport) async throws {
    try await SlapdServer.running { server in
      let error = await connectionError {
        try await connect(server, transport) { $0.caFile = server.certificates.unrelatedAuthority }
      }
      #expect(error?.cause == .certificate)
      let message = error?.message ?? ""
      #expect(message.contains("certificate") && message.contains("issuer CN=Test CA,O=Example"), "\(message)")
      #expect(message.contains("name the file of the CA"), "\(message)")
      #expect(error?.isRetriable == false)
    }
  }

  @Test func anExpiredCertificateIsRefusedWithItsLastDay() async throws {
    try await SlapdServer.running(.with { $0.certificate = .expired }) { server in
      let error = await connectionError { try await connect(server, .ldaps) }
      #expect(error?.cause == .certificate)
      let message = error?.message ?? ""
      #expect(message.contains("certificate has expired") && message.contains("2020-02-01 00:00:00 UTC"), "\(message)")
    }
  }

  @Test func aCertificateForAnotherHostIsRefusedWithTheNamesItIsFor() async throws {
    try await SlapdServer.running(.with { $0.certificate = .wrongName }) { server in
      let byAddress = await connectionError { try await connect(server, .ldaps) }
      #expect(byAddress?.cause == .certificate)
      #expect(byAddress?.message.contains("127.0.0.1") == true)
      #expect(
        byAddress?.message.contains("it is for DNS:elsewhere.example.test") == true, "\(byAddress?.message ?? "")")
      let byName = await connectionError { try await connect(server, .startTLS) { $0.host = "localhost" } }
      #expect(byName?.cause == .certificate)
      #expect(byName?.message.contains("hostname mismatch: it is for DNS:elsewhere.example.test") == true)
    }
  }

  @Test func withVerificationOffAnyCertificateDoesAndTheSessionSaysSo() async throws {
    try await SlapdServer.running(.with { $0.certificate = .expired }) { server in
      let session = try await connect(server, .ldaps) { $0.verifiesCertificate = false }
      #expect(await session.peer?.tls?.isVerified == false)
      #expect(await session.peer?.tls?.notAfter == 1_580_515_200)
    }
  }

  @Test func aPinHoldsWithAndWithoutVerification() async throws {
    try await SlapdServer.running { server in
      let pin = try #require(await connect(server, .ldaps).peer?.tls?.sha256)
      let wrong = pin.map { $0 ^ 0xff }
      for verifies in [true, false] {
        let session = try await connect(server, .ldaps) {
          $0.verifiesCertificate = verifies
          $0.pinnedCertificate = pin
        }
        #expect(await session.peer?.tls?.sha256 == pin)
        let error = await connectionError {
          try await connect(server, .ldaps) {
            $0.verifiesCertificate = verifies
            $0.pinnedCertificate = wrong
          }
        }
        #expect(error?.cause == .certificate)
        let digits = pin.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(error?.message.contains("not the pinned one: its SHA-256 is \(digits)") == true)
      }
    }
  }

  @Test func aMissingCAFileIsNamed() async throws {
    try await SlapdServer.running { server in
      let error = await connectionError { try await connect(server, .ldaps) { $0.caFile = "/nowhere/ca.pem" } }
      #expect(error?.cause == .badSetting)
      #expect(error?.message.contains("/nowhere/ca.pem") == true)
    }
  }

  @Test func thePlainPortSpokenToWithTLSIsToldApart() async throws {
    try await SlapdServer.running { server in
      let error = await connectionError { try await connect(server, .ldaps) { $0.port = server.ports.ldap } }
      #expect(error?.cause == .closed || error?.cause == .tls)
      #expect(error?.message.contains("is it the plain LDAP port") == true, "\(error?.message ?? "")")
    }
  }

  @Test func aPeerThatAnswersInTheClearDoesNotSpeakTLS() async throws {
    let peer = try ScriptedPeer { client in
      client.send(Messages.noticeOfDisconnection(code: 2, diagnostic: "what?"))
      client.stayAndRead()
    }
    let error = await connectionError { try await connect(port: peer.port, .ldaps) }
    #expect(error?.cause == .tls)
    #expect(error?.message.contains("does not speak TLS") == true, "\(error?.message ?? "")")
  }

  @Test func aPeerBelowTheMinimumVersionIsRefused() async throws {
    try await SlapdServer.running { server in
      let files = server.certificates.files(.valid)
      let port = try freePort()
      let child = try ChildProcess(
        "/usr/bin/openssl",
        [
          "s_server", "-quiet", "-tls1_2", "-accept", "127.0.0.1:\(port)", "-cert", files.certificate, "-key",
          files.key,
        ])
      defer { child.send(SIGKILL) }
      while !accepts(port: port) && child.isRunning { try await Task.sleep(for: .milliseconds(10)) }
      func open(_ minimum: ConnectionSettings.TLSVersion) async throws -> LDAPSession {
        try await connect(port: port, .ldaps) {
          $0.connectTimeout = .seconds(10)
          $0.caFile = server.certificates.authority
          $0.minimumTLS = minimum
        }
      }
      let error = await connectionError { try await open(.v1_3) }
      #expect(error?.cause == .tls)
      #expect(error?.message.contains("no TLS version from 1.3 on") == true, "\(error?.message ?? "")")
      #expect(try await open(.v1_2).peer?.tls?.version == "TLSv1.2")
    }
  }

  @Test func aRefusedStartTLSIsReportedAndNothingIsSentInTheClear() async throws {
    let peer = try ScriptedPeer { client in
      guard let id = client.nextRequest() else { return }
      client.send(Messages.result(id, tag: 0x78, code: 52, diagnostic: "no TLS here"))
      client.listen()
    }
    let error = await connectionError {
      try await connect(port: peer.port, .startTLS) { $0.bind = .simple(dn: "cn=a", password: Secret("b")) }
    }
    #expect(error?.cause == .startTLSRefused(.unavailable))
    #expect(error?.message.contains("result code 52: no TLS here") == true)
    #expect(error?.isRetriable == true)
    #expect(try await peer.heard() == [0x77], "no bind in the clear")
  }

  @Test func plaintextBehindTheAnswerToStartTLSIsRefused() async throws {
    let peer = try ScriptedPeer { client in
      guard let id = client.nextRequest() else { return }
      client.send(Messages.result(id, tag: 0x78) + Messages.bindSuccess(2))
      client.stayAndRead()
    }
    let error = await connectionError { try await connect(port: peer.port, .startTLS) }
    #expect(error?.cause == .tls)
    #expect(error?.message.contains("sent plaintext behind its answer") == true)
  }

  @Test(arguments: [
    [0x30, 0x84, 0xff, 0xff, 0xff, 0xff], [0x30, 0x03, 0x02, 0x01, 0x01], [0x16, 0x03], [0x30, 0x80],
  ])
  func nonsenseInAnswerToStartTLSIsRefused(_ bytes: [UInt8]) async throws {
    let peer = try ScriptedPeer { client in
      guard client.nextRequest() != nil else { return }
      client.send(bytes)
    }
    let error = await connectionError { try await connect(port: peer.port, .startTLS) }
    #expect(error?.cause == .tls)
    #expect(error?.message.contains("something that is no LDAP") == true)
  }
}

import ConnectorCore
import ConnectorLDAP
import Glibc
import TestSupport
import Testing

/// Every wait ends: 500 ms are given, and a busy machine may take some seconds more.
@Suite struct DeadlineTests {
  private let window: ClosedRange<Duration> = .milliseconds(400)...(.seconds(30))

  @Test func connectingToAPortThatDoesNotAnswerTimesOut() async throws {
    let full = try FullPort()
    let took = await duration {
      let error = await connectionError { try await connect(port: full.port) }
      #expect(error?.cause == .timedOut)
      #expect(error?.isRetriable == true)
      #expect(error?.message.contains("127.0.0.1 port \(full.port)") == true)
    }
    #expect(window.contains(took))
  }

  @Test func aPeerThatIsSilentInTheTLSHandshakeTimesOut() async throws {
    let peer = try ScriptedPeer { $0.stayAndRead() }
    let took = await duration {
      let error = await connectionError { try await connect(port: peer.port, .ldaps) }
      #expect(error?.cause == .timedOut)
      #expect(error?.message.contains("did not complete the TLS handshake within 500 ms") == true)
    }
    #expect(window.contains(took))
  }

  @Test func aPeerThatIsSilentAfterStartTLSTimesOut() async throws {
    let peer = try ScriptedPeer { $0.stayAndRead() }
    let error = await connectionError { try await connect(port: peer.port, .startTLS) }
    #expect(error?.cause == .timedOut)
    #expect(error?.message.contains("did not answer StartTLS in time") == true)
  }

  @Test func aPeerThatIsSilentAfterTheBindTimesOut() async throws {
    let peer = try ScriptedPeer { $0.stayAndRead() }
    let took = await duration {
      let error = await directoryError {
        _ = try await connect(port: peer.port) { $0.bind = .simple(dn: "cn=a", password: Secret("b")) }
      }
      #expect(error?.code == .timeout)
      #expect(error?.operation == "bind as cn=a")
    }
    #expect(window.contains(took))
  }

  @Test func aPeerThatIsSilentInASearchTimesOutAndTheSessionRemembers() async throws {
    let peer = try ScriptedPeer { $0.stayAndRead() }
    let session = try await connect(port: peer.port)
    let request = SearchRequest(base: "dc=a")
    let took = await duration {
      let error = await directoryError { _ = try await session.collect(request) }
      #expect(error?.code == .timeout)
      #expect(error?.isRetriable == true)
      #expect(error?.operation == "search of dc=a")
    }
    #expect(window.contains(took))
    let again = await directoryError { _ = try await session.read(["dc=b"], attributes: []) }
    #expect(again?.code == .timeout)
  }

  @Test func bytesThatMovePutTheDeadlineOff() async throws {
    let peer = try ScriptedPeer { client in
      guard let id = client.nextRequest() else { return }
      for number in 0..<6 {
        usleep(250_000)
        client.send(Messages.entry(id, dn: "cn=\(number)", attributes: [("cn", ["\(number)"])]))
      }
      client.send(Messages.result(id))
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port) { $0.operationTimeout = .seconds(1) }
    #expect(try await session.collect(SearchRequest(base: "", pageSize: nil)).count == 6)
  }

  @Test func aPeerThatNeverReadsCannotHoldARequest() async throws {
    let peer = try ScriptedPeer { $0.stayAndIgnore() }
    let session = try await connect(port: peer.port)
    // More than the socket buffers of both sides take.
    let huge = Control("1.2.3", value: [UInt8](repeating: 0x61, count: 16 << 20))
    let took = await duration {
      let error = await directoryError { _ = try await session.collect(SearchRequest(base: "", controls: [huge])) }
      #expect(error?.code == .timeout)
    }
    #expect(window.contains(took))
    let closing = await duration { await session.close() }
    #expect(closing < .seconds(10))
  }

  @Test func aPortWhereNobodyListensRefuses() async throws {
    let port = try freePort()
    let error = await connectionError { try await connect(port: port) }
    #expect(error?.cause == .refused)
    #expect(error?.message.contains("127.0.0.1: Connection refused") == true)
    #expect(error?.isRetriable == true)
  }

  @Test func aNameThatDoesNotExistIsNotFound() async throws {
    let error = await connectionError {
      try await connect(port: 389) {
        $0.host = "no-such-host.invalid"
        $0.connectTimeout = .seconds(20)
      }
    }
    #expect(error?.cause == .nameNotFound)
    #expect(error?.message.contains("no-such-host.invalid") == true)
  }

  @Test func settingsThatCannotWorkAreRefused() async throws {
    let noHost = await connectionError { try await connect(port: 389) { $0.host = "" } }
    let noPort = await connectionError { try await connect(port: 0) }
    let noTime = await connectionError { try await connect(port: 389) { $0.connectTimeout = .zero } }
    let badPin = await connectionError { try await connect(port: 636, .ldaps) { $0.pinnedCertificate = [1, 2] } }
    for error in [noHost, noPort, noTime, badPin] { #expect(error?.cause == .badSetting) }
  }

  @Test(arguments: [ConnectionSettings.Transport.ldap, .ldaps, .startTLS])
  func cancellingAConnectionAttemptEndsItAtOnce(_ transport: ConnectionSettings.Transport) async throws {
    let peer = try ScriptedPeer { $0.stayAndRead() }
    let full = try FullPort()
    let port = transport == .ldap ? full.port : peer.port
    let attempt = Task {
      try await connect(port: port, transport) { $0.connectTimeout = .seconds(60) }
    }
    try await Task.sleep(for: .milliseconds(200))
    let took = await duration {
      attempt.cancel()
      await #expect(throws: CancellationError.self) { _ = try await attempt.value }
    }
    #expect(took < .seconds(30), "half of the timeout")
  }
}

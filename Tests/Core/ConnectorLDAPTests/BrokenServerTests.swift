import ConnectorCore
import ConnectorLDAP
import Glibc
import TestSupport
import Testing

@Suite struct BrokenServerTests {
  private let unpaged = SearchRequest(base: "dc=a", pageSize: nil)

  @Test func anEntryCutInTheMiddleIsALostConnection() async throws {
    let peer = try ScriptedPeer { client in
      guard let id = client.nextRequest() else { return }
      client.send(Messages.entry(id, dn: "cn=1", attributes: [("cn", ["1"])]))
      client.send(Array(Messages.entry(id, dn: "cn=2", attributes: [("cn", ["2"])]).dropLast(4)))
    }
    let session = try await connect(port: peer.port)
    let error = await directoryError { _ = try await session.collect(unpaged) }
    #expect(error?.code == .serverDown)
    #expect(error?.message.contains("closed the connection") == true, "\(error?.message ?? "")")
    let again = await directoryError { _ = try await session.collect(unpaged) }
    #expect(again == error, "the session says so on every later call")
  }

  @Test func aMalformedEntryIsThrownAndNotHalfRead() async throws {
    let peer = try ScriptedPeer { client in
      guard let id = client.nextRequest() else { return }
      client.send(Messages.malformedEntry(id, dn: "cn=1") + Messages.result(id))
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port)
    let harvest = Harvest()
    let error = await directoryError { _ = try await session.search(unpaged) { harvest.add($0) } }
    #expect(error?.code == .decodingError)
    #expect(error?.isRetriable == false)
    #expect(harvest.names.isEmpty)
  }

  @Test func aMessageAboveTheCapEndsTheSession() async throws {
    let peer = try ScriptedPeer { client in
      guard let id = client.nextRequest() else { return }
      client.send(Messages.entry(id, dn: "cn=1", attributes: [("cn", [String(repeating: "x", count: 200_000)])]))
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port) { $0.maximumPDU = 100_000 }
    let error = await directoryError { _ = try await session.collect(unpaged) }
    #expect(error?.code == .decodingError)
    #expect(error?.message.contains("longer than the limit") == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    [0x48, 0x06, 1, 2, 3, 4, 5, 6], [0x30, 0x06, 0x02, 1, 1, 3, 4, 5], [0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 1, 1],
    [0x30, 0x00],
  ])
  func bytesThatAreNoLDAPEndTheSession(_ bytes: [UInt8]) async throws {
    let peer = try ScriptedPeer { client in
      guard client.nextRequest() != nil else { return }
      client.send(bytes)
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port)
    let error = await directoryError { _ = try await session.collect(unpaged) }
    #expect(error?.code == .decodingError, "\(error?.description ?? "")")
    let read = await directoryError { _ = try await session.read(["dc=a"], attributes: []) }
    #expect(read?.message == error?.message, "a read tells a lost session from a failed entry")
  }

  @Test func randomBytesNeverTrap() async throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<150 {
      let id: UInt8 = 1
      var bytes = Messages.entry(id, dn: "cn=1", attributes: [("cn", ["1", "2"]), ("sn", ["3"])])
      bytes += Messages.reference(id, ["ldap://x/"])
      if Bool.random(using: &generator) { bytes += Messages.noticeOfDisconnection(code: 52, diagnostic: "") }
      bytes += Messages.result(id, code: 0, diagnostic: "fine", controls: Messages.pagedResults(cookie: ""))
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      let sent = bytes
      let peer = try ScriptedPeer { client in
        guard client.nextRequest() != nil else { return }
        client.send(sent)
      }
      let session = try await connect(port: peer.port)
      let outcome = await Result { try await session.collect(SearchRequest(base: "dc=a")) }
      if case .failure(let error) = outcome { #expect(error is DirectoryError, "\(error) for \(sent)") }
    }
  }

  @Test func aPageWithoutItsControlIsNoEnd() async throws {
    let peer = try ScriptedPeer { client in
      guard let first = client.nextRequest() else { return }
      client.send(Messages.entry(first, dn: "cn=1", attributes: []))
      client.send(Messages.result(first, controls: Messages.pagedResults(cookie: "more")))
      guard let second = client.nextRequest() else { return }
      client.send(Messages.entry(second, dn: "cn=2", attributes: []) + Messages.result(second))
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port)
    let harvest = Harvest()
    let error = await directoryError { _ = try await session.search(SearchRequest(base: "dc=a")) { harvest.add($0) } }
    #expect(error?.code == .controlNotFound)
    #expect(harvest.names == ["cn=1"])
  }

  @Test func aPageWithAMalformedControlIsNoEnd() async throws {
    let broken = Messages.element(
      0x30, Messages.text("1.2.840.113556.1.4.319") + Messages.element(0x04, [0x30, 0x05, 0x02, 0x01]))
    let peer = try ScriptedPeer { client in
      guard let id = client.nextRequest() else { return }
      client.send(Messages.result(id, controls: broken))
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port)
    let error = await directoryError { _ = try await session.collect(SearchRequest(base: "dc=a")) }
    #expect(error?.code == .decodingError)
  }

  @Test func anErrorOnALaterPageIsThrownAfterTheEntriesBeforeIt() async throws {
    let peer = try ScriptedPeer { client in
      guard let first = client.nextRequest() else { return }
      client.send(Messages.entry(first, dn: "cn=1", attributes: []))
      client.send(Messages.result(first, controls: Messages.pagedResults(cookie: "more")))
      guard let second = client.nextRequest() else { return }
      client.send(Messages.entry(second, dn: "cn=2", attributes: []))
      client.send(Messages.result(second, code: 51, diagnostic: "later,\r\nplease"))
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port)
    let harvest = Harvest()
    let error = await directoryError { _ = try await session.search(SearchRequest(base: "dc=a")) { harvest.add($0) } }
    #expect(error?.code == .busy)
    #expect(error?.message == "later,  please")
    #expect(error?.isRetriable == true)
    #expect(harvest.names == ["cn=1", "cn=2"])
  }

  @Test func aNoticeOfDisconnectionIsPassedOn() async throws {
    let peer = try ScriptedPeer { client in
      guard client.nextRequest() != nil else { return }
      client.send(Messages.noticeOfDisconnection(code: 52, diagnostic: "shutting down"))
    }
    let session = try await connect(port: peer.port)
    let error = await directoryError { _ = try await session.collect(unpaged) }
    #expect(error?.code == .serverDown)
    #expect(error?.message == "the server ended the session with unavailable (52): shutting down")
  }

  @Test func aDiagnosticMessageIsCutAndKeptOnOneLine() async throws {
    let peer = try ScriptedPeer { client in
      guard let id = client.nextRequest() else { return }
      client.send(Messages.result(id, code: 80, diagnostic: "a\nb" + String(repeating: "x", count: 5000)))
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port)
    let error = await directoryError { _ = try await session.collect(unpaged) }
    #expect(error?.message.count == 500)
    #expect(error?.message.hasPrefix("a bx") == true)
  }

  @Test func aKilledServerInMidSearchIsALostConnection() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(2000)) }) { server in
      let session = try await connect(server)
      let error = await directoryError {
        _ = try await session.search(SearchRequest(base: SlapdServer.base, pageSize: 100)) { _ in
          try await server.kill()
        }
      }
      #expect(error?.code == .serverDown)
      #expect(error?.isRetriable == true)
    }
  }

  @Test func writingToAServerThatIsGoneDoesNotKillTheProcess() async throws {
    try await SlapdServer.running { server in
      for transport in [ConnectionSettings.Transport.ldap, .ldaps] {
        let session = try await connect(server, transport)
        try await server.kill()
        for _ in 0..<3 {
          let error = await directoryError { _ = try await session.read([SlapdServer.base], attributes: []) }
          #expect(error?.code == .serverDown)
        }
        await session.close()
        try await server.startAgain()
      }
    }
  }
}

extension Result where Failure == any Error {
  init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}

import ConnectorCore
import ConnectorLDAP
import TestSupport
import Testing

@Suite struct ReadTests {
  @Test func fiveHundredReadsAreAnsweredInTheirOrder() async throws {
    try await SlapdServer.running(.with { $0.seed = .text(persons(450)) }) { server in
      let session = try await connect(server)
      let names = (0..<500).map { "cn=Person \($0 * 7 % 500),\(SlapdServer.base)" }
      let answers = try await session.read(names, attributes: ["cn", "entryUUID"])
      #expect(answers.count == 500)
      for (number, answer) in answers.enumerated() {
        switch answer {
        case .entry(let entry):
          #expect(entry.dn == names[number])
          #expect(entry.string("entryUUID")?.count == 36)
          #expect(number * 7 % 500 < 450)
        case .absent: #expect(number * 7 % 500 >= 450)
        case .failed(let error): Issue.record("\(names[number]): \(error)")
        }
      }
    }
  }

  @Test func aReadThatFailsIsAnAnswerAmongTheOthers() async throws {
    try await SlapdServer.running { server in
      let session = try await connect(server)
      let names = [SlapdServer.base, "this is no DN", "ou=no,\(SlapdServer.base)", "dc=\0"]
      let answers = try await session.read(names, attributes: ["dc"])
      #expect(answers.count == 4)
      guard case .entry(let entry) = answers[0], case .failed(let syntax) = answers[1], case .absent = answers[2],
        case .failed(let zero) = answers[3]
      else {
        Issue.record("\(answers)")
        return
      }
      #expect(entry.string("dc") == "example")
      #expect(syntax.code == .invalidDNSyntax)
      #expect(zero.code == .invalidDNSyntax)
      #expect(try await session.read([], attributes: []).isEmpty)
    }
  }

  @Test func anEntryThatIsMalformedOrCutOffByAnErrorIsNoEntry() async throws {
    let peer = try ScriptedPeer { client in
      while let id = client.nextRequest() {
        switch id {
        case 1: client.send(Messages.malformedEntry(id, dn: "cn=1") + Messages.result(id))
        case 2: client.send(Messages.entry(id, dn: "cn=2", attributes: []) + Messages.result(id, code: 51))
        case 3: client.send(Messages.reference(id, ["ldap://other/"]) + Messages.result(id))
        case 4: client.send(Messages.result(id))
        default: client.send(Messages.entry(id, dn: "cn=5", attributes: [("cn", ["5"])]) + Messages.result(id))
        }
      }
    }
    let session = try await connect(port: peer.port)
    let answers = try await session.read((1...5).map { "cn=\($0)" }, attributes: [])
    guard case .failed(let malformed) = answers[0], case .failed(let busy) = answers[1],
      case .failed(let reference) = answers[2], case .absent = answers[3], case .entry(let entry) = answers[4]
    else {
      Issue.record("\(answers)")
      return
    }
    #expect(malformed.code == .decodingError)
    #expect(busy.code == .busy)
    #expect(reference.code == .referral)
    #expect(reference.referrals == ["ldap://other/"])
    #expect(entry.dn == "cn=5")
  }

  @Test func answersOutOfOrderFindTheirQuestions() async throws {
    let peer = try ScriptedPeer { client in
      var ids: [UInt8] = []
      while ids.count < 40, let id = client.nextRequest() { ids.append(id) }
      for id in ids.reversed() { client.send(Messages.entry(id, dn: "cn=\(id)", attributes: [])) }
      for id in ids.shuffled() { client.send(Messages.result(id)) }
      client.stayAndRead()
    }
    let session = try await connect(port: peer.port)
    let answers = try await session.read((1...40).map { "cn=\($0)" }, attributes: [])
    let names = answers.map { answer in
      if case .entry(let entry) = answer { entry.dn } else { "none" }
    }
    #expect(names == (1...40).map { "cn=\($0)" })
  }

  @Test func aLostConnectionThrows() async throws {
    let peer = try ScriptedPeer { client in
      guard let id = client.nextRequest() else { return }
      client.send(Messages.entry(id, dn: "cn=1", attributes: []))
    }
    let session = try await connect(port: peer.port)
    let error = await directoryError { _ = try await session.read(["cn=1", "cn=2"], attributes: []) }
    #expect(error?.code == .serverDown)
    #expect(error?.isRetriable == true)
  }
}

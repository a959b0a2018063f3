import ConnectorCore
import Testing

@testable import FixtureServer

@Suite struct RequestDecoderTests {
  private let base = "dc=example,dc=com"
  private let entry = "cn=x,dc=example,dc=com"

  @Test("Binds are read with name and password")
  func binds() throws {
    guard case .bind(3, "", []) = try RequestMessage(decoding: Bytes.anonymousBind).operation else {
      Issue.record("not an anonymous bind")
      return
    }
    guard case .bind(3, "cn=admin,dc=example,dc=com", let password) = try RequestMessage(decoding: Bytes.bind).operation
    else {
      Issue.record("not a bind of the admin")
      return
    }
    #expect(password == Array("secret".utf8))
  }

  @Test("A search is read with every form of filter and every part")
  func search() throws {
    let message = try RequestMessage(decoding: Bytes.search)
    let search = try #require(message.search)
    #expect(message.id == 2)
    #expect(message.controls.isEmpty)
    #expect(search.base == base)
    #expect(search.scope == .oneLevel)
    #expect(search.sizeLimit == 7)
    #expect(search.typesOnly)
    #expect(search.attributes == ["cn", "+"])
    let text = #"(&(|(cn=a\2ab*c*d)(!(sn>=x)))(uid<=y)(mail~=z)(o=*)(cn:dn:caseIgnoreMatch:=Q)(:2.5.13.5:=R)(l=v))"#
    #expect(search.filter == (try Filter(parsing: text)))
  }

  @Test("Controls are read with criticality and value")
  func controls() throws {
    let page = try #require(RequestMessage(decoding: Bytes.page).controls.first)
    #expect(page.oid == Control.pagedResultsOID)
    #expect(page.isCritical)
    #expect(try PagedResultsControl(decoding: page.value ?? []) == PagedResultsControl(size: 2, cookie: []))

    let list = try RequestMessage(decoding: Bytes.listView).controls
    #expect(list.map(\.oid) == [WellKnownOIDs.sort, WellKnownOIDs.virtualListView])
    #expect(list.map(\.isCritical) == [true, false])
    #expect(
      try SortControlKey.list(decoding: list[0].value ?? []) == [
        SortControlKey(attribute: "sn", rule: "2.5.13.3", isReversed: true),
        SortControlKey(attribute: "cn", isReversed: false),
      ])
    let view = try VirtualListView(decoding: list[1].value ?? [])
    #expect(view.before == 1)
    #expect(view.after == 2)
    #expect(view.target == .offset(3, of: 0))
    #expect(view.context == nil)

    let byValue = try RequestMessage(decoding: Bytes.listViewByValue).controls
    #expect(try VirtualListView(decoding: byValue[1].value ?? []).target == .value(Array("abc".utf8)))
  }

  @Test("Writes become records of LDIF")
  func writes() throws {
    let add = try #require(RequestMessage(decoding: Bytes.add).record)
    #expect(add.dn == entry)
    #expect(add.change == .add)
    #expect(add.attributes.map(\.0) == ["objectClass", "objectClass", "cn", "jpegPhoto"])
    #expect(add.attributes.last?.1 == [0x00, 0xFF])
    #expect(try RequestMessage(decoding: Bytes.delete).record?.change == .delete)
    #expect(
      try RequestMessage(decoding: Bytes.rename).record?.change
        == .rename(newRDN: "cn=y", deleteOldRDN: false, newSuperior: nil))
    #expect(
      try RequestMessage(decoding: Bytes.move).record?.change
        == .rename(newRDN: "cn=y", deleteOldRDN: true, newSuperior: "ou=a,\(base)"))
    let modify = try RequestMessage(decoding: Bytes.modify)
    #expect(
      modify.record?.change
        == .modify([
          LDIFModification(.add, "sn", [Array("A".utf8)]), LDIFModification(.delete, "mail"),
          LDIFModification(.replace, "l", [Array("M".utf8), Array("N".utf8)]),
          LDIFModification(.increment, "uidNumber", [Array("1".utf8)]),
        ]))
    #expect(
      modify.controls.map(\.oid) == [
        SupportedControls.assertion, SupportedControls.preRead, SupportedControls.postRead,
      ])
  }

  @Test("Compare and extended requests are read")
  func others() throws {
    guard case .compare(entry, "sn", let value) = try RequestMessage(decoding: Bytes.compare).operation else {
      Issue.record("not a compare")
      return
    }
    #expect(value == Array("Meyer".utf8))
    guard case .extended(SupportedControls.whoAmI, nil) = try RequestMessage(decoding: Bytes.whoAmI).operation else {
      Issue.record("not “Who am I?”")
      return
    }
    guard
      case .extended(SupportedControls.passwordModify, let change?) =
        try RequestMessage(decoding: Bytes.passwordModify).operation
    else {
      Issue.record("not a password modify")
      return
    }
    #expect(change.count == 0x24)
  }

  @Test("Lengths in four bytes, as Active Directory's clients write them, are read")
  func longLengths() throws {
    let long = hex("30 84 00 00 00 10 02 01 01 60 84 00 00 00 07 02 01 03 04 00 80 00")
    guard case .bind(3, "", []) = try RequestMessage(decoding: long).operation else {
      Issue.record("not an anonymous bind")
      return
    }
    #expect(try FrameDecoder.size(of: long) == long.count)
  }

  @Test("A piece of a message is no message", arguments: Bytes.all)
  func pieces(_ message: [UInt8]) throws {
    for count in 0..<message.count {
      #expect(throws: (any Error).self) { try RequestMessage(decoding: Array(message.prefix(count))) }
      #expect(try FrameDecoder.size(of: message.prefix(count)) == nil)
    }
    #expect(try FrameDecoder.size(of: message + [0x30]) == message.count)
  }

  @Test("A message with any byte changed is read or refused, and what is read is still a request", arguments: Bytes.all)
  func changedBytes(_ message: [UInt8]) {
    var refused = 0
    for index in message.indices {
      for byte in [0x00, 0x01, 0x7F, 0x80, 0xFF, message[index] ^ 0x20] as [UInt8] {
        var changed = message
        changed[index] = byte
        guard let read = try? RequestMessage(decoding: changed) else {
          refused += 1
          continue
        }
        #expect(read.id > 0)
      }
    }
    #expect(refused > message.count / 2)
  }

  @Test(
    "What no client may send is refused",
    arguments: [
      ("a message ID of zero", "300c 020100 6007 020103 0400 8000"),
      ("a negative message ID", "300c 0201ff 6007 020103 0400 8000"),
      ("a response", "300c 020101 6107 0a0100 0400 0400"),
      ("an operation that does not exist", "3005 020101 5e00"),
      ("an operation of another class", "3005 020101 0400"),
      ("a name that is not UTF-8", "300d 020101 6008 020103 0401ff 8000"),
      ("a third kind of authentication", "300c 020101 6007 020103 0400 8100"),
      ("more behind the operation", "300e 020101 6007 020103 0400 8000 0500"),
    ])
  func refused(_ what: String, _ bytes: String) {
    #expect(throws: (any Error).self, "\(what)") { try RequestMessage(decoding: hex(bytes)) }
  }

  @Test("A filter that is nested without end is refused")
  func nesting() {
    #expect(throws: Never.self) { try RequestMessage(decoding: search(nested: 40)) }
    #expect(throws: (any Error).self) { try RequestMessage(decoding: search(nested: 200)) }
  }

  private func search(nested depth: Int) -> [UInt8] {
    var filter = hex("8702636e")
    for _ in 0..<depth { filter = element(0xA2, filter) }
    let parts = hex("0400 0a0102 0a0100 020100 020100 010100") + filter + hex("3000")
    return element(0x30, hex("020102") + element(0x63, parts))
  }

  private func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 255)] + content
  }
}

extension RequestMessage {
  var search: SearchOperation? {
    guard case .search(let search) = operation else { return nil }
    return search
  }

  fileprivate var record: LDIFRecord? {
    guard case .change(let record, let change) = operation, record.change == change else { return nil }
    return record
  }
}

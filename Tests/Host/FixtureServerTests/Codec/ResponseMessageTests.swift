import ConnectorCore
import Testing

@testable import FixtureServer

/// The expected bytes were put together by hand from RFC 4511 §4 and X.690.
@Suite struct ResponseMessageTests {
  @Test("An entry is written with names, values and attributes without values")
  func entry() {
    let entry = Entry(dn: "cn=a", attributes: [("cn", [Array("a".utf8), [0xFF]]), ("sn", [])])
    let expected = "3023 020105 641e 0404636e3d61 3016 300c0402636e 3106040161 0401ff 30060402736e3100"
    #expect(ResponseMessage(id: 5, content: .entry(entry)).encoded == hex(expected))
  }

  @Test("A result carries code, name, message, referrals and controls")
  func result() {
    var result = LDAPResult(.noSuchObject, "no")
    result.matchedDN = "o=x"
    result.referrals = ["ldap://h"]
    let message = ResponseMessage(
      id: 300, content: .result(result, of: .search), controls: [Control("1.2", isCritical: true, value: [7])])
    let expected = """
      302d 0202012c
        6518 0a0120 04036f3d78 04026e6f a30a 04086c6461703a2f2f68
        a00d 300b 0403312e32 0101ff 040107
      """
    #expect(message.encoded == hex(expected))
  }

  @Test("A notice of disconnection has the message ID zero and its own name")
  func notice() {
    let expected = "3025 020100 7820 0a0102 0400 040178 8a16 312e332e362e312e342e312e313436362e3230303336"
    #expect(ResponseMessage.noticeOfDisconnection(.protocolError, "x").encoded == hex(expected))
  }

  @Test("A search reference lists its URLs")
  func reference() {
    let message = ResponseMessage(id: 1, content: .reference(["ldap://h"]))
    #expect(message.encoded == hex("300f 020101 730a 04086c6461703a2f2f68"))
  }

  @Test("Numbers are written in the fewest bytes that keep their sign")
  func integers() {
    let sizes = [0: "020100", 127: "02017f", 128: "02020080", 65536: "0203010000", -1: "0201ff", -129: "0202ff7f"]
    for (size, bytes) in sizes {
      let value = hex(bytes + "0400")
      #expect(PagedResultsControl(size: size, cookie: []).control.value == [0x30, UInt8(value.count)] + value)
    }
  }
}

import ConnectorCore
import Testing

@testable import ConnectorLDAP

@Suite struct PasswordHashTests {
  private let hash = PasswordHash(key: Array("key of 32 bytes, more or less...".utf8))

  @Test func `The hash is the HMAC that Python makes of the same text`() {
    // hmac.new(b"key of 32 bytes, more or less...", b"export password\x007\x00geheim", "sha256").hexdigest()
    #expect(
      hash.text(of: Secret("geheim"), line: 7) == "f14b4a96c22dfc85e66f7579d67a07427b714dd5d4a6d616ea66e064fe9ee390")
  }

  @Test func `Line, password and key each make another hash`() {
    let other = PasswordHash(key: [1])
    let texts = [
      hash.text(of: Secret("a"), line: 1), hash.text(of: Secret("a"), line: 2), hash.text(of: Secret("b"), line: 1),
      other.text(of: Secret("a"), line: 1), hash.text(of: Secret([0x31, 0, 0x61]), line: 1),
      hash.text(of: Secret([]), line: 11), PasswordHash(key: []).text(of: Secret("a"), line: 1),
    ]
    #expect(Set(texts).count == texts.count)
    #expect(texts.allSatisfy { $0.utf8.count == 64 })
    #expect(hash.text(of: Secret("a"), line: 1) == texts.first)
  }

  @Test func `A password of a megabyte, and one of NULs, is hashed as any other`() {
    let long = hash.text(of: Secret([UInt8](repeating: 0x41, count: 1 << 20)), line: 1)
    let nuls = hash.text(of: Secret([0, 0, 0]), line: 1)
    #expect(long.utf8.count == 64 && nuls.utf8.count == 64 && nuls != hash.text(of: Secret([0, 0]), line: 1))
  }
}

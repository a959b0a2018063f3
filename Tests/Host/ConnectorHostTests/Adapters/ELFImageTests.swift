import Foundation
import Testing

@testable import ConnectorHost

@Suite("Shared objects, read from outside")
struct ELFImageTests {
  private let bytes: [UInt8]

  init() throws {
    let folder = try TemporaryFolder()
    bytes = Array(try Data(contentsOf: URL(fileURLWithPath: CLibrary().build(in: folder))))
  }

  @Test("Sections and symbols are found by name")
  func contents() throws {
    let image = try ELFImage(bytes)
    #expect(image.section(".ldapconn_adapter")?.starts(with: Array("LDAPCADP".utf8)) == true)
    #expect(image.section(".nothing") == nil)
    #expect(image.symbols.contains("ldap_connector_adapter"))
    #expect(!image.symbols.contains("__cxa_finalize"), "a symbol that it needs is none that it offers")
  }

  @Test("Numbers that point anywhere are refusals or nothing found, and never trap")
  func hostile() throws {
    var random = SplitMix(state: 11)
    let header = bytes.count >= 64 ? bytes.number(40, of: UInt64.self).map { Int($0) } ?? 0 : 0
    var read = 0
    for _ in 0..<20_000 {
      var bytes = bytes
      for _ in 0..<(1 + Int(random.next() % 3)) {
        // Header, table of sections, or anywhere; a byte, or a number of 64 bits.
        let places = [
          Int(random.next() % 64), header + Int(random.next() % UInt64(bytes.count - header)),
          Int(random.next() % UInt64(bytes.count)),
        ]
        let place = places[Int(random.next() % 3)]
        let value = [0, 0xFF, 0x7F, 0x80, UInt8(truncatingIfNeeded: random.next())][Int(random.next() % 5)]
        for index in place..<min(bytes.count, place + (random.next() % 2 == 0 ? 1 : 8)) { bytes[index] = value }
      }
      guard let image = try? ELFImage(bytes) else { continue }
      _ = image.section(".ldapconn_adapter")
      _ = image.symbols
      read += 1
    }
    #expect(read > 1000, "most of what was read was refused at once, so that little was tried")
  }

  /// Numbers that look random, the same in every run.
  private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }
}

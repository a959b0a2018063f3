import Foundation
import Testing

@testable import ConnectorCore

@Suite struct GeneralizedTimeTests {
  @Test(arguments: [
    ("19700101000000Z", 0, 0), ("20261122222927Z", 1_795_386_567, 0), ("20261122222927.000001Z", 1_795_386_567, 1_000),
    ("20261122222927,5Z", 1_795_386_567, 500_000_000), ("20261122222927.1234567891Z", 1_795_386_567, 123_456_789),
    ("202611222229Z", 1_795_386_540, 0), ("2026112222Z", 1_795_384_800, 0), ("2026112222.5Z", 1_795_386_600, 0),
    ("202611222229.25Z", 1_795_386_555, 0), ("2026112222.0000000001Z", 1_795_384_800, 0),
    ("20261122232927+0100", 1_795_386_567, 0), ("20261122165927-0530", 1_795_386_567, 0),
    ("20261122222927-00", 1_795_386_567, 0), ("20240229235960Z", 1_709_251_200, 0),
    ("16010101000000Z", -11_644_473_600, 0),
    ("00000101000000Z", -62_167_219_200, 0), ("99991231235959Z", 253_402_300_799, 0),
    ("19691231235959.9Z", -1, 900_000_000),
  ])
  func `Every form of RFC 4517 is read`(text: String, seconds: Int64, nanoseconds: Int) throws {
    let time = try #require(GeneralizedTime(text))
    #expect(time.secondsSinceEpoch == seconds)
    #expect(time.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "", "2026", "20261122", "20261122222927", "20261322222927Z", "20260022222927Z", "20260230000000Z",
    "20250229000000Z",
    "21000229000000Z", "20261122242927Z", "20261122226027Z", "20261122222961Z", "20261122222927.Z", "20261122222927z",
    "20261122222927Z ", " 20261122222927Z", "20261122222927+24", "20261122222927+1", "20261122222927+0160",
    "20261122222927.1", "2026112222292Z", "+0261122222927Z", "２0261122222927Z", "20261100222927Z", "202611222229271Z",
  ])
  func `What is no time is refused`(text: String) {
    #expect(GeneralizedTime(text) == nil)
  }

  @Test(arguments: [
    ("20261122222927.0Z", "20261122222927Z"), ("20261122222927,120Z", "20261122222927.12Z"),
    ("20261122232927.000001+0100", "20261122222927.000001Z"), ("2026112222Z", "20261122220000Z"),
    ("00000229120000Z", "00000229120000Z"), ("19000301000000Z", "19000301000000Z"),
    ("20000229000000Z", "20000229000000Z"),
  ])
  func `The canonical form is UTC without idle digits`(text: String, canonical: String) {
    #expect(GeneralizedTime(text)?.description == canonical)
  }

  @Test func `A fixed number of digits can be asked for`() throws {
    let time = try #require(GeneralizedTime("20261122222927.0000019Z"))
    #expect(time.text(fractionDigits: 6) == "20261122222927.000001Z")
    #expect(time.text(fractionDigits: 0) == "20261122222927Z")
    #expect(time.text(fractionDigits: 99) == "20261122222927.000001900Z")
  }

  @Test func `Times are added to, subtracted from and ordered`() throws {
    let time = try #require(GeneralizedTime("20240301000000.5Z"))
    #expect(time.subtracting(seconds: 600).description == "20240229235000.5Z")
    #expect(time.adding(seconds: 86_400).description == "20240302000000.5Z")
    #expect(time < time.adding(seconds: 1))
    #expect(try #require(GeneralizedTime("20240301000000.4Z")) < time)
    #expect(GeneralizedTime("20240301010000.50+01") == time)
  }

  @Test func `Arithmetic stops at the ends of what can be written`() {
    let time = GeneralizedTime(secondsSinceEpoch: 0)
    #expect(time.adding(seconds: .max).description == "99991231235959Z")
    #expect(time.adding(seconds: .min).description == "00000101000000Z")
    #expect(time.subtracting(seconds: .min).description == "99991231235959Z")
    #expect(GeneralizedTime(secondsSinceEpoch: .min, nanoseconds: -1).description == "00000101000000Z")
    #expect(GeneralizedTime("00000101000000+0100")?.description == "00000101000000Z")
  }

  @Test func `Dates agree with Foundation's calendar`() throws {
    var random = SeededRandom(seed: 3_313)
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyyMMddHHmmss'Z'"
    for _ in 0..<2_000 {
      // From 1583 on, where the Gregorian calendar is everybody's.
      let seconds = Int64.random(in: -12_212_553_600...253_402_300_799, using: &random)
      let text = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
      #expect(GeneralizedTime(secondsSinceEpoch: seconds).description == text)
      #expect(GeneralizedTime(text)?.secondsSinceEpoch == seconds)
    }
  }

  @Test func `Random text never traps, and what is read is read again from its canonical form`() {
    var random = SeededRandom(seed: 17)
    var read = 0
    for _ in 0..<10_000 {
      let text = "2026112222" + random.text(of: ["22", "01", "5", ".", ",", "Z", "+01", "-", "9999"], maximum: 5) + "Z"
      guard let time = GeneralizedTime(text) else { continue }
      read += 1
      #expect(GeneralizedTime(time.description) == time, "\(text)")
    }
    #expect(read > 100 && read < 9_000)
  }
}

@Suite struct WellKnownOIDsTests {
  @Test func `Controls, extensions and features have names, others have none`() {
    #expect(WellKnownOIDs.name(of: "1.2.840.113556.1.4.319") == "simple paged results (RFC 2696)")
    #expect(WellKnownOIDs.name(of: WellKnownOIDs.startTLS)?.contains("StartTLS") == true)
    #expect(WellKnownOIDs.name(of: "1.3.6.1.4.1.4203.1.5.1")?.contains("RFC 3673") == true)
    #expect(WellKnownOIDs.name(of: "1.2.3") == nil)
  }
}

import Foundation
import Testing

@testable import ConnectorCore

@Suite struct DNNormalizerTests {
  private let normalizer = DNNormalizer()

  @Test(arguments: [
    ("CN=Foo Bar,  DC=Example", "dc=example,cn=foo bar"),
    ("uid=ann,ou=People,dc=example,dc=com", "dc=com,dc=example,ou=people,uid=ann"),
    ("commonName=A,2.5.4.11=B,domainComponent=C,0.9.2342.19200300.100.1.25=D", "dc=d,dc=c,ou=b,cn=a"),
    ("OID.2.5.4.10=X;stateOrProvinceName=Y", "st=y,o=x"),
    ("cn=a   b  c  ,dc=x", "dc=x,cn=a b c"),
    ("cn=Body\\, Some,dc=x", "dc=x,cn=body\\2c some"), ("cn=Body\\2C Some,dc=x", "dc=x,cn=body\\2c some"),
    ("cn=\"a+b\",dc=x", "dc=x,cn=a\\2bb"), ("cn=a=b,dc=x", "dc=x,cn=a\\3db"),
    ("cn=\\#a#\\\"\\\\\\<\\>\\;,dc=x", "dc=x,cn=\\23a\\23\\22\\5c\\3c\\3e\\3b"),
    ("cn=a\\0Ab\\7f\\00,dc=x", "dc=x,cn=a\\0ab\\7f\\00"), ("cn=\\ a\\ ,dc=x", "dc=x,cn=a"),
    ("uid=2+cn=B,dc=x", "dc=x,cn=b+uid=2"), ("cn=,dc=x", "dc=x,cn="), ("", ""), ("dc=x", "dc=x"),
    ("cn=JÖRG Straße,dc=x", "dc=x,cn=jörg straße"), ("cn=Jo\u{308}rg,dc=x", "dc=x,cn=j\u{F6}rg"),
    ("cn=ŁÓDŹ,dc=x", "dc=x,cn=łódź"), ("cn=ＡＢＣ\u{3000}１,dc=x", "dc=x,cn=abc 1"), ("cn=ﬁn,dc=x", "dc=x,cn=fin"),
    ("cn=ИВАН,dc=x", "dc=x,cn=иван"), ("cn=a\\C3\\89,dc=x", "dc=x,cn=aé"), ("cn=a\\FF,dc=x", "dc=x,cn=a\\ff"),
    ("cn=#0C024869,dc=x", "dc=x,cn=hi"), ("cn=#0101FF,dc=x", "dc=x,cn=#0101ff"),
    ("vendor_Attr-1=X,dc=x", "dc=x,vendor_attr-1=x"), ("street=5 × 3,dc=x", "dc=x,street=5 × 3"),
  ])
  func `A tree key is normalised and root first`(dn: String, key: String) throws {
    let made = try normalizer.key(of: dn)
    #expect(Array(made.utf8) == Array(key.utf8), "\(made)")
  }

  @Test func `Letters that servers keep apart stay apart`() throws {
    #expect(try normalizer.key(of: "cn=Weiß") != normalizer.key(of: "cn=Weiss"))
    #expect(try normalizer.key(of: "cn=Işık") != normalizer.key(of: "cn=isik"))
    #expect(try normalizer.key(of: "cn=ΟΔΟΣ") == normalizer.key(of: "cn=οδοσ"))
  }

  @Test func `A wrong DN is an error on the short road too`() {
    for text in ["cn=a,", "cn", "cn=a,,dc=b", ",", "cn=a\\g", "cn=a\\", "cn=a\\4", "cn=a\\C3\\28\\", "=a"] {
      #expect(throws: DNError.self, "\(text)") { try normalizer.key(of: text) }
    }
  }

  @Test func `The parent's key is the key without its last level`() throws {
    #expect(normalizer.parentKey(of: "dc=x,ou=y,cn=a\\2cb") == "dc=x,ou=y")
    #expect(normalizer.parentKey(of: "dc=x") == "")
    #expect(normalizer.parentKey(of: "") == nil)
  }

  @Test func `The short and the long road lead to the same key`() throws {
    var random = SeededRandom(seed: 4_514)
    let types = ["CN", "cn ", " uid", "dc", "OU", "street", "a1", "st", "gn", "userid", "longAttrName", "2.5.4.3"]
    let pieces = [
      " ", "  ", "Ann", "B\\, c", "\\2C", "\\41", "é", "Ö", "×", "\\=", "=", "+", "#", "ü", "y\\20", "z", "\\C3",
      "-", "~",
    ]
    var fast = 0
    for _ in 0..<10_000 {
      let levels = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        (types.randomElement(using: &random) ?? "") + "=" + random.text(of: pieces, maximum: 4)
      }
      let text = levels.joined(separator: ",")
      let short = text.utf8.span.withUnsafeBufferPointer { normalizer.fastKey(of: $0) }
      guard let short else { continue }
      fast += 1
      let long = normalizer.key(of: try DNParser.parse(text))
      #expect(Array(short.utf8) == Array(long.utf8), "\(text)")
    }
    #expect(fast > 1_000 && fast < 9_000)
  }

  @Test func `Descendants of an entry, and no others, are in the range of its key`() throws {
    var random = SeededRandom(seed: 4_515)
    let values = ["a", "b", "a b", "a\\,b", "a\\+b", "a-b", "a.b", "a'b", "\\#a", "é", "", "a\\00", "a!", "a*", "\\ "]
    var dns: [DN] = []
    for _ in 0..<80 {
      let depth = Int.random(in: 1...4, using: &random)
      let levels = (0..<depth).map { _ in "cn=" + (values.randomElement(using: &random) ?? "") }
      dns.append(try DN(levels.joined(separator: ",") + ",dc=x"))
    }
    for upper in dns {
      let key = try normalizer.key(of: upper.string)
      let (first, behind) = (Array((key + ",").utf8), Array((key + "-").utf8))
      for lower in dns {
        let other = Array(try normalizer.key(of: lower.string).utf8)
        let isInRange = !other.lexicographicallyPrecedes(first) && other.lexicographicallyPrecedes(behind)
        #expect(isInRange == lower.isDescendant(of: upper), "\(lower) below \(upper)")
      }
      #expect(try upper.parent.map { try normalizer.key(of: $0.string) } == normalizer.parentKey(of: key))
    }
  }

  @Test func `A key in which every separator is read back is its own key`() throws {
    var random = SeededRandom(seed: 4_518)
    let pieces = [
      "cn=", ",dc=", "A", "ﬀ", "İ", "ẞ", "\u{300}", "e", "\\,", " ", "Ω", "Å", "\u{1E9B}", "ς", "カ\u{3099}",
    ]
    for _ in 0..<2_000 {
      let text = random.text(of: pieces, maximum: 8)
      guard let dn = try? DN("cn=x" + text) else { continue }
      let again = try DN(DN.components(of: dn.key).reversed().joined(separator: ","))
      #expect(Array(again.key.utf8) == Array(dn.key.utf8), "\(text)")
    }
  }

  @Test func `Settled characters are the same after Unicode's own normalising`() {
    var settled = 0
    for scalar in (0...0x1_FFFF).compactMap(Unicode.Scalar.init) where StringPreparation.isSettled(scalar) {
      settled += 1
      let lower = scalar.properties.lowercaseMapping
      #expect(lower.precomposedStringWithCompatibilityMapping.utf8.elementsEqual(lower.utf8), "\(scalar)")
      let own = String(scalar)
      #expect(own.precomposedStringWithCompatibilityMapping.utf8.elementsEqual(own.utf8), "\(scalar)")
    }
    #expect(settled > 30_000)
  }

  @Test func `Random bytes never trap`() {
    var random = SeededRandom(seed: 99)
    var keys = 0
    for _ in 0..<5_000 {
      let bytes = random.bytes(of: ["cn=", "member=", ",", "\\", "#0c", "a", "\u{C3}", "="], maximum: 40)
      let key = bytes.withUnsafeBufferPointer { try? normalizer.key(utf8: $0) }
      if let key { keys += key.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } ? 1 : -1_000_000 }
    }
    #expect(keys > 100)
  }
}

@Suite struct DNNormalizerSchemaTests {
  private let normalizer = DNNormalizer(
    schema: Schema(attributeTypes: [
      "( 2.5.4.3 NAME ( 'commonName' 'cn' ) EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
      "( 1.2.256 NAME 'streetAddress' EQUALITY caseIgnoreMatch )",
      "( 1.9.1 NAME ( 'badge' 'badgeNumber' ) EQUALITY integerMatch )",
      "( 1.9.2 NAME 'blob' SYNTAX '1.3.6.1.4.1.1466.115.121.1.40' )",
      "( 1.9.3 NAME 'boss' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )",
      "( 1.9.4 NAME 'subordinate' SUP boss )",
      "( 1.9.5 NAME 'phone' EQUALITY telephoneNumberMatch )",
      "( 1.9.6 NAME 'digits' EQUALITY numericStringMatch )",
      "( 1.9.7 NAME 'start' EQUALITY generalizedTimeMatch )",
    ]))

  @Test(arguments: [
    ("commonName=Ann,DC=X", "dc=x,cn=Ann"), ("cn=A  É ,dc=x", "dc=x,cn=A É"), ("2.5.4.3=A,dc=x", "dc=x,cn=A"),
    ("streetAddress=A,street=B,dc=x", "dc=x,street=b,streetaddress=a"), ("1.2.256=A,dc=x", "dc=x,streetaddress=a"),
    ("badgeNumber=007,dc=x", "dc=x,badge=7"), ("1.9.1=-000,dc=x", "dc=x,badge=0"), ("badge=-01,dc=x", "dc=x,badge=-1"),
    ("badge=Seven,dc=x", "dc=x,badge=seven"), ("blob=A  B\\ ,dc=x", "dc=x,blob=A  B\\20"),
    ("blob=\\FF\\C3\\A9,dc=x", "dc=x,blob=\\ff\\c3\\a9"), ("phone=\\+1 (2) 3-4,dc=x", "dc=x,phone=\\2b1(2)34"),
    ("digits=1 2 3,dc=x", "dc=x,digits=123"), ("start=202611222300\\+0100,dc=x", "dc=x,start=20261122220000Z"),
    ("boss=cn\\=Ann\\,DC\\=Y,dc=x", "dc=x,boss=dc\\3dy\\2ccn\\3dAnn"), ("boss=Nobody,dc=x", "dc=x,boss=nobody"),
    ("subordinate=CN\\=B,dc=x", "dc=x,subordinate=cn\\3dB"),
  ])
  func `The schema's names and equality rules make the key`(dn: String, key: String) throws {
    let made = try normalizer.key(of: dn)
    #expect(Array(made.utf8) == Array(key.utf8), "\(made)")
  }

  @Test func `Names nested in names come to an end`() throws {
    let deep = String(repeating: "boss=", count: 50_000) + "x"
    let key = try normalizer.key(of: deep)
    #expect(key.hasPrefix("boss=boss\\3dboss"))
  }
}

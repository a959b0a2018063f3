import ConnectorCore
import ConnectorTesting
import Testing

@testable import FixtureServer

@Suite struct SortingTests {
  private func sorted(_ texts: [String], _ rule: SortRule) -> [String] {
    texts.sorted { rule.isLess(rule.prepare(Array($0.utf8)), rule.prepare(Array($1.utf8))) }
  }

  @Test("Numbers are ordered by value, negative ones first")
  func integers() {
    let numbers = ["10", "9", "-3", "0", "-20", "007", "100"]
    #expect(sorted(numbers, .integer) == ["-20", "-3", "0", "007", "9", "10", "100"])
    #expect(!SortRule.integer.isLess(Array("-3".utf8), Array("-3".utf8)))
  }

  @Test("Text is ordered with or without case, as the rule says")
  func text() throws {
    let ignoring = try #require(SortRule("caseIgnoreOrderingMatch"))
    let exact = try #require(SortRule("2.5.13.6"))
    #expect(sorted(["b", "A", "C"], ignoring) == ["A", "b", "C"])
    #expect(sorted(["b", "A", "C"], exact) == ["A", "C", "b"])
    #expect(SortRule("caseIgnoreMatch") == nil)
  }

  @Test("Without a rule the schema decides, and without a schema text without case")
  func schema() {
    let schema = Schema(attributeTypes: [
      "( 1.1 NAME 'number' EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 )",
      "( 1.2 NAME 'exact' EQUALITY caseIgnoreMatch ORDERING caseExactOrderingMatch )",
      "( 1.3 NAME 'when' SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 )",
    ])
    #expect(SortRule(schema.attributeType("number")) == .integer)
    #expect(SortRule(schema.attributeType("exact")) == .prepared(.exactCase))
    #expect(SortRule(schema.attributeType("when")) == .prepared(.time))
    #expect(SortRule(schema.attributeType("nowhere")) == .prepared(.ignoreCase))
  }
}

@Suite struct VirtualListViewTests {
  /// `beforeCount`, `afterCount` 1, and the target in BER.
  private func view(_ before: Int, _ target: String) throws -> VirtualListView {
    let parts = [0x02, 0x01, UInt8(before), 0x02, 0x01, 0x01] + hex(target)
    return try VirtualListView(decoding: [0x30, UInt8(parts.count)] + parts)
  }

  private func offset(_ offset: UInt8, of count: UInt8, in size: Int) throws -> Int? {
    let text = "a006 0201\(hexByte(offset)) 0201\(hexByte(count))"
    return try view(0, text).position(in: size) { _ in 0 }
  }

  private func hexByte(_ byte: UInt8) -> String { String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }

  @Test("An offset counts in the list as the client knows it, and is scaled to the list as it is")
  func offsets() throws {
    #expect(try offset(3, of: 0, in: 10) == 3)
    #expect(try offset(3, of: 10, in: 10) == 3)
    #expect(try offset(50, of: 100, in: 10) == 5)
    #expect(try offset(1, of: 100, in: 10) == 1)
    #expect(try offset(100, of: 100, in: 10) == 10)
    #expect(try offset(40, of: 0, in: 10) == 10)
    #expect(try offset(0, of: 0, in: 10) == nil)
    #expect(try offset(5, of: 5, in: 0) == 1)
  }

  @Test("A value's position is that of the first entry not before it, and may lie behind the last")
  func values() throws {
    let byValue = try view(2, "8101 61")
    #expect(byValue.position(in: 10) { _ in 4 } == 5)
    #expect(byValue.position(in: 10) { _ in 10 } == 11)
  }

  @Test("A part reaches over its target to both sides, and never out of the list")
  func ranges() throws {
    let view = try view(2, "8101 61")
    #expect(view.range(around: 5, in: 10) == 2..<6)
    #expect(view.range(around: 1, in: 10) == 0..<2)
    #expect(view.range(around: 10, in: 10) == 7..<10)
    #expect(view.range(around: 11, in: 10) == 8..<10)
    #expect(view.range(around: 1, in: 0) == 0..<0)
  }
}

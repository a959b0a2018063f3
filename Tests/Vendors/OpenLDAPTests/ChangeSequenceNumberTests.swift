import ConnectorCore
import Testing

@testable import OpenLDAPAdapter

@Suite struct ChangeSequenceNumberTests {
  @Test func aNumberIsReadWithItsServerID() throws {
    let number = try #require(ChangeSequenceNumber("20261122222927.031391Z#000000#00a#000000"))
    #expect(number.serverID == "00a")
    #expect(number.time == GeneralizedTime("20261122222927.031391Z"))
  }

  @Test func olderFormsEqualTheFormOfToday() {
    let today = ChangeSequenceNumber("20061122222927.000000Z#000001#002#000000")
    #expect(ChangeSequenceNumber("20061122222927Z#000001#02#000000") == today)
    #expect(ChangeSequenceNumber("20061122222927Z#1#2#0") == today)
    #expect(ChangeSequenceNumber("20061122222927.000000z#000001#002#000000") == today)
  }

  @Test(arguments: [
    "", "#", "###", "20261122222927Z", "20261122222927Z#000000#001", "20261122222927Z#000000#xyz#000000",
    "20261399222927Z#000000#001#000000", "20261122222927Z#0000000#001#000000", "20261122222927Z##001#000000",
    "20261122222927Z#000000#001#000000#", "nonsense#000000#001#000000",
  ])
  func whatIsNoNumberIsRefused(_ text: String) {
    #expect(ChangeSequenceNumber(text) == nil)
  }

  @Test func eachServerKeepsItsOwnLargestNumber() {
    var positions = ServerPositions([csn(5), csn(9, server: 2), "broken"])
    #expect(positions.serverIDs == ["001", "002"])
    for text in [csn(3), csn(7)] { ChangeSequenceNumber(text).map { positions.note($0) } }
    #expect(positions["001"]?.text == csn(7))
    #expect(positions["002"]?.text == csn(9, server: 2))
    #expect(positions["003"] == nil)
  }
}

@Suite struct PositionTests {
  @Test func aPositionSurvivesItsWatermark() throws {
    var position = AccesslogPosition()
    position.csn = ServerPositions([csn(1), csn(2, server: 2)])
    position.reqStart = start(77)
    position.last = .init(dn: "reqStart=1,cn=accesslog", entryUUID: "u", serverID: "001")
    for key in [Int64.min, -5, 0, 1_795_384_800_000_001, 1_795_384_800_000_002, .max] {
      position.handedOver.insert(key == .min ? -6 : key)
    }
    let watermark = try position.watermark(server: "s")
    #expect(try AccesslogPosition(watermark) == position)
    #expect(watermark.server == "s")
  }

  @Test(arguments: [
    Watermark(method: "timestamp", version: 1, server: "s", position: "{}"),
    Watermark(method: "accesslog", version: 2, server: "s", position: "{}"),
    Watermark(method: "accesslog", version: 1, server: "s", position: "not JSON"),
  ])
  func aWatermarkOfAnotherFormIsLost(_ watermark: Watermark) {
    #expect(throws: WatermarkLost.self) { try AccesslogPosition(watermark) }
  }

  @Test func theRecordsHandedOverStayBounded() {
    var handedOver = HandedOver()
    let records = Int64(2 * HandedOver.bound + 10)
    for key in 0..<records { handedOver.insert(key) }
    handedOver.prune(before: 0)
    #expect(handedOver.count <= HandedOver.bound)
    #expect(handedOver.contains(records - 1))
    #expect(!handedOver.contains(0))
  }

  @Test func theOverlapIsAtLeastTwiceTheLongestOperation() {
    var position = AccesslogPosition()
    #expect(position.floor(overlapSeconds: 600) == nil)
    position.reqStart = start(3_600_000)
    #expect(position.floor(overlapSeconds: 600)?.text(fractionDigits: 6) == start(3_000_000))
    position.slowOperations = [start(1): 1000, start(2): 900]
    #expect(position.floor(overlapSeconds: 600)?.text(fractionDigits: 6) == start(1_600_000))
  }
}

import Testing

@testable import FixtureServer

@Suite struct FrameDecoderTests {
  @Test("The size of a message is known as soon as its header and content are there")
  func size() throws {
    #expect(try FrameDecoder.size(of: [] as [UInt8]) == nil)
    #expect(try FrameDecoder.size(of: hex("30")) == nil)
    #expect(try FrameDecoder.size(of: hex("3000")) == 2)
    #expect(try FrameDecoder.size(of: hex("308201")) == nil)
    #expect(try FrameDecoder.size(of: hex("30820001") + [5]) == 5)
    #expect(try FrameDecoder.size(of: hex("3081803031")) == nil)
  }

  @Test(
    "Bytes that begin no message are refused at once", arguments: ["00", "47", "3080", "3085", "30ff", "308480000000"])
  func refused(_ bytes: String) {
    #expect(throws: MalformedMessage.self) { try FrameDecoder.size(of: hex(bytes)) }
  }

  @Test("A message larger than the limit is refused before it is read")
  func limit() throws {
    #expect(try FrameDecoder.size(of: hex("308401000000")) == nil)
    let error = try #require(throws: MalformedMessage.self) { try FrameDecoder.size(of: hex("308401000001")) }
    #expect(error.description.contains("16777217"))
  }
}

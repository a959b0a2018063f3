import NIOCore

/// Cuts the bytes of a connection into messages; only definite lengths are allowed (RFC 4511 §5.1).
///
/// Throws `MalformedMessage` on bytes that cannot begin a message and on messages larger than the limit.
struct FrameDecoder: ByteToMessageDecoder {
  typealias InboundOut = [UInt8]

  /// The largest message that is read, in bytes of content.
  static let limit = 16 << 20

  mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
    guard let size = try Self.size(of: buffer.readableBytesView), let message = buffer.readBytes(length: size) else {
      return .needMoreData
    }
    context.fireChannelRead(Self.wrapInboundOut(message))
    return .continue
  }

  mutating func decodeLast(
    context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
  ) throws -> DecodingState {
    try decode(context: context, buffer: &buffer)
  }

  /// The size of the message that begins here, header included; nil while too little of it has come.
  static func size(of bytes: some Collection<UInt8>) throws -> Int? {
    var rest = bytes.makeIterator()
    guard let tag = rest.next() else { return nil }
    guard tag == 0x30 else { throw MalformedMessage("a message begins with 30, not with \(String(tag, radix: 16))") }
    guard let first = rest.next() else { return nil }
    guard first >= 0x80 else { return checked(2 + Int(first), bytes) }
    let count = Int(first & 0x7F)
    guard (1...4).contains(count) else { throw MalformedMessage("the length of a message has one to four bytes") }
    var length = 0
    for _ in 0..<count {
      guard let byte = rest.next() else { return nil }
      length = length << 8 | Int(byte)
    }
    guard length <= limit else { throw MalformedMessage("a message of \(length) bytes is larger than \(limit)") }
    return checked(2 + count + length, bytes)
  }

  private static func checked(_ size: Int, _ bytes: some Collection<UInt8>) -> Int? {
    bytes.count >= size ? size : nil
  }
}

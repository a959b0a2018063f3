/// A repeatable source of numbers (SplitMix64), so that a failing input can be made again from its seed.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Up to `maximum` pieces, drawn from `pieces` or, one time in eight, a byte of any kind.
  mutating func bytes(of pieces: [String], maximum: Int) -> [UInt8] {
    var out: [UInt8] = []
    for _ in 0..<Int.random(in: 0...maximum, using: &self) {
      if Int.random(in: 0..<8, using: &self) == 0 {
        out.append(UInt8.random(in: 0...255, using: &self))
      } else {
        out += (pieces.randomElement(using: &self) ?? "").utf8
      }
    }
    return out
  }

  mutating func text(of pieces: [String], maximum: Int) -> String {
    String(decoding: bytes(of: pieces, maximum: maximum), as: UTF8.self)
  }
}

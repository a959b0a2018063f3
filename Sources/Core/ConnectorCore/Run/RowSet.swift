/// A set of row numbers as a bitmap: the seen-marks of a full import cost one bit an object.
struct RowSet {
  private var words: [UInt64] = []

  mutating func insert(_ row: Int64) {
    guard row >= 0 else { return }
    let word = Int(row >> 6)
    if word >= words.count {
      words.append(contentsOf: repeatElement(0, count: max(word + 1 - words.count, words.count)))
    }
    words[word] |= 1 << UInt64(row & 63)
  }

  func contains(_ row: Int64) -> Bool {
    let word = Int(row >> 6)
    return row >= 0 && word < words.count && words[word] & (1 << UInt64(row & 63)) != 0
  }
}

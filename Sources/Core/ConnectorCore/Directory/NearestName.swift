/// Finds the name that somebody probably meant.
package enum NearestName {
  /// The name nearest to `word`, letter case aside; nil where none is near.
  package static func to(_ word: String, among names: [String]) -> String? {
    let limit = max(1, word.count / 3)
    let wanted = Array(word.lowercased())
    return names.map { (distance(wanted, Array($0.lowercased())), $0) }
      .filter { $0.0 <= limit }
      .min { $0.0 < $1.0 }?.1
  }

  /// The number of letters to insert, drop, change or swap with their neighbour.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var twoAbove: [Int] = []
    var above = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var best = min(above[column + 1] + 1, current[column] + 1, above[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          best = min(best, twoAbove[column - 1] + 1)
        }
        current.append(best)
      }
      (twoAbove, above) = (above, current)
    }
    return above[right.count]
  }
}

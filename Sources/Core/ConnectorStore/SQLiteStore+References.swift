import ConnectorCore

// An object's row holds the fingerprints that it points to, sorted; the table `reference` is the index over them.
extension SQLiteStore {
  /// Writes the references of the objects added since the last time, in the order of the index.
  func writeReferences() throws {
    guard !unwrittenReferences.isEmpty else { return }
    unwrittenReferences.sort { ($0.target, $0.object) < ($1.target, $1.object) }
    let statement = try database.cached("INSERT OR IGNORE INTO reference VALUES (?, ?)")
    for reference in unwrittenReferences {
      statement.bind(reference.target, at: 1)
      statement.bind(reference.object, at: 2)
      try statement.run()
    }
    unwrittenReferences.removeAll(keepingCapacity: true)
  }

  /// Brings the index from what an object's row says to `new`; writes only what differs.
  func replaceReferences(of row: Int64, with new: [Int64]) throws {
    try writeReferences()
    let old = Set(try targets(of: row))
    let new = Set(new)
    for target in old.subtracting(new).sorted() {
      try database.run("DELETE FROM reference WHERE target = ? AND object = ?", target, row)
    }
    for target in new.subtracting(old).sorted() {
      try database.run("INSERT OR IGNORE INTO reference VALUES (?, ?)", target, row)
    }
  }

  private func targets(of row: Int64) throws -> [Int64] {
    try database.row("SELECT targets FROM object WHERE object = ?", row) { statement in
      statement.withBytes(0) { bytes in
        stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map {
          Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self))
        }
      }
    } ?? []
  }
}

extension Statement {
  /// Binds fingerprints as eight bytes each, least significant first; none as NULL.
  func bind(targets: [Int64], at index: Int32) {
    if targets.isEmpty { return bindNull(at: index) }
    targets.map { $0.littleEndian }.withUnsafeBytes { bind(blob: $0, at: index) }
  }
}

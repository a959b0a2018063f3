import ConnectorCore
import ConnectorStore
import Foundation
import Testing

/// A writer that is killed at any instruction leaves a store that opens clean, with every committed transaction in it.
@Suite(.serialized) struct CrashTests {
  private static let batch = 40

  @Test("Killed writers leave whole transactions only", arguments: 0..<10)
  func killed(_ round: Int) async throws {
    let folder = TemporaryFolder()
    let path = folder.file("state.db")
    let delay = UInt32.random(in: 2_000..<120_000)
    try SQLiteStore(path: path).close()
    for _ in 0..<2 {
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as UInt32] in
        try CrashTests.writeUntilKilled(path, after: delay)
      }
    }
    try Self.check(path, "round \(round), killed after \(delay) µs")
  }

  /// Adds, replaces and deletes objects in transactions that each leave `batch` objects more.
  private static func writeUntilKilled(_ path: String, after delay: UInt32) throws {
    let store = try SQLiteStore(path: path)
    let partition = try store.partition(key: "dc=a", dn: "dc=a").number
    let first = try store.count(partition: partition)
    Thread.detachNewThread {
      usleep(delay)
      kill(getpid(), SIGKILL)
    }
    for number in stride(from: first, to: .max, by: batch) {
      try store.begin()
      for index in number..<(number + batch) {
        let json = #"{"description":["\#(String(repeating: "x", count: index % 4000))"]}"#
        let dn = "cn=\(index),dc=a"
        let old = try ConnectorObject.sample(dn, json: json, references: [Int64(index % 7)])
        let row = try store.add(old, partition: partition, reason: ChangeReason(run: 1))
        guard index % 5 == 0, let stored = try store.object(row: row) else { continue }
        try store.replace(stored, with: .sample(dn, references: [Int64(index % 3)]), reason: ChangeReason(run: 1))
        let gone = try ConnectorObject.sample("cn=gone \(index),dc=a")
        let goneRow = try store.add(gone, partition: partition, reason: ChangeReason(run: 1))
        try store.delete(row: goneRow, reason: ChangeReason(run: 1))
      }
      try store.commit()
    }
  }

  private static func check(_ path: String, _ comment: Comment) throws {
    let store = try SQLiteStore(path: path)
    #expect(try store.problems() == [], comment)
    let partition = try store.partition(key: "dc=a", dn: "dc=a").number
    let count = try store.count(partition: partition)
    #expect(count % batch == 0, comment)
    var model: [String: String] = [:]
    var sequence: Int64 = 0
    try store.forEachChange(since: 0) { record in
      sequence += 1
      #expect(record.sequence == sequence, comment)
      model[record.id] = record.kind == .delete ? nil : record.dn
    }
    var objects: [String: String] = [:]
    try store.forEachObject { objects[$0.id] = $0.dn }
    #expect(objects.count == count, comment)
    #expect(model == objects, comment)
    var referrers = 0
    for target in 0..<Int64(7) { referrers += try store.referrers(of: target, partition: partition).count }
    #expect(referrers == count, comment)
  }
}

import CSQLite
import ConnectorCore
@testable import ConnectorStore
import Foundation
import Testing

/// What the store does with files: its own, older, newer, foreign and unusable ones.
@Suite struct FileFormatTests {
  private let folder = TemporaryFolder()
  private var path: String { folder.file("state.db") }

  /// Runs SQL on the file, past the store.
  private func execute(_ sql: String) throws {
    var handle: OpaquePointer?
    try #require(sqlite3_open(path, &handle) == SQLITE_OK)
    defer { sqlite3_close(handle) }
    try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, "\(String(cString: sqlite3_errmsg(handle)))")
  }

  private func text(_ sql: String, in file: String? = nil) throws -> String {
    var handle: OpaquePointer?
    var statement: OpaquePointer?
    try #require(sqlite3_open(file ?? path, &handle) == SQLITE_OK)
    defer { sqlite3_close(handle) }
    try #require(sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK)
    defer { sqlite3_finalize(statement) }
    try #require(sqlite3_step(statement) == SQLITE_ROW)
    return String(cString: try #require(sqlite3_column_text(statement, 0)))
  }

  private func error(_ body: () throws -> SQLiteStore) throws -> StoreError {
    try #require(throws: StoreError.self) { _ = try body() }
  }

  @Test("A store is new once, and comes back with its feed ID and hash key")
  func reopening() throws {
    let first = try SQLiteStore(path: path)
    #expect(first.isNew)
    let (feed, key) = (first.feedID, first.hashKey)
    first.close()
    let second = try SQLiteStore(path: path)
    #expect(!second.isNew)
    #expect(second.feedID == feed)
    #expect(second.hashKey == key)
    #expect(UUID(uuidString: feed) != nil)
  }

  @Test("A row that was freed last is not given again after the store was closed")
  func rowsAcrossOpenings() throws {
    let first = try SQLiteStore(path: path)
    try first.begin()
    let row = try first.add(.sample("cn=1,dc=a"), partition: 1, reason: ChangeReason(run: 1))
    try first.delete(row: row, reason: ChangeReason(run: 1))
    try first.commit()
    first.close()
    let second = try SQLiteStore(path: path)
    try second.begin()
    #expect(try second.add(.sample("cn=1,dc=a"), partition: 1, reason: ChangeReason(run: 2)) == row + 1)
    try second.commit()
  }

  @Test("The file and its side files are for the owner only, whatever the umask")
  func permissions() throws {
    let store = try SQLiteStore(path: path)
    try store.begin()
    try store.commit()
    for suffix in ["", "-wal", "-shm"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
    }
  }

  @Test("A closed store leaves its short log beside the file, and the next opening finds everything")
  func closedStore() throws {
    let store = try SQLiteStore(path: path)
    try store.begin()
    try store.setMeta("anchor", "dn")
    try store.commit()
    store.close()
    store.close()
    #expect(try #require(throws: StoreError.self) { try store.begin() }.kind == .misuse)
    #expect(FileManager.default.fileExists(atPath: path + "-wal"))
    #expect(try SQLiteStore.openReadOnly(path: path).anchorName == "dn")
    #expect(try SQLiteStore(path: path).anchorName == "dn")
  }

  @Test("A file of format 1 is brought up to date with everything that it holds")
  func migration() throws {
    try execute(Self.format1)
    #expect(try error { try .openReadOnly(path: path) }.kind == .olderFormat)
    let store = try SQLiteStore(path: path)
    #expect(!store.isNew)
    #expect(store.feedID == "c0ffee00-0000-4000-8000-000000000001")
    #expect(store.hashKey == ContentHashKey((1, 2, 3, 5)))
    #expect(try store.version(id: "1", partition: 1) == StoredVersion(row: 4, hash: ContentHash(high: .max, low: 9)))
    var feed: [ChangeRecord] = []
    try store.forEachChange(since: 6) { feed.append($0) }
    #expect(feed.map(\.kind) == [.add, .delete])
    #expect(feed.map(\.anchor) == ["77", "cn=old,dc=a"])
    #expect(feed.map(\.oldID) == [nil, nil])
    let pending = try store.pending(partition: 1, after: 0, run: 1, limit: 9)
    #expect(pending.map(\.hint.dn) == ["cn=p,dc=a"])
    #expect(pending.map(\.object) == [nil])
    #expect(try store.partition(key: "dc=a", dn: "").watermark?.position == "p")
    store.close()
    #expect(try text("PRAGMA user_version") == "\(Schema.currentFormat)")
    _ = try SQLiteStore.openReadOnly(path: path)
  }

  @Test("A migrated file has the same schema as a new one")
  func sameSchema() throws {
    try execute(Self.format1)
    try SQLiteStore(path: path).close()
    let fresh = folder.file("fresh.db")
    try SQLiteStore(path: fresh).close()
    let schema = """
      SELECT group_concat(type || ' ' || name || ' ' || columns, char(10)) FROM (
        SELECT type, name,
          (SELECT group_concat(c.name || ' ' || c.type || c."notnull" || c.pk) FROM pragma_table_info(m.name) AS c)
            AS columns
        FROM sqlite_schema AS m WHERE type <> 'index' ORDER BY name)
      """
    let indexes = "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name)"
    #expect(try text(schema) == text(schema, in: fresh))
    #expect(try text(schema).contains("view feed sequence"))
    #expect(try text(indexes) == text(indexes, in: fresh))
    #expect(try text(indexes).contains("object_anchor"))
  }

  @Test("A newer format is refused with both versions named, and left as it is")
  func newerFormat() throws {
    try SQLiteStore(path: path).close()
    try execute("PRAGMA user_version = 40")
    for error in [try error { try SQLiteStore(path: path) }, try error { try .openReadOnly(path: path) }] {
      #expect(error.kind == .newerFormat)
      #expect(error.description.contains("format 40"))
      #expect(error.description.contains("up to \(Schema.currentFormat)"))
    }
    #expect(try text("PRAGMA user_version") == "40")
  }

  @Test("Another application's database is refused, and left as it is")
  func otherApplication() throws {
    try execute("CREATE TABLE t (a); PRAGMA user_version = 1")
    #expect(try error { try SQLiteStore(path: path) }.kind == .notAConnectorSpace)
    #expect(try text("SELECT group_concat(name) FROM sqlite_schema") == "t")
    #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
  }

  @Test("A file that is no database is refused by name")
  func noDatabase() throws {
    try Data(repeating: 0x41, count: 5000).write(to: URL(fileURLWithPath: path))
    for error in [try error { try SQLiteStore(path: path) }, try error { try .openReadOnly(path: path) }] {
      #expect(error.kind == .notAConnectorSpace)
      #expect(error.path == path)
    }
  }

  @Test("What is not there, or cannot be, is said with what to do")
  func missing() throws {
    #expect(try error { try .openReadOnly(path: path) }.description.contains("import full"))
    #expect(!FileManager.default.fileExists(atPath: path))
    let error = try error { try SQLiteStore(path: folder.file("no/state.db")) }
    #expect(error.kind == .permission)
    #expect(error.description.contains("folder"))
  }

  @Test("A commit that finds the disk full says so and keeps nothing")
  func diskFull() throws {
    let store = try SQLiteStore(path: path)
    let big = #"{"description":["\#(String(repeating: "x", count: 100_000))"]}"#
    try store.limitPages(to: 20)
    let error = try #require(throws: StoreError.self) {
      try store.begin()
      for number in 0..<20 {
        _ = try store.add(.sample("cn=\(number),dc=a", json: big), partition: 1, reason: ChangeReason(run: 1))
      }
      try store.commit()
    }
    #expect(error.kind == .diskFull)
    #expect(error.description.contains("Make room"))
    store.rollback()
    #expect(try store.count(partition: 1) == 0)
  }

  @Test(
    "Network file systems are known by their magic numbers",
    arguments: [
      (0x6969, "NFS"), (0xFF53_4D42, "SMB/CIFS"), (0xFE53_4D42, "SMB/CIFS"), (0xEF53, nil), (0x0102_1994, nil),
    ]
      as [(UInt32, String?)])
  func networkFileSystems(_ magic: UInt32, _ name: String?) {
    #expect(StateFile.networkFileSystem(magic) == name)
  }

  /// A file of format 1 as the first version wrote it.
  private static let format1 = """
    PRAGMA application_id = 1279542099;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE partition (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, dn TEXT NOT NULL, watermark TEXT,
      fingerprint TEXT NOT NULL DEFAULT '{}', last_full_import INTEGER) STRICT;
    CREATE TABLE run (number INTEGER PRIMARY KEY, step TEXT NOT NULL, partition TEXT NOT NULL, started TEXT NOT NULL,
      ended TEXT, outcome TEXT, report TEXT) STRICT;
    CREATE TABLE object (object INTEGER PRIMARY KEY, partition INTEGER NOT NULL, id TEXT NOT NULL, dn TEXT NOT NULL,
      anchor TEXT, key TEXT NOT NULL, hash_high INTEGER NOT NULL, hash_low INTEGER NOT NULL, added INTEGER,
      attributes TEXT NOT NULL, targets BLOB) STRICT;
    CREATE UNIQUE INDEX object_id ON object (partition, id);
    CREATE INDEX object_key ON object (partition, key);
    CREATE TABLE reference (target INTEGER NOT NULL, object INTEGER NOT NULL, PRIMARY KEY (target, object))
      STRICT, WITHOUT ROWID;
    CREATE TABLE change (sequence INTEGER PRIMARY KEY, tx INTEGER NOT NULL, kind TEXT NOT NULL, object INTEGER NOT NULL,
      run INTEGER NOT NULL, id TEXT, dn TEXT, anchor TEXT, old_dn TEXT, old_anchor TEXT, object_classes TEXT,
      detail TEXT, content TEXT) STRICT;
    CREATE TABLE pending (number INTEGER PRIMARY KEY, partition INTEGER NOT NULL, cause TEXT NOT NULL,
      kind TEXT NOT NULL, id TEXT, dn TEXT, new_dn TEXT, record TEXT NOT NULL, not_before INTEGER NOT NULL,
      problem TEXT NOT NULL DEFAULT '') STRICT;
    CREATE UNIQUE INDEX pending_once
      ON pending (partition, cause, kind, ifnull(id, 0), ifnull(dn, 0), ifnull(new_dn, 0), not_before);
    CREATE TABLE hold (object INTEGER PRIMARY KEY, cause TEXT NOT NULL, detail TEXT NOT NULL, run INTEGER NOT NULL)
      STRICT;
    CREATE VIEW objects AS
      SELECT o.object, p.dn AS partition, o.id, o.dn, ifnull(o.anchor, o.dn) AS anchor, o.attributes
      FROM object AS o JOIN partition AS p ON p.number = o.partition;
    CREATE VIEW feed AS
      SELECT c.sequence, c.tx, c.kind, ifnull(c.id, o.id) AS id, ifnull(c.dn, o.dn) AS dn,
        coalesce(c.anchor, c.dn, o.anchor, o.dn) AS anchor,
        c.old_dn, ifnull(c.old_anchor, c.old_dn) AS old_anchor,
        c.object_classes, ifnull(c.content, o.attributes) AS content,
        c.run, r.step, c.detail
      FROM change AS c
        LEFT JOIN object AS o ON c.dn IS NULL AND o.object = c.object
        LEFT JOIN run AS r ON r.number = c.run;
    INSERT INTO meta VALUES ('feed_id', 'c0ffee00-0000-4000-8000-000000000001'),
      ('hash_key', '0000000000000001000000000000000200000000000000030000000000000005');
    INSERT INTO partition (key, dn, watermark) VALUES
      ('dc=a', 'dc=a', '{"method":"m","version":1,"server":"s","position":"p"}');
    INSERT INTO object VALUES (4, 1, '1', 'cn=1,dc=a', '77', 'dc=a,cn=1', -1, 9, 7, '{"cn":["1"]}', NULL);
    INSERT INTO change (sequence, tx, kind, object, run) VALUES (7, 3, 'add', 4, 1);
    INSERT INTO change (sequence, tx, kind, object, run, id, dn, content) VALUES
      (8, 3, 'delete', 2, 1, '2', 'cn=old,dc=a', '{}');
    INSERT INTO pending (partition, cause, kind, dn, record, not_before) VALUES
      (1, 'log', 'changed', 'cn=p,dc=a', 'r', 0);
    PRAGMA user_version = 1;
    """
}

extension SQLiteStore {
  /// Makes SQLite find the disk full beyond this many pages.
  fileprivate func limitPages(to pages: Int) throws { try database.execute("PRAGMA max_page_count = \(pages)") }
}

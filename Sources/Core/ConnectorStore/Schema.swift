/// The file format: every version as the step from the one before, so that a new file and a migrated one are the same.
///
/// docs/connector-space.md explains tables and columns to the people who query them.
enum Schema {
  /// `LDCS`, so that `file` and SQLite's tools tell a connector space from other databases.
  static let applicationID: Int64 = 0x4C44_4353
  static var currentFormat: Int64 { Int64(steps.count) }

  /// The script at index n makes format n + 1 out of format n.
  static let steps: [String] = [format1, format2, format3, format4, format5]

  static let format1 = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE partition (
      number INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      dn TEXT NOT NULL,
      watermark TEXT,
      fingerprint TEXT NOT NULL DEFAULT '{}',
      last_full_import INTEGER
    ) STRICT;

    CREATE TABLE run (
      number INTEGER PRIMARY KEY,
      step TEXT NOT NULL,
      partition TEXT NOT NULL,
      started TEXT NOT NULL,
      ended TEXT,
      outcome TEXT,
      report TEXT
    ) STRICT;

    CREATE TABLE object (
      object INTEGER PRIMARY KEY,
      partition INTEGER NOT NULL,
      id TEXT NOT NULL,
      dn TEXT NOT NULL,
      anchor TEXT,
      key TEXT NOT NULL,
      hash_high INTEGER NOT NULL,
      hash_low INTEGER NOT NULL,
      added INTEGER,
      attributes TEXT NOT NULL,
      targets BLOB
    ) STRICT;
    CREATE UNIQUE INDEX object_id ON object (partition, id);
    CREATE INDEX object_key ON object (partition, key);

    CREATE TABLE reference (
      target INTEGER NOT NULL,
      object INTEGER NOT NULL,
      PRIMARY KEY (target, object)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE change (
      sequence INTEGER PRIMARY KEY,
      tx INTEGER NOT NULL,
      kind TEXT NOT NULL,
      object INTEGER NOT NULL,
      run INTEGER NOT NULL,
      id TEXT,
      dn TEXT,
      anchor TEXT,
      old_dn TEXT,
      old_anchor TEXT,
      object_classes TEXT,
      detail TEXT,
      content TEXT
    ) STRICT;

    CREATE TABLE pending (
      number INTEGER PRIMARY KEY,
      partition INTEGER NOT NULL,
      cause TEXT NOT NULL,
      kind TEXT NOT NULL,
      id TEXT,
      dn TEXT,
      new_dn TEXT,
      record TEXT NOT NULL,
      not_before INTEGER NOT NULL,
      problem TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE UNIQUE INDEX pending_once
      ON pending (partition, cause, kind, ifnull(id, 0), ifnull(dn, 0), ifnull(new_dn, 0), not_before);

    CREATE TABLE hold (
      object INTEGER PRIMARY KEY,
      cause TEXT NOT NULL,
      detail TEXT NOT NULL,
      run INTEGER NOT NULL
    ) STRICT;

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
    """

  /// Objects are picked by anchor; most anchors are DNs, stored as NULL, and cost this index nothing.
  static let format2 = """
    CREATE INDEX object_anchor ON object (anchor) WHERE anchor IS NOT NULL;
    """

  /// Records of a log without IDs are matched with objects when they come, and records of one name do not stand for
  /// each other.
  static let format3 = """
    ALTER TABLE pending ADD COLUMN object INTEGER;
    DROP INDEX pending_once;
    CREATE UNIQUE INDEX pending_once ON pending (partition, cause, kind, ifnull(id, 0), ifnull(dn, 0), ifnull(new_dn, 0),
      ifnull(object, 0), not_before, iif(kind = 'changed' AND id IS NOT NULL, '', record));
    """

  /// A rename may change the ID, where that is made of the DN.
  static let format4 = """
    ALTER TABLE change ADD COLUMN old_id TEXT;
    DROP VIEW feed;
    CREATE VIEW feed AS
      SELECT c.sequence, c.tx, c.kind, ifnull(c.id, o.id) AS id, ifnull(c.dn, o.dn) AS dn,
        coalesce(c.anchor, c.dn, o.anchor, o.dn) AS anchor,
        c.old_id, c.old_dn, ifnull(c.old_anchor, c.old_dn) AS old_anchor,
        c.object_classes, ifnull(c.content, o.attributes) AS content,
        c.run, r.step, c.detail
      FROM change AS c
        LEFT JOIN object AS o ON c.dn IS NULL AND o.object = c.object
        LEFT JOIN run AS r ON r.number = c.run;
    """

  /// The journal of exports: what was sent stands there before it is sent.
  static let format5 = """
    CREATE TABLE export_plan (
      number INTEGER PRIMARY KEY,
      plan TEXT NOT NULL UNIQUE,
      created TEXT NOT NULL,
      input TEXT NOT NULL,
      operations INTEGER NOT NULL,
      started TEXT NOT NULL,
      completed TEXT
    ) STRICT;

    CREATE TABLE export_operation (
      plan INTEGER NOT NULL,
      number INTEGER NOT NULL,
      state TEXT NOT NULL,
      detail TEXT NOT NULL DEFAULT '',
      content TEXT,
      PRIMARY KEY (plan, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX export_open ON export_operation (plan, number) WHERE state = 'sent';
    """
}

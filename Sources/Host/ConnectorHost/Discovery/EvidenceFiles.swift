import ConnectorCore
import Foundation

/// A server's root DSE and schema in LDIF files, as `ldapsearch` writes them, in the place of a connection.
struct EvidenceFiles {
  var rootDSE: String
  /// Nil where the schema is unknown.
  var schema: String?
  var port: Int?

  /// Reads both files.
  /// - Throws: `CommandFailure` with the file, the line and what is wrong.
  func read() throws -> ServerEvidence {
    let isRootDSE = { (entry: Entry) in entry.dn.isEmpty }
    guard let root = try Self.entry(in: rootDSE, where: isRootDSE) else {
      throw Self.failure(rootDSE, "there is no root DSE in it: an entry that begins with `dn:` and no name")
    }
    let isSchema = { (entry: Entry) in entry.string("attributeTypes") != nil || entry.string("objectClasses") != nil }
    guard let path = schema else { return ServerEvidence(rootDSE: RootDSE(root), schema: Schema(), port: port) }
    guard let entry = try Self.entry(in: path, where: isSchema) else {
      throw Self.failure(path, "there is no schema in it: an entry with attributeTypes and objectClasses")
    }
    return ServerEvidence(rootDSE: RootDSE(root), schema: Schema(subschema: entry), port: port)
  }

  /// The first entry of the kind; what follows it is not read, because tools write summaries there.
  private static func entry(in path: String, where fits: (Entry) -> Bool) throws -> Entry? {
    var reader = LDIFReader(try bytes(of: path))
    do throws(LDIFError) {
      while let record = try reader.next() {
        guard record.change == nil else { continue }
        let entry = Entry(record)
        if fits(entry) { return entry }
      }
      return nil
    } catch {
      throw failure(path, "line \(error.line): \(error.reason)")
    }
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw failure(path, "it cannot be read: \(error.localizedDescription)")
    }
  }

  private static func failure(_ path: String, _ reason: String) -> CommandFailure {
    CommandFailure(.failure, "\(path): \(reason)")
  }
}

import ConnectorCore
import ConnectorTesting

/// The adapter that passes over records of one type.
private func without(_ type: String, _ test: @escaping @Sendable (Entry) -> Bool = { _ in true }) -> VendorAdapter {
  .acme(passingOver: { $0.string("changeType") == type && test($0) })
}

/// The adapter that passes over records whose `changes` hold a text.
private func deafTo(_ text: String) -> VendorAdapter {
  .acme(passingOver: { $0.string("changes")?.contains(text) ?? false })
}

/// The adapter that passes over records about some DNs.
private func deafTo(dn test: @escaping @Sendable (String) -> Bool) -> VendorAdapter {
  .acme(passingOver: { $0.string("targetDN").map(test) ?? false })
}

private func appearsOnce<Key: Hashable>(_ hints: [Hint], by key: (Hint) -> Key?) -> [Hint] {
  let counts = Dictionary(hints.compactMap(key).map { ($0, 1) }, uniquingKeysWith: +)
  return hints.filter { hint in key(hint).map { counts[$0] == 1 } ?? true }
}

private func lies(_ dn: String?, in partition: DN) -> Bool {
  dn.flatMap { try? DN($0) }?.isEqualOrDescendant(of: partition) ?? true
}

extension Saboteur {
  static let hints = [
    Saboteur("hints.add", "knows no adds") { without("add") },
    Saboteur("hints.modify", "knows no modifications") { without("modify") },
    Saboteur("hints.delete", "knows no deletes") { without("delete") },
    Saboteur("hints.rename", "knows no renames") { without("modrdn") },
    Saboteur("hints.move-branch", "knows no moves") { without("modrdn") { $0.string("newsuperior") != nil } },
    Saboteur("hints.rename-then-modify", "lets records of one object cancel out") {
      .acme(hints: { hints, _ in appearsOnce(hints, by: \.id) })
    },
    Saboteur("hints.rename-then-delete", "lets records of one object cancel out") {
      .acme(hints: { hints, _ in appearsOnce(hints, by: \.id) })
    },
    Saboteur("hints.delete-and-recreate", "lets records of one DN cancel out") {
      .acme(hints: { hints, _ in appearsOnce(hints, by: \.dn) })
    },
    Saboteur("hints.swapped-names", "lets records of one object cancel out") {
      .acme(hints: { hints, _ in appearsOnce(hints, by: \.id) })
    },
    Saboteur("hints.branch-deleted", "takes the delete of a parent for all") {
      .acme(hints: { hints, _ in
        let deleted = hints.filter { $0.kind == .deleted }.compactMap { $0.dn.flatMap { try? DN($0) } }
        return hints.filter { hint in
          !deleted.contains { parent in hint.dn.flatMap { try? DN($0) }?.isDescendant(of: parent) ?? false }
        }
      })
    },
    Saboteur("hints.move-out", "looks at the new DN alone") {
      .acme(hints: { hints, partition in hints.filter { lies($0.newDN, in: partition) } })
    },
    Saboteur("hints.move-in", "looks at the old DN alone") {
      .acme(hints: { hints, partition in hints.filter { lies($0.dn, in: partition) } })
    },
    Saboteur("hints.two-partitions", "knows one partition") {
      .acme { sabotage in
        sabotage.hand = { sabotage, mark, _, reader, sink in
          try await sabotage.base.hints(since: mark, in: try DN("dc=example,dc=com"), reader, to: sink)
        }
      }
    },
    Saboteur("hints.other-partition", "hints whatever it reads") {
      .acme { sabotage in
        sabotage.hand = { sabotage, mark, _, reader, sink in
          try await sabotage.base.hints(since: mark, in: .empty, reader, to: sink)
        }
      }
    },
    Saboteur("hints.failed-operations", "hints what failed") { subject in
      subject.makeDirectory = { MemoryDirectory(partitions: $0, flavour: LoggingFailures()) }
    },
    Saboteur("hints.idle", "forgets what it handed over") {
      .acme { sabotage in
        sabotage.hand = { sabotage, mark, partition, reader, sink in
          let start = try sabotage.moved(mark) { $0.seen = [] }
          try await sabotage.base.hints(since: start, in: partition, reader, to: sink)
        }
      }
    },
    Saboteur("hints.last-checkpoint", "ends without a checkpoint") {
      .acme { sabotage in
        sabotage.hand = { sabotage, mark, partition, reader, sink in
          try await sabotage.base.hints(since: mark, in: partition, reader, to: sink)
          try await sink(HintBatch(hints: []))
        }
      }
    },
    Saboteur("hints.named", "names no record") {
      .acme(hints: { hints, _ in hints.map { $0.with { $0.record = "" } } })
    },
    Saboteur("hints.id-form", "writes IDs in capitals") {
      .acme(hints: { hints, _ in hints.map { $0.with { $0.id = $0.id?.uppercased() } } })
    },
    Saboteur("hints.no-false-delete", "calls everything deleted") {
      .acme(hints: { hints, _ in hints.map { $0.with { $0.kind = .deleted } } })
    },
    Saboteur("hints.new-dn", "ignores the new superior") {
      .acme(hints: { hints, _ in
        hints.map { hint in
          hint.with { hint in
            guard let rdn = hint.newDN.flatMap({ try? DN($0) })?.rdns.first else { return }
            hint.newDN = hint.dn.flatMap { try? DN($0) }?.parent?.appending(rdn).string
          }
        }
      })
    },
    Saboteur("hints.sink-error", "swallows the sink's errors") {
      .acme { sabotage in
        sabotage.hand = { sabotage, mark, partition, reader, sink in
          try await sabotage.base.hints(since: mark, in: partition, reader) { try? await sink($0) }
        }
      }
    },
  ]

  static let encodings = [
    Saboteur("encoding.escaped-dn", "stumbles over escapes") { deafTo { $0.contains("\\") } },
    Saboteur("encoding.multi-valued-rdn", "stumbles over a plus sign") { deafTo { $0.contains("+") } },
    Saboteur("encoding.utf8-dn", "reads ASCII alone") { deafTo { !$0.utf8.allSatisfy { $0 < 0x80 } } },
    Saboteur("encoding.empty-rdn", "wants a value in each RDN") { deafTo { $0.contains("=,") } },
    Saboteur("encoding.long-dn", "has room for a thousand characters") { deafTo { $0.utf8.count > 1_000 } },
    Saboteur("encoding.dn-spelling", "compares DNs as text") {
      .acme(hints: { hints, partition in hints.filter { $0.dn?.hasSuffix(partition.string) ?? true } })
    },
    Saboteur("encoding.renamed-odd", "takes escapes out of a DN") {
      .acme(hints: { hints, _ in
        hints.map { $0.with { $0.newDN = $0.newDN?.replacingText("\\2C", with: ",") } }
      })
    },
    Saboteur("encoding.binary-values", "cannot read base64") { deafTo("jpegPhoto::") },
    Saboteur("encoding.trailing-nul", "cannot read base64") { deafTo("description::") },
    Saboteur("encoding.options", "knows no options") { deafTo(";lang-de") },
    Saboteur("encoding.ranges", "knows no ranges") { deafTo(";range=") },
    Saboteur("encoding.no-text", "cannot read base64") { deafTo("description::") },
    Saboteur("encoding.ldif-like", "cannot read base64") { deafTo("description::") },
    Saboteur("encoding.large-values", "has room for a megabyte") {
      .acme(passingOver: { ($0.values("changes").first?.count ?? 0) > 1 << 20 })
    },
    Saboteur("encoding.attribute-case", "compares names as text") {
      .acme(passingOver: { entry in !entry.attributes.contains { $0.0.string == "changeNumber" } })
    },
    Saboteur("encoding.nameless-record", "passes over records that name no entry") {
      .acme(passingOver: { $0.string("targetDN") == nil })
    },
    Saboteur("encoding.garbled-dn", "stops at a DN that is none") {
      .acme { sabotage in
        sabotage.reader = { base in
          let broken = Highest()
          return EditingReader(base: base) { page, _ in
            page.filter { entry in
              if (try? DN(entry.string("targetDN") ?? "")) == nil { _ = broken.rises(to: 1) }
              return broken.isZero
            }
          }
        }
      }
    },
  ]
}

/// A numbered log that holds failures too.
private struct LoggingFailures: ChangeLogFlavour {
  let base = NumberedChangelog(Acme.dialect)

  func containers(in directory: DirectoryModel) -> [String] { base.containers(in: directory) }
  func prepare(_ directory: inout DirectoryModel) { base.prepare(&directory) }
  func stamp(_ entry: inout MemoryEntry, _ change: DirectoryChange, in directory: inout DirectoryModel) {
    base.stamp(&entry, change, in: &directory)
  }
  func record(_ change: DirectoryChange, in directory: inout DirectoryModel) { base.record(change, in: &directory) }
  func recordFailure(_ change: DirectoryChange, in directory: inout DirectoryModel) {
    base.record(change, in: &directory)
  }
  func trim(_ directory: inout DirectoryModel, keeping: Int) { base.trim(&directory, keeping: keeping) }
  func restore(_ directory: inout DirectoryModel, to number: UInt64) { base.restore(&directory, to: number) }
}

extension Hint {
  fileprivate func with(_ change: (inout Hint) -> Void) -> Hint {
    var hint = self
    change(&hint)
    return hint
  }
}

extension String {
  fileprivate func replacingText(_ text: String, with other: String) -> String {
    guard let found = firstRange(of: text) else { return self }
    return String(self[..<found.lowerBound]) + other + String(self[found.upperBound...])
  }
}

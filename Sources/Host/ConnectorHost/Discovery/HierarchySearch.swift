package import ConnectorCore

/// Finds the containers of a partition with one search that asks for no attributes.
///
/// Memory grows with the containers, not with the entries.
package struct HierarchySearch: Sendable {
  private let top: String
  private let normalizer: DNNormalizer
  private let reading: ReadingMethod

  init(top: String, schema: Schema, reading: ReadingMethod) {
    self.top = top
    self.reading = reading
    normalizer = DNNormalizer(schema: schema)
  }

  /// Searches.
  /// - Returns: the top entry with the containers below it.
  /// - Throws: `DirectoryError` where the search did not end with success, so that counts would be too low.
  package func run(_ reader: any DirectoryReader, output: Output) async throws -> Container {
    let census = Census(top: top, topKey: try normalizer.key(of: top), normalizer)
    let progress = ProgressLine("entries", output: output)
    let request = SearchRequest(
      base: top, attributes: [SearchRequest.noAttributes], pageSize: reading.pageSize, sortKey: reading.sortKey)
    do {
      _ = try await reader.search(request) { batch in
        await progress.update(try await census.count(batch: batch))
      }
    } catch {
      await progress.finish()
      throw error
    }
    await progress.finish()
    return await census.tree
  }
}

/// Counts entries by their parents.
private actor Census {
  private struct Parent {
    var dn: String
    var children = 0
  }

  private let topKey: String
  private let normalizer: DNNormalizer
  private var parents: [String: Parent]
  private var entries = 0

  init(top: String, topKey: String, _ normalizer: DNNormalizer) {
    self.topKey = topKey
    self.normalizer = normalizer
    parents = [topKey: Parent(dn: top)]
  }

  /// Counts a page; returns the number of entries so far.
  func count(batch: EntryBatch) throws -> Int {
    for entry in batch {
      entries += 1
      let key = try entry.withDN { try normalizer.key(utf8: $0) }
      if key != topKey { count(childOf: key, entry) }
    }
    return entries
  }

  private func count(childOf key: String, _ entry: Entry) {
    guard let parentKey = normalizer.parentKey(of: key) else { return }
    if parents[parentKey] == nil { addParents(from: parentKey, child: entry.dn) }
    parents[parentKey]?.children += 1
  }

  /// Makes a parent and, where entries between it and the top are hidden, those too.
  private func addParents(from key: String, child dn: String) {
    var key = key
    var components = DN.components(of: dn).dropFirst()
    while parents[key] == nil, let first = components.first {
      parents[key] = Parent(dn: String(dn[first.startIndex...]))
      guard let next = normalizer.parentKey(of: key), next.utf8.count >= topKey.utf8.count else { return }
      key = next
      components = components.dropFirst()
    }
  }

  /// The tree, containers sorted by their DNs.
  var tree: Container {
    var below: [String: [String]] = [:]
    for key in parents.keys where key != topKey {
      if let parent = normalizer.parentKey(of: key) { below[parent, default: []].append(key) }
    }
    return container(topKey, below)
  }

  private func container(_ key: String, _ below: [String: [String]]) -> Container {
    let containers = (below[key] ?? []).sorted().map { container($0, below) }
    let parent = parents[key] ?? Parent(dn: key)
    let deeper = containers.reduce(0) { $0 + $1.descendants }
    return Container(
      dn: parent.dn, children: parent.children, descendants: parent.children + deeper, containers: containers)
  }
}

/// What one partition's imports cover, as configuration and detection say.
package struct ImportScope: Sendable {
  /// The partition's own DN.
  package var partition: DN
  /// Containers to import from; empty means the whole partition.
  package var include: [DN] = []
  /// Containers to leave out, with all below them.
  package var exclude: [DN] = []
  /// Search each included container by itself, rather than the partition as a whole.
  package var searchesOnlyContainers = false
  /// Object classes to import; empty means all.
  package var objectClasses: [String] = []
  /// Attributes to hold.
  package var selection = AttributeSelection()
  /// What the anchor is.
  package var anchor: AnchorPolicy = .dn
  /// What identifies an object for life; nil where the product has nothing.
  package var immutableID: ImmutableID?
  /// What tells entries that are no objects.
  package var nonObjects: [EntryMark] = []
  /// Pairs of attributes that the server keeps in step.
  package var linked: [LinkedAttributes] = []
  /// Entries a page, nil to read in one operation.
  package var pageSize: Int? = 1000
  /// With a page size: read by virtual list view sorted by this key, in place of paged results.
  package var sortKey: SortKey?
  /// How many deletes one run may make.
  package var budget = DeleteBudget()
  /// The share of a class's objects, in percent, that may lose one attribute in one full import.
  package var attributeLossShare = 30
  /// How an administrator frees the account from the product's limits; nil where only general words are known.
  package var limitsRemedy: String?
  /// Who reads: another account may see another directory.
  package var account = "anonymous"
  /// How many hints are resolved together.
  package var hintsPerBatch = 1000
  /// The server's schema.
  package var schema: Schema

  package init(partition: DN, schema: Schema) {
    self.partition = partition
    self.schema = schema
  }

  /// The configuration that a watermark depends on, by configuration key.
  package var fingerprint: [String: String] {
    func list(_ values: [String]) -> String { values.map { $0.lowercased() }.sorted().joined(separator: "; ") }
    return [
      "partitions.include": list(include.map(\.key)),
      "partitions.exclude": list(exclude.map(\.key)),
      "schema.objectClasses": list(objectClasses),
      "schema.attributes": list(selection.attributes.map(\.string)),
      "schema.attributeAliases": list(selection.aliases.map(\.string)),
      "schema.includeOperationalAttributes": String(selection.includesOperational),
      "import.anchor": anchor.attribute?.string.lowercased() ?? "dn",
      "adapter (immutable ID)": immutableID?.attribute.string.lowercased() ?? "dn",
      "bind.dn": account.lowercased(),
    ]
  }
}

/// How many deletes one run may make in one partition before all of them are held.
package struct DeleteBudget: Hashable, Sendable {
  /// The most deletes, whatever the size of the partition.
  package var count: Int
  /// The most deletes as a share of the partition's objects.
  package var percent: Int
  /// Deletes that the share never forbids, so that small partitions stay usable.
  package static let floor = 10

  package init(count: Int = 500, percent: Int = 10) {
    self.count = count
    self.percent = percent
  }

  /// The number of deletes allowed among `total` objects: at most `count`, at most `percent`, but `floor` always.
  package func allowance(total: Int) -> Int {
    min(count, max(Self.floor, total * percent / 100))
  }
}

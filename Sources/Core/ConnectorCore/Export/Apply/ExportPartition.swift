/// One partition of an export: how its entries are guarded, judged and confirmed. Used by the one run that made it.
final class ExportPartition: @unchecked Sendable {
  let scope: ImportScope
  let key: String
  let normalizer: ObjectNormalizer
  let watch: OperationGuard
  let judge: OperationJudge
  /// Whether the entry may come back with the answer to its change, and is then just what an import would read.
  let usesPostRead: Bool
  let reader: ConfirmingReader
  /// Confirms what was written; made when there is something to confirm.
  private(set) var work: PartitionImport?
  /// Whether something noted waits to be confirmed.
  var isNoted = false

  init(_ scope: ImportScope, of export: ExportScope, key: ContentHashKey, _ connection: ExportConnection) {
    self.scope = scope
    normalizer = ObjectNormalizer(
      schema: scope.schema, selection: scope.selection, immutableID: scope.immutableID, anchor: scope.anchor,
      linked: scope.linked, nonObjects: scope.nonObjects, key: key)
    self.key = (try? normalizer.dns.key(of: scope.partition.string)) ?? scope.partition.key
    watch = OperationGuard(export, scope, key: key)
    judge = OperationJudge(schema: export.schema, immutableID: scope.immutableID)
    // Attributes that the server writes by itself may come later than the change that they follow from.
    let isKeptByServer = { (name: AttributeDescription) in scope.schema.attributeType(name.type)?.isOperational ?? false
    }
    usesPostRead =
      export.offers(WellKnownOIDs.postRead) && !scope.holdsServerAttributes
      && !scope.selection.aliases.contains(where: isKeptByServer)
    reader = ConfirmingReader(connection)
  }

  func contains(_ dn: String) -> Bool {
    guard let found = try? normalizer.dns.key(of: dn) else { return false }
    return ScopeTest.isAtOrBelow(found, key)
  }

  /// The run that confirms, begun now if it is not yet.
  func confirmation(_ store: any ConnectorSpaceStore, _ executor: ThreadExecutor) throws -> PartitionImport {
    if let work { return work }
    let new = try PartitionImport(
      step: "export", store: store, scope: scope, reader: reader, lookup: reader, delta: nil, executor: executor)
    try new.assumeIsolated { try $0.beginConfirming() }
    work = new
    return new
  }
}

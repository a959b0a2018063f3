/// What of a chunk may be sent: nothing whose ground is missing, and nothing on an entry that changed.
extension ExportRun {
  /// Requests for what may be sent, and results for the rest.
  func prepare(_ operations: some Collection<PlannedOperation>) -> ([Outgoing], [OperationResult]) {
    var outgoing: [Outgoing] = []
    var held: [OperationResult] = []
    for operation in operations {
      let partition = partition(of: operation.dn)
      if let fate = obstacle(operation, partition) {
        held.append(result(operation, partition, fate))
      } else if let partition {
        do throws(OperationProblem) {
          var item = Outgoing(operation: operation, partition: partition, request: try requests.request(operation))
          item.wasSent = sentBefore.contains(operation.number)
          if operations.count <= Self.few { item.request.postRead = postRead(operation, partition) }
          outgoing.append(item)
        } catch {
          held.append(result(operation, partition, .failed(error.reason, remedy: Self.giveInputAgain)))
        }
      }
    }
    noteStates(held)
    return (outgoing, held)
  }

  /// So many operations save a round trip by post-read. More are read again beside the writes, which a server with one
  /// writer at a time carries out faster alone (measured: a fifth).
  private static let few = 64

  private static let giveInputAgain = "Carry the plan out together with the input that it was made of."

  func result(_ operation: PlannedOperation, _ partition: ExportPartition?, _ fate: OperationResult.Fate)
    -> OperationResult
  {
    OperationResult(operation: operation, partition: partition, fate: fate, plan: plan.plan)
  }

  private func obstacle(_ operation: PlannedOperation, _ partition: ExportPartition?) -> OperationResult.Fate? {
    if let missing = operation.after.first(where: { states[$0] != .done }) {
      let root = blame[missing] ?? missing
      return .skipped("not sent, because operation \(root) was not carried out", blame: root)
    }
    guard partition != nil, self.partition(of: operation.dnAfter) != nil else {
      return .failed("its DN lies in none of the selected partitions", remedy: "Select its partition, and plan anew.")
    }
    let isDelete = operation.kind == .delete || operation.kind == .deleteTree
    guard isDelete, plan.partitions.indices.contains(operation.partition) else { return nil }
    let budget = plan.partitions[operation.partition]
    guard !budget.deletesAllowed else { return nil }
    return .skipped(
      "not sent: the plan deletes \(budget.deletes) entries of \(budget.dn), and the budget allows \(budget.allowance)",
      blame: nil)
  }

  private func postRead(_ operation: PlannedOperation, _ partition: ExportPartition) -> [String]? {
    guard partition.usesPostRead, [.add, .modify, .rename].contains(operation.kind) else { return nil }
    return partition.normalizer.requestedAttributes
  }

  /// Puts the guards on requests; what they object to at once is a result.
  func checked(_ prepared: ([Outgoing], [OperationResult])) async throws -> ([Outgoing], [OperationResult]) {
    var (outgoing, held) = prepared
    var objections = try await objections(outgoing.indices.filter { needsReading(outgoing[$0]) }, outgoing)
    for index in outgoing.indices where outgoing[index].operation.kind == .deleteTree && objections[index] == nil {
      objections[index] = try await treeObjection(outgoing[index])
    }
    for index in outgoing.indices {
      let item = outgoing[index]
      if let objection = objections[index] {
        held.append(result(item.operation, item.partition, .refused(Self.changed(objection))))
        continue
      }
      let isRead = needsReading(item)
      outgoing[index].request.assertion = item.partition.watch.assertion(item.operation, isRead: isRead)
      note(isRead ? .reading : outgoing[index].request.assertion == nil ? nil : .assertion)
    }
    noteStates(held.suffix(objections.count))
    return (outgoing.indices.filter { objections[$0] == nil }.map { outgoing[$0] }, held)
  }

  static func changed(_ how: String) -> String { "changed since the plan was made: \(how)" }

  private func needsReading(_ item: Outgoing) -> Bool { item.partition.watch.needsReading(item.operation) }

  private func note(_ way: OperationGuard.Way?) {
    guard let way, report.guarding?.contains(way.rawValue) != true else { return }
    report.guarding = report.guarding.map { "\($0), \(way.rawValue)" } ?? way.rawValue
  }

  /// Reads entries, and says what stands against writing them, by index.
  func objections(_ indices: [Int], _ items: [Outgoing]) async throws -> [Int: String] {
    var found: [Int: String] = [:]
    for (_, group) in Dictionary(grouping: indices, by: { ObjectIdentifier(items[$0].partition) }) {
      guard let first = group.first else { continue }
      let watch = items[first].partition.watch
      // What the planner read, so that what it saw can be seen again.
      let attributes = scope.attributesToRead(edited: edited)
      let bases = group.map { items[$0].operation.dn }
      let answers = try await connection.reading { try await $0.read(bases, attributes: attributes) }
      for (index, answer) in zip(group, answers) { found[index] = watch.objection(items[index].operation, answer) }
    }
    return found
  }

  /// A tree delete takes whatever is there: it must not be more than was planned.
  private func treeObjection(_ item: Outgoing) async throws -> String? {
    let request = SearchRequest(
      base: item.operation.dn, attributes: [SearchRequest.noAttributes], pageSize: item.partition.scope.pageSize)
    do {
      let count = try await connection.reading { try await $0.search(request) { _ in } }.entries - 1
      let planned = item.operation.descendants ?? 0
      return count > planned ? "\(count) entries lie below it, and \(planned) were planned" : nil
    } catch let error as DirectoryError where error.code.rawValue > 0 {
      return item.wasSent && error.code == .noSuchObject ? nil : "what lies below it could not be read: \(error)"
    }
  }
}

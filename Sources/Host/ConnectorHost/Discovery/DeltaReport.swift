package import ConnectorCore

/// Whether delta imports are possible here, partition by partition.
package struct DeltaReport: Sendable, Encodable, Equatable {
  /// One thing that was looked at.
  package struct Finding: Sendable, Encodable, Equatable {
    package var status: String
    package var evidence: String
    package var remedy: String?
  }

  /// What was found for one partition.
  package struct Partition: Sendable, Encodable, Equatable {
    package var dn: String
    /// `available`, `unavailable` or `could not tell`.
    package var status: String
    package var findings: [Finding]
  }

  /// The method's name; nil where only full imports are possible.
  package var method: String?
  /// Why there is no method, and what to do.
  package var unavailable: String?
  package var partitions: [Partition] = []

  /// Asks the adapter's strategy about each partition.
  /// - Parameter unreadable: partitions whose top entry cannot be read; nothing can be told of these.
  package static func examine(
    _ description: ServerDescription, partitions: [String], unreadable: [String] = [],
    import settings: Configuration.Import = .init(),
    _ reader: any DirectoryReader
  ) async throws -> DeltaReport {
    guard let adapter = description.adapter else {
      return DeltaReport(unavailable: "No adapter serves this server; see the product above.")
    }
    let choice = adapter.deltaChoice(DeltaSettings(description.evidence, settings))
    guard let strategy = choice.strategy else { return DeltaReport(unavailable: choice.reason) }
    var report = DeltaReport(method: strategy.method.name)
    for partition in partitions {
      report.partitions.append(try await examine(partition, strategy, reader))
    }
    report.partitions += unreadable.map { undecided($0, "this account cannot read the partition's top entry") }
    return report
  }

  /// What can be told without a connection: the method, and that nobody knows whether it can be used.
  package static func unknown(_ description: ServerDescription) -> DeltaReport {
    guard let adapter = description.adapter else {
      return DeltaReport(unavailable: "No adapter serves this server; see the product above.")
    }
    let choice = adapter.deltaChoice(DeltaSettings(evidence: description.evidence))
    guard let strategy = choice.strategy else { return DeltaReport(unavailable: choice.reason) }
    let partitions = description.contexts.partitions.map { undecided($0, "there is no connection to the server") }
    return DeltaReport(method: strategy.method.name, partitions: partitions)
  }

  private static func examine(
    _ partition: String, _ strategy: any DeltaStrategy, _ reader: any DirectoryReader
  ) async throws -> Partition {
    do {
      let readiness = try await strategy.readiness(of: DN(partition), reader)
      let findings = readiness.findings.map {
        Finding(status: $0.status.rawValue, evidence: $0.evidence, remedy: $0.remedy)
      }
      return Partition(dn: partition, status: readiness.status.rawValue, findings: findings)
    } catch let error as DirectoryError where error.code.rawValue > 0 {
      return undecided(partition, "\(error)")
    } catch let error as DNError {
      return undecided(partition, "\(error)")
    }
  }

  private static func undecided(_ partition: String, _ evidence: String) -> Partition {
    let status = Readiness.Status.unknown.rawValue
    return Partition(dn: partition, status: status, findings: [Finding(status: status, evidence: evidence)])
  }
}

extension DeltaSettings {
  /// What a strategy is built from, by the configuration.
  package init(_ evidence: ServerEvidence, _ settings: Configuration.Import) {
    self.init(evidence: evidence, changeLogDN: settings.changeLogDN?.string)
    method = settings.deltaMethod.map { DeltaMethod($0) }
    overlapSeconds = Int(clamping: settings.overlap.components.seconds)
    // A list that is there and lacks paging is believed: without a configuration nobody has looked at it yet.
    let listed = evidence.rootDSE.supportedControls
    let pages = settings.pagedResults && (listed.isEmpty || listed.contains(WellKnownOIDs.pagedResults))
    pageSize = pages ? settings.pageSize : nil
  }
}

import ConnectorCore

/// The steps of `check` that look into the directory.
struct DirectoryCheck {
  private let configuration: Configuration
  private let reader: any DirectoryReader
  private let description: ServerDescription

  init(_ configuration: Configuration, _ reader: any DirectoryReader, _ description: ServerDescription) {
    self.configuration = configuration
    self.reader = reader
    self.description = description
  }

  var rootDSE: CheckStep {
    let rootDSE = description.evidence.rootDSE
    let anchor = description.adapter.map {
      configuration.anchorPolicy(adapter: $0, schema: description.evidence.schema)
    }
    let missing = MandatoryFeatures.missing(
      in: rootDSE, anchor: anchor ?? .dn, adapter: description.adapter)
    guard missing.isEmpty else {
      let names = missing.map { "\($0.name) (\($0.consequence))" }.joined(separator: "; ")
      return CheckStep(.rootDSE, .warning, "does not list \(names)", remedy: MissingFeature.caveat)
    }
    let contexts = rootDSE.namingContexts.count
    return CheckStep(.rootDSE, .ok, "\(contexts) naming contexts, \(rootDSE.supportedControls.count) controls")
  }

  var schema: CheckStep {
    let schema = description.evidence.schema
    guard !schema.attributeTypes.isEmpty else {
      let finding = description.unseen.first { $0.contains("chema") } ?? "could not be read"
      let remedy =
        "let this account read the subschema entry; without it every attribute is taken for multi-valued text"
      return CheckStep(.schema, .warning, finding, remedy: remedy)
    }
    let unknown = unknownNames(in: schema)
    let size = "\(schema.objectClasses.count) object classes, \(schema.attributeTypes.count) attribute types"
    guard unknown.isEmpty else {
      let remedy = "correct the names in `schema`; `ldap-connector schema` lists those that the server has"
      return CheckStep(.schema, .warning, "\(size), but not \(unknown.joined(separator: ", "))", remedy: remedy)
    }
    return CheckStep(.schema, .ok, size)
  }

  /// Names of the configuration that the schema does not define.
  private func unknownNames(in schema: Schema) -> [String] {
    let attributes = configuration.schema.attributes.filter {
      schema.attributeType(AttributeDescription($0).type) == nil
    }
    return configuration.schema.objectClasses.filter { schema.objectClass($0) == nil } + attributes
  }

  var product: CheckStep {
    switch description.choice {
    case .refused, .tie: return CheckStep(.product, .failed, description.undecided ?? "")
    case .generic where configuration.adapter != nil:
      return CheckStep(.product, .ok, "served as any LDAP v3 server, as the configuration says")
    case .generic:
      let remedy = "name the product's adapter in `adapter` if you know it; else run full imports"
      return CheckStep(.product, .warning, "not recognised: served as any LDAP v3 server", remedy: remedy)
    case .adapter(let adapter):
      let version = adapter.version(description.evidence).map { " \($0)" } ?? ""
      let subtype = adapter.subtype(description.evidence).map { " (\($0))" } ?? ""
      return CheckStep(.product, .ok, "\(adapter.title)\(subtype)\(version), adapter `\(adapter.name)`")
    }
  }

  /// Whether the top entry, the selected containers and something below the top can be seen.
  func partition(_ partition: Configuration.Partition) async throws -> CheckStep {
    let dn = partition.dn.string
    if let problem = try await topProblem(dn) { return problem }
    let hidden = try await hiddenContainers(of: partition)
    guard hidden.isEmpty else {
      let remedy = "correct `include` and `exclude`; `ldap-connector hierarchy` lists the containers"
      let finding = "\(dn): not to be seen: \(hidden.joined(separator: "; "))"
      return CheckStep(.partition, .warning, finding, remedy: remedy)
    }
    guard try await hasVisibleChild(dn) else {
      let remedy = "if the partition is not empty, let this account read the entries in it"
      return CheckStep(.partition, .warning, "\(dn): readable, but no entry below it is visible", remedy: remedy)
    }
    return CheckStep(.partition, .ok, "\(dn): readable, with entries below it")
  }

  private func topProblem(_ dn: String) async throws -> CheckStep? {
    switch try await reader.read(dn, attributes: ["objectClass"]) {
    case .entry: return nil
    case .absent:
      let remedy = "check the DN against `ldap-connector detect`, and let this account read the entry"
      return CheckStep(.partition, .failed, "\(dn): no such entry, or hidden from this account", remedy: remedy)
    case .failed(let error):
      let remedy = "let this account read the entry and all below it"
      return CheckStep(.partition, .failed, "\(dn): \(error)", remedy: remedy)
    }
  }

  private func hiddenContainers(of partition: Configuration.Partition) async throws -> [String] {
    let containers = (partition.include + partition.exclude).map(\.string)
    let answers = try await reader.read(containers, attributes: ["objectClass"])
    return zip(containers, answers).filter { if case .entry = $1 { false } else { true } }.map(\.0)
  }

  /// One entry is enough, so that the size limit ends the search with an error that is none.
  private func hasVisibleChild(_ dn: String) async throws -> Bool {
    let request = SearchRequest(
      base: dn, scope: .oneLevel, attributes: [SearchRequest.noAttributes], pageSize: nil, sizeLimit: 1)
    do {
      return try await reader.collect(request).isEmpty == false
    } catch let error as DirectoryError where [.sizeLimitExceeded, .adminLimitExceeded].contains(error.code) {
      return true
    }
  }

  /// Whether delta imports are possible, a step a partition.
  func logs() async throws -> [CheckStep] {
    let report = try await DeltaReport.examine(
      description, partitions: configuration.partitions.map(\.dn.string), import: configuration.import, reader)
    if let unavailable = report.unavailable {
      return [CheckStep(.log, .warning, "delta import is not possible: \(unavailable)")]
    }
    return report.partitions.map { partition in
      let isAvailable = partition.status == Readiness.Status.available.rawValue
      let telling = partition.findings.filter { isAvailable == ($0.status == Readiness.Status.available.rawValue) }
      let evidence = telling.map(\.evidence).joined(separator: "; ")
      let remedies = telling.compactMap(\.remedy)
      return CheckStep(
        .log, isAvailable ? .ok : .warning,
        "\(partition.dn): delta import by \(report.method ?? "") \(partition.status): \(evidence)",
        remedy: remedies.isEmpty ? nil : remedies.joined(separator: "; "))
    }
  }
}

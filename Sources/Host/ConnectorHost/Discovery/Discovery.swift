package import ConnectorCore

/// Finds out what a server is and what it holds; reads the root DSE, the schema and the top entries, and no more.
package struct Discovery: Sendable {
  private let reader: any DirectoryReader
  private let adapters: [VendorAdapter]
  private let port: Int?

  /// - Parameters:
  ///   - adapters: every adapter that may recognise the server.
  ///   - port: the port that the server was reached on; a hint for some products.
  package init(_ reader: any DirectoryReader, adapters: [VendorAdapter], port: Int?) {
    self.reader = reader
    self.adapters = adapters
    self.port = port
  }

  /// Asks the server.
  /// - Parameter forced: the adapter that the configuration names; nil leaves the choice to detection.
  /// - Throws: `DirectoryError` where not even the root DSE can be read; everything else that is hidden is told in
  ///   `ServerDescription.unseen`.
  package func describe(forced: String? = nil) async throws -> ServerDescription {
    var unseen: [String] = []
    let rootDSE = try await readRootDSE(&unseen)
    let schema = try await readSchema(rootDSE, &unseen)
    let evidence = ServerEvidence(rootDSE: rootDSE, schema: schema, port: port)
    var description = ServerDescription(evidence, adapters: adapters, forced: forced)
    description.tops = try await readTops(description.contexts.partitions, &unseen)
    description.unseen = unseen
    return description
  }

  /// The standard attributes, which some servers hide unless they are named (RFC 4512 §5.1, RFC 3045).
  private static let standard = [
    "objectClass", "structuralObjectClass", "namingContexts", "altServer", "supportedControl", "supportedExtension",
    "supportedFeatures", "supportedLDAPVersion", "supportedSASLMechanisms", "subschemaSubentry", "vendorName",
    "vendorVersion",
  ]

  private func readRootDSE(_ unseen: inout [String]) async throws -> RootDSE {
    let markers = adapters.flatMap { $0.detector.markers }
    let names = (Self.standard + markers).reduce(into: [String]()) { names, name in
      if !names.contains(where: { $0.lowercased() == name.lowercased() }) { names.append(name) }
    }
    let request = SearchRequest(base: "", scope: .base, attributes: ["*", "+"] + names, pageSize: nil)
    guard let entry = try await reader.collect(request).first else {
      throw DirectoryError(
        .noSuchObject, operation: "read of the root DSE",
        message: "the server shows no root DSE to this account; every LDAP v3 server has one (RFC 4512 §5.1)")
    }
    let rootDSE = RootDSE(entry)
    if rootDSE.namingContexts.isEmpty {
      unseen.append("The root DSE names no naming contexts, so partitions cannot be listed: give their DNs yourself.")
    }
    if rootDSE.supportedControls.isEmpty { unseen.append("The root DSE lists no supported controls.") }
    return rootDSE
  }

  private func readSchema(_ rootDSE: RootDSE, _ unseen: inout [String]) async throws -> Schema {
    guard let base = rootDSE.subschemaSubentry, !base.isEmpty else {
      unseen.append("The root DSE names no subschema entry, so the schema is unknown; an account may see more.")
      return Schema()
    }
    do {
      for filter in [Filter.equal("objectClass", "subschema"), .all] {
        let found = try await reader.collect(Self.schemaRequest(base, filter))
        if let entry = found.first, !entry.values("attributeTypes").isEmpty {
          return Schema(subschema: entry)
        }
      }
      unseen.append("The schema in “\(base)” is not visible to this account.")
    } catch let error as DirectoryError where error.code.rawValue > 0 {
      unseen.append("The schema could not be read: \(error)")
    }
    return Schema()
  }

  private static func schemaRequest(_ base: String, _ filter: Filter) -> SearchRequest {
    let names = ["objectClasses", "attributeTypes", "ldapSyntaxes", "matchingRules", "dITContentRules"]
    return SearchRequest(base: base, scope: .base, filter: filter, attributes: names, pageSize: nil)
  }

  private func readTops(_ partitions: [String], _ unseen: inout [String]) async throws -> [ServerDescription.Top] {
    let answers = try await reader.read(partitions, attributes: ["objectClass"])
    return zip(partitions, answers).map { dn, answer in
      let problem: String? =
        switch answer {
        case .entry: nil
        case .absent: "its top entry is missing, or hidden from this account"
        case .failed(let error): "\(error)"
        }
      if let problem { unseen.append("Partition “\(dn)”: \(problem).") }
      return ServerDescription.Top(dn: dn, problem: problem)
    }
  }
}

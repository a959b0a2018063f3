package import ConnectorCore

/// A server as detection found it, and the adapter that serves it.
package struct ServerDescription: Sendable {
  /// Which adapter serves, or why none does.
  package enum Choice: Sendable {
    /// Detection, or the configuration, chose this one.
    case adapter(VendorAdapter)
    /// Nobody recognised the server, or the configuration asks for it.
    case generic(VendorAdapter)
    /// The product must not be served; the reason names the way out.
    case refused(VendorAdapter, reason: String)
    /// These are level; the configuration must name one.
    case tie([VendorAdapter])
  }

  /// The top entry of a partition.
  package struct Top: Sendable, Equatable {
    package var dn: String
    /// Why it could not be read; nil where it could.
    package var problem: String?
  }

  package let evidence: ServerEvidence
  /// Every adapter's verdict.
  package let selection: AdapterSelection
  package let choice: Choice
  package let contexts: NamingContexts
  /// The top entries of `contexts.partitions`, in their order; empty where nobody has looked.
  package var tops: [Top] = []
  /// What the server did not show, a sentence each.
  package var unseen: [String] = []

  /// Asks every adapter, and chooses the forced one where there is one, else the best.
  package init(_ evidence: ServerEvidence, adapters: [VendorAdapter], forced: String? = nil) {
    self.evidence = evidence
    selection = AdapterSelection(adapters, evidence: evidence)
    choice = Choice(selection, evidence, forced: forced)
    let excluded = choice.adapter?.contextsWithoutEntries(on: evidence.rootDSE) ?? []
    contexts = NamingContexts(evidence.rootDSE.namingContexts, without: excluded)
  }

  /// The name of the adapter that detection alone would take; nil where it takes none.
  package var detected: String? {
    switch selection.choice {
    case .adapter(let adapter): adapter.name
    case .generic: "generic"
    case .refused, .tie: nil
    }
  }

  /// The adapter that serves, nil where none does.
  package var adapter: VendorAdapter? { choice.adapter }

  /// Whether the server has a control: it lists it, and not in vain, or the product is known to have it.
  package func offers(_ control: String) -> Bool {
    let rootDSE = evidence.rootDSE
    return adapter?.capabilities(on: rootDSE).contains(control) ?? rootDSE.supportedControls.contains(control)
  }

  /// Whether the server has an extended operation.
  package func offers(extendedOperation oid: String) -> Bool {
    let rootDSE = evidence.rootDSE
    return adapter?.capabilities(on: rootDSE).contains(oid) ?? rootDSE.supportedExtensions.contains(oid)
  }

  /// Whether the server sorts entries and gives them out by virtual list view.
  package var offersLists: Bool { offers(WellKnownOIDs.virtualListView) && offers(WellKnownOIDs.sort) }

  /// Why no adapter serves, and what to do; nil where one does.
  package var undecided: String? {
    switch choice {
    case .adapter, .generic: return nil
    case .refused(let adapter, let reason):
      return "This server is \(adapter.title), which is not served: \(reason)"
    case .tie(let adapters):
      let names = adapters.map { "`adapter: \($0.name)` (\($0.title))" }.joined(separator: " or ")
      return "The server may be one of several products with equal evidence. Write \(names) into the configuration; "
        + "`ldap-connector detect` shows the evidence."
    }
  }

  /// The adapter that serves.
  /// - Throws: `AdapterUndecided` with the reason and what to do.
  package func requireAdapter() throws(AdapterUndecided) -> VendorAdapter {
    if let adapter { return adapter }
    throw AdapterUndecided(description: undecided ?? "")
  }
}

extension ServerDescription.Choice {
  init(_ selection: AdapterSelection, _ evidence: ServerEvidence, forced: String?) {
    let generic = VendorAdapter.generic(on: evidence)
    guard let forced else {
      self =
        switch selection.choice {
        case .adapter(let adapter): .adapter(adapter)
        case .generic: .generic(generic)
        case .refused(let adapter, let reason): .refused(adapter, reason: reason)
        case .tie(let adapters): .tie(adapters)
        }
      return
    }
    guard let row = selection.ranking.first(where: { $0.adapter.name == forced }) else {
      self = .generic(generic)
      return
    }
    self = row.detection.refusal.map { .refused(row.adapter, reason: $0) } ?? .adapter(row.adapter)
  }

  fileprivate var adapter: VendorAdapter? {
    switch self {
    case .adapter(let adapter), .generic(let adapter): adapter
    case .refused, .tie: nil
    }
  }
}

/// No adapter can be taken without asking the operator.
package struct AdapterUndecided: Error, Sendable, Equatable, CustomStringConvertible {
  /// Why, and what to write where.
  package let description: String

  package init(description: String) { self.description = description }
}

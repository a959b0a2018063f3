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
  package var contexts = NamingContexts([])
  /// The top entries of `contexts.partitions`, in their order.
  package var tops: [Top] = []
  /// What the server did not show, a sentence each.
  package var unseen: [String] = []

  /// Chooses the adapter: the forced one where there is one, else the selection's.
  init(_ evidence: ServerEvidence, _ selection: AdapterSelection, forced: String?) {
    self.evidence = evidence
    self.selection = selection
    let generic = VendorAdapter.generic(for: evidence)
    guard let forced else {
      choice =
        switch selection.choice {
        case .adapter(let adapter): .adapter(adapter)
        case .generic: .generic(generic)
        case .refused(let adapter, let reason): .refused(adapter, reason: reason)
        case .tie(let adapters): .tie(adapters)
        }
      return
    }
    guard let row = selection.ranking.first(where: { $0.adapter.name == forced }) else {
      choice = .generic(generic)
      return
    }
    choice = row.detection.refusal.map { .refused(row.adapter, reason: $0) } ?? .adapter(row.adapter)
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
  package var adapter: VendorAdapter? {
    switch choice {
    case .adapter(let adapter), .generic(let adapter): adapter
    case .refused, .tie: nil
    }
  }

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

/// No adapter can be taken without asking the operator.
package struct AdapterUndecided: Error, Sendable, Equatable, CustomStringConvertible {
  /// Why, and what to write where.
  package let description: String

  package init(description: String) { self.description = description }
}

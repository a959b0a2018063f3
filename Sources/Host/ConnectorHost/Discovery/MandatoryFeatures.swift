package import ConnectorCore

/// A feature or control that the connector relies on and the root DSE does not list.
package struct MissingFeature: Sendable, Equatable, Encodable {
  package var oid: String
  package var name: String
  /// What suffers without it.
  package var consequence: String

  /// Why a warning is not an error.
  package static let caveat =
    "Servers do not always list all that they can do, so the connector may well work without these."
}

/// What the connector looks for in the root DSE beyond RFC 4511.
package enum MandatoryFeatures {
  /// The features that neither the server lists nor the product is known to have; those that a product lists in vain
  /// are missing too.
  package static func missing(
    in rootDSE: RootDSE, anchor: AnchorPolicy, adapter: VendorAdapter? = nil
  ) -> [MissingFeature] {
    let capabilities =
      adapter?.capabilities(on: rootDSE) ?? Set(rootDSE.supportedControls + rootDSE.supportedFeatures)
    var missing: [MissingFeature] = []
    if !capabilities.contains(WellKnownOIDs.trueFalseFilters) {
      missing.append(
        MissingFeature(
          WellKnownOIDs.trueFalseFilters,
          "filters that are always true or false (RFC 4526) must be written in another way"))
    }
    if case .attribute(let id) = anchor, !capabilities.contains(WellKnownOIDs.allOperationalAttributes) {
      let consequence = "the anchor \(id.attribute) must be asked for by name, which the connector does"
      missing.append(MissingFeature(WellKnownOIDs.allOperationalAttributes, consequence))
    }
    if !hasPaging(capabilities) {
      let consequence =
        "without paged results, or virtual list view with sorting, an import is one search, which the "
        + "server's size limit may cut short"
      missing.append(MissingFeature(WellKnownOIDs.pagedResults, consequence))
    }
    return missing
  }

  private static func hasPaging(_ capabilities: Set<String>) -> Bool {
    capabilities.contains(WellKnownOIDs.pagedResults)
      || capabilities.isSuperset(of: [WellKnownOIDs.virtualListView, WellKnownOIDs.sort])
  }
}

extension MissingFeature {
  fileprivate init(_ oid: String, _ consequence: String) {
    self.init(oid: oid, name: WellKnownOIDs.name(of: oid) ?? oid, consequence: consequence)
  }
}

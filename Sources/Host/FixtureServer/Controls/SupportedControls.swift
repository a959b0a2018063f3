import ConnectorCore

/// Which controls and extended operations the server honours: those that it knows and that the root DSE lists.
///
/// So a fixture of a product that cannot page does not page. A root DSE that lists none at all hides its list, and
/// everything is honoured.
struct SupportedControls: Sendable {
  private let listedControls: Set<String>
  private let listedExtensions: Set<String>
  private let ofLog: Set<String>

  static let treeDelete = "1.2.840.113556.1.4.805"
  static let permissiveModify = "1.2.840.113556.1.4.1413"
  static let assertion = "1.3.6.1.1.12"
  static let preRead = "1.3.6.1.1.13.1"
  static let postRead = "1.3.6.1.1.13.2"
  static let passwordModify = "1.3.6.1.4.1.4203.1.11.1"
  static let whoAmI = "1.3.6.1.4.1.4203.1.11.3"

  /// Controls of the server itself; the rest is for the directory behind it: showing deleted and recycled entries.
  private static let searching: Set<String> = [
    Control.pagedResultsOID, WellKnownOIDs.sort, WellKnownOIDs.virtualListView, assertion,
    "1.2.840.113556.1.4.417", "1.2.840.113556.1.4.2064",
  ]
  private static let writing: Set<String> = [assertion, preRead, postRead, treeDelete, permissiveModify]
  /// Asks for nothing that the server does not do anyway: no entry is a referral, none lies in another domain.
  private static let withoutEffect: Set<String> = [Control.manageDsaIT.oid, "1.2.840.113556.1.4.1339"]

  /// - Parameter ofLog: controls that the directory's log knows.
  init(_ rootDSE: RootDSE, ofLog: Set<String> = []) {
    self.ofLog = ofLog
    listedControls = Set(rootDSE.supportedControls)
    listedExtensions = Set(rootDSE.supportedExtensions)
  }

  func honours(_ oid: String) -> Bool { listedControls.isEmpty || listedControls.contains(oid) }

  func offers(extendedOperation oid: String) -> Bool { listedExtensions.isEmpty || listedExtensions.contains(oid) }

  /// A critical control of the request that the operation cannot honour (RFC 4511 §4.1.11); nil where there is none.
  func unavailable(in request: RequestMessage) -> Control? {
    let known: Set<String>
    switch request.operation {
    case .search: known = Self.searching.union(ofLog)
    case .change, .compare: known = Self.writing
    case .abandon, .unbind: return nil
    case .bind, .saslBind, .extended: known = []
    }
    return request.controls.first { control in
      control.isCritical && !Self.withoutEffect.contains(control.oid)
        && !(known.contains(control.oid) && honours(control.oid))
    }
  }
}

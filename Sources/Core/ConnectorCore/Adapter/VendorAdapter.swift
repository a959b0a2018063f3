/// What the host knows about one product: detection, anchor and delta, joined under a name.
///
/// An adapter is a value. It imports `ConnectorCore` alone, and touches a directory only through a `DirectoryReader`.
/// New fields come as `var`s with defaults, so that an adapter written today still compiles tomorrow.
public struct VendorAdapter: Sendable {
  /// The name that configuration and reports use, such as `acme`; lower case, no spaces.
  public var name: String
  /// The product's name as its maker writes it.
  public var title: String
  /// Recognises the product.
  public var detector: any Detector
  /// The anchor that the connector uses unless configuration says otherwise.
  public var anchor: AnchorPolicy = .dn
  /// The attribute that identifies an entry for life and survives renames; nil where the product has none.
  public var immutableID: ImmutableID?
  /// The delta strategy for one server and configuration; nil where only a full import is possible.
  public var delta: @Sendable (DeltaSettings) -> (any DeltaStrategy)? = { _ in nil }
  /// Why no delta may be used on this very server although the product has one, and what to do; nil where it may.
  ///
  /// A method that configuration forces is used all the same.
  public var deltaRefusal: @Sendable (ServerEvidence) -> String? = { _ in nil }
  /// What to tell an operator where `delta` is nil.
  public var deltaUnavailable: String = "This adapter knows no delta import; run full imports."
  /// How an administrator frees the connector's account from the product's limits; nil for words of the host's own.
  public var limitsRemedy: String?
  /// The change log that the product uses unless it names another.
  public var changeLogDN: String?
  /// The attribute that holds the password.
  public var passwordAttribute: AttributeDescription = "userPassword"
  /// Attributes that hold secrets beside the password; never stored unless asked for by name.
  public var secretAttributes: [AttributeDescription] = []
  /// Operational attributes that the server makes up when it is asked, and that change without a record; never stored
  /// unless asked for by name.
  public var computedAttributes: [AttributeDescription] = []
  /// What is special about writing to the product.
  public var export = ExportFacts()
  /// What tells entries that are no objects, such as tombstones; none is imported.
  public var nonObjects: [EntryMark] = []
  /// Naming contexts that hold no entries to import, such as logs and configuration; compared as DNs.
  public var contextsWithoutEntries: [String] = []
  /// Finds such contexts where their DNs differ from server to server; the values are DNs of the root DSE.
  public var variableContextsWithoutEntries: @Sendable (RootDSE) -> [String] = { _ in [] }
  /// Pairs of attributes that the server keeps in step, such as a group's members and a user's memberships.
  public var linkedAttributes: [LinkedAttributes] = []
  /// The product's version in words, from evidence beyond `vendorVersion`.
  public var version: @Sendable (ServerEvidence) -> String? = { $0.rootDSE.vendorVersion }
  /// The name of a product that is built on this one and differs from it in what an operator must know; nil for none.
  public var subtype: @Sendable (ServerEvidence) -> String? = { _ in nil }
  /// OIDs of controls, extended operations and features that the product lists but does not do.
  public var listedInVain: Set<String> = []
  /// OIDs of controls, extended operations and features that the product does without listing them.
  public var supportedUnlisted: Set<String> = []
  /// What the product cannot do, or does in its own way: a sentence each, for the operator.
  public var remarks: @Sendable (ServerEvidence) -> [String] = { _ in [] }

  /// Names an adapter and says how to recognise its product; everything else has a default.
  public init(_ name: String, title: String, detector: any Detector) {
    self.name = name
    self.title = title
    self.detector = detector
  }

  /// The strategy for one server and configuration, or why there is none.
  package func deltaChoice(_ settings: DeltaSettings) -> DeltaChoice {
    guard settings.method != .off else { return .none("The configuration switches delta imports off (`deltaMethod`).") }
    if settings.method == nil, let refusal = deltaRefusal(settings.evidence) { return .none(refusal) }
    guard let strategy = delta(settings) else { return .none(deltaUnavailable) }
    guard let forced = settings.method, strategy.method != forced else { return .strategy(strategy) }
    return .none(
      "The configuration forces the delta method “\(forced)”, which the adapter \(name) does not have; it has "
        + "“\(strategy.method)”.")
  }

  /// The naming contexts of this server that hold no entries to import.
  package func contextsWithoutEntries(on rootDSE: RootDSE) -> [String] {
    contextsWithoutEntries + variableContextsWithoutEntries(rootDSE)
  }

  /// The OIDs of controls, extended operations and features that may be used on this server: those that it lists, but
  /// for the ones that the product lists in vain, and those that the product does not list.
  public func capabilities(on rootDSE: RootDSE) -> Set<String> {
    Set(rootDSE.supportedControls + rootDSE.supportedExtensions + rootDSE.supportedFeatures)
      .subtracting(listedInVain).union(supportedUnlisted)
  }
}

/// How changes are found on one server.
package enum DeltaChoice: Sendable {
  /// By this strategy.
  case strategy(any DeltaStrategy)
  /// Not at all; the reason says what to do.
  case none(String)

  /// The strategy; nil where there is none.
  package var strategy: (any DeltaStrategy)? {
    if case .strategy(let strategy) = self { strategy } else { nil }
  }

  /// Why there is none; nil where there is one.
  package var reason: String? {
    if case .none(let reason) = self { reason } else { nil }
  }
}

/// Two attributes that hold the two sides of one link; a change of one side changes entries at the other.
public struct LinkedAttributes: Hashable, Sendable {
  /// The side that clients write, such as `member`.
  public var forward: AttributeDescription
  /// The side that the server derives, such as `memberOf`.
  public var backward: AttributeDescription

  /// Joins the two sides.
  public init(forward: AttributeDescription, backward: AttributeDescription) {
    self.forward = forward
    self.backward = backward
  }
}

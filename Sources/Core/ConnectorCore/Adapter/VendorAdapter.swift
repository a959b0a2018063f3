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
  /// What to tell an operator where `delta` is nil.
  public var deltaUnavailable: String = "This adapter knows no delta import; run full imports."
  /// The change log that the product uses unless it names another.
  public var changeLogDN: String?
  /// The attribute that holds the password.
  public var passwordAttribute: AttributeDescription = "userPassword"
  /// Attributes that hold secrets beside the password; never stored unless asked for by name.
  public var secretAttributes: [AttributeDescription] = []
  /// Operational attributes that the server makes up when it is asked, and that change without a record; never stored
  /// unless asked for by name.
  public var computedAttributes: [AttributeDescription] = []
  /// Naming contexts that hold no entries to import, such as logs and configuration.
  public var contextsWithoutEntries: [String] = []
  /// Pairs of attributes that the server keeps in step, such as a group's members and a user's memberships.
  public var linkedAttributes: [LinkedAttributes] = []
  /// The product's version in words, from evidence beyond `vendorVersion`.
  public var version: @Sendable (ServerEvidence) -> String? = { $0.rootDSE.vendorVersion }

  /// Names an adapter and says how to recognise its product; everything else has a default.
  public init(_ name: String, title: String, detector: any Detector) {
    self.name = name
    self.title = title
    self.detector = detector
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

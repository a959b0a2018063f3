/// What a server says of itself in its root DSE (RFC 4512 §5.1).
public struct RootDSE: Sendable {
  /// The entry as it was read.
  public let entry: Entry

  /// Takes the root DSE, read with `*`, `+` and every marker by name.
  public init(_ entry: Entry) { self.entry = entry }

  /// The values of any attribute, as text.
  public func values(_ name: AttributeDescription) -> [String] { entry.strings(name) }
  /// The first value of any attribute, as text.
  public func value(_ name: AttributeDescription) -> String? { entry.string(name) }

  /// The vendor's name, where the server tells it (RFC 3045).
  public var vendorName: String? { value("vendorName") }
  /// The product's version, where the server tells it (RFC 3045).
  public var vendorVersion: String? { value("vendorVersion") }
  /// The naming contexts that the server holds.
  public var namingContexts: [String] { values("namingContexts") }
  /// OIDs of supported controls.
  public var supportedControls: [String] { values("supportedControl") }
  /// OIDs of supported extended operations.
  public var supportedExtensions: [String] { values("supportedExtension") }
  /// OIDs of supported features.
  public var supportedFeatures: [String] { values("supportedFeatures") }
  /// The DN of the subschema entry.
  public var subschemaSubentry: String? { value("subschemaSubentry") }
  /// Names of the SASL mechanisms that the server offers.
  public var saslMechanisms: [String] { values("supportedSASLMechanisms") }
}

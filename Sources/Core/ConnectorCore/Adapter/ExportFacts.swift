/// What an adapter says of writing to its product. The defaults are what the RFCs say.
public struct ExportFacts: Sendable {
  /// Why nothing may be written to this very server, and where to write instead; nil where it may.
  public var refusal: @Sendable (ServerEvidence) -> String? = { _ in nil }
  /// Whether the server refuses a rename that keeps the value of the old RDN (`deleteoldrdn`, RFC 4511 §4.9).
  public var mustDeleteOldRDN = false
  /// Why an entry cannot get a new parent (`newSuperior`, RFC 4511 §4.9), and what to do instead; nil where it can.
  public var moveRefusal: String?
  /// An attribute that gets another value with every change of the entry, such as a change sequence number; nil where
  /// there is only `modifyTimestamp`.
  public var versionAttribute: AttributeDescription?
  /// Whether the server takes attributes that the published schema does not give the entry's classes; what the schema
  /// says of them is a warning then.
  public var publishesPartOfSchema = false
  /// Attributes that the server alone writes, though the schema does not say so.
  public var keptByServer: [AttributeDescription] = []
  /// Attributes that classes require and the server fills in where a new entry comes without them.
  public var filledInByServer: [AttributeDescription] = []
  /// Whether an entry has one structural class with its superiors, and keeps it (RFC 4512 §2.4.2); where the server
  /// does not insist, a breach is a warning.
  public var keepsStructuralClass = true
  /// Attributes that whoever writes one of them must keep in step.
  public var keptInStep: [CompanionAttribute] = []
  /// How passwords are set and changed.
  public var password = PasswordFacts()
  /// How an account is disabled and enabled; nil where the product has nothing of the kind.
  public var accountState: AccountState?

  /// What the RFCs say.
  public init() {}
}

/// An attribute that the client must write whenever it writes another one that refers to entries.
public struct CompanionAttribute: Hashable, Sendable {
  /// The attribute that is written, such as `member`.
  public var of: AttributeDescription
  /// The attribute that gets the same value, or, at the entry referred to, the DN of the entry that refers.
  public var companion: AttributeDescription
  /// Whether the companion stands at the entry referred to.
  public var isAtTarget: Bool

  /// Joins the facts.
  public init(of: AttributeDescription, companion: AttributeDescription, isAtTarget: Bool) {
    self.of = of
    self.companion = companion
    self.isAtTarget = isAtTarget
  }
}

/// How a product takes passwords. The attribute is the adapter's `passwordAttribute`.
public struct PasswordFacts: Sendable {
  /// How a password is written into its attribute.
  public enum Encoding: Hashable, Sendable {
    /// As UTF-8 (RFC 4519 §2.41).
    case text
    /// In double quotes and UTF-16, low byte first.
    case quotedUTF16
  }

  /// How a password is changed by somebody who knows the old one.
  public enum Change: Hashable, Sendable {
    /// The password modify operation with both passwords (RFC 3062) where the server lists it, else as `verifiedByBind`.
    case passwordModify
    /// One modify request that deletes the old value and adds the new one.
    case deleteAndAdd
    /// The connector binds as the account with the old password, and if that succeeds, sets the new one.
    case verifiedByBind
  }

  /// How a password is written into its attribute.
  public var encoding = Encoding.text
  /// Whether RFC 3062 is used where the server lists it; else the attribute is written.
  public var usesPasswordModify = true
  /// Whether the server refuses RFC 3062 without TLS, so that the attribute is written there.
  public var passwordModifyNeedsTLS = false
  /// How a password is changed.
  public var change = Change.passwordModify
  /// What an operator must know, in a sentence; nil for nothing.
  public var remark: String?

  /// A text attribute, and RFC 3062 where the server lists it.
  public init() {}
}

/// How a product disables and enables an account: by one attribute of its entry.
public struct AccountState: Sendable {
  /// The attribute that says so.
  public var attribute: AttributeDescription
  /// Its value where the account is disabled.
  public var disabled: String
  /// Its value where the account is enabled; nil where the attribute is then not there.
  public var enabled: String?
  /// The bit of a number that says so in place of the whole value, such as 2, set where the account is disabled; nil for
  /// the value. `disabled` and `enabled` are then the numbers of an account that has none.
  public var disabledBit: Int?
  /// What proves it, in a sentence, such as the error that a bind of a disabled account gets.
  public var proof: String
  /// What the server needs for it, such as an overlay; nil for nothing.
  public var needs: String?

  /// Joins the facts.
  public init(
    _ attribute: AttributeDescription, disabled: String, enabled: String?, disabledBit: Int? = nil, proof: String,
    needs: String? = nil
  ) {
    self.attribute = attribute
    self.disabled = disabled
    self.enabled = enabled
    self.disabledBit = disabledBit
    self.proof = proof
    self.needs = needs
  }
}

/// How a product takes writes, where it has ways of its own: the `writing` of `directory.json`.
public struct WritingRules: Sendable, Decodable, Equatable {
  /// The mark of an account that may not log in.
  public struct DisabledMark: Sendable, Decodable, Equatable {
    /// The attribute that says so.
    public var attribute: String
    /// Its value where the account is disabled.
    public var value: String
    /// The result code of such an account's bind.
    public var code: Int32
  }

  /// Whether passwords are written as `unicodePwd` (MS-ADTS §3.1.1.3.1.5): a replace sets one, a delete with an add
  /// changes it, and nobody reads it.
  public var takesUnicodePwd = false
  /// Whether passwords are refused without TLS, which a fixture never has.
  public var passwordsNeedTLS = false
  /// Whether a rename must delete the old RDN's value.
  public var mustDeleteOldRDN = false
  /// Whether tree delete is accepted and does nothing special.
  public var treeDeleteInVain = false
  /// What keeps accounts from logging in; nil for nothing.
  public var disabled: DisabledMark?

  /// As the RFCs say.
  public init() {}

  /// Reads the value of the key `writing`.
  public init(from decoder: any Decoder) throws {
    let file = try decoder.container(keyedBy: Key.self)
    takesUnicodePwd = try file.decodeIfPresent(Bool.self, forKey: .takesUnicodePwd) ?? false
    passwordsNeedTLS = try file.decodeIfPresent(Bool.self, forKey: .passwordsNeedTLS) ?? false
    mustDeleteOldRDN = try file.decodeIfPresent(Bool.self, forKey: .mustDeleteOldRDN) ?? false
    treeDeleteInVain = try file.decodeIfPresent(Bool.self, forKey: .treeDeleteInVain) ?? false
    disabled = try file.decodeIfPresent(DisabledMark.self, forKey: .disabled)
  }

  private enum Key: String, CodingKey {
    case takesUnicodePwd, passwordsNeedTLS, mustDeleteOldRDN, treeDeleteInVain, disabled
  }
}

extension AccountState {
  /// Whether an account with this value may log in; nil where the attribute is not there.
  package func isEnabled(_ value: String?) -> Bool {
    guard let value else { return true }
    guard let disabledBit else { return value.lowercased() != disabled.lowercased() }
    return Int64(value).map { $0 & Int64(disabledBit) == 0 } ?? true
  }

  /// The value of an account that is to be enabled or disabled, and has this one now; nil takes the attribute away.
  ///
  /// Servers spell TRUE as they like: a value that says the same stays as it is.
  package func value(isEnabled: Bool, from now: String?) -> String? {
    let wanted = isEnabled ? enabled : disabled
    guard let disabledBit else { return wanted?.lowercased() == now?.lowercased() ? now : wanted }
    guard let number = now.flatMap({ Int64($0) }) else { return wanted }
    return String(isEnabled ? number & ~Int64(disabledBit) : number | Int64(disabledBit))
  }
}

import ConnectorCore

/// How values of an attribute are put in order (RFC 4517 §4.2).
enum SortRule: Hashable, Sendable {
  /// By number.
  case integer
  /// By the bytes of the prepared form.
  case prepared(EqualityRule)

  /// The ordering rule that a client or a schema names by name or OID; nil for an unknown one.
  init?(_ nameOrOID: String) {
    switch nameOrOID.lowercased() {
    case "caseignoreorderingmatch", "2.5.13.3": self = .prepared(.ignoreCase)
    case "caseexactorderingmatch", "2.5.13.6": self = .prepared(.exactCase)
    case "numericstringorderingmatch", "2.5.13.9": self = .prepared(.numericString)
    case "integerorderingmatch", "2.5.13.15": self = .integer
    case "octetstringorderingmatch", "2.5.13.18": self = .prepared(.octets)
    case "generalizedtimeorderingmatch", "2.5.13.28": self = .prepared(.time)
    default: return nil
    }
  }

  /// The rule of an attribute by the schema: its ordering rule, else what its equality rule or syntax suggests, else
  /// text without case. Real servers refuse an attribute that has no ordering rule, or order it alike.
  init(_ type: AttributeType?) {
    if let rule = type?.ordering.flatMap({ SortRule($0) }) {
      self = rule
      return
    }
    let equality = type?.equalityRule
    self = equality == .integer ? .integer : .prepared(equality ?? .ignoreCase)
  }

  /// The form of a value that `isLess` compares.
  func prepare(_ value: [UInt8]) -> [UInt8] {
    switch self {
    case .integer: EqualityRule.integer.prepare(value)
    case .prepared(let rule): rule.prepare(value)
    }
  }

  /// Whether the first of two prepared values comes before the second.
  func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard self == .integer else { return left.lexicographicallyPrecedes(right) }
    let (leftIsNegative, rightIsNegative) = (left.first == 0x2D, right.first == 0x2D)
    if leftIsNegative != rightIsNegative { return leftIsNegative }
    let isLess = left.count == right.count ? left.lexicographicallyPrecedes(right) : left.count < right.count
    return leftIsNegative ? left != right && !isLess : isLess
  }
}

import CTransport
import ConnectorCore
import Logging

/// Writes each LDAP request and its result to the log `ldap.operations`, at level debug, never a secret.
struct OperationLog: Sendable {
  let logger: Logger
  let secretAttributes: Set<AttributeDescription>

  init(_ logger: Logger, hiding secretAttributes: Set<AttributeDescription>) {
    self.logger = logger
    self.secretAttributes = secretAttributes
  }

  /// Logs a bind; the moment it was sent, as `ct_now` counts.
  func request(_ name: String, base: String) -> Int64 {
    logger.debug("request", metadata: ["op": "\(name)", "base": "\(base)"])
    return ct_now()
  }

  /// Logs a search or one page of it; the moment it was sent, as `ct_now` counts.
  func request(_ search: SearchRequest, page: Int) -> Int64 {
    logger.debug(
      "request",
      metadata: [
        "op": "search", "base": "\(search.base)", "scope": "\(search.scope)",
        "filter": "\(search.filter.hiding(secretAttributes))", "attributes": "\(search.attributes.count)",
        "page": "\(page)",
      ])
    return ct_now()
  }

  /// Logs how a request ended; entries are those of this answer.
  func result(_ name: String, _ id: Int32, _ code: ResultCode, entries: Int, since start: Int64) {
    logger.debug(
      "result",
      metadata: [
        "op": "\(name)", "id": "\(id)", "code": "\(code)", "entries": "\(entries)", "ms": "\(ct_now() - start)",
      ])
  }

  /// Logs what ended a request without a result of the server's.
  func failure(_ error: DirectoryError) {
    logger.debug("failure", metadata: ["op": "\(error.operation)", "code": "\(error.code)", "why": "\(error.message)"])
  }
}

extension Filter {
  /// The filter with `(hidden)` for every value of the attributes named.
  func hiding(_ secrets: Set<AttributeDescription>) -> Filter {
    let hidden = Array("hidden".utf8)
    func isSecret(_ attribute: AttributeDescription) -> Bool { secrets.contains(AttributeDescription(attribute.type)) }
    switch self {
    case .and(let filters): return .and(filters.map { $0.hiding(secrets) })
    case .or(let filters): return .or(filters.map { $0.hiding(secrets) })
    case .not(let filter): return .not(filter.hiding(secrets))
    case .equal(let attribute, _) where isSecret(attribute): return .equal(attribute, hidden)
    case .greaterOrEqual(let attribute, _) where isSecret(attribute): return .greaterOrEqual(attribute, hidden)
    case .lessOrEqual(let attribute, _) where isSecret(attribute): return .lessOrEqual(attribute, hidden)
    case .approximate(let attribute, _) where isSecret(attribute): return .approximate(attribute, hidden)
    case .substrings(let attribute, _, _, _) where isSecret(attribute): return .equal(attribute, hidden)
    case .extensible(let type?, let rule, let dn, _) where isSecret(type):
      return .extensible(type: type, rule: rule, dnAttributes: dn, value: hidden)
    default: return self
    }
  }
}

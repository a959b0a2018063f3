public import ConnectorCore

/// One thing that the server does wrong, and when.
public struct Fault: Hashable, Sendable {
  /// The request that the fault waits for; what is nil fits every request.
  public struct Condition: Hashable, Sendable {
    /// The kind of request.
    public var operation: Operation?
    /// The base of a search, the name of a bind, the entry of another request, the OID of an extended operation.
    public var base: String?
    /// The page of a paged search, from 1.
    public var page: Int?
    /// Which of the requests that fit the rest, from 1; all connections count together.
    public var request: Int?

    /// Joins the parts.
    public init(_ operation: Operation? = nil, base: String? = nil, page: Int? = nil, request: Int? = nil) {
      (self.operation, self.base, self.page, self.request) = (operation, base, page, request)
    }
  }

  /// The kind of a request that has an answer.
  public enum Operation: String, Hashable, Sendable, CaseIterable {
    /// Bind requests.
    case bind
    /// Search requests.
    case search
    /// Add requests.
    case add
    /// Delete requests.
    case delete
    /// Modify requests.
    case modify
    /// Modify DN requests.
    case rename
    /// Compare requests.
    case compare
    /// Extended requests.
    case extended
  }

  /// What goes wrong.
  public enum Effect: Hashable, Sendable {
    /// The connection ends in the middle of an entry, or of the result where there is no entry; the request was
    /// carried out. `after` entries are sent whole, by default half of them.
    case cut(after: Int?)
    /// The request is not carried out, and this is its result.
    case code(ResultCode)
    /// The answer waits, and so do the requests behind it on the connection; else it is as always.
    case slow(milliseconds: Int)
    /// Only the first entries are sent, by default half of them, then sizeLimitExceeded.
    case sizeLimit(after: Int?)
    /// A message of the answer has a well-formed header and broken content.
    case malformed
    /// A page, or a part of a list view, comes without its response control.
    case withoutPageControl
    /// The controls of sorting and list view are accepted, critical or not, and nothing comes of them.
    case ignoredListView
    /// No entries, and success.
    case emptySuccess

    /// Whether it makes sense for searches alone.
    var isOfSearches: Bool {
      switch self {
      case .sizeLimit, .withoutPageControl, .ignoredListView, .emptySuccess: true
      case .cut, .code, .slow, .malformed: false
      }
    }
  }

  /// When it happens.
  public var when: Condition
  /// What happens.
  public var effect: Effect
  /// Whether it happens again: with a `request` number to this request and every later one.
  public var isRepeated: Bool

  /// Joins the parts; a fault happens once unless it is repeated.
  public init(_ effect: Effect, when: Condition = Condition(), isRepeated: Bool = false) {
    (self.effect, self.when, self.isRepeated) = (effect, when, isRepeated)
  }
}

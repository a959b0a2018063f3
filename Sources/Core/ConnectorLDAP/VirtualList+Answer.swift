import ConnectorCore

extension VirtualList {
  /// What ended a request for a window.
  enum Answer: Hashable {
    case view(View)
    /// The window lies outside the list; the view is there where the server sent one.
    case outside(View?)
  }

  /// slapd's own code in the response control for an offset outside the list.
  private static let slapdRangeError = ResultCode(rawValue: 77)

  /// Judges the result of a request for a window.
  ///
  /// A success without the control is no end: a server that ignored it would look like one that has no more entries.
  /// - Throws: `DirectoryError` with the server's reason, and what to do.
  static func answer(
    _ result: WireResult, by key: SortKey, _ operation: String, _ handle: OpaquePointer
  ) throws -> Answer {
    guard result.code == .success else { return try refusal(result, by: key, operation, handle) }
    if let sort = try sortResult(in: result.controls, operation, handle), sort != .success {
      throw DirectoryError(
        sort, operation: operation,
        message: "the server did not sort by \(key), so entries would be missed. \(otherKey)")
    }
    guard let view = try view(in: result.controls, operation, handle) else {
      throw DirectoryError(
        .controlNotFound, operation: operation,
        message: "the server ended a part of the list without the response control of virtual list view, so the answer "
          + "may be cut short; some servers list the control and ignore it: switch virtual list view off")
    }
    if isRangeError(view.code) { return .outside(view) }
    guard view.code == .success else {
      throw DirectoryError(view.code, operation: operation, message: "said by the control of virtual list view")
    }
    return .view(view)
  }

  private static func isRangeError(_ code: ResultCode) -> Bool { code == .offsetRangeError || code == slapdRangeError }

  /// A result that is no success: an offset outside the list, or an error together with what its controls say.
  private static func refusal(
    _ result: WireResult, by key: SortKey, _ operation: String, _ handle: OpaquePointer
  ) throws -> Answer {
    // The result is worth more than a control that cannot be read.
    let view = (try? view(in: result.controls, operation, handle)).flatMap(\.self)
    if isRangeError(result.code) { return .outside(view) }
    if result.code == .virtualListViewError, let view, isRangeError(view.code) { return .outside(view) }
    let sort = (try? sortResult(in: result.controls, operation, handle)).flatMap(\.self)
    var notes = [result.message]
    if let sort, sort != .success { notes.append("sorting by \(key): \(sort)") }
    if let view, view.code != .success { notes.append("virtual list view: \(view.code)") }
    notes.append(cure(result.code, isOfSorting: sort != nil && sort != .success))
    var error = result.error(operation)
    error.message = notes.filter { !$0.isEmpty }.joined(separator: ". ")
    throw error
  }

  private static let otherKey =
    "Name a sort key that the server can sort by, perhaps with an ordering rule, such as cn:2.5.13.3"

  /// What to do about a refused list; empty where the server's own words must do.
  private static func cure(_ code: ResultCode, isOfSorting: Bool) -> String {
    if isOfSorting { return otherKey }
    return switch code {
    case .inappropriateMatching, .noSuchAttribute: otherKey
    case .unavailableCriticalExtension:
      "The server cannot sort and give out the list in parts here: switch virtual list view off, or enable it there"
    case .busy: "Servers keep few sorted lists at a time: try again later, or raise that limit there"
    default: ""
    }
  }
}

import ConnectorCore
import Foundation

/// A file of faults: a JSON list of objects such as
/// `{"when": {"operation": "search", "page": 2}, "do": "cut", "always": true}`.
public enum FaultFile {
  /// Reads the file's bytes; throws `FaultFileError`, which names the fault and what is allowed in its place.
  public static func parse(_ bytes: [UInt8]) throws -> [Fault] {
    let document: Any
    do {
      document = try JSONSerialization.jsonObject(with: Data(bytes))
    } catch {
      throw FaultFileError("the file is not JSON: \(error.localizedDescription)")
    }
    guard let list = document as? [Any] else { throw FaultFileError("the file is not a JSON list") }
    return try list.enumerated().map { index, item in
      try Fault(FaultObject(item, place: "fault \(index + 1)"))
    }
  }
}

/// A fault file cannot be used.
public struct FaultFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence for a person.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// One JSON object of the file, which knows its place for messages.
private struct FaultObject {
  let members: [String: Any]
  let place: String

  init(_ value: Any, place: String) throws {
    guard let members = value as? [String: Any] else { throw FaultFileError("\(place) is not a JSON object") }
    self.members = members
    self.place = place
  }

  func allow(_ names: Set<String>) throws {
    guard let unknown = members.keys.sorted().first(where: { !names.contains($0) }) else { return }
    throw FaultFileError("\(place): unknown key “\(unknown)”; allowed are \(names.sorted().joined(separator: ", "))")
  }

  func object(_ name: String) throws -> FaultObject? {
    try members[name].map { try FaultObject($0, place: "\(place), “\(name)”") }
  }

  func string(_ name: String) throws -> String? {
    guard let value = members[name] else { return nil }
    guard let text = value as? String else { throw FaultFileError("\(place): “\(name)” is not a string") }
    return text
  }

  func boolean(_ name: String) throws -> Bool? {
    guard let value = members[name] else { return nil }
    guard let flag = value as? Bool else { throw FaultFileError("\(place): “\(name)” is neither true nor false") }
    return flag
  }

  func number(_ name: String, from lowest: Int) throws -> Int? {
    guard let value = members[name] else { return nil }
    guard let number = value as? Int, number >= lowest else {
      throw FaultFileError("\(place): “\(name)” is not a whole number from \(lowest)")
    }
    return number
  }
}

extension Fault {
  fileprivate init(_ object: FaultObject) throws {
    try object.allow(["when", "do", "milliseconds", "after", "code", "always"])
    let when = try object.object("when").map { try Condition($0) } ?? Condition()
    let effect = try Effect(object)
    if effect.isOfSearches, let operation = when.operation, operation != .search {
      throw FaultFileError("\(object.place) can happen to a search alone, not to “\(operation.rawValue)”")
    }
    self.init(effect, when: when, isRepeated: try object.boolean("always") ?? false)
  }
}

extension Fault.Condition {
  fileprivate init(_ object: FaultObject) throws {
    try object.allow(["operation", "base", "page", "request"])
    let operation = try object.string("operation").map { name in
      guard let operation = Fault.Operation(rawValue: name) else {
        let names = Fault.Operation.allCases.map(\.rawValue).joined(separator: ", ")
        throw FaultFileError("\(object.place): no operation is called “\(name)”; there are \(names)")
      }
      return operation
    }
    self.init(
      operation, base: try object.string("base"), page: try object.number("page", from: 1),
      request: try object.number("request", from: 1))
  }
}

extension Fault.Effect {
  private static let names =
    "cut, busy, unavailable, slow, sizeLimit, malformed, withoutPageControl, ignoredListView, emptySuccess, code"

  fileprivate init(_ object: FaultObject) throws {
    let after = try object.number("after", from: 0)
    switch try object.string("do") {
    case "cut": self = .cut(after: after)
    case "busy": self = .code(.busy)
    case "unavailable": self = .code(.unavailable)
    case "slow":
      guard let milliseconds = try object.number("milliseconds", from: 0) else {
        throw FaultFileError("\(object.place): “slow” needs “milliseconds”")
      }
      self = .slow(milliseconds: milliseconds)
    case "sizeLimit": self = .sizeLimit(after: after)
    case "malformed": self = .malformed
    case "withoutPageControl": self = .withoutPageControl
    case "ignoredListView": self = .ignoredListView
    case "emptySuccess": self = .emptySuccess
    case "code":
      guard let code = try object.number("code", from: 0).flatMap({ Int32(exactly: $0) }) else {
        throw FaultFileError("\(object.place): “code” needs “code”, a result code of RFC 4511")
      }
      self = .code(ResultCode(rawValue: code))
    case let name?: throw FaultFileError("\(object.place): nothing to do is called “\(name)”; there are \(Self.names)")
    case nil: throw FaultFileError("\(object.place): “do” is missing; it is one of \(Self.names)")
    }
  }
}

import ConnectorCore
import Foundation
import TestSupport

/// A directory reader made of `ldapsearch`, so that the strategy meets a real slapd without any wire code of ours.
struct ToolReader: DirectoryReader {
  let tools: LDAPTools

  func search(
    _ request: SearchRequest, each: @Sendable (EntryBatch) async throws -> Void
  ) async throws -> SearchSummary {
    var arguments = ["-LLL", "-o", "ldif-wrap=no", "-b", request.base, "-s", Self.name(request.scope)]
    if let size = request.pageSize { arguments += ["-E", "pr=\(size)/noprompt"] }
    arguments += [request.filter.description] + request.attributes
    let result = try await tools.run("ldapsearch", arguments, accepting: Set(0...255))
    let entries = try DirectoryEntry.parse(result.standardOutputBytes)
    if !entries.isEmpty { try await each(Self.batch(entries)) }
    guard result.exitCode == 0 else {
      throw DirectoryError(
        ResultCode(rawValue: result.exitCode), operation: "search of \(request.base)", message: result.standardError)
    }
    return SearchSummary(entries: entries.count)
  }

  private static func name(_ scope: SearchRequest.Scope) -> String {
    switch scope {
    case .base: "base"
    case .oneLevel: "one"
    case .subtree: "sub"
    }
  }

  private static func batch(_ entries: [DirectoryEntry]) -> EntryBatch {
    var builder = EntryBatch.Builder()
    for entry in entries {
      builder.beginEntry(dn: Array(entry.dn.utf8))
      for (name, values) in entry.attributes {
        builder.beginAttribute(Array(name.utf8))
        for value in values { builder.addValue(value) }
      }
    }
    return builder.finish()
  }
}

import Foundation

/// The command line clients of OpenLDAP, bound as one account: the independent witness of every live test.
package struct LDAPTools: Sendable {
  /// Where a search looks.
  package enum Scope: String, Sendable {
    case base, one, sub
  }

  package let uri: String
  /// The account; nil is anonymous.
  package let bindDN: String?
  /// The file that holds the account's password and nothing else.
  package let passwordFile: String?

  package init(uri: String, bindDN: String?, passwordFile: String?) {
    self.uri = uri
    self.bindDN = bindDN
    self.passwordFile = passwordFile
  }

  /// Adds the entries of `ldif` (`ldapadd`).
  @discardableResult
  package func add(_ ldif: String, accepting codes: Set<Int32> = [0]) async throws -> CommandResult {
    try await run("ldapadd", input: ldif, accepting: codes)
  }

  /// Applies change records, all in one `ldapmodify`: also the fast way for many writes.
  /// - Parameter continuing: go on after a failed record (`-c`); the last failure's code is the exit code.
  @discardableResult
  package func modify(
    _ ldif: String, continuing: Bool = false, options: [String] = [], accepting codes: Set<Int32> = [0]
  ) async throws -> CommandResult {
    try await run("ldapmodify", (continuing ? ["-c"] : []) + options, input: ldif, accepting: codes)
  }

  /// Deletes entries, with all below them when `recursive`.
  @discardableResult
  package func delete(
    _ names: [String], recursive: Bool = false, accepting codes: Set<Int32> = [0]
  ) async throws -> CommandResult {
    let list = names.map { $0 + "\n" }.joined()
    return try await run("ldapdelete", recursive ? ["-r"] : [], input: list, accepting: codes)
  }

  /// Renames or moves an entry.
  @discardableResult
  package func rename(
    _ dn: String, to newRDN: String, deletingOldRDN: Bool = true, newSuperior: String? = nil,
    accepting codes: Set<Int32> = [0]
  ) async throws -> CommandResult {
    let place = newSuperior.map { ["-s", $0] } ?? []
    return try await run(
      "ldapmodrdn", (deletingOldRDN ? ["-r"] : []) + place + [dn, newRDN], input: "", accepting: codes)
  }

  /// Searches, unpaged unless `options` say otherwise (`["-E", "pr=1000/noprompt"]`).
  package func search(
    _ base: String = TestDirectory.base, scope: Scope = .sub, filter: String = "(objectClass=*)",
    attributes: [String] = ["*", "entryUUID"], options: [String] = [], accepting codes: Set<Int32> = [0]
  ) async throws -> [DirectoryEntry] {
    let arguments = ["-LLL", "-o", "ldif-wrap=no", "-b", base, "-s", scope.rawValue] + options + [filter] + attributes
    return try DirectoryEntry.parse(try await run("ldapsearch", arguments, accepting: codes).standardOutputBytes)
  }

  /// Reads one entry; nil when it is not there, or hidden.
  package func read(_ dn: String, attributes: [String] = ["*", "entryUUID"]) async throws -> DirectoryEntry? {
    try await search(dn, scope: .base, attributes: attributes, accepting: [0, 32]).first
  }

  /// Runs one of the tools with the account's arguments in front.
  /// - Throws: `SupportError` with the tool's standard error when the exit code (the LDAP result code) is not accepted.
  package func run(
    _ tool: String, _ arguments: [String] = [], input: String = "", accepting codes: Set<Int32> = [0]
  ) async throws -> CommandResult {
    let line = connection + arguments
    let result = try await offPool {
      try runBlocking("/usr/bin/\(tool)", line, environment: Self.environment, input: Array(input.utf8), timeout: 600)
    }
    guard codes.contains(result.exitCode) else {
      throw SupportError("\(tool): exit code \(result.exitCode)\n\(result.standardError.suffix(2000))")
    }
    return result
  }

  /// Starts an `ldapmodify` that reads change records from a pipe.
  func startModify() throws -> ChildProcess {
    try ChildProcess("/usr/bin/ldapmodify", connection, environment: Self.environment, input: .pipe)
  }

  private var connection: [String] {
    ["-x", "-H", uri] + (bindDN.map { ["-D", $0] } ?? []) + (passwordFile.map { ["-y", $0] } ?? [])
  }

  /// The user's ldaprc and the machine's ldap.conf must not change a test.
  private static let environment = ["LDAPNOINIT": "1", "LC_ALL": "C.UTF-8"]
}

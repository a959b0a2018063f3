import ArgumentParser
import FixtureServer
import Foundation

/// The command line of the fixture server.
@main
struct FixtureDirectory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fixture-directory",
    abstract: "Serves a fixture folder as an LDAP directory on 127.0.0.1, for tests and support cases.",
    discussion: """
      DIR holds rootdse.ldif and, where there are any, schema.ldif, entries.ldif, directory.json (which log the \
      directory keeps, and who may bind) and delta/CASE/changes.ldif. The first line printed is \
      URL=ldap://127.0.0.1:PORT. Everybody may read and write; nothing is written back to the folder. The directory begins \
      a log of its own; the log.ldif of a recording is there to be read.

      SIGUSR1 applies the next delta case in the order of names and prints APPLIED=CASE; SIGTERM ends the server.

      Faults are a JSON list:
        [{"when": {"operation": "search", "base": "dc=example,dc=com", "page": 2}, "do": "cut"},
         {"when": {"operation": "bind", "request": 3}, "do": "busy", "always": true}]
      operation: bind, search, add, delete, modify, rename, compare, extended. base: the search's base, or the name or \
      OID that another request is about. do: cut, busy, unavailable, slow (with milliseconds), sizeLimit, malformed, \
      withoutPageControl, ignoredListView, emptySuccess, code (with code). cut and sizeLimit may say after how many \
      entries (after). \
      request counts the requests that fit the rest of the condition. A fault happens once; with "always": true every \
      time from then on.

      EXAMPLES:
        fixture-directory VendorFixtures/openldap-2.5.13
        fixture-directory VendorFixtures/openldap-2.5.13 --port 3890 --apply rename
        fixture-directory DIR --faults faults.json --bind-dn cn=admin,dc=example,dc=com --password-file password
        ldapsearch -x -H ldap://127.0.0.1:3890 -s base -b '' '*' +
      """)

  @Argument(help: "The fixture folder.", completion: .directory)
  var dir: String

  @Option(help: "The TCP port; 0 takes a free one.")
  var port = 0

  @Option(help: ArgumentHelp("A name that may bind, besides the one of directory.json.", valueName: "dn"))
  var bindDN: String?

  @Option(help: ArgumentHelp("The file with its password.", valueName: "file"), completion: .file())
  var passwordFile: String?

  @Option(help: ArgumentHelp("A JSON file of things that go wrong.", valueName: "file"), completion: .file())
  var faults: String?

  @Option(help: ArgumentHelp("Apply this delta case before listening; may be given several times.", valueName: "case"))
  var apply: [String] = []

  @Flag(help: "End when standard input ends, so that the server dies with whoever started it.")
  var untilEOF = false

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("A port is a number from 0 to 65535.") }
    guard (bindDN == nil) == (passwordFile == nil) else {
      throw ValidationError("--bind-dn and --password-file belong together.")
    }
  }

  func run() async throws {
    let events = Events(untilEOF: untilEOF)
    let server = try await FixtureServer.start(
      folder: dir, port: port, faults: faults.map { try FaultFile.parse(Self.read($0)) } ?? [], account: account())
    for name in apply { try server.apply(delta: name) }
    Self.say("URL=\(server.url)")
    for await event in events.stream {
      switch event {
      case .end: return await server.stop()
      case .nextDelta: Self.say(Self.applyNext(server))
      }
    }
  }

  private func account() throws -> FixtureServer.Account? {
    guard let bindDN, let passwordFile else { return nil }
    let bytes = try Self.read(passwordFile)
    // Editors end a file with a newline that is no part of the password.
    return FixtureServer.Account(dn: bindDN, password: bytes.last == 0x0A ? bytes.dropLast() : bytes)
  }

  private static func applyNext(_ server: FixtureServer) -> String {
    do {
      return try server.applyNextDelta().map { "APPLIED=\($0)" } ?? "APPLIED= (no case is left)"
    } catch {
      return "FAILED=\(error)"
    }
  }

  private static func read(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("\(path) cannot be read.")
    }
    return Array(data)
  }

  private static func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }
}

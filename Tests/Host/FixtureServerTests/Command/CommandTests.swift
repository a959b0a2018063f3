import FixtureServer
import Foundation
import TestSupport
import Testing

/// The executable, as a script starts it.
@Suite struct CommandTests {
  private let folder: ScratchDirectory

  init() throws {
    folder = try ScratchDirectory()
    let text = FixtureText.with {
      $0.deltas = [
        "a": "dn: cn=bert,ou=people,dc=example,dc=com\nchangetype: delete",
        "b": "dn: cn=Carl,ou=people,dc=example,dc=com\nchangetype: delete",
      ]
    }
    _ = try text.write(to: folder)
  }

  private static func executable() throws -> String {
    let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("fixture-directory").path
    guard FileManager.default.isExecutableFile(atPath: path) else { throw SupportError("\(path) is not built") }
    return path
  }

  private func start(_ arguments: [String], input: ChildProcess.Input = .empty) throws -> RunningCommand {
    try RunningCommand(Self.executable(), [folder.path] + arguments, input: input)
  }

  /// Waits until the command has printed so many lines.
  private func lines(_ count: Int, of command: RunningCommand) async throws -> [String] {
    for _ in 0..<2000 {
      let lines = command.linesSoFar
      if lines.count >= count || !command.isRunning { return lines }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw SupportError("no \(count) lines after 20 s")
  }

  private func tools(
    _ command: RunningCommand, bindDN: String? = nil, passwordFile: String? = nil
  ) async throws -> LDAPTools {
    let line = try #require(try await lines(1, of: command).first)
    #expect(line.hasPrefix("URL=ldap://127.0.0.1:"))
    return LDAPTools(uri: String(line.dropFirst(4)), bindDN: bindDN, passwordFile: passwordFile)
  }

  private func names(_ tools: LDAPTools) async throws -> [String] {
    try await tools.search(filter: "(cn=*)", attributes: ["cn"]).flatMap { $0.strings("cn") }
  }

  @Test("It prints its URL first, serves, and ends on SIGTERM")
  func serving() async throws {
    let command = try start(["--port", "0"])
    #expect(try await names(tools(command)) == ["Anna", "bert", "Carl", "Dörte"])
    command.send(SIGTERM)
    let result = try await command.wait()
    #expect(result.exitCode == 0)
    #expect(result.standardError.isEmpty)
  }

  @Test("Cases are applied at the start by name, and by SIGUSR1 one after the other")
  func deltas() async throws {
    let command = try start(["--apply", "b"])
    let tools = try await tools(command)
    #expect(try await names(tools) == ["Anna", "bert", "Dörte"])
    command.send(SIGUSR1)
    #expect(try await lines(2, of: command).last == "APPLIED=a")
    #expect(try await names(tools) == ["Anna", "Dörte"])
    command.send(SIGUSR1)
    #expect(try await lines(3, of: command).last == "APPLIED= (no case is left)")
    command.send(SIGTERM)
    #expect(try await command.wait().exitCode == 0)
  }

  @Test("It outlives its standard input, unless --until-eof says otherwise")
  func untilEOF() async throws {
    let lasting = try start([])
    let bound = try ChildProcess(Self.executable(), [folder.path, "--until-eof"], input: .pipe)
    #expect(try await names(tools(lasting)).count == 4)
    #expect(bound.isRunning)
    bound.closeInput()
    for _ in 0..<2000 where bound.isRunning { try await Task.sleep(for: .milliseconds(10)) }
    #expect(!bound.isRunning)
    #expect(lasting.isRunning)
    lasting.send(SIGTERM)
    #expect(try await lasting.wait().exitCode == 0)
  }

  @Test("Account, password and faults come from files")
  func files() async throws {
    let password = try folder.write("guest\n", to: "server-password")
    let faults = try folder.write(#"[{"do": "busy", "when": {"operation": "search"}}]"#, to: "faults.json")
    let guest = "cn=guest,dc=example,dc=com"
    let command = try start(["--bind-dn", guest, "--password-file", password, "--faults", faults])
    let tools = try await tools(command, bindDN: guest, passwordFile: try folder.write("guest", to: "client-password"))
    #expect(try await tools.run("ldapwhoami").lines == ["dn:\(guest)"])
    _ = try await tools.search(accepting: [51])
    #expect(try await names(tools).count == 4)
    command.send(SIGTERM)
    #expect(try await command.wait().exitCode == 0)
  }

  @Test(
    "What cannot be served is refused with the reason",
    arguments: [
      (["--port", "70000"], "A port is a number from 0 to 65535."),
      (["--bind-dn", "cn=x"], "--bind-dn and --password-file belong together."),
      (["--faults", "/nowhere/faults.json"], "/nowhere/faults.json cannot be read."),
      (["--apply", "z"], "no delta “z” is left to apply; there is a, b"),
    ])
  func refused(_ arguments: [String], _ reason: String) async throws {
    let result = try await start(arguments).wait()
    #expect(result.exitCode != 0)
    #expect(result.standardError.contains(reason), "\(result.summary)")
    #expect(result.standardOutput.isEmpty)
  }

  @Test("A port that is taken, and a folder that is no fixture, are refused by name")
  func places() async throws {
    let first = try start([])
    let port = try await tools(first).uri.split(separator: ":").last.map(String.init) ?? ""
    let second = try await start(["--port", port]).wait()
    #expect(second.exitCode != 0)
    #expect(second.standardError.contains("port \(port) of 127.0.0.1 cannot be had"), "\(second.summary)")
    let nowhere = try await RunningCommand(Self.executable(), ["/nowhere"]).wait()
    #expect(nowhere.exitCode != 0)
    #expect(nowhere.standardError.contains("rootdse.ldif"), "\(nowhere.summary)")
    first.send(SIGTERM)
    #expect(try await first.wait().exitCode == 0)
  }

  @Test("The help has examples")
  func help() async throws {
    let result = try await start(["--help"]).wait()
    #expect(result.exitCode == 0)
    #expect(result.standardOutput.contains("EXAMPLES:"))
    #expect(result.standardOutput.contains("SIGUSR1"))
  }
}

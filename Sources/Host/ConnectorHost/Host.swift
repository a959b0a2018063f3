import ArgumentParser
public import ConnectorCore
import Dispatch
@preconcurrency import Glibc

/// The connector's command line, for the stock executable and for hosts that add adapters of their own.
///
/// A host with one more adapter is a `main.swift` of one line:
/// ```swift
/// await Host.main(adapters: .builtIn + [.acme])
/// ```
public enum Host {
  /// Runs the command that the process's arguments name, and ends the process with its exit code.
  public static func main(adapters: [VendorAdapter] = .builtIn) async -> Never {
    let arguments = Array(CommandLine.arguments.dropFirst())
    exit(await run(arguments, in: HostContext(adapters: adapters)))
  }

  /// Runs one command.
  /// - Returns: the exit code, see `ExitStatus`.
  package static func run(_ arguments: [String], in context: HostContext) async -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    setvbuf(stdout, nil, _IOLBF, 0)
    do {
      let option = try AdapterOption(arguments)
      let context = try await context.loading(option.folder)
      return try await HostContext.$current.withValue(context) {
        var command = try RootCommand.parseAsRoot(option.arguments)
        if var asyncCommand = command as? any AsyncParsableCommand {
          try await asyncCommand.run()
        } else {
          try command.run()
        }
        return ExitStatus.success.rawValue
      }
    } catch {
      return report(error, to: context.output)
    }
  }

  /// Says why a command ended, and finds the exit code; requests for help arrive here too.
  private static func report(_ error: any Error, to output: Output) -> Int32 {
    let status = RootCommand.exitCode(for: error)
    guard status == .failure else {
      let message = RootCommand.fullMessage(for: error)
      if !message.isEmpty { status.isSuccess ? output.line(message) : output.error(message) }
      return status.rawValue
    }
    let text = "\(error)"
    if !text.isEmpty { output.error("ldap-connector: \(text)") }
    return ExitStatus(error).rawValue
  }
}

/// Where the launcher enters the library; ends the process with the command's exit code.
@_cdecl("ldap_connector_main")
public func ldapConnectorMain(
  _ count: Int32, _ arguments: UnsafePointer<UnsafePointer<CChar>?>
) -> Int32 {
  let words = (1..<max(1, Int(count))).compactMap { arguments[$0].map { String(cString: $0) } }
  Task.detached { exit(await Host.run(words, in: HostContext(adapters: .builtIn))) }
  dispatchMain()
}

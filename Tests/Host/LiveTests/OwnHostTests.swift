import Foundation
import Testing

@testable import TestSupport

/// The shape that outsiders depend on: a host of their own links the one library, and adds an adapter to the list.
@Suite struct OwnHostTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Builds the example as an outsider would; incremental after the first time.
  private func build() async throws -> String {
    let example = Self.root.appendingPathComponent("Examples/OwnHost").path
    let scratch = Self.root.appendingPathComponent(".build-own-host").path
    let build = try RunningCommand(
      "/usr/bin/env", ["swift", "build", "--package-path", example, "--scratch-path", scratch])
    let result = try await build.wait(timeout: 1200)
    try #require(result.exitCode == 0, "\(result.summary)")
    return scratch + "/debug/own-host"
  }

  @Test func aHostWithOneMoreAdapterIsBuiltAndUsesIt() async throws {
    let host = try await build()
    try await SlapdServer.running { server in
      let detection = try RunningCommand(host, ["detect", server.uri, "--json"])
      let result = try await detection.wait()
      #expect(result.exitCode == 0, "\(result.summary)")
      #expect(result.standardOutput.contains("\"acme\""))
      #expect(result.standardOutput.contains("\"openldap\""))
    }
    // Core must be in the process once: the executable brings none of its own.
    let symbols = try await RunningCommand("/usr/bin/nm", ["--dynamic", "--defined-only", host]).wait()
    #expect(symbols.exitCode == 0)
    #expect(!symbols.standardOutput.contains("13ConnectorCore"))
    let libraries = try await RunningCommand("/usr/bin/ldd", [host]).wait()
    #expect(libraries.standardOutput.contains("libLDAPConnector.so"))
  }
}

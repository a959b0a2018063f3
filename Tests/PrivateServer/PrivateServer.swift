import Foundation
import TestSupport

/// Serves one of the tests' private servers for a benchmark or a look by hand, until its standard input ends.
@main
struct PrivateServer {
  static let usage = """
    usage: private-server 389ds FOLDER [LDIF]
    Starts a private 389 Directory Server on 127.0.0.1 with the entries of an LDIF file below dc=example,dc=com, writes
    FOLDER/admin.password and FOLDER/connector.password, and prints URL=, ADMIN= and CONNECTOR=. Ends with its standard
    input; the server keeps nothing.
    """

  static func main() async {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count >= 2, words.count <= 3, words[0] == "389ds" else {
      FileHandle.standardError.write(Data((usage + "\n").utf8))
      exit(64)
    }
    do {
      try await serve(folder: words[1], seed: words.count == 3 ? .file(words[2]) : .none)
    } catch {
      FileHandle.standardError.write(Data("private-server: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func serve(folder: String, seed: DirectorySeed) async throws {
    try await DS389Server.running(.with { $0.seed = seed }) { server in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (name, password) in [("admin", DS389Server.adminPassword), ("connector", DS389Server.userPassword)] {
        try password.write(toFile: "\(folder)/\(name).password", atomically: true, encoding: .utf8)
      }
      let facts = "URL=\(server.uri)\nADMIN=\(DS389Server.adminDN)\nCONNECTOR=\(DS389Server.connectorDN)\n"
      FileHandle.standardOutput.write(Data(facts.utf8))
      while readLine() != nil {}
    }
  }
}

import Foundation
import Testing

@testable import TestSupport

/// What an export scenario needs: an account that may write, input files, plans and reports.
extension Scene {
  /// Passwords travel in clear on loopback here, and only because the configuration says so.
  static let clearText = "export: {allowClearTextPasswords: true}"

  /// A scene whose connector may write, and whose connector space holds the directory.
  static func exporting(
    on product: LiveProduct, _ setup: DirectorySetup = DirectorySetup(), yaml: String = "", partition: String = "",
    prepare: @escaping (inout Scene) async throws -> Void = { _ in }, _ body: (Scene) async throws -> Void
  ) async throws {
    try await imported(
      on: product, setup, yaml: yaml, partition: partition,
      prepare: { scene in
        let admin = scene.server.admin
        scene.witness = admin
        try scene.configure(
          yaml, partition: partition, account: try #require(admin.bindDN),
          passwordFile: admin.passwordFile)
        try await prepare(&scene)
      }, body)
  }

  /// Writes an input file of JSON Lines, and returns its path.
  func input(_ changes: [[String: Any]], name: String = "changes.jsonl") throws -> String {
    let lines = try changes.map { change in
      String(decoding: try JSONSerialization.data(withJSONObject: change, options: [.sortedKeys]), as: UTF8.self)
    }
    return try scratch.write(lines.joined(separator: "\n") + "\n", to: name)
  }

  /// Plans, into `plan.json`; nothing may be written to the directory.
  @discardableResult
  func plan(
    _ input: String, _ options: [String] = [], accepting codes: Set<Int32> = [0],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> PlanFile {
    let before = try await everything()
    let result = try await command(
      ["export", "plan", input, "--output", scratch.file("plan.json"), "--json"] + options, accepting: codes)
    #expect(try await everything() == before, "a plan writes nothing", sourceLocation: sourceLocation)
    return try PlanFile(result, path: scratch.file("plan.json"))
  }

  /// All that the directory holds, by DN.
  private func everything() async throws -> [String: [String: [[UInt8]]]] {
    let entries = try await server.admin.search(attributes: ["*", "+"])
    return Dictionary(entries.map { ($0.dn, $0.attributes) }) { first, _ in first }
  }

  /// Applies `plan.json`.
  @discardableResult
  func apply(_ options: [String] = [], accepting codes: Set<Int32> = [0]) async throws -> Report {
    Report(
      try await command(["export", "apply", scratch.file("plan.json"), "--json"] + options, accepting: codes))
  }

  /// Plans and applies in one command.
  @discardableResult
  func export(_ input: String, _ options: [String] = [], accepting codes: Set<Int32> = [0]) async throws
    -> Report
  {
    Report(try await command(["export", input, "--yes", "--json"] + options, accepting: codes))
  }

  @discardableResult
  func command(
    _ arguments: [String], environment: [String: String] = [:], input: String = "", accepting codes: Set<Int32> = [0]
  ) async throws -> CommandResult {
    let result = try await Command.run(
      arguments + ["--config", configuration], environment: environment, input: input, directory: scratch.path)
    #expect(codes.contains(result.exitCode), "\(arguments.joined(separator: " ")): \(result.summary)")
    return result
  }

  /// What every finished export leaves behind: an empty second plan, each change in the feed once and as an export's,
  /// nothing for the confirming delta, and the truth.
  func expectExported(
    _ input: String, since sequence: Int, _ options: [String] = [], comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let again = try await plan(input, options, sourceLocation: sourceLocation)
    #expect(again.operations.isEmpty, "a second plan is empty: \(again.text)", sourceLocation: sourceLocation)
    try await expectTruth(comment, sourceLocation: sourceLocation)
    let lines = try await tool("changes", "--since", "\(sequence)").lines
    let foreign = lines.filter { !$0.contains("\"reason\":\"export, run ") }
    #expect(foreign == [], "all that the export wrote is an export's", sourceLocation: sourceLocation)
    try await expectUnchanged(sourceLocation: sourceLocation) { try await delta() }
  }

  /// Whether an account can log in with a password.
  func binds(_ dn: String, _ password: String) async throws -> Bool {
    let file = try scratch.write(password, to: "try.password")
    let tools = LDAPTools(uri: server.uri, bindDN: dn, passwordFile: file)
    return try await tools.run("ldapwhoami", accepting: [0, 19, 49, 50, 53]).exitCode == 0
  }
}

/// The plan as the tool wrote it to its file and printed it.
struct PlanFile {
  let result: CommandResult
  let text: String
  let operations: [[String: Any]]
  let findings: [[String: Any]]

  init(_ result: CommandResult, path: String) throws {
    self.result = result
    text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let plan = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    operations = plan["operations"] as? [[String: Any]] ?? []
    findings = plan["findings"] as? [[String: Any]] ?? []
  }

  /// The operations by kind.
  var kinds: [String: Int] {
    Dictionary(operations.compactMap { ($0["kind"] as? String).map { ($0, 1) } }, uniquingKeysWith: +)
  }

  /// The findings of a severity, each as `summary`.
  func findings(_ severity: String) -> [String] {
    findings.filter { $0["severity"] as? String == severity }.compactMap { $0["summary"] as? String }
  }
}

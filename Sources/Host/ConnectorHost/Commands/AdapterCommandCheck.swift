import ArgumentParser
import ConnectorCore
import ConnectorTesting
import Foundation

/// `adapter check`: the conformance suite, for authors of adapters.
struct AdapterCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks an adapter promise by promise, and says what to fix where one is broken.",
    discussion: """
      Runs against fixtures and a directory in memory; no server is needed. The adapter must win the fixtures of its \
      product and lose those of others. What it cannot do it must say, for instance why there is no delta import; that \
      counts as kept. The exit code is 1 where a promise is broken.

      EXAMPLES:
        ldap-connector adapter check acme --adapters adapters --fixture VendorFixtures/acme-1.0
        ldap-connector adapter check .build/debug/libAcmeAdapter.so --fixture VendorFixtures --json
        ldap-connector adapter check openldap --fixture VendorFixtures
      """)

  @Argument(help: "The name of an adapter, or a shared object.")
  var adapter: String

  @Option(
    help: ArgumentHelp("A fixture of the product, or a folder of fixtures.", valueName: "folder"),
    completion: .directory)
  var fixture: String

  @Option(
    help: ArgumentHelp(
      "A folder of fixtures of other products (default: those of the checkout that this executable lies in).",
      valueName: "folder"), completion: .directory)
  var others: String?

  @Flag(help: "Print the verdicts as one JSON document.")
  var json = false

  func run() async throws {
    let context = HostContext.current
    let fixtures = try fixtures()
    var reports: [ConformanceReport] = []
    for adapter in try await adapters(context) {
      reports.append(await Conformance.run(try subject(adapter, fixtures, rivals: context.adapters)))
    }
    for report in reports {
      context.output.line(json ? try JSONOutput.document(Verdicts(report)) : Verdicts(report).text)
    }
    if !reports.allSatisfy(\.isKept) { throw CommandFailure(.failure) }
  }

  private func adapters(_ context: HostContext) async throws -> [VendorAdapter] {
    if let known = context.adapters.first(where: { $0.name == adapter }) { return [known] }
    guard adapter.hasSuffix(".so") else {
      let near = NearestName.to(adapter, among: context.adapters.map(\.name)).map { "; did you mean \($0)?" } ?? ""
      throw CommandFailure(
        .failure,
        "There is no adapter \(adapter)\(near). `adapter list` shows all; --adapters loads those of a folder.")
    }
    return try await HostContext.offPool { [adapter] in
      try AdapterFolder.load(file: adapter, beside: context.adapters, probe: context.probe).map(\.adapter)
    }
  }

  private func fixtures() throws -> (given: [Fixture], others: [Fixture]) {
    let isOne = FileManager.default.fileExists(atPath: fixture + "/rootdse.ldif")
    let given = isOne ? [try Fixture(folder: fixture)] : try Fixture.all(in: fixture)
    let folder = others ?? (try? ConnectorCheckout()).map { $0.path + "/VendorFixtures" }
    let names = Set(given.map(\.name))
    return (given, try folder.map { try Fixture.all(in: $0) }?.filter { !names.contains($0.name) } ?? [])
  }

  private func subject(
    _ adapter: VendorAdapter, _ fixtures: (given: [Fixture], others: [Fixture]), rivals: [VendorAdapter]
  ) throws -> ConformanceSubject {
    let own = fixtures.given.count == 1 ? fixtures.given : fixtures.given.filter { $0.expects(adapter) }
    guard !own.isEmpty else {
      throw CommandFailure(
        .failure,
        "\(fixture) has no fixture of \(adapter.title): no folder with a rootdse.ldif whose expected.json names "
          + "`\(adapter.name)` as winner.")
    }
    let names = Set(own.map(\.name))
    let foreign = (fixtures.given + fixtures.others).filter { !names.contains($0.name) && !$0.expects(adapter) }
    var subject = ConformanceSubject(adapter, own: own, foreign: foreign, rivals: rivals)
    // How the product tells of changes; a fixture that does not say is a directory with time stamps and no log.
    let telling = own.first { $0.directory.map { $0.log != .timestamp } ?? false }
    if let flavour = try telling.map({ try MemoryDirectory($0).flavour }) {
      subject.makeDirectory = { MemoryDirectory(partitions: $0, flavour: flavour) }
    }
    return subject
  }
}

/// The verdicts under stable names.
private struct Verdicts: Encodable {
  struct Verdict: Encodable {
    var id: String
    var promise: String
    /// `kept`, `broken` or `declared`.
    var outcome: String
    /// What was seen, or why the adapter cannot.
    var reason: String?
    /// What an author does about a broken one.
    var remedy: String?
  }

  var adapter: String
  var kept: Bool
  var verdicts: [Verdict]

  init(_ report: ConformanceReport) {
    adapter = report.adapter
    kept = report.isKept
    verdicts = report.verdicts.map { Verdict($0) }
  }

  /// One line a promise, and for broken ones what was seen and what to do; a reason that is given again is not repeated.
  var text: String {
    var told: Set<String> = []
    let lines = verdicts.map { verdict in
      let reason = verdict.reason ?? ""
      let isNew = told.insert(reason).inserted
      return switch verdict.outcome {
      case "kept": "kept      \(verdict.id)"
      case "declared": "declared  \(verdict.id): \(isNew ? reason : "as above")"
      default:
        "BROKEN    \(verdict.id): \(verdict.promise)\n            Seen: \(reason)\n            To do: \(verdict.remedy ?? "")"
      }
    }
    let counts = ["kept", "declared", "broken"].map { outcome in
      "\(verdicts.count { $0.outcome == outcome }) \(outcome)"
    }
    return (lines + ["\(adapter): \(verdicts.count) promises, \(counts.joined(separator: ", "))"])
      .joined(separator: "\n")
  }
}

extension Verdicts.Verdict {
  fileprivate init(_ verdict: ConformanceReport.Verdict) {
    let promise = verdict.promise
    self.init(id: promise.id.name, promise: promise.sentence, outcome: "kept")
    switch verdict.outcome {
    case .kept: break
    case .declared(let reason): (outcome, self.reason) = ("declared", reason)
    case .broken(let evidence): (outcome, reason, remedy) = ("broken", evidence, promise.remedy)
    }
  }
}

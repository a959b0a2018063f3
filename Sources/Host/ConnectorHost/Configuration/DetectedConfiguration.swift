import ConnectorCore
import Foundation

/// A configuration filled in from detection, with notes on what was found.
struct DetectedConfiguration {
  private let target: Target
  private let report: DetectReport
  private let description: ServerDescription

  init(_ target: Target, _ report: DetectReport, _ description: ServerDescription) {
    self.target = target
    self.report = report
    self.description = description
  }

  /// The file to write.
  var template: ConfigurationTemplate {
    var template = ConfigurationTemplate(configuration)
    template.header = [
      "Configuration of the LDAP connector for \(target.url).",
      "Every setting is here; what stands in a comment is not set. After a change: ldap-connector check",
    ]
    template.notes = notes
    return template
  }

  private var configuration: Configuration {
    var configuration = target.configuration
    configuration.server.connectionTimeout = max(configuration.server.connectionTimeout, .seconds(10))
    configuration.server.caFile = configuration.server.caFile.map(Self.absolute)
    configuration.bind.passwordFile = configuration.bind.passwordFile.map(Self.absolute)
    if case .adapter(let adapter) = description.choice { configuration.adapter = adapter.name }
    let partitions = description.contexts.partitions.compactMap { try? DN($0) }.map(Configuration.Partition.init(dn:))
    configuration.partitions = partitions.isEmpty ? [Self.example] : partitions
    if !report.controls.isEmpty {
      configuration.import.pagedResults = description.offers(WellKnownOIDs.pagedResults)
      configuration.import.virtualListView = description.offersLists
    }
    return configuration
  }

  private var notes: [String: [String]] {
    var notes: [String: [String]] = [:]
    notes["adapter"] = [report.undecided ?? "Detected: \(report.product ?? "") \(report.version ?? "")."]
    if description.contexts.needsBase {
      notes["partitions"] = [
        "The server named none that can be imported: put your own base DN in place of the example."
      ]
    } else if !report.contextsWithoutEntries.isEmpty {
      notes["partitions"] = [
        "Left out, without entries to import: \(report.contextsWithoutEntries.joined(separator: "; "))"
      ]
    }
    notes["import.changeLogDN"] = [report.delta.inWords]
    if description.offersLists {
      notes["import.sortKey"] = ["Here `auto` is `\(SortKey.usual(for: description.adapter))`."]
    }
    if let anchor = report.anchor { notes["import.anchor"] = ["Here `auto` is `\(anchor)`."] }
    return notes
  }

  private static let example = Configuration.Partition(
    dn: DN(rdns: [
      RDN(type: "dc", text: "example"), RDN(type: "dc", text: "com"),
    ]))

  /// A path that still holds when the configuration lies in another folder.
  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }
}

extension DeltaReport {
  /// The method and its state in one sentence.
  fileprivate var inWords: String {
    guard let method else { return "Delta import: none. \(unavailable ?? "")" }
    let states = partitions.map { "\($0.status) for \($0.dn)" }.joined(separator: ", ")
    return "Delta import by \(method)" + (states.isEmpty ? "." : ": \(states).")
  }
}

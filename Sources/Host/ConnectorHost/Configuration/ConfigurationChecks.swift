import ConnectorCore
import Yams

/// Something wrong with the setting at a path.
package struct SettingFinding: Error, Sendable, Equatable {
  package var path: String
  /// What is wrong and what to do; never holds a secret.
  package var message: String

  package init(path: String, message: String) {
    self.path = path
    self.message = message
  }

  /// The finding with its place: that of the setting, or of the section that should hold it.
  func problem(in file: String, _ places: [String: Mark]) -> ConfigurationProblem {
    var known = path
    while places[known] == nil, let end = known.lastIndex(where: { $0 == "." || $0 == "[" }) {
      known = String(known[..<end])
    }
    let place = places[known].map { ($0.line, $0.column) } ?? (1, 1)
    return ConfigurationProblem(file: file, line: place.0, column: place.1, message: "\(path): \(message)")
  }
}

/// What one setting alone cannot show: settings that contradict each other, and names that must exist.
struct ConfigurationChecks {
  private(set) var findings: [SettingFinding] = []
  private let failed: [String]

  /// - Parameter failed: the paths that could not be read; what depends on them is not checked.
  init(_ configuration: Configuration, adapters: [String], failed: [String]) {
    self.failed = failed
    // The names of loaded adapters are known when they are loaded: see `Target.adapters`.
    if configuration.adapters == nil, let finding = Self.unknownAdapter(configuration.adapter, among: adapters) {
      findings.append(finding)
    }
    if isSound("server") { checkTLS(configuration.server) }
    if isSound("bind") { checkBind(configuration.bind) }
    if isSound("export") { checkHierarchy(configuration.export.provisioningHierarchy) }
    if isSound("partitions", itself: true) { checkPartitions(configuration.partitions) }
  }

  private func isSound(_ path: String, itself: Bool = false) -> Bool {
    !failed.contains { $0 == path || !itself && ($0.hasPrefix(path + ".") || $0.hasPrefix(path + "[")) }
  }

  private mutating func find(_ path: String, _ message: String) {
    findings.append(SettingFinding(path: path, message: message))
  }

  /// What is wrong with the setting `adapter`, where no adapter has its name.
  static func unknownAdapter(_ name: String?, among adapters: [String]) -> SettingFinding? {
    guard let name, !adapters.contains(name) else { return nil }
    let near = NearestName.to(name, among: adapters).map { " (did you mean `\($0)`?)" } ?? ""
    let names = (["auto"] + adapters).map { "`\($0)`" }.joined(separator: ", ")
    return SettingFinding(path: "adapter", message: "expected one of \(names), found “\(name)”\(near)")
  }

  private mutating func checkTLS(_ server: Configuration.Server) {
    guard server.transport == .ldap, server.caFile != nil else { return }
    find(
      "server.caFile",
      "has no use with the transport `ldap`, which is clear text; set `transport` to `ldaps` or `startTLS`")
  }

  private mutating func checkBind(_ bind: Configuration.Bind) {
    let sources = [("passwordEnvironment", bind.passwordEnvironment), ("passwordFile", bind.passwordFile)]
      .filter { $0.1 != nil }.map(\.0)
    switch bind.method {
    case .anonymous:
      for key in (bind.dn == nil ? [] : ["dn"]) + sources {
        find("bind.\(key)", "has no use with an anonymous bind; set `method` to `simple`, or leave this out")
      }
    case .simple:
      if bind.dn.map(\.isEmpty) ?? true { find("bind.dn", "is missing: a simple bind needs the account's DN") }
      if sources.isEmpty { find("bind.method", "a simple bind needs `passwordEnvironment` or `passwordFile`") }
      if sources.count > 1 { find("bind.passwordFile", "set it or `passwordEnvironment`, not both") }
    }
  }

  private mutating func checkPartitions(_ partitions: [Configuration.Partition]) {
    if partitions.isEmpty { find("partitions", "expected at least one partition with its `dn`") }
    for (index, partition) in partitions.enumerated() where isSound("partitions[\(index)]") {
      let path = "partitions[\(index)]"
      if partitions[..<index].contains(where: { $0.dn == partition.dn }) {
        find("\(path).dn", "\(partition.dn.quoted) is listed twice; keep one")
      }
      checkContainers(partition.include, "\(path).include", in: partition)
      checkContainers(partition.exclude, "\(path).exclude", in: partition)
      for (position, container) in partition.exclude.enumerated() where partition.include.contains(container) {
        find("\(path).exclude[\(position)]", "\(container.quoted) is both included and excluded; keep one")
      }
      if partition.searchOnlySelectedContainers, partition.include.isEmpty {
        find("\(path).searchOnlySelectedContainers", "is true, but `include` names no container to search")
      }
    }
  }

  private mutating func checkHierarchy(_ rules: [ProvisioningRule]) {
    for (index, rule) in rules.enumerated()
    where rules[..<index].contains(where: { $0.type.lowercased() == rule.type.lowercased() }) {
      find("export.provisioningHierarchy[\(index)]", "`\(rule.type)` has a rule already; keep one")
    }
  }

  private mutating func checkContainers(_ containers: [DN], _ path: String, in partition: Configuration.Partition) {
    for (index, container) in containers.enumerated() {
      if !container.isDescendant(of: partition.dn) {
        find("\(path)[\(index)]", "\(container.quoted) does not lie below the partition \(partition.dn.quoted)")
      } else if containers[..<index].contains(container) {
        find("\(path)[\(index)]", "\(container.quoted) is listed twice; keep one")
      }
    }
  }
}

extension DN {
  /// The DN in quotes, for a message.
  var quoted: String { "“\(string)”" }
}

import Yams

/// Walks the nodes of a configuration file along the table, and collects every problem with its place.
struct ConfigurationReader {
  let file: String
  /// Where each key or list item stands, by path such as `partitions[0].dn`.
  private(set) var places: [String: Mark] = [:]
  private(set) var problems: [ConfigurationProblem] = []
  /// The paths that have a problem; checks that need their values are not made.
  private(set) var failed: [String] = []
  private let repeated: [RepeatedKeys.Found]

  init(file: String, repeated: [RepeatedKeys.Found] = []) {
    self.file = file
    self.repeated = repeated
  }

  /// Reads the whole file.
  mutating func configuration(of root: Node) -> Configuration {
    var configuration = Configuration()
    let members = members(of: root, at: "", keys: Settings.table.map(\.key))
    for row in Settings.table { read(row, members[row.key], root, into: &configuration) }
    return configuration
  }

  private mutating func read(_ row: Settings.Row, _ node: Node?, _ root: Node, into configuration: inout Configuration)
  {
    switch row {
    case .setting(let setting):
      if let node { setting.read(node, setting.key, &self, &configuration) }
    case .section(let key, _, let settings):
      read(settings, of: node ?? .absent(at: root.mark), at: key, into: &configuration)
    case .partitions(let key, _, let settings):
      let expected = "a list of mappings, each with a `dn`"
      guard let node else { return report(root, key, "is missing; expected \(expected)") }
      for (item, path) in items(of: node, at: key, expected: expected) ?? [] {
        var partition = Configuration.Partition()
        read(settings, of: item, at: path, into: &partition)
        configuration.partitions.append(partition)
      }
    }
  }

  private mutating func read<Root>(_ settings: [Setting<Root>], of node: Node, at path: String, into root: inout Root) {
    let members = members(of: node, at: path, keys: settings.map(\.key))
    for setting in settings {
      if let member = members[setting.key] {
        setting.read(member, "\(path).\(setting.key)", &self, &root)
      } else if setting.defaultText == nil, node.mapping != nil || node.isNothing {
        report(node, "\(path).\(setting.key)", "is missing; expected \(setting.expected)")
      }
    }
  }

  /// The values of a mapping by key; keys that do not belong here are reported.
  private mutating func members(of node: Node, at path: String, keys: [String]) -> [String: Node] {
    guard let mapping = node.mapping else {
      if !node.isNothing { report(node, path, "expected a mapping with \(keys.inWords), found \(node.inWords)") }
      return [:]
    }
    var members: [String: Node] = [:]
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        report(key, path, "expected a key, found \(key.inWords)")
        continue
      }
      if let first = repeated.first(where: { $0.placeholder == name }) {
        reportRepeated(first, mapping, path)
      } else if keys.contains(name) {
        places[path.isEmpty ? name : "\(path).\(name)"] = key.mark
        members[name] = value
      } else {
        report(key, path, UnknownKey.message(for: name, among: keys))
      }
    }
    return members
  }

  private mutating func reportRepeated(_ first: RepeatedKeys.Found, _ mapping: Node.Mapping, _ path: String) {
    let again = mapping.keys.first { $0.scalar?.string == first.key }
    report(again?.mark ?? first.mark, path, "`\(first.key)` is set twice: already in line \(first.mark.line); keep one")
  }

  /// The items of a list with their paths; nil, and reported, where the node is no list.
  mutating func items(of node: Node, at path: String, expected: String) -> [(node: Node, path: String)]? {
    guard let items = node.sequence else {
      report(node, path, "expected \(expected), found \(node.inWords)")
      return nil
    }
    let result = items.enumerated().map { (node: $1, path: "\(path)[\($0)]") }
    for item in result { places[item.path] = item.node.mark }
    return result
  }

  /// The value of a scalar; nil, and reported, where it does not have the form.
  mutating func scalar<Value>(_ node: Node, _ form: ScalarForm<Value>, _ path: String) -> Value? {
    do throws(Misfit) {
      guard let scalar = node.scalar, !scalar.isNothing else { throw Misfit() }
      return try form.read(scalar)
    } catch {
      let found = form.isHidden && node.scalar != nil ? "something else" : node.inWords
      let reason = error.reason.map { " (\($0))" } ?? ""
      report(node, path, "expected \(form.expected), found \(found)\(reason)")
      return nil
    }
  }

  mutating func report(_ node: Node, _ path: String, _ message: String) {
    report(node.mark, path, message)
  }

  private mutating func report(_ mark: Mark?, _ path: String, _ message: String) {
    let text = path.isEmpty ? message : "\(path): \(message)"
    failed.append(path)
    problems.append(ConfigurationProblem(file: file, line: mark?.line, column: mark?.column, message: text))
  }
}

extension Node {
  /// Stands for a section that the file does not have.
  static func absent(at mark: Mark?) -> Node { .scalar(Scalar("", .implicit, .plain, mark)) }

  /// Whether this is YAML's null.
  var isNothing: Bool { scalar?.isNothing ?? false }
}

extension [String] {
  /// The names in code quotes, with commas.
  fileprivate var inWords: String { map { "`\($0)`" }.joined(separator: ", ") }
}

import Foundation
import Yams

/// A configuration that was read without a problem, and where each part of it stands in its file.
package struct ConfigurationFile: Sendable {
  /// The file as the operator named it.
  package let path: String
  /// What it says.
  package let configuration: Configuration
  private let places: [String: Mark]

  /// Where commands look unless they are told another path.
  package static let usualPath = "connector.yaml"

  /// The most bytes that a configuration file may have.
  private static let sizeLimit = 1 << 20

  /// Reads and checks a file.
  /// - Parameter adapters: the names that `adapter` may have, beside `auto`.
  /// - Throws: `ConfigurationError` with every problem at once.
  package init(path: String, adapters: [String]) throws(ConfigurationError) {
    try self.init(text: Self.contents(of: path), path: path, adapters: adapters)
  }

  /// Reads and checks the text of a file.
  package init(text: String, path: String, adapters: [String]) throws(ConfigurationError) {
    let (root, repeated) = try Self.compose(text, path)
    var reader = ConfigurationReader(file: path, repeated: repeated)
    configuration = reader.configuration(of: root)
    places = reader.places
    self.path = path
    let checks = ConfigurationChecks(configuration, adapters: adapters, failed: reader.failed)
    let problems = reader.problems + checks.findings.map { [places] in $0.problem(in: path, places) }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  /// A path of the configuration, taken relative to the folder of the file.
  package func resolve(_ other: String) -> String {
    guard !other.hasPrefix("/") else { return other }
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? other : folder + "/" + other
  }

  /// A problem with one setting that shows only in use, such as a file that cannot be read.
  package func problem(with setting: String, _ message: String) -> ConfigurationProblem {
    SettingFinding(path: setting, message: message).problem(in: path, places)
  }

  private static func contents(of path: String) throws(ConfigurationError) -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      let exists = FileManager.default.fileExists(atPath: path)
      let message =
        exists
        ? "cannot be read; check that it is a file and that this account may read it"
        : "does not exist; `ldap-connector init URL` writes one, `--config` names another"
      throw ConfigurationError([ConfigurationProblem(file: path, message: message)])
    }
    guard data.count <= sizeLimit else {
      throw ConfigurationError([
        ConfigurationProblem(file: path, message: "is larger than 1 MiB; is it the right file?")
      ])
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw ConfigurationError([ConfigurationProblem(file: path, message: "is not UTF-8; save it in that encoding")])
    }
    return text
  }

  private static func compose(_ text: String, _ path: String) throws(ConfigurationError) -> (Node, [RepeatedKeys.Found])
  {
    do {
      let (root, repeated) = try RepeatedKeys.compose(text)
      if let root { return (root, repeated) }
      throw ConfigurationError([
        ConfigurationProblem(file: path, message: "is empty; `ldap-connector init URL` writes one")
      ])
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw ConfigurationError([ConfigurationProblem(file: path, yaml: error)])
    }
  }
}

extension ConfigurationProblem {
  /// Words a YAML error without quoting the line, which may hold a secret.
  fileprivate init(file: String, yaml error: any Error) {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      self.init(file: file, line: mark.line, column: mark.column, message: "is no YAML here: \(problem)")
    case YamlError.duplicatedKeysInMapping(let keys, let context):
      let names = keys.map { "`\($0)`" }.joined(separator: ", ")
      self.init(
        file: file, line: context.mark.line, column: context.mark.column, message: "\(names) is set twice; keep one")
    case YamlError.reader(let problem, _, _, _):
      self.init(file: file, message: "is no YAML: \(problem)")
    default:
      self.init(file: file, message: "is no YAML")
    }
  }
}

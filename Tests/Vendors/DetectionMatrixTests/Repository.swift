import ConnectorCore
import ConnectorHost
import ConnectorTesting
import Foundation

/// VendorFixtures, and the adapters that it is held against.
enum Repository {
  /// Made once, because some tests ask them many thousand times.
  static let adapters = [VendorAdapter].builtIn
  /// Every folder that can be read, however many there are when the tests run; `foldersAreComplete` tells of the others.
  static let fixtures: [Fixture] = folders.compactMap { try? Fixture(folder: $0.path) }
  /// Those that an adapter of ours, and not the generic one, must recognise.
  static let products = fixtures.filter { $0.expected.winner != "generic" }

  static let folders: [URL] = {
    var root = URL(filePath: #filePath).resolvingSymlinksInPath()
    for _ in 1...4 { root.deleteLastPathComponent() }
    let fixtures = root.appending(path: "VendorFixtures", directoryHint: .isDirectory)
    let found = try? FileManager.default.contentsOfDirectory(
      at: fixtures, includingPropertiesForKeys: [.isDirectoryKey])
    return (found ?? []).filter { (try? $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
  }()
}

extension Fixture {
  /// The first word of the maker's name.
  var maker: String { rootDSE.string("vendorName")?.split(separator: " ").first?.lowercased() ?? "" }

  /// The evidence with another root DSE, and maybe without the schema.
  func evidence(_ rootDSE: Entry, schema withSchema: Bool = true) -> ServerEvidence {
    ServerEvidence(rootDSE: RootDSE(rootDSE), schema: withSchema ? schema : Schema(), port: expected.port)
  }
}

extension Fixture.Expectation.Fact {
  /// Outer nil: not checked. Inner nil: there must be none.
  var stated: String?? {
    switch self {
    case .unstated: nil
    case .absent: .some(nil)
    case .value(let value): value
    }
  }
}

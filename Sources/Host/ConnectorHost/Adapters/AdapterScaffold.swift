import ConnectorCore

/// The files of a new adapter's package, which builds and passes the promises of detection as it is.
struct AdapterScaffold {
  /// The adapter's name, such as `acme-directory`.
  let name: String
  let checkout: ConnectorCheckout

  /// The name in Swift: `acmeDirectory`.
  var value: String { words.prefix(1).joined() + words.dropFirst().map(\.capitalizedWord).joined() }
  /// The name as the start of modules' names: `AcmeDirectory`.
  var module: String { words.map(\.capitalizedWord).joined() }
  /// The name as a title: `Acme Directory`.
  var title: String { words.map(\.capitalizedWord).joined(separator: " ") }
  private var words: [String] { name.split(separator: "-").map(String.init) }

  /// Whether the name can be an adapter's, and the start of a module's name.
  static func accepts(_ name: String) -> Bool {
    AdapterFolder.isWellFormed(name) && name.first?.isLetter == true && name.last != "-"
  }

  /// Path and text of each file.
  var files: [(path: String, text: String)] {
    [
      ("Package.swift", manifest), ("README.md", readme), (".gitignore", "/.build/\n/adapters/\n"),
      ("Sources/\(module)Adapter/\(module)Adapter.swift", adapter),
      ("Sources/\(module)Library/\(module)Library.swift", library),
      ("Tests/\(module)AdapterTests/PromiseTests.swift", tests),
      ("\(fixture)/rootdse.ldif", rootDSE), ("\(fixture)/expected.json", expectation),
      ("\(fixture)/README.md", fixtureReadme),
    ]
  }

  var fixture: String { "VendorFixtures/\(name)-1.0" }

  private var manifest: String {
    """
    // swift-tools-version:6.2
    import PackageDescription

    // The one product that holds the core: an adapter depends on it and on no other of ldap-connector.
    let connector: Target.Dependency = .product(name: "LDAPConnector", package: "ldap-connector")

    let package = Package(
      name: "\(name)-adapter",
      products: [
        .library(name: "\(module)Adapter", type: .dynamic, targets: ["\(module)Adapter", "\(module)Library"])
      ],
      dependencies: [.package(name: "ldap-connector", path: "\(checkout.path)")],
      targets: [
        .target(name: "\(module)Adapter", dependencies: [connector]),
        .target(name: "\(module)Library", dependencies: ["\(module)Adapter", connector]),
        .testTarget(name: "\(module)AdapterTests", dependencies: ["\(module)Adapter", connector]),
      ],
      swiftLanguageModes: [.v6]
    )

    """
  }

  private var adapter: String {
    """
    import ConnectorCore

    extension VendorAdapter {
      /// \(title): what the connector must know of it.
      public static var \(value): VendorAdapter {
        var adapter = VendorAdapter(
          "\(name)", title: "\(title)",
          detector: RuleDetector([
            // Write here what your server says in its root DSE and no other product does. 80 points and more: only this
            // product says so; 50 to 79: likely; below 50 another adapter serves. Any one of these may be hidden, and
            // any one copied by another product, so none alone should reach 50, and the others should without it.
            .rootDSE("objectClass", equals: "\(value)RootDSE", points: 40),
            .rootDSE("vendorName", equals: "\(title)", points: 30),
            .rootDSE(has: "\(value)Instance", points: 30),
          ]))
        adapter.anchor = .dn
        adapter.immutableID = .entryUUID
        // Exports follow the RFCs; what this product does its own way goes into `adapter.export`.
        adapter.deltaUnavailable = "The adapter for \(title) knows no delta import yet; run full imports."
        return adapter
      }
    }

    """
  }

  private var tests: String {
    """
    import ConnectorCore
    import ConnectorHost
    import ConnectorTesting
    import Foundation
    import \(module)Adapter
    import Testing

    @Test("The adapter keeps its promises")
    func promises() async throws {
      let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
      let fixtures = try Fixture.all(in: package.appending(path: "VendorFixtures").path)
      let subject = ConformanceSubject(.\(value), own: fixtures, rivals: .builtIn)
      let report = await Conformance.run(subject)
      #expect(!fixtures.isEmpty && report.isKept, "\\(report)")
    }

    """
  }

  private var library: String {
    let compiler = AdapterMarker.text(ofCompiler: AdapterLibrary.compiler)
    let next = AdapterMarker.text(ofCompiler: AdapterLibrary.compiler + 1)
    return """
      import ConnectorCore
      import \(module)Adapter

      // The stock host reads this before it runs anything of the library: the adapter API's version, and the compiler's.
      #if !compiler(>=\(compiler)) || compiler(>=\(next))
        #error("This file states Swift \(compiler). Write your version here and into the marker.")
      #endif
      @section(".ldapconn_adapter") @used
      private let marker: AdapterLibrary.Marker\(AdapterLibrary.version) = (
        0x\(String(AdapterLibrary.magic, radix: 16, uppercase: true)), \(AdapterLibrary.version), \(AdapterLibrary.compiler)
      )

      /// Where the stock host enters the library.
      @c(ldap_connector_adapter)
      public func adapterLibrary(_ host: UnsafeRawPointer) {
        AdapterLibrary.handOver([.\(value)], to: host)
      }

      """
  }
}

extension String {
  fileprivate var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}

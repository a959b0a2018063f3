// swift-tools-version:6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
  name: "ldap-connector",
  products: [
    // Core, vendors and host in one library, so that Core is never in a process twice:
    // every outside adapter and host links this one product.
    .library(
      name: "LDAPConnector", type: .dynamic,
      targets: [
        "ConnectorCore", "ConnectorTesting", "OpenLDAPAdapter", "ChangelogAdapters", "EDirectoryAdapters",
        "ActiveDirectoryAdapters", "ApacheDSAdapter", "LLDAPAdapter", "ConnectorHost",
      ]),
    .executable(name: "ldap-connector", targets: ["ldap-connector"]),
    .executable(name: "fixture-directory", targets: ["fixture-directory"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLDAP", path: "Sources/Core/CLDAP", pkgConfig: "ldap",
      providers: [.apt(["libldap-dev"])]),
    .systemLibrary(
      name: "CSQLite", path: "Sources/Core/CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"])]),
    .target(
      name: "CTransport", path: "Sources/Core/CTransport",
      linkerSettings: [
        .linkedLibrary("ssl"), .linkedLibrary("crypto"),
        .linkedLibrary("ldap"), .linkedLibrary("lber"),
      ]),
    .target(
      name: "ConnectorCore", path: "Sources/Core/ConnectorCore", swiftSettings: strict),
    .target(
      name: "ConnectorLDAP", dependencies: ["ConnectorCore", "CLDAP", "CTransport", logging],
      path: "Sources/Core/ConnectorLDAP", swiftSettings: strict),
    .target(
      name: "ConnectorStore", dependencies: ["ConnectorCore", "CSQLite"],
      path: "Sources/Core/ConnectorStore", swiftSettings: strict),
    .target(
      name: "OpenLDAPAdapter", dependencies: ["ConnectorCore"],
      path: "Sources/Vendors/OpenLDAP", swiftSettings: strict),
    .target(
      name: "ChangelogAdapters", dependencies: ["ConnectorCore"],
      path: "Sources/Vendors/Changelog", swiftSettings: strict),
    .target(
      name: "EDirectoryAdapters", dependencies: ["ConnectorCore"],
      path: "Sources/Vendors/EDirectory", swiftSettings: strict),
    .target(
      name: "ActiveDirectoryAdapters", dependencies: ["ConnectorCore"],
      path: "Sources/Vendors/ActiveDirectory", swiftSettings: strict),
    .target(
      name: "ApacheDSAdapter", dependencies: ["ConnectorCore"],
      path: "Sources/Vendors/ApacheDS", swiftSettings: strict),
    .target(
      name: "LLDAPAdapter", dependencies: ["ConnectorCore"],
      path: "Sources/Vendors/LLDAP", swiftSettings: strict),
    .target(
      name: "ConnectorTesting", dependencies: ["ConnectorCore"],
      path: "Sources/Core/ConnectorTesting", swiftSettings: strict),
    .target(
      name: "ConnectorHost",
      dependencies: [
        "ConnectorCore", "ConnectorLDAP", "ConnectorStore", "ConnectorTesting", "OpenLDAPAdapter",
        "ChangelogAdapters", "EDirectoryAdapters", "ActiveDirectoryAdapters", "ApacheDSAdapter", "LLDAPAdapter",
        argumentParser, logging, yams,
      ],
      path: "Sources/Host/ConnectorHost", swiftSettings: strict),
    .executableTarget(name: "ldap-connector", path: "Sources/Host/ldap-connector"),

    // A directory that is made of a fixture, for tests and support cases; the host does not need it, so it may need more.
    .target(
      name: "FixtureServer",
      dependencies: [
        "ConnectorTesting", "ConnectorCore",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
      ],
      path: "Sources/Host/FixtureServer", swiftSettings: strict),
    .executableTarget(
      name: "fixture-directory", dependencies: ["FixtureServer", argumentParser],
      path: "Sources/Host/fixture-directory", swiftSettings: strict),

    .target(
      name: "TestSupport", path: "Tests/Support", exclude: ["UnboundID/InMemoryDirectory.java"],
      swiftSettings: strict),
    // For benchmarks, and for a look at a server by hand.
    .executableTarget(
      name: "private-server", dependencies: ["TestSupport"], path: "Tests/PrivateServer", swiftSettings: strict),
    .testTarget(
      name: "ConnectorCoreTests", dependencies: ["ConnectorCore"],
      path: "Tests/Core/ConnectorCoreTests", swiftSettings: strict),
    .testTarget(
      name: "ConnectorLDAPTests", dependencies: ["ConnectorLDAP", "ConnectorCore", "TestSupport", logging],
      path: "Tests/Core/ConnectorLDAPTests", swiftSettings: strict),
    .testTarget(
      name: "ConnectorStoreTests", dependencies: ["ConnectorStore", "ConnectorCore", "CSQLite"],
      path: "Tests/Core/ConnectorStoreTests", swiftSettings: strict),
    .testTarget(
      name: "OpenLDAPTests", dependencies: ["OpenLDAPAdapter", "ConnectorCore", "TestSupport"],
      path: "Tests/Vendors/OpenLDAPTests", swiftSettings: strict),
    .testTarget(
      name: "ChangelogTests", dependencies: ["ChangelogAdapters", "ConnectorTesting", "ConnectorCore"],
      path: "Tests/Vendors/ChangelogTests", swiftSettings: strict),
    .testTarget(
      name: "ConnectorTestingTests", dependencies: ["ConnectorTesting", "ConnectorCore"],
      path: "Tests/Core/ConnectorTestingTests", swiftSettings: strict),
    .testTarget(
      name: "EngineTests",
      dependencies: ["ConnectorCore", "ConnectorLDAP", "ConnectorStore", "ConnectorTesting", "TestSupport"],
      path: "Tests/Core/EngineTests", swiftSettings: strict),
    .testTarget(
      name: "DetectionMatrixTests", dependencies: ["ConnectorHost", "ConnectorTesting", "ConnectorCore"],
      path: "Tests/Vendors/DetectionMatrixTests", swiftSettings: strict),
    .testTarget(
      name: "ConformanceTests", dependencies: ["ConnectorHost", "ConnectorTesting", "ConnectorCore"],
      path: "Tests/Vendors/ConformanceTests", swiftSettings: strict),
    .testTarget(
      name: "FixtureServerTests",
      dependencies: [
        "FixtureServer", "ConnectorTesting", "ConnectorCore", "ConnectorLDAP", "OpenLDAPAdapter", "TestSupport",
      ],
      path: "Tests/Host/FixtureServerTests", swiftSettings: strict),
    .testTarget(
      name: "ConnectorHostTests",
      dependencies: ["ConnectorHost", "ConnectorCore", "ConnectorLDAP", "ConnectorStore"],
      path: "Tests/Host/ConnectorHostTests", swiftSettings: strict),
    .testTarget(
      name: "LiveTests", dependencies: ["TestSupport"],
      path: "Tests/Host/LiveTests", swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

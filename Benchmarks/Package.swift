// swift-tools-version:6.2
import PackageDescription

// A package of its own, so that measuring adds nothing to what a user of the connector builds.
let package = Package(
  name: "Benchmarks",
  targets: [
    .executableTarget(
      name: "connector-bench",
      path: "Sources/ConnectorBench",
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ],
  swiftLanguageModes: [.v6]
)

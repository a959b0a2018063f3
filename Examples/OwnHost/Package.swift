// swift-tools-version:6.2
import PackageDescription

// A host of your own: the stock connector and one more adapter, compiled together.
let package = Package(
  name: "own-host",
  dependencies: [.package(name: "ldap-connector", path: "../..")],
  targets: [
    .executableTarget(
      name: "own-host", dependencies: [.product(name: "LDAPConnector", package: "ldap-connector")])
  ],
  swiftLanguageModes: [.v6]
)

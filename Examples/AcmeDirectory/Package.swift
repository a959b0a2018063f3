// swift-tools-version:6.2
import PackageDescription

// The one product that holds the core: an adapter depends on it and on no other of ldap-connector.
let connector: Target.Dependency = .product(name: "LDAPConnector", package: "ldap-connector")

let package = Package(
  name: "acme-directory",
  products: [
    // What the stock host loads, with `--adapters`.
    .library(name: "AcmeDirectory", type: .dynamic, targets: ["AcmeAdapter", "AcmeLibrary"])
  ],
  dependencies: [.package(name: "ldap-connector", path: "../..")],
  targets: [
    .target(name: "AcmeAdapter", dependencies: [connector]),
    .target(name: "AcmeLibrary", dependencies: ["AcmeAdapter", connector]),
    // The same adapter in a host of its own.
    .executableTarget(name: "acme-host", dependencies: ["AcmeAdapter", connector]),
  ],
  swiftLanguageModes: [.v6]
)

import ConnectorCore
import ConnectorHost
import ConnectorTesting

/// Every fixture of this repository, read once.
func fixtures() throws -> [Fixture] { try repository.get() }

private let repository = Result { () throws -> [Fixture] in
  let folders = #filePath.split(separator: "/").dropLast(4)
  return try Fixture.all(in: "/" + folders.joined(separator: "/") + "/VendorFixtures")
}

/// A built-in adapter with the fixtures that it must win and must lose, and a directory that logs as its product does.
func subject(_ adapter: VendorAdapter) throws -> ConformanceSubject {
  let all = try fixtures()
  return ConformanceSubject(
    adapter, own: all.filter { $0.expects(adapter) }, foreign: all.filter { !$0.expects(adapter) }, rivals: .builtIn,
    cannot: limits[adapter.name] ?? [:], makeDirectory: directories[adapter.name])
}

/// What an adapter cannot do, and why.
private let limits: [String: [Promise.ID: String]] = [
  "isode": [
    "detect.without-one-attribute": "public documents of M-Vault show its vendorName and little else that is its own"
  ],
  "sunone": ["detect.without-one-attribute": generations],
  "oracle-dsee": ["detect.without-one-attribute": generations],
]

private let generations =
  "the generations of Sun's directory differ in vendorVersion alone; without it they are level, and configuration decides"

/// How the products with a delta log their changes.
private let directories: [String: @Sendable ([String]) -> MemoryDirectory] = [
  "openldap": { MemoryDirectory(partitions: $0, flavour: .accesslog()) },
  "389ds": { MemoryDirectory(partitions: $0, flavour: .changelog(.ds389)) },
  "oracle-dsee": { MemoryDirectory(partitions: $0, flavour: .changelog(.sun)) },
  "sunone": { MemoryDirectory(partitions: $0, flavour: .changelog(.sun)) },
  "opendj": { MemoryDirectory(partitions: $0, flavour: .externalChangelog()) },
  "opends": { MemoryDirectory(partitions: $0, flavour: .changelog(.openDJ)) },
  "oud": { MemoryDirectory(partitions: $0, flavour: .externalChangelog()) },
  "ping": { MemoryDirectory(partitions: $0, flavour: .changelog(.unboundID)) },
  "ibm": { MemoryDirectory(partitions: $0, flavour: .changelog(.ibm)) },
  "isode": { MemoryDirectory(partitions: $0, flavour: .changelog()) },
  "radiantone": { MemoryDirectory(partitions: $0, flavour: .changelog()) },
]

/// Whether the directory of the tests logs as the product does.
func keepsLog(_ name: String) -> Bool { directories[name] != nil }

import Foundation
import Glibc

/// The certificates of a test run: made once a process with the `openssl` program, kept in a temporary directory.
package struct TestCertificates: Sendable {
  /// What the server shows.
  package enum ServerCertificate: String, Sendable, CaseIterable {
    /// Names `localhost`, 127.0.0.1 and this machine's name; valid today.
    case valid
    /// The same names, but its last day was in 2020.
    case expired
    /// Valid today, but names only `elsewhere.example.test`.
    case wrongName
  }

  private let directory: ScratchDirectory

  /// The CA that signed every server certificate (PEM).
  package var authority: String { directory.file("ca.pem") }
  /// A CA that signed none of them (PEM).
  package var unrelatedAuthority: String { directory.file("other-ca.pem") }

  /// The PEM files of a server certificate and of its key.
  package func files(_ kind: ServerCertificate) -> (certificate: String, key: String) {
    (directory.file("\(kind.rawValue).pem"), directory.file("\(kind.rawValue).key"))
  }

  /// The certificates of this process.
  static func shared() throws -> TestCertificates { try made.get() }

  private static let made = Result { try TestCertificates() }

  private init() throws {
    directory = try ScratchDirectory(prefix: "ldct-ca")
    try directory.write("", to: "index")
    try directory.write(authorityConfiguration, to: "ca.cnf")
    try makeAuthority("ca", name: "Test CA")
    try makeAuthority("other-ca", name: "Unrelated CA")
    let here = ProcessInfo.processInfo.hostName
    try makeServer(.valid, names: "DNS:localhost,IP:127.0.0.1,DNS:\(here)", days: ("20200101", "20490101"))
    try makeServer(.expired, names: "DNS:localhost,IP:127.0.0.1,DNS:\(here)", days: ("20200101", "20200201"))
    try makeServer(.wrongName, names: "DNS:elsewhere.example.test", days: ("20200101", "20490101"))
  }

  private func makeAuthority(_ file: String, name: String) throws {
    try openssl(
      ["req", "-x509", "-days", "3650", "-subj", "/O=Example/CN=\(name)", "-out", "\(file).pem"] + newKey(file)
        + ["-addext", "keyUsage=critical,keyCertSign,cRLSign"])
  }

  private func makeServer(
    _ kind: ServerCertificate, names: String, days: (first: String, last: String)
  ) throws {
    let name = kind.rawValue
    try openssl(["req", "-new", "-subj", "/O=Example/CN=\(name)", "-out", "\(name).csr"] + newKey(name))
    try directory.write(
      "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=\(names)\n", to: "\(name).ext")
    try openssl([
      "ca", "-batch", "-notext", "-config", "ca.cnf", "-in", "\(name).csr", "-out", "\(name).pem",
      "-extfile", "\(name).ext", "-startdate", "\(days.first)000000Z", "-enddate", "\(days.last)000000Z",
    ])
  }

  private func newKey(_ file: String) -> [String] {
    ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "\(file).key"]
  }

  private func openssl(_ arguments: [String]) throws {
    let result = try runBlocking("/usr/bin/openssl", arguments, directory: directory.path)
    guard result.exitCode == 0 else { throw SupportError("openssl \(arguments[0]): \(result.standardError)") }
  }
}

private let authorityConfiguration = """
  [ca]
  default_ca = here
  [here]
  database = index
  rand_serial = yes
  new_certs_dir = .
  certificate = ca.pem
  private_key = ca.key
  default_md = sha256
  unique_subject = no
  policy = any
  [any]
  organizationName = optional
  commonName = supplied

  """

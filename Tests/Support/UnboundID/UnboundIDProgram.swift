import Foundation
import Glibc

/// The program of an UnboundID in-memory server: the LDAP SDK's jar, which a package of PyPI carries, and a launcher.
struct UnboundIDProgram: Sendable {
  static let java = "/usr/bin/java"

  /// For `java -cp`.
  let classPath: String
  private let classes: ScratchDirectory

  /// The program, made once a process.
  /// - Throws: `SupportError` that names the Debian package which is missing, or what pip says.
  static func shared() throws -> UnboundIDProgram { try made.get() }

  private static let made = Result { try UnboundIDProgram() }
  private static let package = "python-ldap-test==0.3.1"
  private static let checksum = "8e676ff33f7a755c56bf262f85feba484316bd5af83e970eb78d2a66e9e809e2"
  private static let jarInPackage =
    "python-ldap-test-0.3.1/ldap_test/ldap-test-server-0.0.4-SNAPSHOT-jar-with-dependencies.jar"
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  private init() throws {
    for (program, package) in [(Self.java, "openjdk-17-jdk-headless"), ("/usr/bin/javac", "openjdk-17-jdk-headless")]
    where access(program, X_OK) != 0 {
      throw SupportError("\(program) is missing. Install it: apt-get install \(package)")
    }
    let jar = try Self.jar()
    classes = try ScratchDirectory(prefix: "ldct-java")
    let source = Self.folder.appendingPathComponent("InMemoryDirectory.java").path
    try Self.run("/usr/bin/javac", ["-cp", jar, "-d", classes.path, source])
    classPath = "\(jar):\(classes.path)"
  }

  /// The jar, kept among what was built, so that a machine fetches it once.
  private static func jar() throws -> String {
    let kept = URL(fileURLWithPath: "../../../.build/test-servers", relativeTo: folder).standardizedFileURL.path
    let jar = "\(kept)/unboundid-\(checksum.prefix(12)).jar"
    if access(jar, R_OK) == 0 { return jar }
    let scratch = try ScratchDirectory(prefix: "ldct-pip")
    let wanted = try scratch.write("\(package) --hash=sha256:\(checksum)\n", to: "requirements.txt")
    try run(
      "/usr/bin/python3",
      [
        "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation", "--require-hashes",
        "--disable-pip-version-check", "--dest", scratch.path, "--requirement", wanted,
      ])
    try run("/bin/tar", ["xzf", scratch.file("python-ldap-test-0.3.1.tar.gz"), "-C", scratch.path, jarInPackage])
    try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: true)
    // Whoever else fetches it at this moment gets the same file.
    let fetched = "\(jar).\(getpid())"
    try FileManager.default.moveItem(atPath: scratch.file(jarInPackage), toPath: fetched)
    guard rename(fetched, jar) == 0 else { throw SupportError("cannot write \(jar): \(errnoText())") }
    return jar
  }

  private static func run(_ program: String, _ arguments: [String]) throws {
    let result = try runBlocking(program, arguments, timeout: 300)
    guard result.exitCode == 0 else {
      throw SupportError("\(program) \(arguments.prefix(3).joined(separator: " ")): \(result.summary)")
    }
  }
}

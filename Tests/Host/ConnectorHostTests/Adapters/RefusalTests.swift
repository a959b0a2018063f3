import ConnectorCore
import Foundation
import Testing

@testable import ConnectorHost

/// What is refused before any code of a library runs; no child is started here, and nothing is loaded.
@Suite("Libraries that are refused unread")
struct RefusalTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    chmod(folder.path, 0o755)
  }

  /// Why a library is refused; fails where it is not.
  private func refusal(_ file: String) throws -> String {
    let error = #expect(throws: AdaptersRefused.self) {
      // A probe that would fail otherwise than expected: it must not be reached.
      var probe = AdapterProbe()
      probe.program = "/bin/false"
      _ = try AdapterFolder.load(file: file, beside: [], probe: probe)
    }
    let refusals = try #require(error?.refusals)
    #expect(refusals.map(\.file) == [file])
    return refusals.map(\.reason).joined()
  }

  @Test("Another version of the adapter API is named, with the version to rebuild against")
  func version() throws {
    let library = CLibrary(version: 7)
    let reason = try refusal(library.build(in: folder))
    #expect(reason.hasPrefix("was built for adapter API 7, and this host has adapter API 1, Swift 6."))
    #expect(reason.hasSuffix("rebuild it with those"))
  }

  @Test("Another compiler is named, with the one to rebuild with")
  func compiler() throws {
    let reason = try refusal(CLibrary(compiler: 60100).build(in: folder))
    #expect(reason.hasPrefix("was built with Swift 6.1.0, and this host has adapter API 1, Swift 6."))
  }

  @Test("A library without a marker is no adapter library")
  func noMarker() throws {
    let library = CLibrary(marker: "")
    #expect(try refusal(library.build(in: folder)).hasPrefix("has no section .ldapconn_adapter"))
  }

  @Test("A marker of another shape is none")
  func oddMarker() throws {
    let library = CLibrary(magic: 5)
    #expect(try refusal(library.build(in: folder)).contains("that is no marker"))
    let short = CLibrary(
      marker: "__attribute__((section(\".ldapconn_adapter\"), used)) static const char marker[] = \"LDAPCADP\";")
    #expect(try refusal(short.build(in: folder, as: "short.so")).contains("that is no marker"))
  }

  @Test("A library without the entry point is refused before it is loaded")
  func noEntry() throws {
    let library = CLibrary(
      code: "void ldap_connector_adapter(const void *); void other(void) { ldap_connector_adapter(0); }")
    #expect(try refusal(library.build(in: folder)).hasPrefix("lacks the function ldap_connector_adapter"))
  }

  @Test("A library with a core of its own is refused, for its types would be other types")
  func ownCore() throws {
    let library = CLibrary(
      code: CLibrary().code + "\nconst int descriptor __asm__(\"$s13ConnectorCore13VendorAdapterVMn\") = 1;")
    #expect(try refusal(library.build(in: folder)).hasPrefix("has a copy of ConnectorCore inside"))
  }

  @Test("Garbage, text and an empty file are no shared objects", arguments: ["", "#!/bin/sh\nexit 0\n", "\u{7F}EL"])
  func text(content: String) throws {
    let file = try folder.write("text.so", content)
    #expect(try refusal(file).hasPrefix("is no shared object"))
  }

  @Test("A program is no shared object, and neither is one of another processor")
  func otherKinds() throws {
    let path = try CLibrary().build(in: folder)
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    bytes[18] = 8  // EM_MIPS
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try refusal(path).hasPrefix("was built for another processor"))
    bytes[16] = 2  // ET_EXEC
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try refusal(path).hasPrefix("is no shared object"))
  }

  @Test("A library that was cut short anywhere is damaged, and never traps")
  func truncated() throws {
    let path = try CLibrary().build(in: folder)
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    for length in stride(from: 4, to: bytes.count - 1, by: 97) {
      let file = path + ".\(length).so"
      try Data(bytes[..<length]).write(to: URL(fileURLWithPath: file))
      chmod(file, 0o600)
      #expect(try refusal(file).hasPrefix("is damaged or cut short"), "\(length) of \(bytes.count)")
    }
  }

  @Test("What others may write is refused with the command that cures it", arguments: [0o777, 0o775, 0o757, 0o662])
  func modes(mode: mode_t) throws {
    let path = try CLibrary().build(in: folder)
    chmod(path, mode)
    let reason = try refusal(path)
    #expect(reason.contains(mode & 0o002 == 0 ? "its group may write" : "everybody may write"))
    #expect(reason.hasSuffix("run `chmod go-w \(path)`"))
  }

  @Test("A folder that others may write is refused, whatever the mode of the file", arguments: [0o775, 0o777, 0o1777])
  func folderMode(mode: mode_t) throws {
    let path = try CLibrary().build(in: folder)
    chmod(folder.path, mode)
    #expect(try refusal(path).hasSuffix("run `chmod go-w \(folder.path)`"))
    let error = #expect(throws: AdaptersRefused.self) {
      _ = try AdapterFolder.load(folder.path, beside: [], probe: AdapterProbe())
    }
    #expect(error?.refusals.map(\.file) == [folder.path])
  }

  @Test("A folder above that others may write is refused too: they could put another in its place")
  func folderAbove() throws {
    let inner = folder.path + "/inner"
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
    let file = inner + "/a.so"
    try FileManager.default.moveItem(atPath: CLibrary().build(in: folder), toPath: file)
    chmod(inner, 0o755)
    chmod(folder.path, 0o777)
    #expect(try refusal(file).hasSuffix("run `chmod go-w \(folder.path)`"))
  }

  @Test("A symbolic link counts as what it leads to")
  func link() throws {
    let elsewhere = try TemporaryFolder()
    chmod(elsewhere.path, 0o755)
    let target = try CLibrary().build(in: elsewhere)
    let link = folder.path + "/link.so"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    chmod(target, 0o666)
    #expect(try refusal(link).hasSuffix("run `chmod go-w \(target)`"))
    chmod(target, 0o755)
    chmod(elsewhere.path, 0o777)
    #expect(try refusal(link).hasSuffix("run `chmod go-w \(elsewhere.path)`"))
    try FileManager.default.removeItem(atPath: target)
    #expect(try refusal(link).hasPrefix("cannot be found"))
  }

  @Test("Another user's file is refused with the command that cures it")
  func owner() throws {
    guard geteuid() == 0 else { return try foreignFileOfRoot() }
    let path = try CLibrary().build(in: folder)
    chown(path, 12345, 12345)
    #expect(try refusal(path).contains("belongs to another user (12345)"))
    #expect(try refusal(path).contains("`chown root \(path)`"))
  }

  /// Only root can give files away; for everybody else root's files must pass this check.
  private func foreignFileOfRoot() throws {
    #expect(throws: Never.self) { try TrustedFile.checkFolder("/usr") }
  }

  @Test("What is no file is no library")
  func noFile() throws {
    let path = folder.path + "/folder.so"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(try refusal(path) == "is no file")
    #expect(try refusal(folder.path + "/missing.so").hasPrefix("cannot be found"))
    let pipe = folder.path + "/pipe.so"
    mkfifo(pipe, 0o600)
    #expect(try refusal(pipe) == "is no file")
  }

  @Test("Every refused file of a folder is named, in the order of their names; other files are passed over")
  func order() throws {
    _ = try folder.write("b.so", "text")
    _ = try folder.write("a.so", "text")
    _ = try folder.write("notes.txt", "text")
    let error = #expect(throws: AdaptersRefused.self) {
      _ = try AdapterFolder.load(folder.path, beside: [], probe: AdapterProbe())
    }
    #expect(error?.refusals.map(\.file) == [folder.path + "/a.so", folder.path + "/b.so"])
    #expect(error?.description.split(separator: "\n").count == 2)
  }

  @Test("An empty folder has no adapters")
  func empty() throws {
    #expect(try AdapterFolder.load(folder.path, beside: [], probe: AdapterProbe()).isEmpty)
  }

  @Test("A library that hands over nothing is refused")
  func nothing() throws {
    let path = try CLibrary().build(in: folder)
    let error = #expect(throws: AdaptersRefused.self) {
      _ = try AdapterFolder.load(file: path, beside: [], probe: nil)
    }
    #expect(error?.refusals.first?.reason.hasPrefix("hands over no adapter") == true)
  }
}

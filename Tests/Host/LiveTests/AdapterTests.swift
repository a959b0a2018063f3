import Foundation
import Testing

@testable import TestSupport

/// Libraries that the stock host must refuse, each as an operator meets it: with its reason and what to do.
@Suite struct AdapterTests {
  /// A shared object made from a few lines of C.
  struct Library {
    var version = 1
    /// Six digits; nil for this host's.
    var compiler: Int?
    var code = "void ldap_connector_adapter(const void *host) { (void)host; }"
    /// Changes the file after it was built.
    var after: @Sendable (String) throws -> Void = { _ in }

    /// Compiles it into a folder of its own; returns the folder.
    func build(in scratch: ScratchDirectory) async throws -> String {
      let folder = scratch.file("adapters")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      chmod(folder, 0o755)
      let compiler = if let compiler { compiler } else { try await AdapterTests.compiler() }
      let source = try scratch.write(
        """
        #include <stdint.h>
        #include <unistd.h>
        struct marker { uint64_t magic; uint32_t version, compiler; };
        __attribute__((section(".ldapconn_adapter"), used))
        static const struct marker marker = { 0x504441435041444Cu, \(version), \(compiler) };
        \(code)
        """, to: "a.c")
      let file = folder + "/a.so"
      let made = try await RunningCommand("/usr/bin/cc", ["-shared", "-fPIC", "-o", file, source]).wait()
      try #require(made.exitCode == 0, "\(made.summary)")
      chmod(file, 0o755)
      try after(file)
      return folder
    }
  }

  /// The compiler that this host's libraries need, as the marker writes it.
  private static func compiler() async throws -> Int {
    let list = try await Command.run(["adapter", "list", "--json"])
    let facts = try JSONSerialization.jsonObject(with: Data(list.standardOutputBytes)) as? [String: Any]
    let text = try #require((facts?["api"] as? [String: Any])?["compiler"] as? String)
    return text.split(separator: ".").reduce(0) { $0 * 100 + (Int($1) ?? 0) }
  }

  /// Builds a library, and runs a command that would connect; the host must refuse before it does.
  private func expectRefusal(
    _ library: Library, _ reason: String, _ more: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let scratch = try ScratchDirectory()
    let folder = try await library.build(in: scratch)
    let result = try await Command.run(["detect", "ldap://127.0.0.1:1", "--adapters", folder])
    #expect(result.exitCode == 2, "\(result.summary)", sourceLocation: sourceLocation)
    let text = result.standardError
    #expect(text.contains("adapter refused: \(folder)"), "\(text)", sourceLocation: sourceLocation)
    #expect(text.contains(reason) && text.contains(more ?? reason), "\(text)", sourceLocation: sourceLocation)
  }

  @Test func anotherAdapterAPIIsRefused() async throws {
    try await expectRefusal(Library(version: 2), "was built for adapter API 2", "rebuild it with those")
  }

  @Test func anotherCompilerIsRefused() async throws {
    try await expectRefusal(Library(compiler: 50900), "was built with Swift 5.9.0", "rebuild it with those")
  }

  @Test func aMissingEntryPointIsRefused() async throws {
    try await expectRefusal(Library(code: ""), "lacks the function ldap_connector_adapter")
  }

  @Test func garbageIsRefused() async throws {
    let bytes = Data((0..<9999).map { UInt8(truncatingIfNeeded: $0 * 7) })
    let garbage = Library(after: { try bytes.write(to: .init(filePath: $0)) })
    try await expectRefusal(garbage, "is no shared object")
    let text = Library(after: { try Data("#!/bin/sh\nexit 0\n".utf8).write(to: .init(filePath: $0)) })
    try await expectRefusal(text, "is no shared object")
  }

  @Test func aTruncatedLibraryIsRefused() async throws {
    let half = Library(after: { file in
      let bytes = try Data(contentsOf: .init(filePath: file))
      try bytes.prefix(bytes.count / 2).write(to: .init(filePath: file))
    })
    try await expectRefusal(half, "is damaged or cut short")
  }

  @Test func whatOthersMayWriteIsRefused() async throws {
    try await expectRefusal(Library(after: { chmod($0, 0o777) }), "everybody may write", "chmod go-w")
    let folder = Library(after: { chmod(($0 as NSString).deletingLastPathComponent, 0o775) })
    try await expectRefusal(folder, "its group may write", "chmod go-w")
    let link = Library(after: { file in
      let target = ((file as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent + "/target"
      try FileManager.default.moveItem(atPath: file, toPath: target)
      try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: target)
      chmod(target, 0o757)
    })
    try await expectRefusal(link, "everybody may write", "/target")
  }

  @Test func aLibraryThatCrashesTakesOnlyTheTrialDown() async throws {
    let atLoad = "__attribute__((constructor)) static void start(void) { *(volatile int *)0 = 1; }\n"
    try await expectRefusal(Library(code: atLoad + Library().code), "crashed the process", "Segmentation fault")
    let whenCalled = "void ldap_connector_adapter(const void *host) { (void)host; __builtin_trap(); }"
    try await expectRefusal(Library(code: whenCalled), "crashed the process")
    let leaving = "void ldap_connector_adapter(const void *host) { (void)host; _exit(7); }"
    try await expectRefusal(Library(code: leaving), "ended the process", "with exit code 7")
  }

  @Test func aLibraryThatHangsIsGivenUp() async throws {
    let code = "__attribute__((constructor)) static void start(void) { for (;;) pause(); }\n"
    try await expectRefusal(Library(code: code + Library().code), "was not loaded within 10s")
  }

  @Test func aSymbolThatThisHostLacksIsNamed() async throws {
    let code = "void no_such_thing(void); void ldap_connector_adapter(const void *h) { (void)h; no_such_thing(); }"
    try await expectRefusal(Library(code: code), "cannot be loaded into this host", "no_such_thing")
  }

  @Test func typesOfOtherSizesAreRefusedBeforeOneIsPassed() async throws {
    // What a library of another release would do first: state the sizes that its compiler saw.
    let code = """
      #include <dlfcn.h>
      static const char name[] = "$s13ConnectorCore14AdapterLibraryO9isWelcome9builtWith2toSbs6UInt64V_SVtFZ";
      void ldap_connector_adapter(const void *host) {
        _Bool (*welcome)(uint64_t, const void *) = dlsym(0 /* RTLD_DEFAULT */, name);
        if (welcome(5, host)) __builtin_trap();
      }
      """
    try await expectRefusal(Library(code: code), "was built with another release of ConnectorCore", "rebuild it")
  }

  @Test func aLibraryThatHandsOverNothingIsRefused() async throws {
    try await expectRefusal(Library(), "hands over no adapter")
  }
}

import ConnectorCore
import Foundation
import Glibc

/// A shared object made from a few lines of C, with a marker that tests can bend.
struct CLibrary {
  var magic = AdapterLibrary.magic
  var version = AdapterLibrary.version
  var compiler = AdapterLibrary.compiler
  /// The marker's declaration; nil for the usual one.
  var marker: String?
  /// What else the source holds: the entry point, unless a test wants none.
  var code = "void ldap_connector_adapter(const void *host) { (void)host; }"

  private var source: String {
    let usual = """
      struct marker { uint64_t magic; uint32_t version, compiler; };
      __attribute__((section(".ldapconn_adapter"), used))
      static const struct marker marker = { \(magic)u, \(version), \(compiler) };
      """
    return "#include <stdint.h>\n" + (marker ?? usual) + "\n" + code + "\n"
  }

  /// Compiles it; returns the path.
  func build(in folder: TemporaryFolder, as name: String = "a.so") throws -> String {
    let text = try folder.write(name + ".c", source)
    let path = folder.path + "/" + name
    let status = system("cc -shared -fPIC -o '\(path)' '\(text)' && chmod 755 '\(path)'")
    guard status == 0 else { throw CLibraryError() }
    return path
  }

  private struct CLibraryError: Error {}
}

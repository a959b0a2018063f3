import ConnectorCore

/// What a library states about itself in its file, compared with this host.
enum AdapterMarker {
  /// The section that holds the marker.
  static let section = ".ldapconn_adapter"
  /// The function where the host enters the library.
  static let entryPoint = "ldap_connector_adapter"

  /// Refuses a file whose code must not run in this process.
  static func check(_ image: ELFImage) throws(AdapterProblem) {
    guard let marker = image.section(section) else {
      throw AdapterProblem(
        "has no section \(section), so it is no adapter library; `ldap-connector adapter new` writes the source that "
          + "makes one")
    }
    guard marker.count == 16, marker.number(0, of: UInt64.self) == AdapterLibrary.magic,
      let version = marker.number(8, of: UInt32.self), let compiler = marker.number(12, of: UInt32.self)
    else { throw AdapterProblem("has a section \(section) that is no marker; see `ldap-connector adapter new`") }
    guard version == AdapterLibrary.version else {
      throw AdapterProblem("was built for adapter API \(version), and this host has \(rebuild)")
    }
    guard AdapterLibrary.compiler != 0 else {
      throw AdapterProblem(
        "cannot be taken: this host was built with a Swift compiler that it has no number for; build it with one that "
          + "`AdapterLibrary.compiler` lists, or compile the adapter into a host of your own")
    }
    guard compiler == AdapterLibrary.compiler else {
      throw AdapterProblem("was built with Swift \(text(ofCompiler: compiler)), and this host has \(rebuild)")
    }
    try checkSymbols(image)
  }

  /// A second core in the process would have a second set of types, and the two would not know each other.
  private static func checkSymbols(_ image: ELFImage) throws(AdapterProblem) {
    let symbols = image.symbols
    guard symbols.contains(entryPoint) else {
      throw AdapterProblem("lacks the function \(entryPoint); `ldap-connector adapter new` writes it")
    }
    guard !symbols.contains("$s13ConnectorCore13VendorAdapterVMn") else {
      throw AdapterProblem(
        "has a copy of ConnectorCore inside; depend on the product LDAPConnector and on no other of ldap-connector")
    }
  }

  /// What an author has to do, as the end of a sentence.
  static var rebuild: String {
    "adapter API \(AdapterLibrary.version), Swift \(text(ofCompiler: AdapterLibrary.compiler)); rebuild it with those"
  }

  /// 60301 as 6.3.1.
  static func text(ofCompiler number: UInt32) -> String {
    "\(number / 10000).\(number / 100 % 100).\(number % 100)"
  }
}

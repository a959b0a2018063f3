import ConnectorCore
import Glibc

/// Loads a library whose file was checked, and takes its adapters.
enum AdapterEntry {
  private typealias Function = @convention(c) (UnsafeRawPointer) -> Void

  /// Runs code of the library. It is never unloaded, not even where it is refused: Swift keeps what it knows of types
  /// for ever.
  static func adapters(of path: String) throws(AdapterProblem) -> [VendorAdapter] {
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
      let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
      throw AdapterProblem("cannot be loaded into this host, which has \(AdapterMarker.rebuild): \(reason)")
    }
    guard let symbol = dlsym(library, AdapterMarker.entryPoint) else {
      throw AdapterProblem("lacks the function \(AdapterMarker.entryPoint)")
    }
    let intake = AdapterIntake()
    withExtendedLifetime(intake) {
      unsafeBitCast(symbol, to: Function.self)(Unmanaged.passUnretained(intake).toOpaque())
    }
    if intake.isForeign {
      throw AdapterProblem(
        "was built with another release of ConnectorCore, whose types have other sizes; rebuild it with this host's")
    }
    guard !intake.adapters.isEmpty else {
      throw AdapterProblem("hands over no adapter; its \(AdapterMarker.entryPoint) must call AdapterLibrary.handOver")
    }
    return intake.adapters
  }
}

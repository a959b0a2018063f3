package import ConnectorCore
import Foundation

/// An adapter that came from a shared object.
package struct LoadedAdapter: Sendable {
  package let adapter: VendorAdapter
  /// The shared object, as it was named.
  package let file: String
}

/// Adapters of others as shared objects: each is looked at from outside, then tried in a child, then loaded.
package enum AdapterFolder {
  /// Loads every `*.so` of a folder, in the order of their names; blocks.
  /// - Parameter present: the adapters that the host has; no other may take their names.
  package static func load(
    _ folder: String, beside present: [VendorAdapter], probe: AdapterProbe
  ) throws(AdaptersRefused) -> [LoadedAdapter] {
    var loaded: [LoadedAdapter] = []
    var refusals: [AdaptersRefused.Refusal] = []
    for file in try files(in: folder) {
      do throws(AdaptersRefused) {
        loaded += try load(file: file, beside: present + loaded.map(\.adapter), probe: probe)
      } catch {
        refusals += error.refusals
      }
    }
    guard refusals.isEmpty else { throw AdaptersRefused(refusals) }
    return loaded
  }

  /// Loads one shared object; blocks.
  package static func load(
    file: String, beside present: [VendorAdapter], probe: AdapterProbe?
  ) throws(AdaptersRefused) -> [LoadedAdapter] {
    do throws(AdapterProblem) {
      let trusted = try TrustedFile(file)
      try AdapterMarker.check(ELFImage(trusted.bytes))
      try probe?.run(trusted.path)
      let adapters = try AdapterEntry.adapters(of: trusted.path)
      for (index, adapter) in adapters.enumerated() {
        try checkName(adapter.name, present.map(\.name) + adapters[..<index].map(\.name))
      }
      return adapters.map { LoadedAdapter(adapter: $0, file: file) }
    } catch {
      throw AdaptersRefused(file, error)
    }
  }

  private static func files(in folder: String) throws(AdaptersRefused) -> [String] {
    do throws(AdapterProblem) {
      try TrustedFile.checkFolder(folder)
    } catch {
      throw AdaptersRefused(folder, error)
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw AdaptersRefused(folder, AdapterProblem("cannot be listed; this account needs the right to read it"))
    }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return names.filter { $0.hasSuffix(".so") }.sorted().map { prefix + $0 }
  }

  private static func checkName(_ name: String, _ taken: [String]) throws(AdapterProblem) {
    guard isWellFormed(name) else {
      throw AdapterProblem("hands over an adapter named “\(name)”; use lower-case letters, digits and `-`")
    }
    guard !taken.contains(name), !["auto", "generic", "refused"].contains(name) else {
      throw AdapterProblem("hands over an adapter named `\(name)`, and there is one of that name; choose another name")
    }
  }

  /// Whether a text can be an adapter's name: lower-case letters, digits and `-`, a letter or digit first.
  static func isWellFormed(_ name: String) -> Bool {
    name.first != "-" && !name.isEmpty
      && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
  }
}

extension HostContext {
  /// This context with the adapters of a folder beside its own; without a folder, this context.
  package func loading(_ folder: String?) async throws -> HostContext {
    guard let folder else { return self }
    var context = self
    context.loaded = try await Self.offPool { [adapters, probe] in
      try AdapterFolder.load(folder, beside: adapters, probe: probe)
    }
    context.adapters += context.loaded.map(\.adapter)
    context.adapterFolder = folder
    return context
  }

  /// Runs what blocks on a thread of its own.
  static func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
  }
}

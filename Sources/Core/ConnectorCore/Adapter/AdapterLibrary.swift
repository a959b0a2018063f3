/// How a shared object hands its adapters to a host that was not built with it.
///
/// Such a library has two things: a marker in the ELF section `.ldapconn_adapter`, which the host reads before it runs
/// any code of the library, and the function `ldap_connector_adapter`, which calls ``handOver(_:to:)``.
/// `ldap-connector adapter new` writes both.
public enum AdapterLibrary {
  /// What a library states about itself: the word `LDAPCADP`, the version of the adapter API, and the version of the Swift
  /// compiler as six digits (60301 is 6.3.1).
  ///
  /// The name ends with the API's version: a source that states an old one does not compile against a newer core.
  public typealias Marker1 = (UInt64, UInt32, UInt32)

  /// Gives adapters to the host that called the library; nothing of them is made if the host finds that the library was
  /// built with other declarations than its own.
  ///
  /// - Parameters:
  ///   - adapters: what the library has to give.
  ///   - host: what the host passed to `ldap_connector_adapter`.
  @export(implementation)
  public static func handOver(_ adapters: @autoclosure () -> [VendorAdapter], to host: UnsafeRawPointer) {
    if isWelcome(builtWith: layout, to: host) { take(adapters(), host) }
  }

  /// The sizes of the public types as the compiler of the *caller* saw them, folded into one number (FNV-1a).
  ///
  /// The compiler turns it into constants inside the library, for the body is not called but copied there: so it is a
  /// fingerprint that no author writes by hand and that costs nothing, and it is compared before a value with such a
  /// layout passes. A changed signature shows earlier, as a symbol that is missing when the library is loaded. What
  /// neither shows is a changed protocol, or fields that changed places: for these `version` is raised.
  @export(implementation)
  public static var layout: UInt64 {
    let sizes = [
      MemoryLayout<VendorAdapter>.size, MemoryLayout<LinkedAttributes>.size, MemoryLayout<AnchorPolicy>.size,
      MemoryLayout<ImmutableID>.size, MemoryLayout<ServerEvidence>.size, MemoryLayout<Detection>.size,
      MemoryLayout<Detection.Reason>.size, MemoryLayout<RuleDetector>.size, MemoryLayout<RuleDetector.Rule>.size,
      MemoryLayout<DeltaSettings>.size, MemoryLayout<Readiness>.size, MemoryLayout<Readiness.Finding>.size,
      MemoryLayout<Watermark>.size, MemoryLayout<DeltaMethod>.size, MemoryLayout<WatermarkLost>.size,
      MemoryLayout<Continuity>.size, MemoryLayout<Hint>.size, MemoryLayout<HintBatch>.size, MemoryLayout<RootDSE>.size,
      MemoryLayout<Schema>.size, MemoryLayout<AttributeType>.size, MemoryLayout<ObjectClass>.size,
      MemoryLayout<Entry>.size, MemoryLayout<EntryBatch>.size, MemoryLayout<AttributeDescription>.size,
      MemoryLayout<DN>.size, MemoryLayout<RDN>.size, MemoryLayout<RDN.Assertion>.size, MemoryLayout<DNNormalizer>.size,
      MemoryLayout<Filter>.size, MemoryLayout<SearchRequest>.size, MemoryLayout<SearchSummary>.size,
      MemoryLayout<ReadAnswer>.size, MemoryLayout<Control>.size, MemoryLayout<ResultCode>.size,
      MemoryLayout<DirectoryError>.size, MemoryLayout<GeneralizedTime>.size,
    ]
    return sizes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64(truncatingIfNeeded: $1)) &* 0x100_0000_01B3 }
  }

  @usableFromInline
  static func isWelcome(builtWith layout: UInt64, to host: UnsafeRawPointer) -> Bool {
    Unmanaged<AdapterIntake>.fromOpaque(host).takeUnretainedValue().isWelcome(layout)
  }

  @usableFromInline
  static func take(_ adapters: [VendorAdapter], _ host: UnsafeRawPointer) {
    Unmanaged<AdapterIntake>.fromOpaque(host).takeUnretainedValue().adapters += adapters
  }
}

extension AdapterLibrary {
  /// The first field of the marker: `LDAPCADP` as bytes in memory order.
  package static let magic: UInt64 = 0x5044_4143_5041_444C
  /// Raised, with the name of the marker, by every change of a public declaration that an adapter may rely on.
  package static let version: UInt32 = 1

  /// The compiler that this core was built with, as the marker writes it; 0 for one that is not in the list.
  package static var compiler: UInt32 {
    #if compiler(>=6.3.5)
      0
    #elseif compiler(>=6.3.4)
      60304
    #elseif compiler(>=6.3.3)
      60303
    #elseif compiler(>=6.3.2)
      60302
    #elseif compiler(>=6.3.1)
      60301
    #else
      60300
    #endif
  }
}

/// Where the host receives what a library hands over; lives as long as the call of the library's function.
package final class AdapterIntake {
  /// What was handed over.
  package internal(set) var adapters: [VendorAdapter] = []
  /// Whether the library was built with other declarations; it then handed over nothing.
  package private(set) var isForeign = false
  /// Whether the library used the intake at all.
  package private(set) var wasCalled = false

  package init() {}

  func isWelcome(_ layout: UInt64) -> Bool {
    wasCalled = true
    if layout != AdapterLibrary.layout { isForeign = true }
    return !isForeign
  }
}

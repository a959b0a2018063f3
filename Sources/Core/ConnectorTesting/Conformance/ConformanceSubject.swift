public import ConnectorCore

/// An adapter under test, and what it is tested with.
public struct ConformanceSubject: Sendable {
  /// The adapter.
  public var adapter: VendorAdapter
  /// Fixtures of its product: it must recognise them.
  public var own: [Fixture]
  /// Fixtures of other products: it must not win there.
  public var foreign: [Fixture]
  /// The adapters that it runs beside; a fixture of one of them is won by the one that scores higher.
  public var rivals: [VendorAdapter]
  /// Makes an empty directory that tells of changes as the product does, with these partitions.
  public var makeDirectory: @Sendable (_ partitions: [String]) -> MemoryDirectory
  /// Promises that the adapter cannot keep, with the reason; it must say so itself where it matters.
  public var cannot: [Promise.ID: String]
  /// Gives the reader through which the adapter's delta sees a directory; by default the directory itself.
  ///
  /// It is asked anew for each call of the strategy, so that a session to a server can stand between the two. What it
  /// throws counts as an error of that call.
  public var reader: @Sendable (MemoryDirectory) async throws -> any DirectoryReader = { $0 }

  /// Describes a subject; by default the directory keeps time stamps and the adapter's immutable ID, and has no log.
  public init(
    _ adapter: VendorAdapter, own: [Fixture] = [], foreign: [Fixture] = [], rivals: [VendorAdapter] = [],
    cannot: [Promise.ID: String] = [:], makeDirectory: (@Sendable (_ partitions: [String]) -> MemoryDirectory)? = nil
  ) {
    self.adapter = adapter
    self.own = own
    self.foreign = foreign
    self.rivals = rivals
    self.cannot = cannot
    let keeps = adapter.immutableID.map { id in
      OperationalAttributes(ids: [(id.attribute, id.form == .hexadecimal ? .octets : .uuid)])
    }
    self.makeDirectory =
      makeDirectory ?? { MemoryDirectory(partitions: $0, flavour: .timestamp(keeps: keeps ?? .entryUUID)) }
  }
}

/// How an UnboundID in-memory server is set up.
package struct UnboundIDOptions: Sendable {
  /// Logged by this server like any other write.
  package var seed = DirectorySeed.none
  /// What the root DSE says of the product: the server can pose as others that keep a log of the same draft.
  package var vendorName = "UnboundID Corp."
  package var vendorVersion = "UnboundID Directory Server 4.5.1.0"
  /// How many records the log holds at most: with the next one, the oldest goes.
  package var maxChanges = 100_000

  package init() {}

  /// Options changed in place: `.with { $0.maxChanges = 5 }`.
  package static func with(_ change: (inout UnboundIDOptions) -> Void) -> UnboundIDOptions {
    var options = UnboundIDOptions()
    change(&options)
    return options
  }
}

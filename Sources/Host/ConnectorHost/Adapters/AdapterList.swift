import ConnectorCore

/// The facts of `adapter list` under stable names.
struct AdapterList: Encodable {
  /// What a library must have been built with to be loaded.
  struct API: Encodable {
    var version = AdapterLibrary.version
    var compiler = AdapterMarker.text(ofCompiler: AdapterLibrary.compiler)
  }

  /// One adapter.
  struct Row: Encodable {
    var name: String
    var title: String
    var anchor: String
    var immutableID: String?
    /// Whether it can find what changed.
    var delta: Bool
    /// By which method it does, or what to do instead.
    var deltaText: String
    /// Why the product is not served; nil where it is.
    var refusal: String?
    /// `built in`, or the shared object.
    var origin: String
  }

  var api = API()
  var adapters: [Row]

  init(_ context: HostContext) {
    adapters = context.adapters.map { adapter in
      Row(adapter, origin: context.loaded.first { $0.adapter.name == adapter.name }?.file ?? "built in")
    }
  }

  /// The list for a person.
  var text: String {
    let rows = adapters.map { row in
      """
      \(row.name): \(row.title)
        anchor \(row.anchor), immutable ID \(row.immutableID ?? "none")
        \(row.refusal.map { "not served: \($0)" } ?? (row.delta ? "delta import \(row.deltaText)" : row.deltaText))
        \(row.origin)
      """
    }
    let end = "Libraries need adapter API \(api.version) and Swift \(api.compiler); see `adapter --help`."
    return (rows + [end]).joined(separator: "\n")
  }
}

extension AdapterList.Row {
  fileprivate init(_ adapter: VendorAdapter, origin: String) {
    let nothing = ServerEvidence(rootDSE: RootDSE(Entry(dn: "", attributes: [])), schema: Schema())
    let strategy = adapter.delta(DeltaSettings(evidence: nothing))
    self.init(
      name: adapter.name, title: adapter.title, anchor: adapter.anchor.name,
      immutableID: adapter.immutableID?.attribute.string, delta: strategy != nil,
      deltaText: strategy.map { "by \($0.method)" } ?? adapter.deltaUnavailable,
      refusal: adapter.detector.detect(nothing).refusal, origin: origin)
  }
}

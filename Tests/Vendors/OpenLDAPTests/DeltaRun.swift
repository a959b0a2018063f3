import ConnectorCore
import Synchronization

@testable import OpenLDAPAdapter

/// One delta import as the engine runs it: continuity, hints, and the watermark for the next.
struct DeltaRun {
  var hints: [Hint]
  var watermark: Watermark

  /// The IDs hinted, sorted.
  var ids: [String] { hints.compactMap(\.id).sorted() }
}

let partition = DN(rdns: [RDN(type: "dc", text: "example"), RDN(type: "dc", text: "com")])

func strategy(_ change: (inout DeltaSettings) -> Void = { _ in }) -> AccesslogDelta {
  let root = RootDSE(entry("", ["namingContexts": ["dc=example,dc=com"]]))
  var settings = DeltaSettings(evidence: ServerEvidence(rootDSE: root, schema: Schema()))
  change(&settings)
  return AccesslogDelta(settings: settings, patience: (3, .milliseconds(1)))
}

extension AccesslogDelta {
  func run(since watermark: Watermark, _ reader: any DirectoryReader) async throws -> DeltaRun {
    let collected = Mutex<(hints: [Hint], checkpoint: Watermark?)>(([], nil))
    try await hints(since: watermark, in: partition, reader) { batch in
      collected.withLock { collected in
        collected.hints += batch.hints
        collected.checkpoint = batch.checkpoint
      }
    }
    let result = collected.withLock { $0 }
    guard let checkpoint = result.checkpoint else { throw WatermarkLost("the last batch had no checkpoint") }
    return DeltaRun(hints: result.hints, watermark: checkpoint)
  }
}

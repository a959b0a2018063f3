import ConnectorCore
import ConnectorTesting
import Synchronization

/// A detector made of a closure.
private struct Detecting: Detector {
  var markers: [String]
  let verdict: @Sendable (ServerEvidence) -> Detection

  func detect(_ evidence: ServerEvidence) -> Detection { verdict(evidence) }
}

private let right = RuleDetector(Acme.rules)

private func detecting(
  markers: [String] = right.markers, _ verdict: @escaping @Sendable (ServerEvidence) -> Detection
) -> @Sendable (inout ConformanceSubject) -> Void {
  { $0.adapter.detector = Detecting(markers: markers, verdict: verdict) }
}

/// The correct verdict, with more reasons.
private func adding(
  _ more: @escaping @Sendable (ServerEvidence) -> [Detection.Reason]
) -> @Sendable (inout ConformanceSubject) -> Void {
  detecting { Detection(right.detect($0).reasons + more($0)) }
}

private func hasValue(_ evidence: ServerEvidence, _ test: ([UInt8]) -> Bool) -> Bool {
  evidence.rootDSE.entry.attributes.contains { $0.1.contains(where: test) }
}

extension Saboteur {
  static let detection = [
    Saboteur("detect.own-wins", "is too modest", adding { _ in [.init(-60, "modesty")] }),
    Saboteur("detect.foreign-loses", "claims every server", adding { _ in [.init(300, "greed")] }),
    Saboteur(
      "detect.empty-evidence", "counts absence",
      adding { $0.rootDSE.vendorName == nil ? [.init(60, "no vendorName")] : [] }),
    Saboteur(
      "detect.without-schema", "needs the schema",
      detecting { $0.schema.defines("acmePerson") ? right.detect($0) : Detection([]) }),
    Saboteur(
      "detect.without-one-attribute", "needs one attribute",
      detecting { $0.rootDSE.vendorName == nil ? Detection([]) : right.detect($0) }),
    Saboteur(
      "detect.letter-case", "compares letter case",
      detecting { evidence in
        evidence.rootDSE.vendorName == "Acme Corporation" ? right.detect(evidence) : Detection([])
      }),
    Saboteur(
      "detect.order", "looks at the first attribute",
      adding { $0.rootDSE.entry.attributes.first?.0 == "objectClass" ? [] : [.init(-10, "a strange order")] }),
    Saboteur(
      "detect.unknown-attributes", "counts attributes",
      adding { $0.rootDSE.entry.attributeCount > 20 ? [.init(-10, "a long root DSE")] : [] }),
    Saboteur(
      "detect.copied-marker", "knows no contradiction",
      detecting { $0.rootDSE.value("acmeServerID") == nil ? right.detect($0) : Detection([.init(100, "acmeServerID")]) }
    ),
    Saboteur(
      "detect.huge-values", "is impressed by length",
      adding { hasValue($0) { $0.count > 100_000 } ? [.init(300, "a long value")] : [] }),
    Saboteur(
      "detect.hostile-bytes", "takes a NUL for a sign",
      adding { hasValue($0) { $0.contains(0) } ? [.init(300, "a NUL")] : [] }),
    Saboteur(
      "detect.score-in-range", "sets a score beyond 100",
      detecting {
        var detection = right.detect($0)
        detection.score += 100
        return detection
      }),
    Saboteur(
      "detect.reasons-add-up", "gives no reasons",
      detecting {
        var detection = right.detect($0)
        detection.reasons = []
        return detection
      }),
    Saboteur("detect.markers-complete", "does not say what it looks at", detecting(markers: []) { right.detect($0) }),
    Saboteur("detect.repeatable", "changes its mind") { subject in
      let asked = Counter()
      subject.adapter.detector = Detecting(markers: []) { _ in Detection([.init(asked.next() % 2, "a whim")]) }
    },
    Saboteur("detect.version-of-nothing", "makes a version up") { $0.adapter.version = { _ in "1.0" } },
  ]

  static let anchors = [
    Saboteur("adapter.name", "has a name with a space") { $0.adapter.name = "acme directory" },
    Saboteur("adapter.as-expected", "has another change log") { $0.adapter.changeLogDN = "cn=log" },
    Saboteur("adapter.log-is-no-partition", "imports the log") { $0.adapter.contextsWithoutEntries = [] },
    Saboteur("adapter.unavailable-says-why", "does not say why it has no delta") {
      $0.adapter.delta = { _ in nil }
      $0.adapter.deltaUnavailable = "no"
    },
    Saboteur("anchor.present", "names an attribute that no entry has") {
      $0.adapter.immutableID = ImmutableID("acmeKey")
    },
    Saboteur("anchor.unique", "takes what all persons share") {
      $0.adapter.anchor = .attribute(ImmutableID("objectClass"))
    },
    Saboteur("anchor.stable-over-modify", "takes a time") { $0.adapter.immutableID = ImmutableID("modifyTimestamp") },
    Saboteur("anchor.stable-over-rename", "takes the name") { $0.adapter.immutableID = ImmutableID("uid") },
    Saboteur("anchor.stable-over-move", "takes the DN") { $0.adapter.immutableID = ImmutableID("entryDN") },
    Saboteur("anchor.recreated-differs", "takes what people write") { $0.adapter.immutableID = ImmutableID("cn") },
    Saboteur("anchor.text-form", "reads bytes as text") { $0.adapter.immutableID = ImmutableID("acmeGUID") },
    Saboteur("anchor.filter-finds", "writes bytes as text") { $0.adapter.immutableID = ImmutableID("acmeGUID") },
    Saboteur("anchor.base-finds", "has a base that the product does not know") {
      $0.adapter.immutableID = ImmutableID("entryUUID", baseTemplate: "<UUID={id}>")
    },
  ]
}

/// Counts calls.
final class Counter: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}

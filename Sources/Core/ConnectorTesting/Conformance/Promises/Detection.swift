import ConnectorCore

extension Promise {
  static let detection: [Promise] = recognising + weighing

  private static let recognising = [
    Promise(
      "detect.own-wins", .detection, "The adapter wins on every fixture of its product.",
      remedy: "Look at the fixture's root DSE and schema for what this product alone says, and let the signs add up"
    ) { trial in
      for fixture in trial.subject.own { try trial.expectWin(fixture.evidence(), fixture.name) }
    },
    Promise(
      "detect.foreign-loses", .detection, "The adapter wins on no fixture of another product.",
      remedy: "Weigh what the other product says and yours does not as a contradiction, with points taken away"
    ) { trial in
      for fixture in trial.subject.foreign { try trial.expectLoss(fixture.evidence(), fixture.name) }
    },
    Promise(
      "detect.empty-evidence", .detection, "A server that says nothing of itself is not recognised.",
      remedy: "Give no points for what is absent"
    ) { trial in
      try trial.expectLoss(Evidence.empty.evidence, "an empty root DSE")
      let plain = Evidence(root: ["objectClass": ["top"], "supportedLDAPVersion": ["3"]])
      try trial.expectLoss(plain.evidence, "a root DSE that says nothing but LDAP 3")
    },
    Promise(
      "detect.without-schema", .detection, "The product is recognised by its root DSE where the schema is hidden.",
      remedy: "Let attributes of the root DSE alone reach 50 points"
    ) { trial in
      try trial.forOwn { evidence, name in
        evidence.schema = Schema()
        try trial.expectWin(evidence.evidence, "\(name) without its schema")
      }
    },
    Promise(
      "detect.without-one-attribute", .detection,
      "A product that shows all else is recognised whichever attribute of its root DSE is hidden.",
      remedy: "Let no single attribute decide alone: give others, or the schema, enough points to reach 50 without it"
    ) { trial in
      guard let (evidence, name) = trial.fullestOwn else { return }
      for (hidden, _) in evidence.root {
        var less = evidence
        less.root[hidden] = []
        try trial.expectWin(less.evidence, "\(name) without \(hidden)")
      }
    },
    Promise(
      "detect.letter-case", .detection, "Letter case of names and values does not matter.",
      remedy: "Compare values in lower case; look attributes up by AttributeDescription, not by text"
    ) { trial in
      try trial.forOwn { evidence, name in
        let (lower, upper) = (evidence.spelled { $0.lowercased() }, evidence.spelled { $0.uppercased() })
        try trial.expectWin(lower.evidence, "\(name) in lower case")
        try trial.expectWin(upper.evidence, "\(name) in upper case")
      }
    },
    Promise(
      "detect.order", .detection, "The order of attributes and values does not matter.",
      remedy: "Look at all values of an attribute, not at the first"
    ) { trial in
      try trial.forOwn { evidence, name in
        try trial.expectSameScore(evidence, evidence.reversed, "\(name) with everything in reverse order")
      }
    },
    Promise(
      "detect.unknown-attributes", .detection, "Attributes that the adapter does not know change nothing.",
      remedy: "Weigh attributes by name; do not count them"
    ) { trial in
      try trial.forOwn { evidence, name in
        var more = evidence
        for number in 0..<50 { more.root.set(AttributeDescription("x-unknown-\(number)"), "value \(number)") }
        try trial.expectSameScore(evidence, more, "\(name) with 50 unknown attributes")
      }
    },
  ]

  private static let weighing = [
    Promise(
      "detect.copied-marker", .detection,
      "One attribute copied from the product does not make another product this one.",
      remedy: "Weigh what this product never says as a contradiction that outweighs any single marker"
    ) { trial in
      for foreign in trial.subject.foreign {
        for (name, values) in trial.ownMarkers {
          var evidence = Evidence(foreign)
          evidence.root[name] += values
          try trial.expectLoss(evidence.evidence, "\(foreign.name) with \(name) copied")
        }
      }
    },
    Promise(
      "detect.huge-values", .detection, "Values of a quarter megabyte, and hundreds of values, neither win nor fail.",
      remedy: "Do not cut values into pieces or repeat work a value"
    ) { trial in
      let huge = String(repeating: "x", count: 1 << 18)
      let many = Array(repeating: "1.2.3.4", count: 500)
      try trial.expectLoss(trial.marked(with: [huge] + many).evidence, "huge values in every marker")
    },
    Promise(
      "detect.hostile-bytes", .detection, "NULs, bytes that are no text and empty values neither win nor trap.",
      remedy: "Take values as they come; use no index that a short value does not have"
    ) { trial in
      for bytes in [[], [0], [0xFF, 0xFE, 0x00], Array("\0\0)(*\\".utf8), [0xED, 0xA0, 0x80]] as [[UInt8]] {
        var evidence = Evidence.empty
        for name in trial.markers + ["objectClass", "namingContexts"] { evidence.root[name] = [bytes] }
        try trial.expectLoss(evidence.evidence, "the bytes \(bytes) in every marker")
      }
    },
    Promise(
      "detect.score-in-range", .detection, "A score lies between 0 and 100.",
      remedy: "Make a Detection of its reasons; do not set the score"
    ) { trial in
      for (evidence, name) in trial.everyEvidence {
        let score = trial.adapter.detector.detect(evidence).score
        try expect((0...100).contains(score), "\(name): the score is \(score)")
      }
    },
    Promise(
      "detect.reasons-add-up", .detection, "The reasons explain the score: their points, cut to 0…100, are its sum.",
      remedy: "Make a Detection of its reasons, contradictions included"
    ) { trial in
      for (evidence, name) in trial.everyEvidence {
        let detection = trial.adapter.detector.detect(evidence)
        let sum = min(100, max(0, detection.reasons.reduce(0) { $0 + $1.points }))
        try expect(sum == detection.score, "\(name): the score is \(detection.score), the reasons add up to \(sum)")
        try expect(detection.reasons.allSatisfy { !$0.fact.isEmpty }, "\(name): a reason has no words")
      }
    },
    Promise(
      "detect.markers-complete", .detection, "Every attribute that the adapter looks at is asked for by name.",
      remedy: "Name in `markers` what the detector reads beyond the root DSE of RFC 4512"
    ) { trial in
      try trial.forOwn { evidence, name in
        let asked = Set(trial.markers + Evidence.standard)
        var shown = evidence
        for (attribute, _) in evidence.root where !asked.contains(attribute) { shown.root[attribute] = [] }
        try trial.expectSameScore(evidence, shown, "\(name) read by the names in `markers` alone")
      }
    },
    Promise(
      "detect.repeatable", .detection, "The same evidence gives the same verdict.",
      remedy: "Keep no state in the detector"
    ) { trial in
      for (evidence, name) in trial.everyEvidence {
        let verdicts = (0..<3).map { _ in trial.adapter.detector.detect(evidence) }
        try expect(verdicts.allSatisfy { $0 == verdicts[0] }, "\(name): asked three times, it gave different verdicts")
      }
    },
    Promise(
      "detect.version-of-nothing", .detection, "A server that tells no version has none.",
      remedy: "Return nil from `version` where the evidence says nothing"
    ) { trial in
      let version = trial.adapter.version(Evidence.empty.evidence)
      try expect(version == nil, "the version of an empty root DSE is “\(version ?? "")”")
    },
  ]
}

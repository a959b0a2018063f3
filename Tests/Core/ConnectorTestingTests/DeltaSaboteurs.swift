import ConnectorCore
import ConnectorTesting
import Synchronization

private let fine = Readiness([.init(.available, "all is well")])

/// The adapter that says “available” whatever happens.
private func optimist() -> VendorAdapter { .acme { $0.readiness = { _, _, _ in fine } } }

/// The adapter that never looks whether the log reaches back.
private func careless() -> VendorAdapter { .acme { $0.reach = { _, _, _, _ in .unbroken } } }

/// Runs without looking back, and where the log fails, goes on behind the newest number.
func stubborn() -> VendorAdapter {
  .acme { sabotage in
    sabotage.reach = { _, _, _, _ in .unbroken }
    sabotage.hand = { sabotage, mark, partition, reader, sink in
      let batches = (try? await sabotage.batches(since: mark, in: partition, reader)) ?? []
      let last = try await sabotage.base.bounds(reader).last
      let end = try sabotage.moved(mark) { $0 = .init(last: last, seen: Array(last - min(last, 100)...last)) }
      try await sink(HintBatch(hints: batches.flatMap(\.hints), checkpoint: end))
    }
  }
}

extension Saboteur {
  static let readiness = [
    Saboteur("readiness.healthy", "is never sure") {
      .acme { $0.readiness = { _, _, _ in Readiness([.init(.unknown, "who knows", remedy: "Wait")]) } }
    },
    Saboteur("readiness.hidden-records", "takes the container for the log") {
      .acme { sabotage in
        sabotage.readiness = { sabotage, _, reader in
          _ = try await sabotage.base.identity(reader)
          return fine
        }
      }
    },
    Saboteur("readiness.hidden-log", "does not look for the log", adapter: optimist),
    Saboteur("readiness.hidden-partition", "does not look for the partition", adapter: optimist),
    Saboteur("readiness.no-rights", "does not look for rights", adapter: optimist),
    Saboteur("readiness.busy", "does not wait for an answer", adapter: optimist),
    Saboteur("readiness.empty-log", "has nothing to say of an empty log") {
      .acme { sabotage in
        sabotage.readiness = { sabotage, partition, reader in
          let readiness = try await sabotage.base.readiness(of: partition, reader)
          return readiness.status == .available ? readiness : Readiness([])
        }
      }
    },
    Saboteur("readiness.remedy", "keeps the remedy to itself") {
      .acme { sabotage in
        sabotage.readiness = { sabotage, partition, reader in
          var readiness = try await sabotage.base.readiness(of: partition, reader)
          for index in readiness.findings.indices { readiness.findings[index].remedy = nil }
          return readiness
        }
      }
    },
    Saboteur("readiness.changes-nothing", "counts how often it is asked") { subject in
      let asked = Counter()
      subject.adapter = .acme { $0.readiness = { _, _, _ in Readiness([.init(.available, "look \(asked.next())")]) } }
    },
  ]

  static let watermarks = [
    Saboteur("watermark.covers-what-follows", "starts behind the next change") {
      .acme { $0.current = ahead(by: 1) }
    },
    Saboteur("watermark.covers-meanwhile", "extrapolates from two looks") {
      .acme { sabotage in
        sabotage.current = { sabotage, partition, reader in
          let first = try await sabotage.base.bounds(reader).last
          let mark = try await sabotage.base.currentWatermark(of: partition, reader)
          let growth = try await sabotage.base.bounds(reader).last - first
          return try sabotage.moved(mark) { position in
            position.seen += (0...2 * growth).map { position.last + $0 }
          }
        }
      }
    },
    Saboteur("watermark.empty-log", "cannot begin at the beginning") {
      .acme { sabotage in
        sabotage.current = { sabotage, partition, reader in
          let mark = try await sabotage.base.currentWatermark(of: partition, reader)
          return try sabotage.moved(mark) { if $0.last == 0 { $0.seen = Array(0...50) } }
        }
      }
    },
    Saboteur("watermark.idle", "adds a number of its own") { subject in
      let asked = Counter()
      subject.adapter = .acme { sabotage in
        sabotage.current = { sabotage, partition, reader in
          var mark = try await sabotage.base.currentWatermark(of: partition, reader)
          mark.position += String(repeating: " ", count: asked.next())
          return mark
        }
      }
    },
    Saboteur("watermark.no-machine-clock", "believes this machine's clock") {
      let now = GeneralizedTime(secondsSinceEpoch: 1_790_000_000).text(fractionDigits: 0)
      return .acme(passingOver: { ($0.string("changeTime") ?? "") < now })
    },
    Saboteur("watermark.method", "names another method") {
      .acme { sabotage in
        sabotage.current = { sabotage, partition, reader in
          var mark = try await sabotage.base.currentWatermark(of: partition, reader)
          mark.method = "other"
          return mark
        }
        sabotage.reach = { _, _, _, _ in .unbroken }
        sabotage.hand = { sabotage, mark, partition, reader, sink in
          var own = mark
          own.method = sabotage.method
          try await sabotage.base.hints(since: own, in: partition, reader, to: sink)
        }
      }
    },
    Saboteur("watermark.names-server", "names the product, not the server") {
      .acme { sabotage in
        sabotage.current = { sabotage, partition, reader in
          var mark = try await sabotage.base.currentWatermark(of: partition, reader)
          mark.server = "acme"
          return mark
        }
      }
    },
    Saboteur("watermark.self-contained", "remembers the position in the strategy") {
      .acme { sabotage in
        let taken = Highest()
        sabotage.current = { sabotage, partition, reader in
          let mark = try await sabotage.base.currentWatermark(of: partition, reader)
          _ = taken.rises(to: 1)
          return mark
        }
        sabotage.hand = { sabotage, mark, partition, reader, sink in
          guard taken.isZero else { return try await sabotage.base.hints(since: mark, in: partition, reader, to: sink) }
          let now = try await sabotage.base.currentWatermark(of: partition, reader)
          try await sink(HintBatch(hints: [], checkpoint: now))
        }
      }
    },
    Saboteur("watermark.used-again", "remembers what it handed over") { subject in
      let known = Memory()
      subject.adapter = .acme(passingOver: { !known.isNew($0.dn) })
    },
    Saboteur("watermark.unseen", "makes a position of nothing") {
      .acme { sabotage in
        sabotage.current = { sabotage, partition, reader in
          if let mark = try? await sabotage.base.currentWatermark(of: partition, reader) { return mark }
          return try sabotage.base.watermark(.init(last: 0, seen: Array(0...200)), "unknown")
        }
        sabotage.reach = { _, _, _, _ in .unbroken }
        sabotage.hand = { sabotage, mark, partition, reader, sink in
          var own = mark
          own.server = try await sabotage.base.identity(reader)
          try await sabotage.base.hints(since: own, in: partition, reader, to: sink)
        }
      }
    },
  ]

  static let continuity =
    [
      "continuity.trimmed", "continuity.trimmed-to-nothing", "continuity.trimmed-from-empty", "continuity.other-server",
      "continuity.reset-counter", "continuity.regrown-counter", "continuity.other-method", "continuity.other-version",
      "continuity.garbage", "continuity.reason", "continuity.busy",
    ].map { Saboteur($0, "never looks whether the log reaches back", adapter: careless) } + [
      Saboteur("continuity.regrown-counter", "compares numbers alone") {
        .acme { sabotage in
          sabotage.reach = { sabotage, mark, _, reader in
            let last = try await sabotage.base.bounds(reader).last
            return last >= (try sabotage.base.position(of: mark).last) ? .unbroken : .lost(reason: "numbers went back")
          }
        }
      },
      Saboteur("continuity.reason", "gives no reason") {
        .acme { sabotage in
          sabotage.reach = { sabotage, mark, partition, reader in
            let answer = try await sabotage.base.continuity(of: mark, in: partition, reader)
            return answer == .unbroken ? answer : .lost(reason: "lost")
          }
        }
      },
      Saboteur("continuity.unbroken", "always wants a full import") {
        .acme { $0.reach = { _, _, _, _ in .lost(reason: "better safe than sorry") } }
      },
      Saboteur("continuity.trim-of-what-was-read", "wants the whole log") {
        .acme { sabotage in
          sabotage.reach = { sabotage, mark, partition, reader in
            let first = try await sabotage.base.bounds(reader).first
            guard first <= 1 else { return .lost(reason: "the log starts at \(first)") }
            return try await sabotage.base.continuity(of: mark, in: partition, reader)
          }
        }
      },
      Saboteur("continuity.trimmed-meanwhile", "does not look again after reading") {
        .acme { $0.reader = { FirstLook(base: $0) } }
      },
      Saboteur("continuity.rights-revoked", "takes an empty log for no news", adapter: stubborn),
    ]
}

/// A watermark that far ahead.
private func ahead(
  by count: UInt64
) -> @Sendable (Sabotage, DN, any DirectoryReader) async throws -> Watermark {
  { sabotage, partition, reader in
    let mark = try await sabotage.base.currentWatermark(of: partition, reader)
    return try sabotage.moved(mark) { position in position.seen += (1...count).map { position.last + $0 } }
  }
}

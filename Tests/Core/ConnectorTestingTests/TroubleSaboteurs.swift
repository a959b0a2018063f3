import ConnectorCore
import ConnectorTesting

extension Saboteur {
  static let trouble = [
    Saboteur("hints.busy", "goes on when the server is busy", adapter: stubborn),
    Saboteur("hints.empty-answer", "takes an empty answer for no news", adapter: stubborn),
    Saboteur("hints.hidden-log", "takes a vanished log for no news", adapter: stubborn),
    Saboteur("hints.size-limit", "takes a size limit for the end", adapter: forgiving(.sizeLimitExceeded)),
    Saboteur("hints.admin-limit", "takes an administrative limit for the end", adapter: forgiving(.adminLimitExceeded)),
    Saboteur("hints.page-cut", "takes a lost control for the end", adapter: forgiving(.controlNotFound)),
    Saboteur("hints.inclusive-boundary", "asks for times after the last one") { subject in
      let newest = Memory()
      subject.adapter = .acme { sabotage in
        sabotage.hand = { sabotage, mark, partition, reader, sink in
          let batches = try await sabotage.batches(since: mark, in: partition, reader)
          let hints = batches.flatMap(\.hints)
          let times = try await reader.read(hints.map(\.record), attributes: ["changeTime"]).map { $0.time }
          let later = zip(hints, times).filter { !newest.knows($0.1) }.map(\.0)
          for time in times { _ = newest.isNew(time) }
          try await sink(HintBatch(hints: later, checkpoint: batches.last?.checkpoint))
        }
      }
    },
    Saboteur("hints.ties", "keeps one record a moment") {
      .acme { sabotage in
        let times = Memory()
        sabotage.reader = {
          EditingReader(base: $0) { page, _ in page.filter { times.isNew($0.string("changeTime") ?? "") } }
        }
      }
    },
    Saboteur("hints.duplicates", "takes a record that repeats for a fault") {
      .acme { sabotage in
        sabotage.hand = { sabotage, mark, partition, reader, sink in
          let batches = try await sabotage.batches(since: mark, in: partition, reader)
          let dns = batches.flatMap(\.hints).compactMap(\.dn)
          guard Set(dns).count == dns.count else { throw DirectoryError(.other, operation: "read of the log") }
          for batch in batches { try await sink(batch) }
        }
      }
    },
    Saboteur("hints.late-records", "never looks below the last number", adapter: onward),
    Saboteur("hints.concurrent-writers", "counts on ascending numbers", adapter: ascending),
    Saboteur("hints.scrambled", "counts on a sorted answer", adapter: ascending),
    Saboteur("hints.large-numbers", "reads numbers of 32 bits") {
      .acme(passingOver: { UInt32($0.string("changeNumber") ?? "") == nil })
    },
    Saboteur("hints.page-size-one", "reads the first page alone") {
      .acme { $0.reader = { EditingReader(base: $0) { entries, page in page == 0 ? entries : [] } } }
    },
    Saboteur("hints.crash", "puts the last checkpoint into every batch") {
      .acme { sabotage in
        sabotage.hand = { sabotage, mark, partition, reader, sink in
          let batches = try await sabotage.batches(since: mark, in: partition, reader)
          for batch in batches { try await sink(HintBatch(hints: batch.hints, checkpoint: batches.last?.checkpoint)) }
        }
      }
    },
    Saboteur("hints.change-during-read", "leaves out what came after it began") {
      .acme { sabotage in
        sabotage.hand = { sabotage, mark, partition, reader, sink in
          let last = try await sabotage.base.bounds(reader).last
          let batches = try await sabotage.batches(since: mark, in: partition, reader)
          let old = batches.flatMap(\.hints).filter { ($0.number ?? 0) <= last }
          try await sink(HintBatch(hints: old, checkpoint: batches.last?.checkpoint))
        }
      }
    },
    Saboteur("hints.change-after-read", "takes the position when it has read", adapter: forgiving(.success)),
    Saboteur("hints.many", "reads three hundred and no more") {
      .acme(hints: { hints, _ in Array(hints.prefix(300)) })
    },
  ]
}

/// Takes an error for the end of the log, and the newest number for the position.
private func forgiving(_ code: ResultCode) -> @Sendable () -> VendorAdapter {
  {
    .acme { sabotage in
      sabotage.reader = { EditingReader(base: $0, edit: { page, _ in page }, forgives: [code]) }
      sabotage.hand = { sabotage, mark, partition, reader, sink in
        let batches = try await sabotage.batches(since: mark, in: partition, reader)
        let last = try await sabotage.base.bounds(reader).last
        let end = try sabotage.moved(mark) { $0 = .init(last: last, seen: Array(last - min(last, 100)...last)) }
        try await sink(HintBatch(hints: batches.flatMap(\.hints), checkpoint: end))
      }
      sabotage.reach = { _, _, _, _ in .unbroken }
    }
  }
}

/// Takes every number up to the last one as handed over.
@Sendable private func onward() -> VendorAdapter {
  .acme { sabotage in
    sabotage.hand = { sabotage, mark, partition, reader, sink in
      let start = try sabotage.moved(mark) { $0.seen = Array($0.last - min($0.last, 100)...$0.last) }
      try await sabotage.base.hints(since: start, in: partition, reader, to: sink)
    }
  }
}

/// Passes over a record whose number is below that of the one before.
@Sendable private func ascending() -> VendorAdapter {
  .acme { sabotage in
    sabotage.reader = { base in
      let highest = Highest()
      return EditingReader(base: base) { page, _ in
        page.filter { highest.rises(to: $0.string("changeNumber").flatMap { UInt64($0) } ?? 0) }
      }
    }
  }
}

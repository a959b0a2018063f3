import ConnectorCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Promise {
  static let watermarks = [
    Promise(
      "watermark.covers-what-follows", .watermark, "A change right after the watermark is hinted from it.",
      remedy: "Take the position before anything else is read, and start at it, not behind it"
    ) { trial in
      try await trial.follow { try $0.apply(Population.title("Chief", Population.ann)) }
    },
    Promise(
      "watermark.covers-meanwhile", .watermark,
      "Where changes went on while the watermark was taken, those after it are hinted.",
      remedy: "Let the position be one that the log had, not one put together of two moments"
    ) { trial in
      let scene = try trial.scene()
      scene.directory.afterSearch { directory in
        let number = directory.history.count
        try? directory.apply(ldif: Population.person("uid=meanwhile\(number),\(Population.people)"))
      }
      let watermark = try await scene.watermark()
      scene.directory.afterSearch(nil)
      let truth = scene.truth()
      try scene.apply(Population.title("Chief", Population.ann) + Population.delete(Population.bob))
      try truth.expectCovered(by: try await scene.delta(since: watermark).hints)
    },
    Promise(
      "watermark.empty-log", .watermark, "A watermark can be taken of an empty log, and everything after it is hinted.",
      remedy: "Let the position say “the beginning” where there is no record"
    ) { trial in
      let scene = try trial.scene(isEmpty: true)
      try await trial.follow(scene) { try $0.apply(Population.person("uid=first,\($0.partition)")) }
    },
    Promise(
      "watermark.idle", .watermark, "While nothing changes, watermarks are equal.",
      remedy: "Put nothing into the position that the directory did not say: no clock, no chance"
    ) { trial in
      let scene = try trial.scene()
      let first = try await scene.watermark()
      try await Task.sleep(for: .milliseconds(20))
      let second = try await scene.watermark()
      try expect(first == second, "the positions are “\(first.position)” and “\(second.position)”")
    },
    Promise(
      "watermark.no-machine-clock", .watermark, "A watermark is never made of this machine's clock.",
      remedy: "Take times from what the server wrote: its entries, its log, its root DSE"
    ) { trial in
      for year in ["2001", "2093"] {
        let time = GeneralizedTime("\(year)0203040506Z") ?? GeneralizedTime(secondsSinceEpoch: 0)
        let scene = try trial.scene { $0.clock = time }
        _ = try await trial.follow(scene) { try $0.apply(Population.title("Chief", Population.ann)) }
      }
    },
    Promise(
      "watermark.method", .watermark, "Watermarks and checkpoints name the strategy's own method, version and server.",
      remedy: "Make checkpoints and watermarks by the same function"
    ) { trial in
      let scene = try trial.scene()
      let watermark = try await scene.watermark()
      try scene.apply(Population.title("Chief", Population.ann))
      let checkpoint = try await scene.delta(since: watermark).watermark
      let method = try scene.strategy.method
      try expect(watermark.method == method, "the watermark names \(watermark.method), the strategy is \(method)")
      try expect(checkpoint.method == method, "the checkpoint names \(checkpoint.method), the strategy is \(method)")
      try expect(checkpoint.version == watermark.version, "watermark and checkpoint have two versions")
      try expect(checkpoint.server == watermark.server, "“\(watermark.server)” became “\(checkpoint.server)”")
    },
    Promise(
      "watermark.names-server", .watermark, "A watermark names the server, and another server has another name.",
      remedy: "Put what a new installation makes anew into `server`: an ID of log or server, not a host name"
    ) { trial in
      let scene = try trial.scene()
      let first = try await scene.watermark()
      scene.directory.replaceServer()
      let second = try await scene.watermark()
      try expect(!first.server.isEmpty, "`server` is empty")
      try expect(first.server != second.server, "two servers are both named “\(first.server)”")
    },
    Promise(
      "watermark.self-contained", .watermark, "A watermark that was stored as JSON and read again is as good as new.",
      remedy: "Keep everything in the watermark; a strategy is made anew for each run"
    ) { trial in
      let scene = try trial.scene()
      let truth = scene.truth()
      let stored = try JSONEncoder().encode(try await scene.watermark())
      try scene.apply(Population.title("Chief", Population.ann) + Population.delete(Population.bob))
      let watermark = try JSONDecoder().decode(Watermark.self, from: stored)
      try truth.expectCovered(by: try await scene.delta(since: watermark).hints)
    },
    Promise(
      "watermark.used-again", .watermark,
      "An older watermark, used again after newer ones, hints all that it did before.",
      remedy: "Keep no state beside the watermark: a store may be restored from a backup"
    ) { trial in
      let scene = try trial.scene()
      let truth = scene.truth()
      let watermark = try await scene.watermark()
      try scene.apply(Population.title("Chief", Population.ann) + Population.delete(Population.bob))
      _ = try await scene.delta(since: watermark)
      try scene.apply(Population.title("Clerk", Population.cid))
      try truth.expectCovered(by: try await scene.delta(since: watermark).hints)
    },
    Promise(
      "watermark.unseen", .watermark, "Where the log cannot be read, no watermark is taken, or one that loses nothing.",
      remedy: "Throw the DirectoryError of the log; a position made of nothing loses what comes"
    ) { trial in
      let scene = try trial.scene()
      guard !scene.directory.logContainers.isEmpty else { return }
      for container in scene.directory.logContainers {
        scene.directory.faults.failing[try DN(container)] = .busy
      }
      guard let watermark = try? await scene.watermark() else { return }
      scene.directory.faults = Faults()
      let truth = scene.truth()
      try scene.apply(Population.title("Chief", Population.ann))
      guard let run = try? await scene.delta(since: watermark) else { return }
      try truth.expectCovered(by: run.hints)
    },
  ]
}

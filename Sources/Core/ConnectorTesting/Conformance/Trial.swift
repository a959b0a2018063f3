import ConnectorCore
import Synchronization

/// One check of one promise: makes scenes, and remembers whether the adapter refused aloud.
final class Trial: Sendable {
  let subject: ConformanceSubject
  private let heard = Mutex<(refused: Bool, scene: Scene?)>((false, nil))

  init(_ subject: ConformanceSubject) { self.subject = subject }

  var adapter: VendorAdapter { subject.adapter }

  /// Whether the adapter has a delta for the directory that it is tested with.
  var hasDelta: Bool {
    adapter.delta(DeltaSettings(evidence: subject.makeDirectory(Scene.partitions).evidence)) != nil
  }

  /// A directory with a company in it.
  /// - Parameter prepare: runs before the first change.
  func scene(
    pageSize: Int = 1000, prepare: (MemoryDirectory) throws -> Void = { _ in }, isEmpty: Bool = false
  ) throws -> Scene {
    let directory = subject.makeDirectory(Scene.partitions)
    try prepare(directory)
    for partition in Scene.partitions {
      let ldif = isEmpty ? Population.top(partition) : Population.company(partition)
      try isEmpty ? load(ldif, into: directory) : directory.apply(ldif: ldif)
    }
    let scene = Scene(trial: self, directory: directory, partition: try DN(Scene.partitions[0]), pageSize: pageSize)
    heard.withLock { $0.scene = scene }
    return scene
  }

  /// Takes a watermark, lets changes happen, runs a delta import, and expects every changed object to be hinted.
  @discardableResult
  func follow(
    _ scene: Scene? = nil, pageSize: Int = 1000, _ changes: (Scene) throws -> Void
  ) async throws -> DeltaRun {
    let scene = try scene ?? self.scene(pageSize: pageSize)
    let watermark = try await scene.watermark()
    let truth = scene.truth()
    try changes(scene)
    let run = try await scene.delta(since: watermark)
    try truth.expectCovered(by: run.hints)
    return run
  }

  func noteRefusal() { heard.withLock { $0.refused = true } }

  /// Whether the adapter refused during the check, or its readiness holds a finding that is not “available”.
  func adapterSaysSo() async -> Bool {
    let (refused, scene) = heard.withLock { $0 }
    if refused { return true }
    guard let scene, let readiness = try? await scene.readiness() else { return false }
    return readiness.findings.contains { $0.status != .available }
  }

  private func load(_ ldif: String, into directory: MemoryDirectory) throws {
    var reader = LDIFReader(Array(ldif.utf8))
    while let record = try reader.next() { try directory.load([record]) }
  }
}

import ConnectorCore
import ConnectorTesting
import Foundation
import Synchronization
import TestSupport
import Testing

/// Thousands of changes, runs that die, changes under running imports and logs out of order: the truth is reached.
@Suite(.serialized) struct RandomTests {
  /// The same courses in every run, for a test must not fail by chance: `ENGINE_SEED` names the first one, `ENGINE_COURSES`
  /// says how many follow. Of some four hundred courses one ends with an object of which nobody knows that it is gone:
  /// the run died, or the directory changed under it, and a log without IDs says too little.
  static var seeds: [UInt64] {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["ENGINE_SEED"].flatMap { UInt64($0) } ?? 101
    return (0..<(environment["ENGINE_COURSES"].flatMap { UInt64($0) } ?? 12)).map { first &+ $0 }
  }

  private static let servers = [Server.ds389, .logsID, .ibm, .ibmOld, .namesOnly]

  @Test("Runs die at any moment: nothing is lost, and what is gone without a record is known", arguments: servers)
  func calm(_ server: Server) async throws { try await run(server, .calm) }

  @Test(
    "Changes happen under running imports: nothing is lost, and what is gone without a record is known",
    arguments: servers)
  func busy(_ server: Server) async throws { try await run(server, .busy) }

  @Test("The log is slightly out of order: nothing that is known and there goes", arguments: servers)
  func disordered(_ server: Server) async throws { try await run(server, .disordered) }

  private func run(_ server: Server, _ course: Course) async throws {
    var doubts = 0
    for seed in Self.seeds {
      let story = Story(server, seed: seed, course)
      do {
        try await story.tell()
      } catch {
        Issue.record("\(server), seed \(seed): \(error)")
      }
      doubts += story.doubts.count
    }
    print("\(server.testDescription), \(course): \(doubts) objects in doubt in \(Self.seeds.count) courses")
  }
}

import ConnectorCore
import Foundation
import Glibc

/// A plan as a file: JSON with one operation a line, so that two plans compare well; for its owner alone.
enum PlanFile {
  /// The plan as JSON.
  static func text(_ plan: ExportPlan) throws -> String {
    let facts = [
      ("adapter", plan.adapter), ("created", plan.created), ("feed", plan.feed), ("input", plan.input),
      ("plan", plan.plan), ("server", plan.server),
    ]
    let members =
      facts.map { "  \"\($0)\": \(String(decoding: JSONText.quote($1), as: UTF8.self))" }
      + ["  \"format\": \(plan.format)", "  \"unchanged\": \(plan.unchanged)"]
    let lists = try [
      list("partitions", plan.partitions.map(JSONOutput.line)),
      list("operations", plan.operations.map { String(decoding: $0.json, as: UTF8.self) }),
      list("findings", plan.findings.map(JSONOutput.line)),
    ]
    return "{\n\((members + lists).joined(separator: ",\n"))\n}"
  }

  private static func list(_ name: String, _ items: [String]) -> String {
    guard !items.isEmpty else { return "  \"\(name)\": []" }
    return "  \"\(name)\": [\n    \(items.joined(separator: ",\n    "))\n  ]"
  }

  /// Writes the plan in the place of whatever is there: all of it, or nothing; with mode 0600.
  static func write(_ plan: ExportPlan, to path: String) throws {
    let draft = "\(path).\(UUID().uuidString)"
    let bytes = Array((try text(plan) + "\n").utf8)
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(path) }
    let isWritten = writeAll(bytes, to: file) && fsync(file) == 0
    let isClosed = Glibc.close(file) == 0
    guard isWritten, isClosed, rename(draft, path) == 0 else {
      let error = failure(path)
      unlink(draft)
      throw error
    }
  }

  private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func failure(_ path: String) -> CommandFailure {
    CommandFailure(.failure, "\(path) cannot be written: \(String(cString: strerror(errno)))")
  }

  /// Reads a plan.
  /// - Throws: `CommandFailure` that says what is wrong with the file.
  static func read(_ path: String) throws(CommandFailure) -> ExportPlan {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.failure, "\(path) cannot be read; check that it exists and who may read it.")
    }
    do throws(PlanFault) {
      return try ExportPlan(json: Array(data))
    } catch {
      throw CommandFailure(.failure, message(error, path))
    }
  }

  private static func message(_ fault: PlanFault, _ path: String) -> String {
    switch fault {
    case .noPlan: "\(path) is no plan: `export plan FILE --output \(path)` makes one."
    case .format(let number):
      "\(path) is a plan of format \(number), and this release reads format \(ExportPlan.currentFormat). Plan again."
    case .damaged(let place):
      "\(path) is a damaged plan (at \(place.trimmingCharacters(in: .whitespaces))). Plan again."
    }
  }
}

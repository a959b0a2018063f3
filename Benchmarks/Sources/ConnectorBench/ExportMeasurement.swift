private let writtenEntries = 10_000

/// The same LDIF by `ldapmodify -f` and by an export with its plan, journal and confirmation, in turns.
func measureExport(_ directory: Directory, rounds: Int) throws -> Table {
  let steps = try ExportStep.all(directory.people)
  let connector = try directory.makeConnector("export", asAdmin: true)
  tell("full import")
  try connector.fullImport.run()
  var plain = steps.map { _ in Series() }
  var plans = plain
  var applies = plain
  for round in 1...rounds {
    tell("round \(round) of \(rounds)")
    for (number, step) in steps.enumerated() {
      plain[number].add(try directory.modify(step.file).run())
    }
    try connector.deltaImport.run()
    let before = try connector.objectCount()
    for (number, step) in steps.enumerated() {
      plans[number].add(try connector.plan(step.file).run())
      applies[number].add(try connector.applyPlan.run())
    }
    try expect(connector.objectCount(), before, "objects after as many deletes as adds")
    try expect(connector.exportedChanges(), steps.count * writtenEntries * round, "changes in the feed by exports")
  }
  var table = Table()
  for (number, step) in steps.enumerated() {
    table.row("`ldapmodify -f`, \(step.name)", plain[number])
    table.row("`export plan` of the same", plans[number])
    table.row("`export apply` of the plan", applies[number], to: plain[number], Bar(limit: 1.2, aim: 0.9))
  }
  table.row("peak memory of `export apply`", megabytes: applies.map(\.peakMB).max() ?? 0, Bar(limit: 150))
  return table
}

/// One LDIF file of changes.
private struct ExportStep {
  let name: String
  let file: String

  /// Adds, changes and deletes of the same entries, in this order.
  static func all(_ people: People) throws -> [ExportStep] {
    let indices = people.count..<people.count + writtenEntries
    return try [
      ("adds", { people.added($0) }), ("modifies", { people.modified($0) }), ("deletes", { people.deleted($0) }),
    ].map { (name: String, record: (Int) -> String) in
      let step = ExportStep(name: "\(grouped(writtenEntries)) \(name)", file: "\(scratch)/\(name).ldif")
      var writer = try TextWriter(path: step.file)
      for index in indices { try writer.write(record(index)) }
      try writer.finish()
      return step
    }
  }
}

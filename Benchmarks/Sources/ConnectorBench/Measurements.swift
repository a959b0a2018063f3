@preconcurrency import Glibc

private let changedEntries = 1_000

/// 100,000 people: imports against ldapsearch, all steps in every round, so that a busy minute hits all of them alike.
func measureStandard(_ directory: Directory, rounds: Int) throws -> Table {
  var search = Series()
  var base = Series()
  var full = Series()
  var again = Series()
  var delta = Series()
  var idle = Series()
  try directory.pagedSearch.run()  // warms the server
  for round in 1...rounds {
    tell("round \(round) of \(rounds)")
    let connector = try directory.makeConnector("\(round)")
    search.add(try directory.pagedSearch.run())
    full.add(try connector.fullImport.run())
    if round == 1 { try expect(connector.objectCount(), directory.people.entryCount, "objects after a full import") }
    search.add(try directory.pagedSearch.run())
    again.add(try connector.fullImport.run())
    try directory.change(changedEntries, round: round)
    let before = try connector.changeCount()
    try expect(before, directory.people.entryCount, "changes after two full imports")
    delta.add(try connector.deltaImport.run())
    try expect(connector.changeCount() - before, changedEntries, "changes after a delta import")
    for _ in 1...3 {
      base.add(try directory.baseSearch.run())
      idle.add(try connector.deltaImport.run())
    }
    try connector.remove()
  }
  var table = Table()
  let entries = grouped(directory.people.entryCount)
  table.row("`ldapsearch`, \(entries) entries in pages, to /dev/null", search)
  table.row("first full import, committed to disk", full, to: search, Bar(limit: 2.5, aim: 1.7))
  table.row("full import again, nothing changed", again, to: search, Bar(limit: 1.3, aim: 1.1))
  table.row("delta import of \(grouped(changedEntries)) changed entries", delta, to: search, Bar(limit: 0.5))
  table.row("`ldapsearch -s base`", base)
  table.row("delta import, nothing to do (ratio to the row above)", idle, to: base, Bar(limit: 10))
  let peak = [full, again, delta, idle].map(\.peakMB).max() ?? 0
  table.row("peak memory of the connector", megabytes: peak, Bar(limit: 60))
  return table
}

/// A million people: flat memory, and a delta import that costs what it costs in a directory of a tenth of the size.
func measureLarge(small: Directory, large: Directory, rounds: Int) throws -> Table {
  var searches = Series()
  var full = Series()
  var again = Series()
  var smallDelta = Series()
  var largeDelta = Series()
  let smallConnector = try small.makeConnector("delta")
  let largeConnector = try large.makeConnector("delta")
  tell("full imports")
  try smallConnector.fullImport.run()
  searches.add(try large.pagedSearch.run())
  full.add(try largeConnector.fullImport.run())
  try expect(largeConnector.objectCount(), large.people.entryCount, "objects after a full import")
  again.add(try largeConnector.fullImport.run())
  for round in 1...rounds {
    tell("deltas, round \(round) of \(rounds)")
    try small.change(changedEntries, round: round)
    smallDelta.add(try smallConnector.deltaImport.run())
    try large.change(changedEntries, round: round)
    largeDelta.add(try largeConnector.deltaImport.run())
  }
  var table = Table()
  table.row("`ldapsearch`, \(grouped(large.people.entryCount)) entries in pages, to /dev/null", searches)
  table.row("first full import, committed to disk", full, to: searches)
  table.row("full import again, nothing changed", again, to: searches)
  table.row("delta of \(grouped(changedEntries)) among \(grouped(small.people.entryCount))", smallDelta)
  table.row(
    "delta of \(grouped(changedEntries)) among \(grouped(large.people.entryCount)) (ratio to the row above)",
    largeDelta, to: smallDelta, Bar(limit: 1.3, aim: 1.1))
  let peak = [full, again, largeDelta].map(\.peakMB).max() ?? 0
  table.row("peak memory of the connector", megabytes: peak, Bar(limit: 150))
  return table
}

/// 100,000 people on a server with a change log by number: a delta import against reading the same by `ldapsearch`.
func measureChangelog(_ directory: Directory, rounds: Int) throws -> Table {
  var search = Series()
  var delta = Series()
  var base = Series()
  var idle = Series()
  let connector = try directory.makeConnector("changelog")
  tell("full import")
  try connector.fullImport.run()
  let names = "\(scratch)/names"
  for round in 1...rounds {
    tell("round \(round) of \(rounds)")
    let number = try directory.lastChangeNumber()
    let before = try connector.changeCount()
    try directory.change(changedEntries, round: round)
    var writer = try TextWriter(path: names)
    try directory.people.write(namesOfChanged: changedEntries, round: round, to: &writer)
    try writer.finish()
    delta.add(try connector.deltaImport.run())
    try expect(connector.changeCount() - before, changedEntries, "changes after a delta import")
    search.add(try directory.changelogSearches(after: number, entries: names).map { try $0.run() }.reduce(.none, +))
    for _ in 1...3 {
      base.add(try directory.baseSearch.run())
      idle.add(try connector.deltaImport.run())
    }
  }
  var table = Table()
  let changes = grouped(changedEntries)
  table.row("`ldapsearch` of the \(changes) log records and the entries that they name", search)
  table.row(
    "delta import of \(changes) changes among \(grouped(directory.people.count)) entries", delta, to: search,
    Bar(limit: 1.5, aim: 1))
  table.row("`ldapsearch -s base`", base)
  table.row("delta import, nothing to do (ratio to the row above)", idle, to: base)
  table.row("peak memory of the connector", megabytes: max(delta.peakMB, idle.peakMB), Bar(limit: 60))
  return table
}

/// A measurement of work that was not done is worth nothing.
func expect(_ found: Int, _ expected: Int, _ what: String) throws {
  guard found == expected else { throw BenchError("\(what): \(found), expected \(expected)") }
}

func grouped(_ number: Int) -> String {
  number < 1_000 ? String(number) : grouped(number / 1_000) + "," + String(String(1_000 + number % 1_000).dropFirst())
}

func tell(_ text: String) { fputs("bench: \(text)\n", stderr) }

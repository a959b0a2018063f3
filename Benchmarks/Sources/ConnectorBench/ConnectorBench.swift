@preconcurrency import Glibc

/// A folder for everything that a measurement writes; Scripts/bench.sh makes it and removes it.
let scratch = getenv("BENCH_SCRATCH").map { String(cString: $0) } ?? "."

@main
struct ConnectorBench {
  static let usage = """
    usage: connector-bench generate PEOPLE                             LDIF to standard output
           connector-bench standard TOOL ROUNDS PEOPLE FOLDER URL      a table; exit 1 if a bar is missed
           connector-bench large TOOL ROUNDS PEOPLE FOLDER URL PEOPLE FOLDER URL
           connector-bench changelog TOOL ROUNDS PEOPLE FOLDER URL     a delta import from a change log by number
           connector-bench export TOOL ROUNDS PEOPLE FOLDER URL        adds, changes and deletes against ldapmodify
    Scripts/bench.sh starts the servers and calls this; BENCH_SCRATCH names a folder to write in.

    """

  static func main() {
    do {
      exit(try run(Array(CommandLine.arguments.dropFirst())))
    } catch {
      fputs("bench: \(error)\n", stderr)
      exit(2)
    }
  }

  /// The exit code.
  static func run(_ words: [String]) throws -> Int32 {
    switch (words.first, words.count) {
    case ("generate", 2):
      var writer = TextWriter(descriptor: STDOUT_FILENO)
      try People(count: number(words[1])).write(to: &writer)
      try writer.finish()
      return 0
    case ("standard", 6):
      return try show(measureStandard(directory("standard", words, at: 3), rounds: number(words[2])))
    case ("export", 6):
      return try show(measureExport(directory("export", words, at: 3), rounds: number(words[2])))
    case ("changelog", 6):
      var directory = try directory("changelog", words, at: 3)
      directory.admin = "cn=Directory Manager"
      return try show(measureChangelog(directory, rounds: number(words[2])))
    case ("large", 9):
      let small = try directory("small", words, at: 3)
      let large = try directory("large", words, at: 6)
      return try show(measureLarge(small: small, large: large, rounds: number(words[2])))
    default:
      fputs(usage, stderr)
      return 64
    }
  }

  private static func directory(_ name: String, _ words: [String], at index: Int) throws -> Directory {
    Directory(
      name: name, people: People(count: try number(words[index])), url: words[index + 2], folder: words[index + 1],
      tool: words[1])
  }

  private static func number(_ word: String) throws -> Int {
    guard let number = Int(word), number > 0 else { throw BenchError("not a number above 0: \(word)") }
    return number
  }

  private static func show(_ table: Table) throws -> Int32 {
    print(table.text)
    return table.missed ? 1 : 0
  }
}

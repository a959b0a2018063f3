import Foundation
import Testing

@testable import ConnectorCore

@Suite("The schemas and entries of real servers") struct RealSchemaTests {
  /// What a capture's schema was cut by, as its README says.
  private static let cutOut = ["the server knows no attribute mail"]

  /// What servers hold is what they allow, so that nothing may be said of it but that the server keeps attributes.
  @Test func `No false alarm is raised on what captured servers hold`() throws {
    var judged = 0
    for (name, folder) in try Rules.fixtures() {
      let schema = try Rules.schema(in: folder)
      // Entries that somebody made up need not go with an extract of a schema.
      let origin = (try? String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)) ?? ""
      guard !schema.objectClasses.isEmpty, !origin.contains("**Composed**") else { continue }
      let rules = EntryRules(schema: schema, facts: ExportFacts())
      for record in try Rules.records(folder.appending(path: "entries.ldif")) {
        // Passwords were taken out of the captures.
        let hasPassword = record.attributes.contains { $0.1 == Array("simpleSecurityObject".utf8) }
        let problems = rules.problems(
          dn: try DN(record.dn), after: record.attributes.map { ($0.0, [$0.1]) }, before: nil, hasPassword: hasPassword,
          passwordAttribute: "userPassword")
        judged += 1
        let alarms = problems.filter {
          !$0.summary.contains("NO-USER-MODIFICATION") && !Self.cutOut.contains($0.summary)
        }
        #expect(alarms.isEmpty, "\(name) \(record.dn): \(alarms)")
      }
    }
    #expect(judged > 50)
  }
}

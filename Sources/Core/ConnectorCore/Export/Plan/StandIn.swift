/// Stands in for the readers of the input and the schema's word until they are merged.
package struct ExportInput: Sendable {
  package var changes: [DesiredChange]
  package var errors: [InputError]
  package init(changes: [DesiredChange], errors: [InputError]) {
    self.changes = changes
    self.errors = errors
  }
}

package struct EntryRules: Sendable {
  package init(schema: Schema, facts: ExportFacts) {}
  package struct Problem: Hashable, Sendable {
    package var severity: PlanFinding.Severity
    package var attribute: String?
    package var summary: String
    package var remedy: String?
  }
  package func problems(
    dn: DN, after: [(AttributeDescription, [[UInt8]])], before: [(AttributeDescription, [[UInt8]])]?, hasPassword: Bool,
    passwordAttribute: AttributeDescription
  ) -> [Problem] { [] }
}

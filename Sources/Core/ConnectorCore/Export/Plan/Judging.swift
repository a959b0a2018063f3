/// What the schema says of the entries as they shall be, and which passwords are new.
extension PlanMaking {
  func validate() {
    for node in tree.nodes where node.isAlive && node.failure == nil && (node.isNew || !node.touched.isEmpty) {
      guard let dn = try? DN(node.dn) else { continue }
      let problems = rules.problems(
        dn: dn, after: node.attributes.all, before: node.present?.attributes.all, hasPassword: node.password != nil,
        passwordAttribute: scope.passwordAttribute)
      for problem in problems { take(problem, of: node) }
      warnOfClasses(node)
    }
  }

  private func take(_ problem: EntryRules.Problem, of node: PlanNode) {
    let lines = problem.attribute.flatMap { node.touched[kinds[AttributeDescription($0)].key] }
    let line = lines?.min() ?? node.lines.first
    if problem.severity == .error {
      fail(node, line: line, LineProblem(problem.summary, remedy: problem.remedy))
    } else {
      note(problem.severity, line, node.knownDN, problem.summary, remedy: problem.remedy)
    }
  }

  private func warnOfClasses(_ node: PlanNode) {
    let classes = node.attributes.values(kinds["objectClass"]).map { String(decoding: $0, as: UTF8.self) }
    guard node.isNew, node.failure == nil, !names.selects(classes: classes, partition: node.partition) else { return }
    note(
      .warning, node.lines.first, node.dn, "none of its object classes is imported, so that imports will not see it",
      remedy: "Add one of them to schema.objectClasses.")
  }

  /// Leaves out passwords that accounts have already.
  func settlePasswords() async throws {
    for node in tree.nodes where node.isAlive && node.failure == nil {
      guard let password = node.password, let present = node.present, try await isRead(node) else { continue }
      if password.isHashed {
        let held = node.present?.attributes.values(kinds[scope.passwordAttribute]) ?? []
        if password.secret.withBytes({ held.contains($0) }) { node.password = nil }
      } else if try await planner.holdsPassword(present.dn, password.secret) {
        node.password = nil
      }
    }
  }
}

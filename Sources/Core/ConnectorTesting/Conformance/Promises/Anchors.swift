import ConnectorCore

extension Promise {
  static let anchors: [Promise] = facts + identity

  private static let facts = [
    Promise(
      "adapter.name", .anchor, "The name is lower case without spaces, and the title is not empty.",
      remedy: "Name the adapter with letters, digits and hyphens; give the product's name as title"
    ) { trial in
      let name = trial.adapter.name
      let isPlain = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
      try expect(isPlain && !name.isEmpty, "the name is “\(name)”")
      try expect(!trial.adapter.title.isEmpty, "the title is empty")
    },
    Promise(
      "adapter.as-expected", .anchor, "Anchor, immutable ID, change log and password are what the fixtures expect.",
      remedy: "Compare the adapter's fields with expected.json of its fixtures; one of the two is wrong"
    ) { trial in
      for fixture in trial.subject.own { try trial.expectFacts(fixture) }
    },
    Promise(
      "adapter.log-is-no-partition", .anchor, "The log's naming context is not imported as a partition.",
      remedy: "Add the log's DN to `contextsWithoutEntries`"
    ) { trial in
      let scene = try trial.scene()
      let left = trial.adapter.contextsWithoutEntries.compactMap { try? DN($0) }
      for container in scene.directory.logContainers {
        let contexts = scene.directory.evidence.rootDSE.namingContexts
        let dn = try DN(container)
        guard contexts.contains(where: { (try? DN($0)) == dn }) else { continue }
        try expect(left.contains(dn), "\(container) is a naming context, and not in contextsWithoutEntries")
      }
    },
    Promise(
      "adapter.unavailable-says-why", .anchor, "Where there is no delta, the adapter tells the operator why.",
      remedy: "Write a sentence into `deltaUnavailable`: why there is none, and what to do instead"
    ) { trial in
      let sentence = trial.adapter.deltaUnavailable
      let tells = sentence.split(separator: " ").count >= 4
      try expect(tells || trial.hasDelta, "there is no delta, and deltaUnavailable is “\(sentence)”")
    },
  ]

  private static let identity = [
    Promise(
      "anchor.present", .anchor, "Every entry has an anchor, and an immutable ID where the product has one.",
      remedy: "Name an attribute that the product gives to every entry; it is asked for by name"
    ) { trial in
      for entry in try await trial.scene().readAll() {
        try expect(trial.adapter.anchor.anchor(of: entry) != nil, "\(entry.dn) has no anchor")
        if let id = trial.adapter.immutableID {
          try expect(id.value(of: entry) != nil, "\(entry.dn) has no \(id.attribute)")
        }
      }
    },
    Promise(
      "anchor.unique", .anchor, "No two entries share an anchor or an immutable ID.",
      remedy: "Choose an attribute that the server makes unique, not one that people write"
    ) { trial in
      let entries = try await trial.scene().readAll()
      let anchors = entries.compactMap { trial.adapter.anchor.anchor(of: $0) }
      try expect(Set(anchors).count == anchors.count, "two entries share an anchor")
      let ids = entries.compactMap { trial.adapter.immutableID?.value(of: $0) }
      try expect(Set(ids).count == ids.count, "two entries share an immutable ID")
    },
    Promise(
      "anchor.stable-over-modify", .anchor, "A change of attributes leaves the immutable ID as it is.",
      remedy: "Choose an attribute that the server sets once, such as entryUUID; not a time or a counter"
    ) { trial in
      try await trial.expectSameID(Population.ann, Population.title("Chief", Population.ann), Population.ann)
    },
    Promise(
      "anchor.stable-over-rename", .anchor, "A rename leaves the immutable ID as it is.",
      remedy: "Choose an attribute that does not hold the name"
    ) { trial in
      let renamed = "uid=anne,ou=people,dc=example,dc=com"
      try await trial.expectSameID(Population.ann, Population.rename(Population.ann, "uid=anne"), renamed)
    },
    Promise(
      "anchor.stable-over-move", .anchor, "A move of a branch leaves every immutable ID in it as it is.",
      remedy: "Choose an attribute that does not hold the DN"
    ) { trial in
      let move = Population.rename(Population.department, "ou=department", to: Population.archive)
      let old = "uid=eve,ou=sub,\(Population.department)"
      try await trial.expectSameID(old, move, "uid=eve,ou=sub,ou=department,\(Population.archive)")
    },
    Promise(
      "anchor.recreated-differs", .anchor,
      "An entry that is deleted and added again under its DN has another immutable ID.",
      remedy: "Choose an attribute that the server makes anew for each entry"
    ) { trial in
      guard let id = trial.adapter.immutableID else { return }
      let scene = try trial.scene()
      let before = try await scene.id(id, of: Population.ann)
      try scene.apply(Population.delete(Population.ann) + Population.person(Population.ann))
      try expect(try await scene.id(id, of: Population.ann) != before, "both entries have the ID \(before ?? "none")")
    },
    Promise(
      "anchor.text-form", .anchor, "An immutable ID has one text for the same bytes, and none is lost in it.",
      remedy: "Use the form `.hexadecimal` for attributes that hold bytes"
    ) { trial in
      guard let id = trial.adapter.immutableID else { return }
      for entry in try await trial.scene().readAll() {
        guard let bytes = entry.values(id.attribute).first, let text = id.value(of: entry) else { continue }
        let isLossless =
          id.form == .text ? Array(text.utf8) == bytes : text.utf8.count == 2 * bytes.count && text == text.lowercased()
        try expect(isLossless, "\(bytes.count) octets of \(id.attribute) became “\(text)”")
      }
    },
    Promise(
      "anchor.filter-finds", .anchor, "The filter for an immutable ID finds its entry, and no other.",
      remedy: "Let `form` match the attribute's syntax, so that the filter holds the attribute's bytes"
    ) { trial in
      guard let id = trial.adapter.immutableID else { return }
      let scene = try trial.scene()
      for entry in try await scene.readAll() {
        guard let text = id.value(of: entry) else { continue }
        let request = SearchRequest(base: scene.partition.string, filter: id.filter(for: text))
        let found = try await scene.directory.collect(request).map(\.dn)
        try expect(found == [entry.dn], "the filter for \(text) found \(found) instead of \(entry.dn)")
      }
    },
    Promise(
      "anchor.base-finds", .anchor, "The base that names an entry by its ID, where the product has one, finds it.",
      remedy: "Write `baseTemplate` as the product reads it, or leave it nil"
    ) { trial in
      guard let id = trial.adapter.immutableID, id.baseTemplate != nil else { return }
      let scene = try trial.scene()
      for entry in try await scene.readAll() {
        guard let text = id.value(of: entry), let base = id.base(for: text) else {
          throw BrokenPromise("the template “\(id.baseTemplate ?? "")” has no place for the ID: write {id} there")
        }
        guard case .entry(let found) = try await scene.directory.read(base, attributes: ["*"]), found.dn == entry.dn
        else { throw BrokenPromise("the base \(base) does not find \(entry.dn)") }
      }
    },
  ]
}

extension Trial {
  func expectSameID(_ dn: String, _ change: String, _ newDN: String) async throws {
    guard let id = adapter.immutableID else { return }
    let scene = try scene()
    let before = try await scene.id(id, of: dn)
    try scene.apply(change)
    let after = try await scene.id(id, of: newDN)
    try expect(before != nil && before == after, "\(dn) had \(before ?? "no ID"), then \(after ?? "none")")
  }

  func expectFacts(_ fixture: Fixture) throws {
    let (stated, adapter) = (fixture.expected, adapter)
    let facts: [(String, Fixture.Expectation.Fact, String?)] = [
      ("anchor", stated.anchor, adapter.anchor.attribute?.string ?? "dn"),
      ("immutable ID", stated.immutableID, adapter.immutableID?.attribute.string),
      ("change log", stated.changeLog, adapter.changeLogDN),
      ("password attribute", stated.passwordAttribute, adapter.passwordAttribute.string),
    ]
    for (name, fact, found) in facts {
      let holds =
        switch fact {
        case .unstated: true
        case .absent: found == nil
        case .value(let value): found?.lowercased() == value.lowercased()
        }
      try expect(holds, "\(fixture.name): the \(name) is \(found ?? "none"), and expected.json says \(fact)")
    }
  }
}

extension Scene {
  /// Every entry of the partition, read as the engine reads it: user attributes, and anchor and ID by name.
  func readAll() async throws -> [Entry] {
    let names = [trial.adapter.anchor.attribute, trial.adapter.immutableID?.attribute].compactMap { $0?.string }
    return try await directory.collect(SearchRequest(base: partition.string, attributes: ["*"] + names))
  }

  /// The ID of one entry, asked for by name alone.
  func id(_ id: ImmutableID, of dn: String) async throws -> String? {
    guard case .entry(let entry) = try await directory.read(dn, attributes: [id.attribute.string]) else { return nil }
    return id.value(of: entry)
  }
}

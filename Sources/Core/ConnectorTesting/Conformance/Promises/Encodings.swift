import ConnectorCore

extension Promise {
  static let encodings: [Promise] = names + values + records

  private static let names = [
    named(
      "encoding.escaped-dn", "DNs with escaped characters are hinted.",
      "cn=Doe\\2C Jane \\22x\\22\\+y \\5C\\3C\\3E\\3B\\20"),
    named("encoding.multi-valued-rdn", "DNs with more than one value in an RDN are hinted.", "cn=Jane Doe+uid=jd"),
    named("encoding.utf8-dn", "DNs beyond ASCII are hinted.", "cn=Łukasz Grüß 日本語 🙂"),
    named("encoding.empty-rdn", "DNs with an empty value are hinted.", "cn="),
    named(
      "encoding.long-dn", "DNs of thousands of characters are hinted.",
      "cn=" + String(repeating: "long ", count: 800) + "x"),
    Promise(
      "encoding.dn-spelling", .encoding, "A partition that is spelled otherwise than in the log gets the same hints.",
      remedy: "Compare DNs as DN or by DNNormalizer, never as text"
    ) { trial in
      var scene = try trial.scene()
      scene.partition = try DN("DC=Example , DC=COM")
      try await trial.follow(scene) { try $0.applyEveryKind() }
    },
    Promise(
      "encoding.renamed-odd", .encoding,
      "Renames to and from names with escapes and UTF-8 are hinted with the right DN.",
      remedy: "Join RDN and parent as text of DNs, escapes left as they are"
    ) { trial in
      let odd = "cn=Öd\\2C \\22né\\22"
      let run = try await trial.follow { scene in
        try scene.rename(Population.ann, odd)
        try scene.rename("\(odd),\(Population.people)", "uid=plain")
      }
      let right = ["\(odd),\(Population.people)", "uid=plain,\(Population.people)"].compactMap { try? DN($0) }
      for newDN in run.hints.compactMap(\.newDN) {
        try expect((try? DN(newDN)).map { right.contains($0) } ?? false, "the new DN is given as “\(newDN)”")
      }
    },
  ]

  private static let values = [
    valued("encoding.binary-values", "Changes of values that hold every byte are hinted.", "jpegPhoto", Array(0...255)),
    valued("encoding.trailing-nul", "Values that end with a NUL are hinted.", "description", Array("text\0".utf8)),
    valued("encoding.options", "Changes of attributes with options are hinted.", "description;lang-de;x-two", [0x61]),
    valued(
      "encoding.ranges", "Entries whose values come in ranges are hinted.",
      "member;range=0-1499", Array("cn=a".utf8)),
    valued("encoding.no-text", "Values that are no UTF-8 are hinted.", "description", [0xFF, 0xC0, 0x80]),
    valued(
      "encoding.ldif-like", "Values that look like LDIF are hinted.",
      "description", Array("\n-\ndelete: cn\ndn: x\n".utf8)),
    valued(
      "encoding.large-values", "Values of a megabyte are hinted.",
      "jpegPhoto", Array(repeating: 7, count: 1 << 20)),
  ]

  private static let records = [
    Promise(
      "encoding.attribute-case", .encoding, "The letter case of attribute names in the log does not matter.",
      remedy: "Look attributes up by AttributeDescription, which compares without case"
    ) { trial in
      for spell in [{ $0.uppercased() }, { $0.lowercased() }] as [@Sendable (String) -> String] {
        try await trial.follow {
          try $0.applyEveryKind()
          $0.directory.editRecords { _, entry in
            var other = AttributeList()
            for (name, values) in entry.attributes { other[AttributeDescription(spell(name.string))] += values }
            entry.attributes = other
          }
        }
      }
    },
    Promise(
      "encoding.nameless-record", .encoding, "A record that names no entry is an error, and is not passed over.",
      remedy: "Throw where a record shows no target: its attributes may be hidden from the account"
    ) { trial in
      let scene = try trial.scene()
      let targets = scene.directory.flavour.targetAttributes
      guard !targets.isEmpty else { return }
      let watermark = try await scene.watermark()
      let truth = scene.truth()
      try scene.apply(Population.title("Chief", Population.ann))
      scene.directory.editRecords { isNewest, entry in
        for name in targets where isNewest { entry.attributes[name] = [] }
      }
      guard let run = try? await scene.delta(since: watermark) else { return }
      try truth.expectCovered(by: run.hints)
    },
    Promise(
      "encoding.garbled-dn", .encoding, "A record whose DN is none traps nothing, and hides no other record.",
      remedy: "Parse DNs with `try?`, and hint what cannot be parsed"
    ) { trial in
      let scene = try trial.scene()
      guard let target = scene.directory.flavour.targetAttributes.first else { return }
      let watermark = try await scene.watermark()
      for garbage in [Array("no dn at all".utf8), [], [0xFF, 0x00], Array("cn=a,,=".utf8)] as [[UInt8]] {
        let truth = scene.truth()
        try scene.apply(Population.title("T\(garbage.count)", Population.ann))
        try scene.apply(Population.title("T\(garbage.count)", Population.bob))
        scene.directory.garble(target, of: Population.ann, with: garbage)
        guard let run = try? await scene.delta(since: watermark) else { continue }
        try truth.expectCovered(by: run.hints, only: Population.bob)
      }
    },
  ]

  /// A promise about an entry of that name, through its whole life.
  private static func named(_ id: ID, _ sentence: String, _ rdn: String) -> Promise {
    Promise(id, .encoding, sentence, remedy: "Hand DNs over as they are written; parse them with DN, not by hand") {
      trial in
      let dn = "\(rdn),\(Population.people)"
      let person = LDIFRecord(dn: dn, attributes: [("objectClass", Array("person".utf8))])
      let titled = LDIFRecord(dn: dn, change: .modify([LDIFModification(.replace, "title", [[0x61]])]))
      let scene = try trial.scene()
      for change in [person, titled, LDIFRecord(dn: dn, change: .delete)] {
        try await trial.follow(scene) { try $0.directory.apply(change) }
      }
    }
  }

  /// A promise about an entry that gets that value, loses it, and another that is added with it.
  private static func valued(
    _ id: ID, _ sentence: String, _ name: AttributeDescription, _ value: [UInt8]
  ) -> Promise {
    let remedy = "Ask for no more of a record than what names the entry; take values as bytes"
    return Promise(id, .encoding, sentence, remedy: remedy) { trial in
      let scene = try trial.scene()
      let steps = [LDIFModification(.replace, name, [value]), LDIFModification(.delete, name)]
      let changes = steps.map { LDIFRecord(dn: Population.ann, change: .modify([$0])) }
      let attributes = [("objectClass", Array("person".utf8)), (name, value)]
      for change in changes + [LDIFRecord(dn: "uid=v,\(Population.people)", attributes: attributes)] {
        try await trial.follow(scene) { try $0.directory.apply(change) }
      }
    }
  }
}

extension Scene {
  func rename(_ dn: String, _ rdn: String) throws {
    let change = LDIFChange.rename(newRDN: rdn, deleteOldRDN: true, newSuperior: nil)
    try directory.apply(LDIFRecord(dn: dn, change: change))
  }
}

extension MemoryDirectory {
  /// Rewrites the records of the log in their places.
  func editRecords(_ edit: (_ isNewest: Bool, inout MemoryEntry) -> Void) {
    change { model in
      let records = model.records
      for (index, record) in records.enumerated() {
        var entry = record.entry
        edit(index == records.count - 1, &entry)
        model.put(entry)
      }
    }
  }

  /// Puts bytes in the place of the DN that the newest record about an entry names.
  func garble(_ target: AttributeDescription, of dn: String, with bytes: [UInt8]) {
    change { model in
      guard var entry = model.records.map(\.entry).last(where: { $0.attributes.string(target) == dn }) else { return }
      entry.attributes[target] = [bytes]
      model.put(entry)
    }
  }
}

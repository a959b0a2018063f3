extension RuleDetector.Rule {
  /// A root DSE attribute has a value that contains one of the texts, compared without case.
  public static func rootDSE(_ attribute: String, containsAny texts: [String], points: Int) -> Self {
    rootDSE(attribute, points: points) { value in texts.contains { value.contains($0.lowercased()) } }
  }

  /// A root DSE attribute has a value that starts with one of the texts, compared without case.
  public static func rootDSE(_ attribute: String, startsWithAny texts: [String], points: Int) -> Self {
    rootDSE(attribute, points: points) { value in texts.contains { value.hasPrefix($0.lowercased()) } }
  }

  /// A root DSE attribute is present, and no value contains one of the texts: it names something else.
  public static func rootDSE(_ attribute: String, otherThan texts: [String], points: Int) -> Self {
    Self(points: points, marker: attribute) { evidence in
      let values = evidence.rootDSE.values(AttributeDescription(attribute)).filter { !$0.isEmpty }
      let isOurs = values.contains { value in texts.contains { value.lowercased().contains($0.lowercased()) } }
      return isOurs ? nil : values.first.map { fact(attribute, $0) }
    }
  }

  /// One of several root DSE attributes is present, whatever its value; however many there are, the rule counts once.
  public static func rootDSE(hasAny attributes: [String], points: Int) -> Self {
    Self(points: points, markers: attributes) { evidence in
      attributes.lazy.compactMap { name in
        evidence.rootDSE.value(AttributeDescription(name)).map { "root DSE has \(name): \(shown($0))" }
      }.first
    }
  }

  /// The server lists OIDs below this arc as controls, extended operations, features or capabilities.
  /// - Parameters:
  ///   - arc: the OID that the others start with.
  ///   - count: how many different ones it must list, because some servers copy a few.
  ///   - points: what the fact adds, or takes away.
  public static func lists(below arc: String, atLeast count: Int = 1, points: Int) -> Self {
    Self(points: points, markers: oidAttributes) { evidence in
      let below = arc + "."
      let oids = Set(
        oidAttributes.flatMap { evidence.rootDSE.values(AttributeDescription($0)).filter { $0.hasPrefix(below) } })
      guard oids.count >= max(1, count), let first = oids.min() else { return nil }
      return "root DSE lists \(oids.count) OIDs below \(arc), such as \(shown(first))"
    }
  }

  /// The server lists this OID as a control, extended operation, feature or capability.
  public static func lists(_ oid: String, points: Int) -> Self {
    Self(points: points, markers: oidAttributes) { evidence in
      oidAttributes.first { evidence.rootDSE.values(AttributeDescription($0)).contains(oid) }
        .map { fact($0, oid) }
    }
  }

  /// The server has one of these naming contexts, compared as DNs.
  public static func namingContext(anyOf contexts: [String], points: Int) -> Self {
    let wanted = Set(contexts.compactMap { try? DN($0) })
    return Self(points: points, marker: "namingContexts") { evidence in
      evidence.rootDSE.namingContexts.first { context in (try? DN(context)).map(wanted.contains) ?? false }
        .map { fact("namingContexts", $0) }
    }
  }

  /// The schema defines one of these names or OIDs; however many, the rule counts once.
  public static func schema(definesAny names: [String], points: Int) -> Self {
    Self(points: points) { evidence in
      names.first { evidence.schema.defines($0) }.map { "schema defines \($0)" }
    }
  }

  /// The schema has definitions below this arc.
  /// - Parameters:
  ///   - arc: the OID that the others start with.
  ///   - count: how many, because schemas travel from product to product.
  ///   - points: what the fact adds, or takes away.
  public static func schema(below arc: String, atLeast count: Int = 3, points: Int) -> Self {
    Self(points: points) { evidence in
      let below = arc + "."
      let found =
        evidence.schema.attributeTypes.count { $0.oid.hasPrefix(below) }
        + evidence.schema.objectClasses.count { $0.oid.hasPrefix(below) }
      return found >= max(1, count) ? "schema has \(found) definitions below \(arc)" : nil
    }
  }

  /// The schema has definitions with an extension such as `X-ORIGIN`, whose value, where a text is given, contains it.
  public static func schema(extension name: String, contains text: String = "", points: Int) -> Self {
    Self(points: points) { evidence in
      let wanted = text.lowercased()
      let value = { (fields: [String: [String]]) in
        fields[name]?.first { wanted.isEmpty || $0.lowercased().contains(wanted) }
      }
      let found =
        evidence.schema.attributeTypes.lazy.compactMap { value($0.extensions) }.first
        ?? evidence.schema.objectClasses.lazy.compactMap { value($0.extensions) }.first
      return found.map { "schema says \(name): \(shown($0))" }
    }
  }

  /// The server was reached on one of these ports.
  public static func port(_ ports: [Int], points: Int) -> Self {
    Self(points: points) { evidence in
      evidence.port.flatMap { ports.contains($0) ? "reached on port \($0)" : nil }
    }
  }

  /// A value as a person may read it: one line, not too long.
  static func shown(_ value: String) -> String {
    let line = String(value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
    return line.count > 160 ? line.prefix(160) + "…" : line
  }

  static func fact(_ attribute: String, _ value: String) -> String { "root DSE \(attribute): \(shown(value))" }

  private static let oidAttributes = [
    "supportedControl", "supportedExtension", "supportedFeatures", "supportedCapabilities", "supportedGroupingTypes",
  ]

  private static func rootDSE(
    _ attribute: String, points: Int, where matches: @escaping @Sendable (_ lowercased: String) -> Bool
  ) -> Self {
    Self(points: points, marker: attribute) { evidence in
      evidence.rootDSE.values(AttributeDescription(attribute)).first { matches($0.lowercased()) }
        .map { fact(attribute, $0) }
    }
  }
}

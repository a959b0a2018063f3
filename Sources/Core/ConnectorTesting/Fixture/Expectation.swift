extension Fixture {
  /// What adapters should make of a fixture: `expected.json`.
  ///
  /// A key that is missing is not checked; one that is `null` says that there must be none.
  public struct Expectation: Sendable, Decodable {
    /// Something that a file may leave out, deny or state.
    public enum Fact: Hashable, Sendable, CustomStringConvertible {
      /// The file does not say.
      case unstated
      /// There must be none.
      case absent
      /// It must be this.
      case value(String)

      /// The value, or “none”.
      public var description: String {
        switch self {
        case .unstated: "nothing"
        case .absent: "none"
        case .value(let value): value
        }
      }
    }

    /// The name of the adapter that must win, `refused` or `generic`.
    public var winner: String
    /// The title of the product that is refused.
    public var product: String?
    /// The port that the server was reached on.
    public var port: Int?
    /// The anchor: `dn` or an attribute.
    public var anchor: Fact = .unstated
    /// The immutable ID's attribute.
    public var immutableID: Fact = .unstated
    /// The change log's DN.
    public var changeLog: Fact = .unstated
    /// The method of delta imports.
    public var deltaMethod: Fact = .unstated
    /// The attribute that holds the password.
    public var passwordAttribute: Fact = .unstated
    /// The naming contexts that are partitions.
    public var partitions: [String]?

    /// Expects that nobody in particular wins.
    public init(winner: String = "generic") { self.winner = winner }

    /// Reads `expected.json`.
    public init(from decoder: any Decoder) throws {
      let file = try decoder.container(keyedBy: Key.self)
      winner = try file.decode(String.self, forKey: .winner)
      product = try file.decodeIfPresent(String.self, forKey: .product)
      port = try file.decodeIfPresent(Int.self, forKey: .port)
      partitions = try file.decodeIfPresent([String].self, forKey: .partitions)
      anchor = try Self.fact(file, .anchor)
      immutableID = try Self.fact(file, .immutableID)
      changeLog = try Self.fact(file, .changeLog)
      deltaMethod = try Self.fact(file, .deltaMethod)
      passwordAttribute = try Self.fact(file, .passwordAttribute)
    }

    private enum Key: String, CodingKey {
      case winner, product, port, anchor, immutableID, changeLog, deltaMethod, passwordAttribute, partitions
    }

    private static func fact(_ file: KeyedDecodingContainer<Key>, _ key: Key) throws -> Fact {
      guard file.contains(key) else { return .unstated }
      return try file.decodeIfPresent(String.self, forKey: key).map { .value($0) } ?? .absent
    }
  }

  /// How a fixture behaves as a live server: `directory.json`.
  public struct Behaviour: Sendable, Decodable {
    /// The ways to tell of changes that `MemoryDirectory` knows.
    public enum Log: String, Sendable, Decodable {
      /// Records of slapo-accesslog(5).
      case accesslog
      /// Records of draft-good-ldap-changelog-04.
      case changelog
      /// The same records, by cookie too.
      case externalChangelog
      /// Update sequence numbers on the entries, and tombstones.
      case usn
      /// Time stamps on the entries, and nothing for deletes.
      case timestamp
    }

    /// How it tells of changes.
    public var log: Log = .timestamp
    /// The DN of the log; nil takes the usual one.
    public var logDN: String?
    /// The DN that may bind.
    public var bindDN: String?
    /// The password for it, in clear text: fixtures hold no real ones.
    public var password: String?
    /// How it takes writes.
    public var writing = WritingRules()

    /// Reads `directory.json`.
    public init(from decoder: any Decoder) throws {
      let file = try decoder.container(keyedBy: Key.self)
      log = try file.decodeIfPresent(Log.self, forKey: .log) ?? .timestamp
      logDN = try file.decodeIfPresent(String.self, forKey: .logDN)
      bindDN = try file.decodeIfPresent(String.self, forKey: .bindDN)
      password = try file.decodeIfPresent(String.self, forKey: .password)
      writing = try file.decodeIfPresent(WritingRules.self, forKey: .writing) ?? WritingRules()
    }

    private enum Key: String, CodingKey { case log, logDN, bindDN, password, writing }
  }
}

/// How a private 389 Directory Server is set up; the defaults are those of an ordinary one with a retro changelog.
package struct DS389Options: Sendable {
  package var seed = DirectorySeed.none
  /// Whether the plug-in Retro Changelog writes `cn=changelog`.
  package var changelog = true
  /// `nsslapd-attribute` of that plug-in: what of an entry is logged, and under which name. The default is what its
  /// manual recommends; with none a record names its entry by DN alone.
  package var loggedAttributes = ["nsuniqueid:targetUniqueId"]
  /// `nsslapd-changelogmaxage`, such as `6s` or `2d`; the newest record outlives it.
  package var maxAge = "2d"
  /// `nsslapd-changelog-trim-interval`, in seconds.
  package var trimInterval = 300
  /// `nsslapd-include-suffix`: the subtrees whose changes are logged; none is all.
  package var loggedSuffixes: [String] = []
  /// Whether the plug-in MemberOf keeps `memberOf`, and follows members that are renamed. It does not see the seed.
  package var memberOf = false
  /// Whether the plug-in Referential Integrity mends `member` and `manager` when entries go or move.
  package var referentialIntegrity = false
  /// The server's default size limit.
  package var sizeLimit = 2000
  /// How many candidates the server looks at for one unindexed search, by default.
  package var lookThroughLimit = 5000
  package var connectorReadsLog = true
  /// Whether `cn=connector` is free of size and look-through limits.
  package var connectorIsUnlimited = true

  package init() {}

  /// Options changed in place: `.with { $0.memberOf = true }`.
  package static func with(_ change: (inout DS389Options) -> Void) -> DS389Options {
    var options = DS389Options()
    change(&options)
    return options
  }
}

import Testing

@testable import TestSupport

/// A real change log under the names of products that cannot be installed here: UnboundID's in-memory server says what
/// it is told to say of its maker and version.
@Suite struct PosingTests {
  /// What the server says, and the adapter that serves it then.
  struct Pose: Sendable, CustomTestStringConvertible {
    let vendorName: String
    let vendorVersion: String
    let adapter: String
    /// The attribute that this adapter takes for the ID; entries without it are left out.
    var id = "entryUUID"

    var testDescription: String { vendorVersion }
  }

  private static let poses = [
    Pose(vendorName: "Sun Microsystems, Inc.", vendorVersion: "OpenDS Directory Server 2.3.0", adapter: "opends"),
    Pose(vendorName: "ForgeRock AS.", vendorVersion: "OpenDJ Server 3.5.3", adapter: "opendj"),
    Pose(vendorName: "Oracle Corporation", vendorVersion: "Oracle Unified Directory 12.2.1.4.0", adapter: "oud"),
    Pose(
      vendorName: "Oracle Corporation", vendorVersion: "Sun-Directory-Server/11.1.1.7.0 B2013.0916.2111",
      adapter: "oracle-dsee", id: "nsUniqueId"),
    Pose(
      vendorName: "Sun Microsystems, Inc.", vendorVersion: "Sun Java(TM) System Directory Server/5.2_Patch_4",
      adapter: "sunone", id: "nsUniqueId"),
  ]

  @Test(arguments: poses)
  func changesOfEveryKindArrive(pose: Pose) async throws {
    let product = LiveProduct(pose.vendorVersion, id: pose.id) { setup in
      var options = UnboundIDOptions(setup)
      (options.vendorName, options.vendorVersion) = (pose.vendorName, pose.vendorVersion)
      return try await UnboundIDServer.start(options)
    }
    let people = "ou=people,\(Scene.base)"
    try await Scene.running(on: product) { scene in
      scene.filter = "(\(pose.id)=*)"
      let detected = try await scene.tool("check", "--json").standardOutput
      #expect(detected.contains("adapter `\(pose.adapter)`"), "\(detected)")
      try await scene.write { text in
        Self.add("ou=people", ["organizationalUnit"], in: Scene.base, number: 1, pose, to: &text)
        for number in 2...9 {
          Self.add("uid=u\(number)", ["inetOrgPerson"], in: people, number: number, pose, to: &text)
        }
      }
      try await scene.full()
      try await scene.expectTruth("after the full import")
      try await scene.write { text in
        Self.add("uid=new", ["inetOrgPerson"], in: people, number: 10, pose, to: &text)
        text.modify("uid=u2,\(people)", "replace", "description", ["changed"])
        text.rename("uid=u3,\(people)", to: "uid=renamed")
        text.delete("uid=renamed,\(people)")
        text.delete("uid=u4,\(people)")
        Self.add("uid=u4", ["inetOrgPerson"], in: people, number: 11, pose, to: &text)
        text.rename(people, to: "ou=folk")
        text.delete("uid=u5,ou=folk,\(Scene.base)")
      }
      let report = try await scene.delta()
      #expect(report.method == "changelog")
      #expect(report.count("added") == 2 && report.count("deleted") == 3, "\(report.counts)")
      #expect(report.count("pending") == 0, "\(report.findings)")
      try await scene.expectTruth("after the delta import")
      try await scene.expectUnchanged { try await scene.delta() }
    }
  }

  private static func add(
    _ rdn: String, _ classes: [String], in container: String, number: Int, _ pose: Pose, to text: inout LDIFText
  ) {
    let names = classes == ["inetOrgPerson"] ? [("cn", "Person \(number)"), ("sn", "Person")] : []
    let id = pose.id == "nsUniqueId" ? [("nsUniqueId", "0000000\(number % 10)-\(number)")] : []
    text.add("\(rdn),\(container)", classes: classes + ["extensibleObject"], names + id)
  }
}

import ConnectorCore
import Foundation
import Testing

@testable import ConnectorHost

@Suite("A plan as a file")
struct PlanFileTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/plan.json"
  }

  @Test("A plan that was written is read back whole, and nobody else may read it")
  func roundTrip() throws {
    let plan = SamplePlan.everything
    try PlanFile.write(plan, to: path)
    let again = try PlanFile.read(path)
    #expect(again.operations == plan.operations)
    #expect(again.partitions == plan.partitions)
    #expect(again.findings == plan.findings)
    #expect(try PlanFile.text(again) == PlanFile.text(plan))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["plan.json"])
  }

  @Test("Every operation is one line, so that two plans compare well")
  func oneLineAnOperation() throws {
    let lines = try PlanFile.text(SamplePlan.everything).split(separator: "\n")
    for operation in SamplePlan.everything.operations {
      #expect(lines.count { $0.contains("\"number\":\(operation.number),") } == 1, "\(operation.number)")
    }
  }

  @Test("An empty plan is JSON too")
  func empty() throws {
    let plan = ExportPlan(plan: "p", created: "c", feed: "f", adapter: "a", server: "s", input: "i")
    try PlanFile.write(plan, to: path)
    #expect(try PlanFile.read(path).operations.isEmpty)
  }

  @Test(
    "What is no plan, a plan of another release and a damaged one are told apart",
    arguments: [
      ("hello", "is no plan"), ("{\"format\": 99}", "is a plan of format 99"),
      ("{\"format\": 1, \"plan\": 7}", "is a damaged plan"),
    ])
  func unusable(text: String, message: String) throws {
    let file = try folder.write("other.json", text)
    let failure = #expect(throws: CommandFailure.self) { try PlanFile.read(file) }
    #expect(failure?.description.contains(message) == true, "\(failure?.description ?? "")")
    #expect(failure?.status == .failure)
  }

  @Test("A damaged operation is named by its place, and no value of it is shown")
  func damagedOperation() throws {
    let text = try PlanFile.text(SamplePlan.everything).replacing("\"kind\":\"rename\"", with: "\"kind\":\"hunter2\"")
    let failure = #expect(throws: CommandFailure.self) { try PlanFile.read(folder.write("plan.json", text)) }
    #expect(failure?.description.contains("at operations 3 kind") == true, "\(failure?.description ?? "")")
    #expect(failure?.description.contains("hunter2") == false)
  }
}

@Suite("A plan for a person")
struct PlanTextTests {
  @Test("Each operation is shown with what changes, wave by wave, with the sums and what is wrong")
  func everything() {
    #expect(
      PlanText(SamplePlan.everything).text == """
        Wave 1:
            1  add       ou=new,dc=x  (missing parent of line 2)
                         objectClass: organizationalUnit

        Wave 2:
            2  add       cn=Ann,ou=new,dc=x  (line 2)
                         objectClass: top, person
                         jpegPhoto: (1,234 bytes)
                         password: set
            3  rename    cn=Bob,dc=x → cn=Rob,ou=new,dc=x  (line 3)
            4  modify    cn=staff,dc=x  (lines 4, 5)
                         member: + cn=0,dc=x, cn=1,dc=x, cn=2,dc=x, and 97 more
                         mail: a@x → b@x
                         title: old → none
                         description: - two\\u{a}lines
            5  delete    ou=old,dc=x with 14 entries below, in one request  (line 6)

        2 adds, 1 change, 1 rename, 15 deletes, 1 password; 7 unchanged.
        dc=x: 15 deletes, which is more than the 10 of `deleteBudget`, so that none of them is carried out. If that is what you \
        want: --allow-deletes 15

        error: line 9, cn=Eve,dc=x: she is not there → look
        """)
  }

  @Test("A plan without operations says that there is nothing to do")
  func nothing() {
    var plan = ExportPlan(plan: "p", created: "c", feed: "f", adapter: "a", server: "s", input: "i")
    plan.unchanged = 3
    #expect(PlanText(plan).text == "Nothing to do: 3 changes of the input are so already.")
  }
}

enum SamplePlan {
  /// A plan with an operation of nearly every kind.
  static let everything: ExportPlan = {
    var plan = ExportPlan(
      plan: "4F7C", created: "2026-01-01T00:00:00Z", feed: "7D0F", adapter: "acme", server: "ldap://a:389",
      input: "changes.jsonl")
    plan.partitions = [PlannedPartition(dn: "dc=x")]
    plan.partitions[0].deletes = 15
    plan.partitions[0].allowance = 10
    plan.partitions[0].deletesAllowed = false
    plan.operations = [parent, ann, bob, staff, old]
    plan.findings = [PlanFinding(.error, line: 9, object: "cn=Eve,dc=x", "she is not there", remedy: "look")]
    plan.unchanged = 7
    return plan
  }()

  private static func values(_ texts: String...) -> [PlannedValue] { texts.map { PlannedValue(Array($0.utf8)) } }

  private static func operation(
    _ number: Int, _ kind: PlannedOperation.Kind, wave: Int, _ dn: String, lines: [Int],
    _ change: (inout PlannedOperation) -> Void
  ) -> PlannedOperation {
    var operation = PlannedOperation(number: number, kind: kind, wave: wave, partition: 0, dn: dn)
    operation.lines = lines
    change(&operation)
    return operation
  }

  private static let parent = operation(1, .add, wave: 1, "ou=new,dc=x", lines: []) {
    $0.reason = "missing parent of line 2"
    $0.attributes = [PlannedAttribute(name: "objectClass", values: values("organizationalUnit"))]
  }

  private static let ann = operation(2, .add, wave: 2, "cn=Ann,ou=new,dc=x", lines: [2]) {
    $0.after = [1]
    $0.attributes = [
      PlannedAttribute(name: "objectClass", values: values("top", "person")),
      PlannedAttribute(name: "jpegPhoto", values: [PlannedValue([UInt8](repeating: 0xFF, count: 1234))]),
    ]
    $0.secret = SecretReference(line: 2, hash: "00")
  }

  private static let bob = operation(3, .rename, wave: 2, "cn=Bob,dc=x", lines: [3]) {
    $0.id = "b0b"
    $0.rename = PlannedRename(
      newRDN: "cn=Rob", deleteOldRDN: true, newSuperior: "ou=new,dc=x", dn: "cn=Rob,ou=new,dc=x")
    $0.state = PlannedState(versionAttribute: "entryCSN", version: "1", fingerprint: "ab")
  }

  private static let staff = operation(4, .modify, wave: 2, "cn=staff,dc=x", lines: [4, 5]) {
    $0.modifications = [
      PlannedModification(.add, "member", (0..<100).flatMap { values("cn=\($0),dc=x") }),
      PlannedModification(.replace, "mail", values("b@x"), before: values("a@x")),
      PlannedModification(.delete, "title", [], before: values("old")),
      PlannedModification(.delete, "description", values("two\nlines")),
    ]
  }

  private static let old = operation(5, .deleteTree, wave: 2, "ou=old,dc=x", lines: [6]) { $0.descendants = 14 }
}

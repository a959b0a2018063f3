import ConnectorCore
import ConnectorTesting
import Foundation
import Testing

@testable import FixtureServer

/// Products' own ways of taking writes.
@Suite struct WritingRulesTests {
  private static let ann = "cn=Ann,dc=example,dc=com"

  private func session(_ rules: String) throws -> Session {
    let directory = MemoryDirectory(flavour: .timestamp())
    try directory.apply(
      ldif: "dn: dc=example,dc=com\nchangetype: add\nobjectClass: domain\n\n"
        + "dn: \(Self.ann)\nchangetype: add\nobjectClass: person\nsn: a\n\n")
    let rules = try JSONDecoder().decode(WritingRules.self, from: Data(rules.utf8))
    return Session(directory: directory, account: nil, faults: FaultScript([]), rules: rules)
  }

  private func quoted(_ password: String) -> [UInt8] {
    "\"\(password)\"".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  /// The result code of a modification.
  private func code(_ session: Session, _ steps: [LDIFModification], controls: [Control] = []) -> ResultCode {
    code(session, .modify(steps), controls: controls)
  }

  private func code(_ session: Session, _ change: LDIFChange, controls: [Control] = []) -> ResultCode {
    let request = RequestMessage(
      id: 1, operation: .change(LDIFRecord(dn: Self.ann, change: change), change), controls: controls)
    do {
      _ = try session.change(LDIFRecord(dn: Self.ann, change: change), change, request)
      return .success
    } catch let error as DirectoryError {
      return error.code
    } catch {
      return .other
    }
  }

  @Test func unicodePwdIsSetByAReplaceAndChangedByTheOldValue() throws {
    let session = try session(#"{"takesUnicodePwd": true}"#)
    let directory = session.directory
    #expect(code(session, [LDIFModification(.replace, "unicodePwd", [quoted("one")])]) == .success)
    #expect(directory.authenticate(Self.ann, password: Array("one".utf8)))
    let wrong = [
      LDIFModification(.delete, "unicodePwd", [quoted("two")]), LDIFModification(.add, "unicodePwd", [quoted("three")]),
    ]
    #expect(code(session, wrong).rawValue == 19)
    let right = [
      LDIFModification(.delete, "unicodePwd", [quoted("one")]), LDIFModification(.add, "unicodePwd", [quoted("three")]),
    ]
    #expect(code(session, right) == .success)
    #expect(directory.authenticate(Self.ann, password: Array("three".utf8)))
    #expect(code(session, [LDIFModification(.replace, "unicodePwd", [Array("four".utf8)])]) == .unwillingToPerform)
  }

  @Test func passwordsMayNeedTLSAndRenamesTheOldNameToGo() throws {
    let session = try session(#"{"passwordsNeedTLS": true, "mustDeleteOldRDN": true}"#)
    #expect(code(session, [LDIFModification(.replace, "userPassword", [[0x61]])]) == .unwillingToPerform)
    #expect(code(session, [LDIFModification(.replace, "sn", [[0x61]])]) == .success)
    #expect(code(session, .rename(newRDN: "cn=b", deleteOldRDN: false, newSuperior: nil)) == .unwillingToPerform)
    #expect(code(session, .rename(newRDN: "cn=b", deleteOldRDN: true, newSuperior: nil)) == .success)
  }

  @Test func permissiveModifyTakesWhatIsThereAndWhatIsNot() throws {
    let session = try session("{}")
    let control = Control(SupportedControls.permissiveModify, isCritical: true)
    let again = [LDIFModification(.add, "sn", [[0x61], [0x62]]), LDIFModification(.delete, "mail", [[0x61]])]
    #expect(code(session, again).rawValue == 20)
    #expect(code(session, again, controls: [control]) == .success)
    #expect(session.directory.entry(Self.ann)?.attributes.strings("sn") == ["a", "b"])
  }

  @Test func aDisabledAccountGetsTheCodeOfTheProduct() throws {
    let session = try session(#"{"disabled": {"attribute": "locked", "value": "TRUE", "code": 53}}"#)
    #expect(session.refusal(of: Self.ann) == nil)
    #expect(code(session, [LDIFModification(.replace, "locked", [Array("true".utf8)])]) == .success)
    #expect(session.refusal(of: Self.ann)?.code == .unwillingToPerform)
  }
}

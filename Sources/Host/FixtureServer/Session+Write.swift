import ConnectorCore
import ConnectorTesting
import SwiftASN1

extension Session {
  /// Adds, deletes, modifies or renames, through the directory's flavour, so that its log grows as the product's does.
  func change(_ record: LDIFRecord, _ change: LDIFChange, _ request: RequestMessage) throws -> Answer {
    if change != .add { try checkAssertion(of: request, on: record.dn) }
    try checkRename(record)
    let record = try translated(record.permitting(request, supported))
    var controls = try read(record.dn, SupportedControls.preRead, change == .add ? nil : request)
    if change == .delete, let control = request.control(SupportedControls.treeDelete), supported.honours(control.oid),
      !rules.treeDeleteInVain
    {
      try deleteBelow(record.dn)
    }
    try apply(record)
    let newDN = try change.newDN(of: record.dn)
    controls += try read(newDN, SupportedControls.postRead, change == .delete ? nil : request)
    return Answer(request.id, .result(.success, of: change.response), controls: controls)
  }

  /// Makes the change; a wrong old password has a code of its own (MS-ADTS §3.1.1.3.1.5).
  private func apply(_ record: LDIFRecord) throws {
    let answer = Result { () throws(DirectoryError) in try directory.apply(record) }
    guard case .failure(var error) = answer else { return }
    if error.code == .noSuchAttribute, rules.takesUnicodePwd { error.code = .constraintViolation }
    throw error
  }

  private func checkRename(_ record: LDIFRecord) throws {
    guard rules.mustDeleteOldRDN, case .rename(_, false, _) = record.change else { return }
    throw DirectoryError(
      .unwillingToPerform, operation: "rename of \(record.dn)", message: "Old RDN must be deleted")
  }

  /// Compares by search (RFC 4511 §4.10): the equality rule is the same.
  func compare(
    _ dn: String, _ attribute: AttributeDescription, _ value: [UInt8], _ request: RequestMessage
  ) throws -> Answer {
    try checkAssertion(of: request, on: dn)
    guard try matches(dn, .present(attribute)) else {
      return Answer(request.id, .result(LDAPResult(.noSuchAttribute), of: .compare))
    }
    let isEqual = try matches(dn, .equal(attribute, value))
    return Answer(request.id, .result(LDAPResult(isEqual ? .compareTrue : .compareFalse), of: .compare))
  }

  /// Refuses the operation where the client's assertion does not hold (RFC 4528 §3).
  func checkAssertion(of request: RequestMessage, on dn: String) throws {
    guard let control = request.control(SupportedControls.assertion), supported.honours(control.oid) else { return }
    let filter = try Filter(decoding: try BER.parse(control.value ?? []))
    guard try matches(dn, filter) else {
      throw DirectoryError(.assertionFailed, operation: "assertion", message: "\(filter) does not hold")
    }
  }

  private func matches(_ dn: String, _ filter: Filter) throws -> Bool {
    let request = SearchRequest(base: dn, scope: .base, filter: filter, attributes: [SearchRequest.noAttributes])
    return try !directory.entries(for: request).isEmpty
  }

  /// Deletes everything below an entry, deepest first (draft-armijo-ldap-treedelete).
  private func deleteBelow(_ dn: String) throws {
    let tree = try directory.entries(for: SearchRequest(base: dn, attributes: [SearchRequest.noAttributes]))
    let depths = tree.map { ($0.dn, DN.components(of: $0.dn).count) }.sorted { $0.1 > $1.1 }
    for (name, _) in depths.dropLast() { try directory.apply(LDIFRecord(dn: name, change: .delete)) }
  }

  /// The entry in a response control, where the client asked for it (RFC 4527 §3).
  private func read(_ dn: String, _ oid: String, _ request: RequestMessage?) throws -> [Control] {
    guard let control = request?.control(oid), supported.honours(oid) else { return [] }
    let attributes = try BER.parse(control.value ?? []).parts(.sequence) { try $0.text(.octetString, "attribute") }
    let found = try directory.entries(for: SearchRequest(base: dn, scope: .base, attributes: attributes))
    return found.prefix(1).map { entry in
      Control(oid, value: DER.Serializer.bytes { entry.write(to: &$0, .sequence) })
    }
  }
}

extension LDIFRecord {
  /// The record with the client's wish that values which are there may be added, and missing ones deleted.
  fileprivate func permitting(_ request: RequestMessage, _ supported: SupportedControls) -> LDIFRecord {
    guard let control = request.control(SupportedControls.permissiveModify), supported.honours(control.oid) else {
      return self
    }
    var record = self
    record.controls.append(control)
    return record
  }
}

extension LDIFChange {
  /// The DN of an entry after this change.
  fileprivate func newDN(of dn: String) throws -> String {
    guard case .rename(let newRDN, _, let newSuperior) = self else { return dn }
    let parent = try newSuperior ?? DN(dn).parent?.string ?? ""
    return parent.isEmpty ? newRDN : "\(newRDN),\(parent)"
  }
}

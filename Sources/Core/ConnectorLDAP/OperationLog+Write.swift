import CTransport
import ConnectorCore
import Logging

extension OperationLog {
  /// Logs a request to change the directory; the moment it was sent, as `ct_now` counts.
  ///
  /// Of values only their number: who writes into a directory writes more secrets than a list of attributes can name.
  func request(_ write: WriteRequest) -> Int64 {
    logger.debug(
      "request",
      metadata: [
        "op": "\(write.name)", "base": "\(write.dn)", "change": "\(write.summary)",
        "controls": "\(write.controlNames.joined(separator: " "))",
      ])
    return ct_now()
  }

  /// Logs how a request to change the directory ended.
  func result(_ write: WriteRequest, _ id: Int32, _ code: ResultCode, since start: Int64) {
    logger.debug(
      "result",
      metadata: [
        "op": "\(write.name)", "base": "\(write.dn)", "id": "\(id)", "code": "\(code)", "ms": "\(ct_now() - start)",
      ])
  }

  /// What a request writes that no error may repeat.
  func secrets(in write: WriteRequest) -> [Secret] {
    switch write.operation {
    case .change(.modify(let steps), _): steps.flatMap { secrets($0.attribute, $0.values) }
    case .change(_, let attributes): attributes.flatMap { secrets($0.0, $0.1) }
    case .passwordModify(let old, let new): [old, new].compactMap(\.self)
    }
  }

  private func secrets(_ attribute: AttributeDescription, _ values: [[UInt8]]) -> [Secret] {
    let type = AttributeDescription(attribute.type)
    guard secretAttributes.contains(type) else { return [] }
    let secrets = values.map { Secret($0) }
    // Its values are the password in quotation marks, in UTF-16.
    return type == "unicodePwd" ? secrets + values.map { Secret(unquoted($0)) } : secrets
  }

  private func unquoted(_ value: [UInt8]) -> String {
    let units = stride(from: 0, to: value.count - 1, by: 2).map { UInt16(value[$0]) | UInt16(value[$0 + 1]) << 8 }
    return String(String(decoding: units, as: UTF16.self).drop { $0 == "\"" }.prefix { $0 != "\"" })
  }
}

extension WriteRequest {
  fileprivate var name: String {
    switch operation {
    case .change(.add, _): "add"
    case .change(.modify, _): "modify"
    case .change(.delete, _): "delete"
    case .change(.rename, _): "rename"
    case .passwordModify: "password"
    }
  }

  /// What is changed, without a value.
  fileprivate var summary: String {
    switch operation {
    case .change(.modify(let steps), _):
      steps.map { "\($0.operation) \($0.attribute) (\($0.values.count))" }.joined(separator: ", ")
    case .change(.rename(let newRDN, let deleteOldRDN, let newSuperior), _):
      "to \(newRDN)" + (newSuperior.map { " below \($0)" } ?? "") + (deleteOldRDN ? "" : ", keeping the old value")
    case .change(_, let attributes): attributes.map { "\($0.0) (\($0.1.count))" }.joined(separator: ", ")
    case .passwordModify: ""
    }
  }

  fileprivate var controlNames: [String] {
    controls.map(\.oid) + (assertion == nil ? [] : [WellKnownOIDs.assertion])
      + (preRead == nil ? [] : [WellKnownOIDs.preRead]) + (postRead == nil ? [] : [WellKnownOIDs.postRead])
  }
}

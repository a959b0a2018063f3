import CLDAP
import ConnectorCore

extension Wire {
  /// Sends a request to change the directory.
  /// - Throws: `DirectoryError` for a request that cannot be sent as it is, or once the connection has failed.
  func send(_ request: WriteRequest) throws -> Int32 {
    try request.checkCanBeSent()
    let controls = try WriteControls.controls(of: request, handle)
    return try send("\(request)") { id in
      withControls(controls) { controls in
        switch request.operation {
        case .change(let change, let attributes): send(change, of: request.dn, attributes, controls, &id)
        case .passwordModify(let old, let new): sendPassword(of: request.dn, old, new, controls, &id)
        }
      }
    }
  }

  private typealias Controls = UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>

  private func send(
    _ change: LDIFChange, of dn: String, _ attributes: [(AttributeDescription, [[UInt8]])], _ controls: Controls?,
    _ id: inout Int32
  ) -> Int32 {
    switch change {
    case .add:
      withModifications(attributes.map { Modification($0, $1) }) { ldap_add_ext(handle, dn, $0, controls, nil, &id) }
    case .modify(let steps):
      withModifications(steps.map { Modification($0) }) { ldap_modify_ext(handle, dn, $0, controls, nil, &id) }
    case .delete: ldap_delete_ext(handle, dn, controls, nil, &id)
    case .rename(let newRDN, let deleteOldRDN, let newSuperior):
      ldap_rename(handle, dn, newRDN, newSuperior, deleteOldRDN ? 1 : 0, controls, nil, &id)
    }
  }

  private func sendPassword(
    of user: String, _ old: Secret?, _ new: Secret?, _ controls: Controls?, _ id: inout Int32
  ) -> Int32 {
    withOptionalBerval(user.isEmpty ? nil : Array(user.utf8)) { user in
      withOptionalBerval(old?.withBytes { $0 }) { old in
        withOptionalBerval(new?.withBytes { $0 }) { ldap_passwd(handle, user, old, $0, controls, nil, &id) }
      }
    }
  }
}

/// Lends bytes as a berval; nil as none.
private func withOptionalBerval<R>(_ bytes: [UInt8]?, _ body: (UnsafeMutablePointer<berval>?) -> R) -> R {
  guard let bytes else { return body(nil) }
  return withBerval(bytes) { body($0) }
}

extension WriteRequest {
  /// The most bytes that one request may have; more do not fit into what the transport keeps for the socket.
  private static let mostBytes = 48 << 20

  /// Refuses what libldap would send otherwise than it stands here.
  fileprivate func checkCanBeSent() throws {
    var names = [dn]
    var (attributes, values): ([String], [[UInt8]]) = (controls.map(\.oid), controls.compactMap(\.value))
    switch operation {
    case .change(.rename(let newRDN, _, let newSuperior), _): names += [newRDN, newSuperior ?? ""]
    case .change(.modify(let steps), _):
      attributes += steps.map(\.attribute.string)
      values += steps.flatMap(\.values)
    case .change(_, let list):
      attributes += list.map(\.0.string)
      values += list.flatMap(\.1)
      if let empty = list.first(where: { $0.1.isEmpty }) {
        throw refusal(.parameterError, "the attribute \(empty.0) has no value: an entry to add must do without it")
      }
    case .passwordModify: break
    }
    // libldap takes C strings, which a NUL would cut short.
    if names.contains(where: { $0.utf8.contains(0) }) {
      throw refusal(.invalidDNSyntax, "the DN holds a NUL character")
    }
    if (attributes + [assertion?.description ?? ""]).contains(where: { $0.utf8.contains(0) }) {
      throw refusal(.parameterError, "the name of an attribute or a control holds a NUL character")
    }
    let size = (names + attributes).reduce(values.reduce(0) { $0 + $1.count + 16 }) { $0 + $1.utf8.count + 32 }
    if size > Self.mostBytes {
      throw refusal(.parameterError, "the request has \(size) bytes, more than the \(Self.mostBytes) that can be sent")
    }
  }

  private func refusal(_ code: ResultCode, _ message: String) -> DirectoryError {
    DirectoryError(code, operation: description, message: message)
  }
}

import ConnectorCore

extension AccountSession {
  /// How a password was written.
  enum Method: String, Encodable {
    case passwordModify, attribute, bindThenSet

    /// The words behind “set by”.
    func inWords(_ attribute: AttributeDescription) -> String {
      switch self {
      case .passwordModify: "the password modify operation (RFC 3062)"
      case .attribute: "writing \(attribute)"
      case .bindThenSet: "a bind with the old one, then an administrator's right"
      }
    }
  }

  /// Sets the password; without one the server makes it up.
  func set(_ password: Secret?) async throws -> (Secret, Method) {
    if let password {
      let request = PasswordRequest(scope).set(dn, to: password)
      try await write(request)
      return (password, request.method)
    }
    guard scope.facts.password.usesPasswordModify, scope.offers(WellKnownOIDs.passwordModify) else {
      throw CommandFailure(.failure, "This server makes no passwords up (RFC 3062); give one.")
    }
    guard let made = try await write(.passwordModify(dn, new: nil)).generatedPassword else {
      throw CommandFailure(.failure, "The server set a password and did not say which one; set one of your own.")
    }
    return (made, .passwordModify)
  }

  /// Changes the password; the server, or a bind, checks the old one.
  func change(from old: Secret, to new: Secret) async throws -> Method {
    if let request = PasswordRequest(scope).change(dn, from: old, to: new) {
      try await write(request)
      return request.method
    }
    guard try await connections.binds(as: dn, with: old) else {
      throw CommandFailure(
        .failure,
        "A bind with the old password is refused: it is wrong, or the account may not log in. Nothing was changed.")
    }
    _ = try await set(new)
    return .bindThenSet
  }

  /// Tries the password and tells what came of it; one that the server made goes to standard output alone.
  func tell(_ password: Secret, _ method: Method, isGenerated: Bool, asJSON: Bool) async throws {
    let isTried = try await connections.binds(as: dn, with: password)
    let made = isGenerated ? password.withBytes { String(decoding: $0, as: UTF8.self) } : nil
    let report = PasswordReport(dn: dn, method: method, bindSucceeds: isTried, generatedPassword: made)
    let output = HostContext.current.output
    if asJSON {
      output.line(try JSONOutput.line(report))
    } else {
      let way = method.inWords(scope.passwordAttribute)
      let text = "\(ShownValue.text(dn)): password set by \(way); \(report.trial)"
      if let made {
        output.error(text)
        output.line(made)
      } else {
        output.line(text)
      }
    }
    guard isTried else {
      throw CommandFailure(
        .exportIncomplete,
        "The server took the password, but a bind with it is refused: the account may be disabled, or a policy forbids it."
      )
    }
  }
}

/// What `password` tells.
private struct PasswordReport: Encodable {
  var dn: String
  var method: AccountSession.Method
  var bindSucceeds: Bool
  var generatedPassword: String?

  var trial: String { bindSucceeds ? "a bind with it succeeds" : "a bind with it is refused" }
}

extension WriteRequest {
  fileprivate var method: AccountSession.Method {
    if case .passwordModify = operation { .passwordModify } else { .attribute }
  }
}

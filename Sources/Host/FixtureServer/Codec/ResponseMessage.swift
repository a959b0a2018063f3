import ConnectorCore
import SwiftASN1

/// One message to a client (RFC 4511 §4.1.1).
struct ResponseMessage: Sendable {
  var id: Int
  var content: Content
  var controls: [Control] = []

  enum Content: Sendable {
    case entry(Entry)
    case reference([String])
    case result(LDAPResult, of: Kind)
    /// The result of an extended operation (RFC 4511 §4.12).
    case extended(LDAPResult, oid: String? = nil, value: [UInt8]? = nil)
  }

  /// The operation that a result ends, by the tag of its response.
  enum Kind: UInt, Sendable {
    case bind = 1
    case search = 5
    case modify = 7
    case add = 9
    case delete = 11
    case rename = 13
    case compare = 15
  }

  /// Tells the client why the connection is closed (RFC 4511 §4.4.1).
  static func noticeOfDisconnection(_ code: ResultCode, _ message: String) -> ResponseMessage {
    ResponseMessage(id: 0, content: .extended(LDAPResult(code, message), oid: "1.3.6.1.4.1.1466.20036"))
  }

  /// The message in BER.
  var encoded: [UInt8] {
    DER.Serializer.bytes { message in
      message.appendConstructedNode(identifier: .sequence) { parts in
        parts.integer(id)
        content.write(to: &parts)
        if !controls.isEmpty {
          parts.appendConstructedNode(identifier: .context(0)) { list in
            for control in controls { control.write(to: &list) }
          }
        }
      }
    }
  }
}

/// How an operation ended (RFC 4511 §4.1.9).
struct LDAPResult: Sendable {
  var code: ResultCode
  var matchedDN = ""
  var message = ""
  var referrals: [String] = []

  init(_ code: ResultCode, _ message: String = "") {
    self.code = code
    self.message = message
  }

  init(_ error: DirectoryError) {
    code = error.code
    matchedDN = error.matchedDN
    message = error.message
    referrals = error.referrals
  }

  static let success = LDAPResult(.success)

  fileprivate func write(to parts: inout DER.Serializer) {
    parts.integer(Int(code.rawValue), .enumerated)
    parts.text(matchedDN)
    parts.text(message)
    guard !referrals.isEmpty else { return }
    parts.appendConstructedNode(identifier: .context(3)) { list in
      for url in referrals { list.text(url) }
    }
  }
}

extension ResponseMessage.Content {
  fileprivate func write(to message: inout DER.Serializer) {
    switch self {
    case .entry(let entry): entry.write(to: &message, .application(4))
    case .reference(let urls):
      message.appendConstructedNode(identifier: .application(19)) { list in
        for url in urls { list.text(url) }
      }
    case .result(let result, let kind):
      message.appendConstructedNode(identifier: .application(kind.rawValue)) { result.write(to: &$0) }
    case .extended(let result, let oid, let value):
      message.appendConstructedNode(identifier: .application(24)) { parts in
        result.write(to: &parts)
        if let oid { parts.text(oid, .context(10)) }
        if let value { parts.octets(value, .context(11)) }
      }
    }
  }
}

extension Entry {
  /// Writes the form of a SearchResultEntry (RFC 4511 §4.5.2), which controls use too.
  func write(to message: inout DER.Serializer, _ identifier: ASN1Identifier) {
    message.appendConstructedNode(identifier: identifier) { parts in
      parts.text(dn)
      parts.appendConstructedNode(identifier: .sequence) { list in
        for (name, values) in attributes {
          list.appendConstructedNode(identifier: .sequence) { attribute in
            attribute.text(name.string)
            attribute.appendConstructedNode(identifier: .set) { set in
              for value in values { set.octets(value) }
            }
          }
        }
      }
    }
  }
}

extension Control {
  fileprivate func write(to list: inout DER.Serializer) {
    list.appendConstructedNode(identifier: .sequence) { parts in
      parts.text(oid)
      if isCritical { parts.boolean(true) }
      if let value { parts.octets(value) }
    }
  }
}

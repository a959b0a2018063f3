package import ConnectorCore
import CTransport

/// A keyed hash of a password, by which a plan recognises it without holding it.
///
/// It is HMAC-SHA-256 (RFC 2104) under a key of the connector's own, of the password together with its line, so that
/// neither equal passwords of two lines nor hashes made for other purposes look alike.
package struct PasswordHash: Sendable {
  private static let domain = Array("export password".utf8) + [0]
  private let key: [UInt8]

  /// Takes the connector's key: random bytes, 32 of them or more.
  package init(key: [UInt8]) { self.key = key }

  /// 64 hexadecimal digits; where OpenSSL has no SHA-256 to give, a text that is equal to no other.
  package func text(of secret: Secret, line: Int) -> String {
    var hash = [UInt8](repeating: 0, count: 32)
    let isMade = secret.withBytes { bytes in
      let data = Self.domain + Array(String(line).utf8) + [0] + bytes
      return ct_hmac_sha256(key, key.count, data, data.count, &hash)
    }
    return isMade ? hash.map(Self.hexadecimal).joined() : "none \(UInt64.random(in: .min ... .max))"
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}

import CTransport
import ConnectorCore

/// Opens the C transport with Swift's settings.
enum Transport {
  /// Connects and does TLS; the caller frees what it gets.
  static func open(_ settings: ConnectionSettings, wake: WakeSignal) throws -> OpaquePointer {
    if let pin = settings.pinnedCertificate, pin.count != 32 {
      throw ConnectionError(.badSetting, "the pinned certificate must be given as 32 bytes of SHA-256")
    }
    guard settings.connectTimeout > .zero, settings.operationTimeout > .zero else {
      throw ConnectionError(.badSetting, "the connection timeout and the operation timeout must be above zero")
    }
    var message = [CChar](repeating: 0, count: 1200)
    var failure = CT_NO_FAILURE
    var resultCode: Int32 = 0
    let transport = message.withUnsafeMutableBufferPointer { buffer in
      var error = ct_error(failure: CT_NO_FAILURE, result_code: 0, message: buffer.baseAddress, capacity: buffer.count)
      defer {
        failure = error.failure
        resultCode = error.result_code
      }
      return withOptions(settings, wake) { options in ct_open(&options, &error) }
    }
    if let transport { return transport }
    if failure == CT_CANCELLED { throw CancellationError() }
    let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    throw ConnectionError(failure, resultCode: resultCode, message: text)
  }

  private static func withOptions<R>(
    _ settings: ConnectionSettings, _ wake: WakeSignal, _ body: (inout ct_options) -> R
  ) -> R {
    let security: ct_security =
      switch settings.transport {
      case .ldap: CT_PLAIN
      case .ldaps: CT_TLS
      case .startTLS: CT_STARTTLS
      }
    return settings.host.withCString { host in
      withOptionalCString(settings.caFile) { caFile in
        withOptionalBytes(settings.pinnedCertificate) { pin in
          var options = ct_options(
            host: host, port: settings.port, security: security, ca_file: caFile,
            verify: settings.verifiesCertificate, minimum_tls: settings.minimumTLS.rawValue, pin_sha256: pin,
            timeout_ms: settings.connectTimeout.milliseconds, wake_fd: wake.descriptor)
          return body(&options)
        }
      }
    }
  }

  private static func withOptionalCString<R>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
    guard let text else { return body(nil) }
    return text.withCString(body)
  }

  private static func withOptionalBytes<R>(_ bytes: [UInt8]?, _ body: (UnsafePointer<UInt8>?) -> R) -> R {
    guard let bytes else { return body(nil) }
    return bytes.withUnsafeBufferPointer { body($0.baseAddress) }
  }
}

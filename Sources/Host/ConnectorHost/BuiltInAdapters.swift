import ActiveDirectoryAdapters
import ApacheDSAdapter
import ChangelogAdapters
public import ConnectorCore
import EDirectoryAdapters
import LLDAPAdapter
import OpenLDAPAdapter

extension Array where Element == VendorAdapter {
  /// The adapters that every host has; an outsider's host adds its own with `+`.
  public static var builtIn: [VendorAdapter] {
    [
      .openLDAP, .directoryServer389, .oracleDSEE, .sunONE, .openDS, .openDJ, .oracleUnifiedDirectory, .pingDirectory,
      .ibmDirectory, .isode, .radiantOne, .oracleInternetDirectory, .novellEDirectory, .netIQEDirectory, .adLDS,
      .globalCatalog, .samba, .domainServices, .apacheDS, .lldap,
    ]
  }
}

extension VendorAdapter {
  /// The generic adapter, with the methods that configuration may force on a server that nobody recognised.
  static func generic(on evidence: ServerEvidence) -> VendorAdapter {
    var adapter = generic(for: evidence)
    adapter.delta = { settings in
      switch settings.method {
      case ChangelogMethod.numbers?: ChangelogMethod.strategy(settings)
      case AccesslogMethod.name?: AccesslogMethod.strategy(settings)
      default: nil
      }
    }
    if let log = evidence.rootDSE.value("changelog") {
      adapter.deltaUnavailable +=
        " This server names a change log, \(log): `deltaMethod: \(ChangelogMethod.numbers)` reads it."
    }
    return adapter
  }
}

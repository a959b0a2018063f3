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

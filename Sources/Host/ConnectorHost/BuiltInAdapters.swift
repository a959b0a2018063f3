public import ConnectorCore
import OpenLDAPAdapter

extension Array where Element == VendorAdapter {
  /// The adapters that every host has; an outsider's host adds its own with `+`.
  public static var builtIn: [VendorAdapter] {
    [.openLDAP]
  }
}

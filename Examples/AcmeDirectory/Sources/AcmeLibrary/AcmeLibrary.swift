import AcmeAdapter
import ConnectorCore

// The stock host reads this before it runs anything of the library: the adapter API's version, and the compiler's.
#if !compiler(>=6.3.1) || compiler(>=6.3.2)
  #error("This file states Swift 6.3.1. Write your version here and into the marker.")
#endif
@section(".ldapconn_adapter") @used
private let marker: AdapterLibrary.Marker1 = (0x5044_4143_5041_444C, 1, 60301)

/// Where the stock host enters the library.
@c(ldap_connector_adapter)
public func adapterLibrary(_ host: UnsafeRawPointer) {
  AdapterLibrary.handOver([.acme], to: host)
}

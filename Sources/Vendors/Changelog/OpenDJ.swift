public import ConnectorCore

extension VendorAdapter {
  /// OpenDJ, ForgeRock Directory Services and Wren:DS: DN anchor, `entryUUID`.
  public static var openDJ: VendorAdapter {
    var adapter = openDSFamily("opendj", title: "OpenDJ", OpenDSFamily.openDJ)
    adapter.remarks = { OpenDSFamily.remarks($0) }
    return adapter
  }
}

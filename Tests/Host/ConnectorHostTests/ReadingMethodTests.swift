import ConnectorCore
import Testing

@testable import ConnectorHost

@Suite("How an import asks for many entries")
struct ReadingMethodTests {
  private func reading(
    pagedResults: Bool, virtualListView: Bool, sortKey: SortKey? = nil, adapter: VendorAdapter = .acme
  ) -> ReadingMethod {
    var settings = Configuration.Import()
    (settings.pagedResults, settings.virtualListView) = (pagedResults, virtualListView)
    (settings.sortKey, settings.pageSize) = (sortKey, 77)
    return settings.reading(adapter)
  }

  @Test("Paged results win over virtual list view, and with neither all comes in one operation")
  func precedence() {
    #expect(reading(pagedResults: true, virtualListView: false) == ReadingMethod(pageSize: 77))
    #expect(reading(pagedResults: true, virtualListView: true, sortKey: SortKey("cn")) == ReadingMethod(pageSize: 77))
    #expect(reading(pagedResults: false, virtualListView: false, sortKey: SortKey("cn")) == ReadingMethod())
    #expect(
      reading(pagedResults: false, virtualListView: true)
        == ReadingMethod(pageSize: 77, sortKey: SortKey("entryUUID")))
  }

  @Test("The list is sorted by the key that is set, else by the immutable ID, else by cn")
  func sortKey() {
    var nameless = VendorAdapter.acme
    nameless.immutableID = nil
    func key(_ key: SortKey?, _ adapter: VendorAdapter) -> SortKey? {
      reading(pagedResults: false, virtualListView: true, sortKey: key, adapter: adapter).sortKey
    }
    #expect(key(nil, .acme) == SortKey("entryUUID"))
    #expect(key(nil, nameless) == SortKey("cn"))
    #expect(key(SortKey("uid", rule: "2.5.13.3"), nameless) == SortKey("uid", rule: "2.5.13.3"))
  }

  @Test("The scope of an import carries it")
  func scope() throws {
    var configuration = Configuration()
    configuration.import.pagedResults = false
    configuration.import.virtualListView = true
    let partition = Configuration.Partition(dn: try DN("dc=example,dc=com"))
    let scope = ImportScope(partition, of: configuration, adapter: .acme, schema: Schema())
    #expect(scope.pageSize == 1000 && scope.sortKey == SortKey("entryUUID"))
  }
}

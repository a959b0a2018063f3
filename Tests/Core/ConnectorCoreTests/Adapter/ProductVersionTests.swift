import ConnectorCore
import Testing

@Suite("Versions in what servers say")
struct ProductVersionTests {
  @Test(
    "The first number with a dot is the version",
    arguments: [
      ("389-Directory/2.3.1 B2025.016.1616", "2.3.1", [2, 3, 1]), ("2.0.0.AM26", "2.0.0.AM26", [2, 0, 0]),
      ("Server/5.2_Patch_4", "5.2_Patch_4", [5, 2]), ("product v8.6.2 (10350.18)", "8.6.2", [8, 6, 2]),
      ("name_0.5.0", "0.5.0", [0, 5, 0]), ("R16.6v13", "16.6v13", [16, 6]), ("6.3.", "6.3.", [6, 3]),
    ])
  func found(_ text: String, _ description: String, _ numbers: [Int]) throws {
    let version = try #require(ProductVersion(in: text))
    #expect(version.description == description)
    #expect(version.numbers == numbers)
  }

  @Test("Text without such a number has no version", arguments: ["", "Acme 7", "...", "z/OS V1R11", "9"])
  func none(_ text: String) {
    #expect(ProductVersion(in: text) == nil)
  }

  @Test("Versions compare number by number, and missing ones are 0")
  func order() {
    #expect(ProductVersion(7, 1) < ProductVersion(7, 1, 1))
    #expect(ProductVersion(7, 10) > ProductVersion(7, 9))
    #expect(ProductVersion(7) == ProductVersion(7, 0, 0))
    #expect(ProductVersion(7).hashValue == ProductVersion(7, 0, 0).hashValue)
    #expect(ProductVersion(in: "9.99999999999999999999999") ?? ProductVersion(0) > ProductVersion(8))
  }
}

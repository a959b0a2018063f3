/// What a shared object says about itself before anything of it runs: its sections and symbols (ELF-64, gABI
/// chapters 4 and 5).
///
/// The file may be anything; whatever points out of it is a refusal, and no number of it is trusted.
struct ELFImage {
  private let bytes: [UInt8]
  private let sections: [Section]

  private struct Section {
    var name = ""
    let nameOffset: Int
    let type: UInt32
    let link: Int
    let content: Range<Int>
  }

  /// Looks at the header and the table of sections.
  init(_ bytes: [UInt8]) throws(AdapterProblem) {
    self.bytes = bytes
    guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { throw .notSharedObject }
    // Class, byte order, e_type and e_machine: 64 bits, little-endian, ET_DYN, this machine.
    guard bytes.count >= 64, bytes[4] == 2, bytes[5] == 1, bytes.number(16, of: UInt16.self) == 3 else {
      throw bytes.count < 64 ? .damaged : .notSharedObject
    }
    guard bytes.number(18, of: UInt16.self) == Self.machine else { throw .otherMachine }
    guard let table = bytes.offset(40), let size = bytes.number(58, of: UInt16.self), size == 64,
      let count = bytes.number(60, of: UInt16.self), let names = bytes.number(62, of: UInt16.self)
    else { throw .damaged }
    var sections: [Section] = []
    for index in 0..<Int(count) {
      let (start, isBeyond) = table.addingReportingOverflow(index * 64)
      guard !isBeyond, let section = Self.section(at: start, in: bytes) else { throw .damaged }
      sections.append(section)
    }
    guard !sections.isEmpty, sections.indices.contains(Int(names)) else { throw .damaged }
    let texts = sections[Int(names)].content
    for index in sections.indices {
      sections[index].name = bytes.text(at: sections[index].nameOffset, in: texts) ?? ""
    }
    self.sections = sections
  }

  /// The bytes of a section; nil where there is none of that name.
  func section(_ name: String) -> [UInt8]? {
    sections.first { $0.name == name }.map { Array(bytes[$0.content]) }
  }

  /// The symbols that this library offers to others (SHT_DYNSYM, with the section of its texts in `sh_link`).
  var symbols: Set<String> {
    var names: Set<String> = []
    for table in sections where table.type == 11 && sections.indices.contains(table.link) {
      let texts = sections[table.link].content
      for entry in stride(from: table.content.lowerBound, to: table.content.upperBound - 23, by: 24) {
        // A symbol of section 0 is one that the library needs.
        guard bytes.number(entry + 6, of: UInt16.self) != 0, let offset = bytes.number(entry, of: UInt32.self),
          let name = bytes.text(at: Int(offset), in: texts)
        else { continue }
        names.insert(name)
      }
    }
    return names
  }

  private static func section(at start: Int, in bytes: [UInt8]) -> Section? {
    guard let name = bytes.number(start, of: UInt32.self), let type = bytes.number(start + 4, of: UInt32.self),
      let link = bytes.number(start + 40, of: UInt32.self), let offset = bytes.offset(start + 24),
      let size = bytes.offset(start + 32), bytes.number(start + 56, of: UInt64.self) != nil
    else { return nil }
    // A section without content in the file (SHT_NULL, SHT_NOBITS) may lie anywhere.
    let isEmpty = type == 0 || type == 8
    let (end, isBeyond) = offset.addingReportingOverflow(size)
    guard isEmpty || !isBeyond && end <= bytes.count else { return nil }
    return Section(nameOffset: Int(name), type: type, link: Int(link), content: isEmpty ? 0..<0 : offset..<end)
  }

  /// The `e_machine` of the processor that this host was built for.
  private static var machine: UInt16? {
    #if arch(x86_64)
      62
    #elseif arch(arm64)
      183
    #else
      nil
    #endif
  }
}

extension [UInt8] {
  /// A little-endian number; nil where it does not lie in the bytes.
  func number<Number: FixedWidthInteger>(_ start: Int, of type: Number.Type) -> Number? {
    let width = Number.bitWidth / 8
    guard start >= 0, start <= count, count - start >= width else { return nil }
    return self[start..<(start + width)].reversed().reduce(0) { $0 << 8 | Number($1) }
  }

  /// A number of 64 bits that is to be an offset or a size in a file.
  fileprivate func offset(_ start: Int) -> Int? {
    number(start, of: UInt64.self).flatMap { Int(exactly: $0) }
  }

  /// A text that ends with a zero byte, of a table of such texts.
  fileprivate func text(at offset: Int, in table: Range<Int>) -> String? {
    guard offset >= 0, offset < table.count else { return nil }
    let rest = self[(table.lowerBound + offset)..<table.upperBound]
    return rest.firstIndex(of: 0).map { String(decoding: rest[..<$0], as: UTF8.self) }
  }
}

/// What a file asks an export for: the changes that could be read, and what is wrong with the rest.
package struct ExportInput: Sendable {
  /// In the order of the file, but for the records of one transaction of a feed.
  package var changes: [DesiredChange]
  /// The lines that could not be read, in the order of the file.
  package var errors: [InputError]

  package init(changes: [DesiredChange] = [], errors: [InputError] = []) {
    self.changes = changes
    self.errors = errors
  }
}

/// What the reader of an input must know of the connector.
package struct InputContext: Sendable {
  /// The connector's own feed; IDs and anchors in lines of another one mean nothing here. Nil where there is none yet.
  package var feed: String?
  /// The attribute that holds the password; `userPassword` stands for it as well.
  package var passwordAttribute: AttributeDescription
  /// Attributes that hold secrets, which no input may carry.
  package var secretAttributes: [AttributeDescription]

  package init(
    feed: String? = nil, passwordAttribute: AttributeDescription = "userPassword",
    secretAttributes: [AttributeDescription] = ["userPassword"]
  ) {
    self.feed = feed
    self.passwordAttribute = passwordAttribute
    self.secretAttributes = secretAttributes
  }
}

extension ExportInput {
  /// Reads JSON Lines of the change feed's form, or LDIF (RFC 2849), whichever the content is: JSON where the first
  /// byte that is neither blank nor in a comment is `{`.
  package init(bytes: [UInt8], context: InputContext) {
    self.init()
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      errors = [InputError(line: 1, reason: "the file is in UTF-16; save it in UTF-8")]
      return
    }
    switch Self.firstByte(of: text) {
    case nil: return
    case 0x7B: readLines(text, context)
    case 0x5B:
      errors = [InputError(line: 1, reason: "the file is one JSON list; write one change a line, without “[” and “]”")]
    default: readRecords(text, context)
    }
  }

  /// The first byte that is no white space and in no comment of either form; nil where there is none.
  private static func firstByte(of text: [UInt8]) -> UInt8? {
    var isComment = false
    for line in text.lazy.split(separator: 0x0A) {
      // In LDIF a line that starts with a space goes on with the line above.
      isComment = line.first == 0x23 || isComment && line.first == 0x20
      guard !isComment, let first = line.first(where: { !Self.isBlank($0) }) else { continue }
      return first
    }
    return nil
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  private mutating func readLines(_ text: [UInt8], _ context: InputContext) {
    var reader = ChangeLineReader(context)
    var number = 0
    for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      guard let first = line.first(where: { !Self.isBlank($0) }), first != 0x23 else { continue }
      do throws(InputError) {
        changes.append(try reader.change(line, number: number))
      } catch {
        errors.append(error)
      }
    }
    changes = Self.inOrder(changes)
  }

  private mutating func readRecords(_ text: [UInt8], _ context: InputContext) {
    let reader = ChangeRecordReader(context)
    var records = LDIFReader(text)
    while true {
      do {
        guard let record = try records.next() else { return }
        changes.append(try reader.change(record))
      } catch let error as LDIFError {
        errors.append(InputError(line: max(error.line, 1), reason: error.reason))
      } catch let error as InputError {
        errors.append(error)
      } catch {
        return
      }
    }
  }
}

@preconcurrency import Glibc

/// Writes text to a file descriptor a block at a time, so that a million entries never lie in memory.
struct TextWriter {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Creates the file, or empties it.
  init(path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw BenchError("cannot write \(path): \(String(cString: strerror(errno)))") }
  }

  mutating func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count > 1 << 18 { try flush() }
  }

  mutating func flush() throws {
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw BenchError("cannot write: \(String(cString: strerror(errno)))") }
      rest = rest.dropFirst(count)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  mutating func finish() throws {
    try flush()
    close(descriptor)
  }
}

/// Calls `body` with the file, a block at a time.
func forEachBlock(of path: String, _ body: (ArraySlice<UInt8>) -> Void) throws {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw BenchError("cannot read \(path): \(String(cString: strerror(errno)))") }
  defer { close(descriptor) }
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = block.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw BenchError("cannot read \(path): \(String(cString: strerror(errno)))") }
    if count == 0 { return }
    body(block[..<count])
  }
}

/// The whole file; for small ones.
func contents(of path: String) throws -> [UInt8] {
  var bytes: [UInt8] = []
  try forEachBlock(of: path) { bytes.append(contentsOf: $0) }
  return bytes
}

/// How many lines the file has.
func lineCount(of path: String) throws -> Int {
  var lines = 0
  try forEachBlock(of: path) { block in
    for byte in block where byte == UInt8(ascii: "\n") { lines += 1 }
  }
  return lines
}

/// How many lines of the file hold the text.
func lineCount(of path: String, holding text: String) throws -> Int {
  var count = 0
  var line: [UInt8] = []
  let wanted = Array(text.utf8)
  func holds(_ line: [UInt8]) -> Bool {
    guard line.count >= wanted.count else { return false }
    return (0...(line.count - wanted.count)).contains { line[$0...].starts(with: wanted) }
  }
  try forEachBlock(of: path) { block in
    for byte in block {
      if byte != UInt8(ascii: "\n") {
        line.append(byte)
      } else {
        if holds(line) { count += 1 }
        line.removeAll(keepingCapacity: true)
      }
    }
  }
  return count
}

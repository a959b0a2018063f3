import ConnectorCore
import Glibc

/// The terminal of the process, whatever its input and output are.
enum Terminal {
  private static let interrupt: UInt8 = 3
  private static let longest = 4096

  /// Asks a person for a password without showing what is typed.
  /// - Returns: nil where there is no terminal.
  /// - Throws: `CommandFailure` where the person gives up.
  @Sendable static func askPassword(_ prompt: String) throws -> Secret? {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0 else { return nil }
    defer { close(terminal) }
    var before = termios()
    guard tcgetattr(terminal, &before) == 0 else { return nil }
    var hidden = before
    hidden.c_lflag &= ~tcflag_t(ECHO)
    // An interrupt would leave the terminal without its echo: the key ends the line instead.
    hidden.c_lflag &= ~tcflag_t(ISIG)
    withUnsafeMutableBytes(of: &hidden.c_cc) { $0[Int(VEOL)] = interrupt }
    guard tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 else { return nil }
    defer { tcsetattr(terminal, TCSAFLUSH, &before) }
    say(prompt, terminal)
    let line = readLine(terminal)
    say("\n", terminal)
    guard line.last != interrupt else { throw CommandFailure(.failure, "Given up. Nothing was changed.") }
    return Secret(line.last == 0x0A ? Array(line.dropLast()) : line)
  }

  private static func say(_ text: String, _ terminal: Int32) {
    let bytes = Array(text.utf8)
    _ = write(terminal, bytes, bytes.count)
  }

  private static func readLine(_ terminal: Int32) -> [UInt8] {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.count < longest, read(terminal, &byte, 1) == 1 {
      line.append(byte)
      if byte == 0x0A || byte == interrupt { break }
    }
    return line
  }
}

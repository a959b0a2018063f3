import Foundation
import Glibc

/// A file that nobody but root and the user of this process can change, or put another in its place.
///
/// Code that is loaded runs with all rights of the connector, its passwords included.
struct TrustedFile {
  /// The file itself, with every symbolic link followed.
  let path: String
  let bytes: [UInt8]

  /// The most bytes that are read.
  private static let sizeLimit = 256 << 20

  init(_ path: String) throws(AdapterProblem) {
    self.path = try Self.resolved(path)
    try Self.checkFolder(Self.folder(of: path))
    try Self.checkFolder(Self.folder(of: self.path))
    // What is checked and what is read is one open file.
    let descriptor = open(self.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw AdapterProblem("cannot be read: \(errorText())") }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0 else { throw AdapterProblem("cannot be looked at: \(errorText())") }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw AdapterProblem("is no file") }
    try Self.check(facts, self.path)
    guard facts.st_size <= Self.sizeLimit else { throw AdapterProblem("has more than 256 MiB; is it the right file?") }
    bytes = try Self.contents(of: descriptor, size: Int(facts.st_size))
  }

  /// Checks a folder, and that nobody can put another in its place: everything above it must be ours or root's too, and
  /// where others may write there, the sticky bit must keep them from what is not theirs.
  static func checkFolder(_ path: String) throws(AdapterProblem) {
    var place = try resolved(path)
    var isTop = true
    while true {
      var facts = stat()
      guard lstat(place, &facts) == 0 else { throw AdapterProblem("cannot be looked at: \(errorText())") }
      guard facts.st_mode & S_IFMT == S_IFDIR else { throw AdapterProblem("lies in \(place), which is no folder") }
      try check(facts, place, isSticky: !isTop && facts.st_mode & S_ISVTX != 0)
      if place == "/" { return }
      place = folder(of: place)
      isTop = false
    }
  }

  private static func check(_ facts: stat, _ path: String, isSticky: Bool = false) throws(AdapterProblem) {
    guard facts.st_uid == 0 || facts.st_uid == geteuid() else {
      throw AdapterProblem(
        "is not safe: \(path) belongs to another user (\(facts.st_uid)), who could change it; run "
          + "`chown root \(quoted(path))`, or as the user of the connector `chown $USER`")
    }
    guard facts.st_mode & (S_IWGRP | S_IWOTH) == 0 || isSticky else {
      let others = facts.st_mode & S_IWOTH != 0 ? "everybody" : "its group"
      throw AdapterProblem("is not safe: \(others) may write \(path); run `chmod go-w \(quoted(path))`")
    }
  }

  private static func resolved(_ path: String) throws(AdapterProblem) -> String {
    guard let text = realpath(path, nil) else { throw AdapterProblem("cannot be found: \(errorText())") }
    defer { free(text) }
    return String(cString: text)
  }

  private static func folder(of path: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  private static func contents(of descriptor: Int32, size: Int) throws(AdapterProblem) -> [UInt8] {
    var problem: AdapterProblem?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = read(descriptor, buffer.baseAddress?.advanced(by: count), size - count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { problem = AdapterProblem("cannot be read: \(errorText())") }
        guard got > 0 else { return }
        count += got
      }
    }
    if let problem { throw problem }
    return bytes
  }

  private static func quoted(_ path: String) -> String {
    path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+".contains($0) }
      ? path : "'" + path.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}

/// What errno says.
func errorText() -> String { String(cString: strerror(errno)) }

import CSQLite
import Glibc

/// The state file as the operating system sees it.
enum StateFile {
  /// Makes an empty file readable by its owner only, to which SQLite's side files then adapt. Throws `StoreError`.
  static func prepare(_ path: String) throws {
    try refuseNetworkFileSystem(folder(of: path))
    // Only a file that is not there is touched: closing a descriptor of it would drop this process's locks on it.
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST { return }
      throw failure(path, "cannot make the state file: \(reason())")
    }
    close(descriptor)
  }

  /// Throws `StoreError` when there is nothing to read, or nothing that could be read with locks.
  static func requireExisting(_ path: String) throws {
    guard access(path, F_OK) == 0 else {
      throw StoreError(
        .other, path: path, problem: "there is no connector space yet",
        remedy: "`import full` makes it; or name another state file.")
    }
    try refuseNetworkFileSystem(folder(of: path))
  }

  /// The name of a network file system, by its magic number (statfs(2)); nil for all others.
  static func networkFileSystem(_ magic: UInt32) -> String? {
    switch magic {
    case 0x6969: "NFS"
    case 0x517B, 0xFF53_4D42, 0xFE53_4D42: "SMB/CIFS"
    case 0x00C3_6400: "Ceph"
    case 0x5346_414F, 0x6B41_4653: "AFS"
    case 0x7375_7245: "Coda"
    case 0x564C: "NCP"
    case 0x0102_1997: "9P"
    default: nil
    }
  }

  /// The size of a file in bytes; zero where there is none.
  static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func refuseNetworkFileSystem(_ folder: String) throws {
    guard let name = networkFileSystem(csqlite_file_system(folder)) else { return }
    throw StoreError(
      .networkFileSystem, path: folder,
      problem: "the folder is on a network file system (\(name)), where locks and shared memory cannot be trusted",
      remedy: "Keep the state file on a local disk.")
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func failure(_ path: String, _ problem: String) -> StoreError {
    StoreError(
      .permission, path: path, problem: problem,
      remedy: "Check that the folder exists and that this user may write to it and to the file.")
  }

  static func reason() -> String { String(cString: strerror(errno)) }
}

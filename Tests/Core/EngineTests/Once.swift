import Synchronization

/// True the first time that it is asked.
final class Once: Sendable {
  private let isLeft = Mutex(true)

  func take() -> Bool {
    isLeft.withLock { isLeft in
      defer { isLeft = false }
      return isLeft
    }
  }
}

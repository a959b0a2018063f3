import ConnectorCore
import Synchronization

/// The faults to come, counted over all connections.
final class FaultScript: Sendable {
  private let faults: Mutex<[Scripted]>

  private struct Scripted {
    let fault: Fault
    var seen = 0
    var isSpent = false
  }

  /// What a fault's condition is compared with.
  struct Occasion: Sendable {
    let operation: Fault.Operation
    let base: String
    var page = 1
  }

  init(_ faults: [Fault]) {
    self.faults = Mutex(faults.map { Scripted(fault: $0) })
  }

  func add(_ fault: Fault) {
    faults.withLock { $0.append(Scripted(fault: fault)) }
  }

  /// The first fault of the script that this request brings about; every fault counts the request.
  func next(_ occasion: Occasion) -> Fault.Effect? {
    faults.withLock { faults in
      var effect: Fault.Effect?
      for index in faults.indices where faults[index].fault.fits(occasion) {
        faults[index].seen += 1
        let scripted = faults[index]
        guard effect == nil, !scripted.isSpent, scripted.seen >= scripted.fault.when.request ?? 1 else { continue }
        effect = scripted.fault.effect
        faults[index].isSpent = !scripted.fault.isRepeated
      }
      return effect
    }
  }
}

extension Fault {
  fileprivate func fits(_ occasion: FaultScript.Occasion) -> Bool {
    guard when.operation == nil || when.operation == occasion.operation else { return false }
    guard occasion.operation == .search || !effect.isOfSearches else { return false }
    guard when.page == nil || when.page == occasion.page else { return false }
    return when.base.map { Self.isSame($0, occasion.base) } ?? true
  }

  /// Names are compared as DNs; what is none, such as `<GUID=…>` and OIDs, without case.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    if left.lowercased() == right.lowercased() { return true }
    guard let left = try? DN(left), let right = try? DN(right) else { return false }
    return left == right
  }
}

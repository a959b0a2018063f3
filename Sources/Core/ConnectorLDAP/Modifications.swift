import CLDAP
import ConnectorCore

/// What is done with the values of one attribute.
struct Modification {
  let operation: Int32
  let attribute: AttributeDescription
  let values: [[UInt8]]

  /// An attribute of an entry to add.
  init(_ attribute: AttributeDescription, _ values: [[UInt8]]) {
    (operation, self.attribute, self.values) = (LDAP_MOD_ADD, attribute, values)
  }

  init(_ step: LDIFModification) {
    operation =
      switch step.operation {
      case .add: LDAP_MOD_ADD
      case .delete: LDAP_MOD_DELETE
      case .replace: LDAP_MOD_REPLACE
      case .increment: LDAP_MOD_INCREMENT
      }
    (attribute, values) = (step.attribute, step.values)
  }
}

/// Lends modifications as libldap wants them: a NULL-terminated array of pointers, values as bytes with their length.
func withModifications<R>(
  _ modifications: [Modification], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<LDAPMod>?>) throws -> R
) rethrows -> R {
  let loan = Loan()
  let structures = loan.list(modifications.map { loan.structure($0) })
  let pointers = loan.pointers(to: structures, count: modifications.count)
  return try withExtendedLifetime(loan) { try body(pointers) }
}

/// Memory for C that is freed at once.
private final class Loan {
  private var parts: [UnsafeMutableRawPointer] = []

  deinit { for part in parts { part.deallocate() } }

  /// Copies elements; even none have an address, for libldap takes NULL for an error.
  func list<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let start = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    elements.withUnsafeBufferPointer { source in
      if let first = source.baseAddress { start.initialize(from: first, count: source.count) }
    }
    parts.append(start)
    return start
  }

  func pointers<Element>(to first: UnsafeMutablePointer<Element>, count: Int) -> UnsafeMutablePointer<
    UnsafeMutablePointer<Element>?
  > {
    list((0..<count).map { first + $0 } + [nil])
  }

  func structure(_ modification: Modification) -> LDAPMod {
    let name = characters(Array(modification.attribute.string.utf8) + [0])
    let values = list(modification.values.map { berval(bv_len: ber_len_t($0.count), bv_val: characters($0)) })
    return LDAPMod(
      mod_op: modification.operation | LDAP_MOD_BVALUES, mod_type: name,
      mod_vals: mod_vals_u(modv_bvals: pointers(to: values, count: modification.values.count)))
  }

  private func characters(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar> {
    UnsafeMutableRawPointer(list(bytes)).assumingMemoryBound(to: CChar.self)
  }
}

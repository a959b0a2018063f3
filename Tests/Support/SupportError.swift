/// What went wrong outside the code under test, in words that a person can act on.
package struct SupportError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

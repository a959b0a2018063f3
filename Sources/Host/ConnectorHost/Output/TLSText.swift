import Foundation

extension TLSFacts {
  /// One line for a person.
  var inWords: String {
    "\(version), \(cipher), certificate of \(subject) by \(issuer), valid until \(expiry)\(verified ? "" : ", NOT VERIFIED")"
  }

  /// The last day of the certificate, such as 2027-03-01.
  var expiry: String {
    Date(timeIntervalSince1970: TimeInterval(notAfter)).formatted(.iso8601.year().month().day())
  }

  /// Whole days from a moment until the certificate expires; negative when it has.
  func daysLeft(at now: Date = Date()) -> Int {
    Int((TimeInterval(notAfter) - now.timeIntervalSince1970) / 86400)
  }
}

/// A point in time as directories write it, such as `20261122222927Z` or `2026112222.5+0100` (RFC 4517 §3.3.13).
///
/// The years 0000 to 9999 can be written; arithmetic stops at their ends.
public struct GeneralizedTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Seconds since 1970-01-01 00:00:00 UTC, leap seconds not counted.
  public let secondsSinceEpoch: Int64
  /// The part of a second, 0 to 999,999,999 nanoseconds.
  public let nanoseconds: Int

  /// 0000-01-01 00:00:00 and 9999-12-31 23:59:59.
  private static let limits: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

  /// Makes a time; what lies outside the years 0000 to 9999 or the second is taken as their nearest end.
  public init(secondsSinceEpoch: Int64, nanoseconds: Int = 0) {
    self.secondsSinceEpoch = min(max(secondsSinceEpoch, Self.limits.lowerBound), Self.limits.upperBound)
    self.nanoseconds = min(max(nanoseconds, 0), 999_999_999)
  }

  /// Reads `YYYYMMDDHH[MM[SS]][(.|,)fraction](Z|(+|-)hh[mm])`; nil for any other text and for dates that are none.
  /// A fraction counts for the smallest unit given, to nine digits; second 60 is the first of the next minute.
  public init?(_ text: String) {
    var scan = DigitScan(text)
    guard let year = scan.number(4), let month = scan.number(2), let day = scan.number(2),
      let hour = scan.number(2), hour < 24
    else { return nil }
    guard (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else { return nil }
    let minute = scan.number(2)
    let second = minute == nil ? nil : scan.number(2)
    guard (minute ?? 0) < 60, (second ?? 0) <= 60 else { return nil }
    guard let billionths = scan.fraction(), let offset = scan.zone() else { return nil }
    let unit: Int64 = minute == nil ? 3600 : second == nil ? 60 : 1
    let nanoseconds = billionths * unit
    let days = Self.daysSinceEpoch(year: year, month: month, day: day)
    let time = hour * 3600 + (minute ?? 0) * 60 + (second ?? 0) - offset
    self.init(
      secondsSinceEpoch: days * 86_400 + time + nanoseconds / 1_000_000_000,
      nanoseconds: Int(nanoseconds % 1_000_000_000))
  }

  /// The canonical form: UTC, seconds, a fraction only where there is one, without trailing zeros.
  public var description: String {
    guard nanoseconds > 0 else { return text(fractionDigits: 0) }
    let digits = Self.padded(Int64(nanoseconds), 9)
    let zeros = digits.reversed().prefix { $0 == "0" }.count
    return text(fractionDigits: 9 - zeros)
  }

  /// The time in UTC with so many digits of fraction, 0 to 9, the rest cut off: `20261122222927.000001Z` has six.
  public func text(fractionDigits: Int) -> String {
    let (days, rest) = secondsSinceEpoch.flooredDivision(by: 86_400)
    let (year, month, day) = Self.date(daysSinceEpoch: days)
    var text = Self.padded(year, 4) + Self.padded(month, 2) + Self.padded(day, 2)
    text += Self.padded(rest / 3600, 2) + Self.padded(rest / 60 % 60, 2) + Self.padded(rest % 60, 2)
    if fractionDigits > 0 { text += "." + Self.padded(Int64(nanoseconds), 9).prefix(fractionDigits) }
    return text + "Z"
  }

  /// The time that many seconds later.
  public func adding(seconds: Int64) -> GeneralizedTime {
    let (sum, overflow) = secondsSinceEpoch.addingReportingOverflow(seconds)
    let end = seconds < 0 ? Self.limits.lowerBound : Self.limits.upperBound
    return GeneralizedTime(secondsSinceEpoch: overflow ? end : sum, nanoseconds: nanoseconds)
  }

  /// The time that many seconds earlier.
  public func subtracting(seconds: Int64) -> GeneralizedTime {
    adding(seconds: seconds == .min ? .max : -seconds)
  }

  /// Orders by time.
  public static func < (left: Self, right: Self) -> Bool {
    (left.secondsSinceEpoch, left.nanoseconds) < (right.secondsSinceEpoch, right.nanoseconds)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // Years are counted from March in what follows, so that a leap day is the last of its year; 146,097 days are
  // 400 years, and day 719,468 of year 0 is 1970-01-01.

  private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
    let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(daysSinceEpoch days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

/// Takes digits from the front of a text.
private struct DigitScan {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  /// A number of exactly so many digits; nil, and nothing taken, where they are not there.
  mutating func number(_ width: Int) -> Int64? {
    var index = rest.startIndex
    var value: Int64 = 0
    for _ in 0..<width {
      guard index < rest.endIndex, case let digit = rest[index], digit >= 0x30, digit <= 0x39 else { return nil }
      value = value * 10 + Int64(digit - 0x30)
      rest.formIndex(after: &index)
    }
    rest = rest[index...]
    return value
  }

  /// A fraction in billionths, zero where there is none; nil where the digits after the mark are missing.
  mutating func fraction() -> Int64? {
    guard rest.first == 0x2E || rest.first == 0x2C else { return 0 }
    rest = rest.dropFirst()
    let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
    guard !digits.isEmpty else { return nil }
    rest = rest.dropFirst(digits.count)
    let value = digits.prefix(9).reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    return (digits.count..<max(9, digits.count)).reduce(value) { value, _ in value * 10 }
  }

  /// Seconds east of UTC; nil where the zone is missing or anything follows it.
  mutating func zone() -> Int64? {
    let sign = rest.first
    rest = rest.dropFirst()
    if sign == 0x5A { return rest.isEmpty ? 0 : nil }
    guard sign == 0x2B || sign == 0x2D, let hours = number(2), hours < 24 else { return nil }
    let minutes = rest.isEmpty ? 0 : number(2)
    guard let minutes, minutes < 60, rest.isEmpty else { return nil }
    return (sign == 0x2B ? 1 : -1) * (hours * 3600 + minutes * 60)
  }
}

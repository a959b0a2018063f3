/// The renames and deletes that a log told of, in its order: under which names an entry stood, and where a name went.
///
/// The log of many servers names entries by DN alone, as it was at that moment. A question costs a look at the name and
/// the names above it for every rename that touched it.
struct LoggedNames {
  /// A rename or a delete.
  struct Event {
    /// The number of the pending hint that it came with.
    var number: Int64
    var kind: Hint.Kind
    var oldKey: String
    /// The name after a rename; nil for a delete, and for a rename to nobody knows where.
    var newName: EntryName?
    /// Why an entry that the event took away cannot be seen any more; nil for a rename that leaves it in sight.
    var departure: String?
    /// The row of the object that it is about, where that is known.
    var object: Int64?
    /// The rows of other objects that had the name when the record came: it is not about them, and nobody knows whether
    /// they came before or after it.
    var bystanders: Set<Int64> = []
    /// The record's name, where it names the entry by DN alone.
    var record: String?

    var newKey: String? { newName?.key }
  }

  /// The names under which an entry stood, from the one that was asked for back to the oldest.
  struct Origin {
    var names: [String]
    /// The events before which it had each of them.
    var ends: [Int]
    /// The row of the object that a record on the way is about, and those that it may be about instead.
    var object: Int64?
    var bystanders: Set<Int64> = []
    /// The event that made the oldest name free; what has the name since came after it.
    var vacatedBy: Event?
  }

  /// Where an entry is by the log's last word.
  struct Destination {
    /// Its name; nil when it is gone.
    var name: EntryName?
    /// The last event on the way that explains why it cannot be seen.
    var departure: String?
    /// The last event on the way.
    var record: String?
  }

  /// A bound for names that were tossed about without end, by renames above them or of an unknown entry.
  private static let steps = 64

  /// By how many events a log may be out of order.
  private static let disorder = 4

  private(set) var events: [Event] = []
  /// Rows by the name that an object has where the connector space has another: a full import saw it there, or a branch
  /// took it there.
  var seen: [String: Int64] = [:]
  /// Events by the name that they gave.
  private var arrivals: [String: [Int]] = [:]
  /// Events by the name that they took away.
  private var departures: [String: [Int]] = [:]
  private var told: Set<Told> = []
  /// The last event of a record.
  private var places: [String: Int] = [:]
  /// Destinations of what an event renamed, once they were asked for.
  private var destinations: [Int: Destination] = [:]

  /// What makes two rows the same record.
  private struct Told: Hashable {
    var oldKey: String
    var newKey: String?
    var record: String
  }

  /// Adds the newest event; one that says nothing new is left out, for logs repeat themselves.
  /// - Returns: whether the record was not known.
  @discardableResult
  mutating func note(_ event: Event, record: String) -> Bool {
    let isNew = told.insert(Told(oldKey: event.oldKey, newKey: event.newKey, record: record)).inserted
    guard isNew || record.isEmpty else { return false }
    guard event.oldKey != event.newKey, !isRepeated(event) else { return true }
    let index = events.count
    events.append(event)
    places[record] = index
    departures[event.oldKey, default: []].append(index)
    if let newKey = event.newKey { arrivals[newKey, default: []].append(index) }
    destinations = [:]
    return true
  }

  /// Adds an object that had the name when a record came, without being the one that it is about.
  mutating func note(bystander row: Int64, of record: String) {
    if let index = places[record] { events[index].bystanders.insert(row) }
  }

  /// Whether a rename was told before, and nothing has happened to either name since.
  private func isRepeated(_ event: Event) -> Bool {
    guard let newKey = event.newKey, let last = departures[event.oldKey]?.last else { return false }
    return last == arrivals[newKey]?.last && (departures[newKey]?.last ?? -1) < last
      && (arrivals[event.oldKey]?.last ?? -1) < last
  }

  // MARK: Questions

  /// The events after a number that took a name, and that are about no known object.
  func unmatched(on key: String, after number: Int64) -> [Event] {
    (departures[key] ?? []).map { events[$0] }.filter { $0.number > number && $0.object == nil && $0.record != nil }
  }

  /// The last event that touched a name; nil where none did.
  func lastEvent(on key: String) -> Int? { lastEvent(on: key, before: events.count)?.index }

  /// Notes which object an event is about, and which it may be about instead.
  mutating func match(_ index: Int, object: Int64?, bystanders: [Int64]) {
    events[index].object = object
    events[index].bystanders = Set(bystanders)
  }

  /// Under which names the entry stood that has this one before an event, or after all of them.
  func origin(of key: String, before end: Int? = nil) -> Origin {
    var names = [key]
    var ends: [Int] = [end ?? events.count]
    var end = end ?? events.count
    while names.count < Self.steps, let name = names.last, let found = lastEvent(on: name, before: end) {
      guard found.isArrival, let newKey = events[found.index].newKey else {
        return Origin(names: names, ends: ends, vacatedBy: events[found.index])
      }
      if newKey == name, let object = events[found.index].object {
        return Origin(names: names, ends: ends, object: object, bystanders: events[found.index].bystanders)
      }
      names.append(events[found.index].oldKey + name.dropFirst(prefix: newKey))
      end = found.index
      ends.append(end)
    }
    return Origin(names: names, ends: ends)
  }

  /// Where the entry is that had this name after the event with this number, or before all of them.
  mutating func destination(of name: EntryName, after number: Int64? = nil) -> Destination {
    destination(of: name, from: number.map(firstIndex(after:)) ?? 0)
  }

  /// Where an entry may be that had this name a few events before the one with this number.
  mutating func names(for name: EntryName, shortlyBefore number: Int64) -> [EntryName] {
    let index = firstIndex(after: number)
    return (1...Self.disorder).compactMap { index < $0 ? nil : destination(of: name, from: index - $0).name }
  }

  private mutating func destination(of name: EntryName, from start: Int) -> Destination {
    var (name, start): (EntryName?, Int) = (name, start)
    var trail: [(event: Int, isExact: Bool)] = []
    var end: Destination?
    var stepsAbove = 0
    while end == nil, stepsAbove < Self.steps, let here = name,
      let (index, isExact) = firstDeparture(from: here.key, at: start)
    {
      trail.append((index, isExact))
      name = events[index].newName.map { here.moved(from: events[index].oldKey, to: $0) }
      start = index + 1
      if isExact { end = destinations[index] } else { stepsAbove += 1 }
    }
    return remember(end ?? Destination(name: name), trail)
  }

  /// Keeps where the events of a trail led: what they renamed is where the trail ends.
  private mutating func remember(_ end: Destination, _ trail: [(event: Int, isExact: Bool)]) -> Destination {
    var result = end
    for (event, isExact) in trail.reversed() {
      if isExact { destinations[event] = result }
      result.departure = result.departure ?? events[event].departure
      result.record = result.record ?? events[event].record
    }
    return result
  }

  private func firstIndex(after number: Int64) -> Int {
    events.partitioningIndex { $0.number > number }
  }

  /// The last event before an index that gave or took a name or one above it. A delete above says nothing: what was
  /// below went before it, by records of its own, which some servers write a little late.
  private func lastEvent(on key: String, before end: Int) -> (index: Int, isArrival: Bool)? {
    var best: (index: Int, isArrival: Bool)?
    for name in key.namesUpwards {
      if let index = arrivals[name]?.last(below: end), index > best?.index ?? -1 { best = (index, true) }
      if let index = departures[name]?.last(below: end, where: { isDeparture($0, of: key) }), index > best?.index ?? -1
      {
        best = (index, false)
      }
    }
    return best
  }

  private func isDeparture(_ index: Int, of key: String) -> Bool {
    events[index].kind == .renamed || events[index].oldKey == key
  }

  /// The first event from an index on that took a name or one above it, and whether it was the very name.
  private func firstDeparture(from key: String, at start: Int) -> (index: Int, isExact: Bool)? {
    var best: (index: Int, isExact: Bool)?
    for name in key.namesUpwards {
      guard let index = departures[name]?.first(from: start), index < best?.index ?? .max else { continue }
      best = (index, name.utf8.count == key.utf8.count)
    }
    return best
  }
}

/// A DN and its tree key.
struct EntryName: Hashable {
  var dn: String
  var key: String

  /// The name after an entry at or above it was renamed.
  func moved(from oldKey: String, to new: EntryName) -> EntryName {
    let own = DN.components(of: dn).prefix(key.dropFirst(prefix: oldKey).utf8.count { $0 == 0x2C }).map(String.init)
    return EntryName(dn: (own + [new.dn]).joined(separator: ","), key: new.key + key.dropFirst(prefix: oldKey))
  }
}

extension String {
  /// The tree key and those of the entries above it.
  fileprivate var namesUpwards: some Sequence<String> {
    sequence(first: self) { name in name.utf8.lastIndex(of: 0x2C).map { String(name[..<$0]) } }
  }

  fileprivate func dropFirst(prefix: String) -> Substring {
    Substring(utf8.dropFirst(prefix.utf8.count))
  }
}

extension [Int] {
  /// The greatest number below a bound; the numbers rise.
  fileprivate func last(below end: Int, where fits: (Int) -> Bool = { _ in true }) -> Int? {
    let index = partitioningIndex { $0 >= end }
    return self[..<index].last(where: fits)
  }

  /// The least number from a bound on; the numbers rise.
  fileprivate func first(from start: Int) -> Int? {
    let index = partitioningIndex { $0 >= start }
    return index < count ? self[index] : nil
  }
}

extension Array {
  /// The first index from which on a condition holds.
  fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

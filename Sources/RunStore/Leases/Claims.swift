/// What claims need of a folder, of clocks and of what is known about processes: a real folder, or a simulated one.
package protocol ClaimStore {
  /// The numbers of the claims that are there.
  func numbers() throws -> [Int]
  /// Makes a claim that must not be there yet; false where it is.
  func create(_ number: Int) throws -> Bool
  /// A claim as it is now; nil where there is none.
  func content(_ number: Int) throws -> ClaimContent?
  func exists(_ number: Int) throws -> Bool
  /// Puts a mark into a claim that is there; false where it is not.
  func mark(_ number: Int, _ mark: ClaimMark) throws -> Bool
  func remove(_ number: Int)
  /// What this machine saw last of a claim that it could not decide on.
  func sighting() -> ClaimSighting?
  func keep(_ sighting: ClaimSighting)
  /// Seconds of this machine's own clock, which only runs forward, also while it sleeps.
  var now: Double { get }
  var patience: LeasePatience { get }
  /// What can be known of a holder at once.
  func fate(of holder: ClaimHolder) -> ClaimHolder.Fate
  /// Whether the scheduler says that a holder's job is gone; nil where nobody can say.
  func isReportedGone(_ holder: ClaimHolder) -> Bool?
}

/// The one part of a claim that changes.
package enum ClaimMark: Equatable, Sendable {
  case beat(Int)
  case released
}

package struct ClaimContent: Equatable, Sendable {
  /// Nil where it cannot be read: its holder was killed while it made it, or is making it now.
  package var holder: ClaimHolder?
  /// All that changes as the holder gives signs of life, as a word.
  package var sign: String
  package var isReleased: Bool
  /// Seconds since the last sign, by the clocks of two machines: good for saving work, and never to decide.
  package var apparentAge: Double

  package init(holder: ClaimHolder?, sign: String, isReleased: Bool, apparentAge: Double) {
    (self.holder, self.sign, self.isReleased, self.apparentAge) = (holder, sign, isReleased, apparentAge)
  }
}

/// A sign of life and since when it was the last, by the observer's own clock.
package struct ClaimSighting: Codable, Equatable, Sendable {
  package var number: Int
  package var sign: String
  package var since: Double

  package init(number: Int, sign: String, since: Double) { (self.number, self.sign, self.since) = (number, sign, since) }
}

/// The right to work in a folder, held by claims that are numbered: the highest is the one that counts, and its number fences off those
/// before it.
///
/// A claim *n* + 1 is made by a call that fails where it exists, and only once claim *n* was released or its holder is taken for gone. So
/// of any number of processes one succeeds, no claim is ever taken away to make room for another, and a holder finds out that it has lost
/// its claim by looking for the next one. Whoever succeeds removes the claims before its own, and then begins to write.
package struct Claims<Store: ClaimStore & Sendable>: Sendable {
  package let store: Store

  package init(_ store: Store) { self.store = store }

  package enum Answer: Equatable, Sendable {
    case taken(Int)
    /// Somebody else holds it, who is taken for gone when no sign of life comes for so many more seconds.
    case held(ClaimHolder?, secondsLeft: Double?)
  }

  /// Takes the next claim, or says who holds the last.
  ///
  /// - Parameter lockProves: a lock on this folder that is known to hold was taken: then a holder that cannot be seen is none.
  package func acquire(lockProves: Bool = false) throws -> Answer {
    var last: Answer = .held(nil, secondsLeft: nil)
    // Each time somebody else was quicker.
    for _ in 0..<10 {
      let newest = try store.numbers().max() ?? 0
      if newest > 0 {
        // Gone between the two looks: somebody has just taken the next.
        guard let content = try store.content(newest) else { continue }
        if let held = try judged(content, newest, lockProves: lockProves) {
          last = held
          return held
        }
      }
      let number = newest + 1
      guard try store.create(number) else { continue }
      // The list that was read may have been an old one, and this process a slow one.
      let there = try store.numbers()
      if there.contains(where: { $0 > number }) {
        store.remove(number)
        continue
      }
      for old in there.sorted() where old < number { store.remove(old) }
      return .taken(number)
    }
    return last
  }

  /// Who holds a claim; nil where nobody does any more.
  private func judged(_ content: ClaimContent, _ number: Int, lockProves: Bool) throws -> Answer? {
    if content.isReleased { return nil }
    let fate = content.holder.map(store.fate) ?? .unknown
    if fate == .gone || fate == .unknown && lockProves { return nil }
    let unchanged = secondsUnchanged(content, number), patience = store.patience
    if unchanged > patience.unknown { return nil }
    if fate == .unknown, unchanged > patience.reportedGone, let holder = content.holder, store.isReportedGone(holder) == true { return nil }
    return .held(content.holder, secondsLeft: patience.unknown - unchanged)
  }

  /// For how long this machine has seen no sign of life, by its own clock.
  private func secondsUnchanged(_ content: ClaimContent, _ number: Int) -> Double {
    if let seen = store.sighting(), seen.number == number, seen.sign == content.sign, seen.since <= store.now { return store.now - seen.since }
    // A claim that looks fresh need not be noted: whatever clocks say, a holder that is gone will look old some time.
    if abs(content.apparentAge) > 2 * store.patience.beat { store.keep(ClaimSighting(number: number, sign: content.sign, since: store.now)) }
    return 0
  }

  /// Whether somebody holds a claim, for whoever only looks: nothing is noted.
  package func isHeld(_ number: Int, lockProves: Bool) throws -> Bool {
    guard let content = try store.content(number), !content.isReleased else { return false }
    switch content.holder.map(store.fate) ?? .unknown {
    case .gone: return false
    case .unknown where lockProves: return false
    case .alive, .unknown: break
    }
    if let seen = store.sighting(), seen.number == number, seen.sign == content.sign { return store.now - seen.since <= store.patience.unknown }
    // Nothing is taken by this; so the clocks may be compared, with five minutes for their differences.
    return content.apparentAge <= store.patience.unknown + 300
  }

  /// Whether a claim still counts.
  package func holds(_ number: Int) throws -> Bool { try store.exists(number) && !store.exists(number + 1) }

  /// Gives a sign of life.
  ///
  /// - Returns: whether the claim still counts.
  package func beat(_ number: Int, _ count: Int) throws -> Bool { try store.mark(number, .beat(count)) && !store.exists(number + 1) }

  /// Lets a claim go, if it still counts.
  ///
  /// - Returns: whether it did.
  package func release(_ number: Int) throws -> Bool { try holds(number) && store.mark(number, .released) }
}

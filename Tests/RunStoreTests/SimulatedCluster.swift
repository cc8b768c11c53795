import Dispatch
import Foundation
import Foundations
import RunStore

/// Time that passes only when everybody waits. Workers are threads of which one runs at a time: the one whose time comes next.
final class VirtualTime: @unchecked Sendable {
  private struct Event {
    let time: Double
    let number: Int
    let action: Action
  }
  private enum Action {
    case resume(DispatchSemaphore)
    case call(() -> Void)
  }

  private(set) var now = 0.0
  /// Whether an event is carried out, during which no time passes.
  private(set) var isInEvent = false
  private var heap: [Event] = []
  private var counter = 0
  private let end = DispatchSemaphore(value: 0)

  /// Runs workers to their ends.
  func run(_ workers: [@Sendable () -> Void]) {
    for worker in workers {
      let gate = DispatchSemaphore(value: 0)
      add(Event(time: 0, number: next(), action: .resume(gate)))
      let thread = Thread {
        gate.wait()
        worker()
        self.passOn()
      }
      thread.stackSize = 1 << 19
      thread.start()
    }
    passOn()
    end.wait()
  }

  /// Lets time pass for the worker that calls.
  func pass(_ seconds: Double) {
    if isInEvent { return }
    let gate = DispatchSemaphore(value: 0)
    add(Event(time: now + seconds, number: next(), action: .resume(gate)))
    passOn()
    gate.wait()
  }

  /// Calls something later, in no time.
  func call(after seconds: Double, _ body: @escaping () -> Void) { add(Event(time: now + seconds, number: next(), action: .call(body))) }

  private func next() -> Int {
    counter += 1
    return counter
  }

  private func passOn() {
    while let event = removeFirst() {
      now = max(now, event.time)
      switch event.action {
      case .resume(let gate):
        gate.signal()
        return
      case .call(let body):
        isInEvent = true
        body()
        isInEvent = false
      }
    }
    end.signal()
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool { (heap[left].time, heap[left].number) < (heap[right].time, heap[right].number) }

  private func add(_ event: Event) {
    heap.append(event)
    var index = heap.count - 1
    while index > 0, isBefore(index, (index - 1) / 2) {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private func removeFirst() -> Event? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return first }
    heap[0] = last
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count && isBefore(child, least) { least = child }
      if least == index { return first }
      heap.swapAt(index, least)
      index = least
    }
  }
}

/// What 500 workers see of one file system: runs with their claims, and whether they are finished.
final class SimulatedFiles: @unchecked Sendable {
  struct Claim {
    let holder: ClaimHolder
    var mark = ClaimMark.beat(0)
    var modified: Double
  }

  let time: VirtualTime
  let latency: Double
  var claims: [[Int: Claim]]
  var isFinished: [Bool]
  var dead = Set<String>()

  init(_ time: VirtualTime, cells: Int, latency: Double) {
    (self.time, self.latency) = (time, latency)
    claims = Array(repeating: [:], count: cells)
    isFinished = Array(repeating: false, count: cells)
  }
}

/// One worker's view of the claims of one run.
struct SimulatedClaims: ClaimStore, @unchecked Sendable {
  let worker: SimulatedWorker
  let cell: Int
  private var files: SimulatedFiles { worker.files }

  init(_ worker: SimulatedWorker, cell: Int) { (self.worker, self.cell) = (worker, cell) }

  func numbers() throws -> [Int] {
    try worker.operation()
    return Array(files.claims[cell].keys)
  }

  func create(_ number: Int) throws -> Bool {
    try worker.operation()
    guard files.claims[cell][number] == nil else { return false }
    files.claims[cell][number] = .init(holder: worker.holder, modified: files.time.now)
    return true
  }

  func content(_ number: Int) throws -> ClaimContent? {
    try worker.operation()
    return files.claims[cell][number].map {
      ClaimContent(holder: $0.holder, sign: "\($0.mark)", isReleased: $0.mark == .released, apparentAge: now - $0.modified)
    }
  }

  func exists(_ number: Int) throws -> Bool {
    try worker.operation()
    return files.claims[cell][number] != nil
  }

  func mark(_ number: Int, _ mark: ClaimMark) throws -> Bool {
    try worker.operation()
    guard files.claims[cell][number] != nil else { return false }
    files.claims[cell][number]?.mark = mark
    files.claims[cell][number]?.modified = files.time.now
    return true
  }

  func remove(_ number: Int) { files.claims[cell][number] = nil }
  func sighting() -> ClaimSighting? { worker.sightings[cell] }
  func keep(_ sighting: ClaimSighting) { worker.sightings[cell] = sighting }
  var now: Double { files.time.now + worker.clockError }
  var patience: LeasePatience { .standard }
  func fate(of holder: ClaimHolder) -> ClaimHolder.Fate { holder == worker.holder ? .alive : .unknown }
  func isReportedGone(_ holder: ClaimHolder) -> Bool? { holder.job == nil ? nil : files.dead.contains(holder.host) }
}

/// What came of a simulated study.
final class SimulatedOutcome: @unchecked Sendable {
  var trained: [Int]
  var finished: [Int]
  /// Who trains a cell now, apart from those that have died or lost it.
  var atWork: [Int: Set<Int>] = [:]
  var overlaps = 0, lost = 0, writtenAfterLoss = 0
  var trainingSeconds = 0.0
  /// Spent on files in all, and until the last cell was begun: after that a worker has nothing to lose.
  var fileSeconds = 0.0, fileSecondsWhileFree = 0.0

  init(cells: Int) {
    trained = Array(repeating: 0, count: cells)
    finished = trained
  }
}

/// A machine with one process of the study.
final class SimulatedWorker: @unchecked Sendable {
  struct Died: Error {}

  let number: Int
  let files: SimulatedFiles
  let outcome: SimulatedOutcome
  let holder: ClaimHolder
  let clockError: Double
  var sightings: [Int: ClaimSighting] = [:]
  /// When it dies, and when it is stopped for an hour; in seconds.
  var death = Double.infinity, stop = Double.infinity
  private var wakes = -Double.infinity
  private var random: SeededGenerator

  init(_ number: Int, _ files: SimulatedFiles, _ outcome: SimulatedOutcome, seed: SeedPath) {
    (self.number, self.files, self.outcome) = (number, files, outcome)
    random = (seed / "worker" / number).generator()
    clockError = random.uniform(in: -300...300)
    holder = ClaimHolder(
      host: "node\(number)", system: "\(number)", namespace: "", process: 1, processStart: 1, began: "",
      job: number % 2 == 0 ? .init(cluster: "c", number: "\(number)", restarts: 0) : nil)
  }

  private var isRunning: Bool { files.time.now < death && files.time.now >= wakes }

  /// Lets time pass, if it lives to see the end of it.
  private func pass(_ seconds: Double) throws {
    let now = files.time.now
    if now + seconds >= death {
      files.time.pass(max(death - now, 0))
      files.dead.insert(holder.host)
      throw Died()
    }
    files.time.pass(seconds)
    if stop <= files.time.now {
      (stop, wakes) = (.infinity, files.time.now + 3600)
      try pass(3600)
    }
  }

  func operation() throws {
    if files.time.isInEvent { return }
    outcome.fileSeconds += files.latency
    try pass(files.latency)
  }

  /// Runs cells until all are finished.
  func work() {
    do {
      var remaining = Array(files.isFinished.indices)
      while true {
        remaining = try look(at: remaining)
        if remaining.isEmpty { return }
        // As a job that is started again.
        try pass(600)
      }
    } catch {
      for cell in outcome.atWork.keys { outcome.atWork[cell]?.remove(number) }
    }
  }

  /// Goes over cells.
  ///
  /// - Returns: those that were in work elsewhere.
  private func look(at cells: [Int]) throws -> [Int] {
    var order = WorkOrder(cells, seed: number), owed = 0, later: [Int] = []
    while let cell = order.next() {
      // What is finished stays so: looking at several in a row is one step of the simulation.
      owed += 1
      if files.isFinished[cell] { continue }
      outcome.fileSeconds += Double(owed) * files.latency
      try pass(Double(owed) * files.latency)
      owed = 0
      if files.isFinished[cell] { continue }
      let claims = Claims(SimulatedClaims(self, cell: cell))
      guard case .taken(let claim) = try claims.acquire() else {
        order.scatter()
        later.append(cell)
        continue
      }
      try operation()
      if !files.isFinished[cell] { try train(cell, claims, claim) }
      if try !claims.release(claim) { outcome.lost += 1 }
      if !files.isFinished[cell] { later.append(cell) }
    }
    return later
  }

  private func train(_ cell: Int, _ claims: Claims<SimulatedClaims>, _ claim: Int) throws {
    let seconds = random.uniform(in: 300...1500)
    if outcome.trained[cell] == 0 { outcome.fileSecondsWhileFree = outcome.fileSeconds }
    outcome.trained[cell] += 1
    outcome.atWork[cell, default: []].insert(number)
    if outcome.atWork[cell]?.count ?? 0 > 1 { outcome.overlaps += 1 }
    beat(cell, claims, claim, 1)
    try pass(seconds)
    outcome.trainingSeconds += seconds
    let holds = try claims.holds(claim)
    outcome.atWork[cell]?.remove(number)
    guard holds else { return }
    if files.claims[cell].keys.max() != claim { outcome.writtenAfterLoss += 1 }
    files.isFinished[cell] = true
    outcome.finished[cell] += 1
    try operation()
  }

  /// Signs of life, for as long as it is at this cell and runs.
  private func beat(_ cell: Int, _ claims: Claims<SimulatedClaims>, _ claim: Int, _ count: Int) {
    files.time.call(after: claims.store.patience.beat) { [self] in
      guard files.time.now < death, outcome.atWork[cell]?.contains(number) == true else { return }
      if isRunning, (try? claims.beat(claim, count)) != true {
        // It finds out with its next sign, and stops.
        outcome.atWork[cell]?.remove(number)
        return
      }
      beat(cell, claims, claim, count + 1)
    }
  }
}

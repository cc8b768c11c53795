import Foundation
import Testing

@testable import RunStore

/// A folder in memory, with a clock and with knowledge of processes that a test sets.
private final class Scene {
  var claims: [Int: (holder: ClaimHolder, mark: ClaimMark, changes: Int)] = [:]
  var now = 1000.0
  var fates: [String: ClaimHolder.Fate] = [:]
  var reported: [String: Bool] = [:]
  /// What all clocks but the observer's are ahead by.
  var skew = 0.0
  var beforeCreating: () -> Void = {}
}

private struct SceneClaims: ClaimStore, @unchecked Sendable {
  let scene: Scene
  let name: String
  let seen = Seen()

  final class Seen { var sighting: ClaimSighting? }

  init(_ scene: Scene, _ name: String) { (self.scene, self.name) = (scene, name) }

  private var holder: ClaimHolder {
    ClaimHolder(host: name, system: "", namespace: "", process: 1, processStart: nil, began: "", job: .init(cluster: "", number: name, restarts: 0))
  }

  func numbers() -> [Int] { Array(scene.claims.keys) }
  func create(_ number: Int) -> Bool {
    scene.beforeCreating()
    if scene.claims[number] != nil { return false }
    scene.claims[number] = (holder, .beat(0), 0)
    return true
  }
  func content(_ number: Int) -> ClaimContent? {
    scene.claims[number].map { ClaimContent(holder: $0.holder, sign: "\($0.changes)", isReleased: $0.mark == .released, apparentAge: 100 + scene.skew) }
  }
  func exists(_ number: Int) -> Bool { scene.claims[number] != nil }
  func mark(_ number: Int, _ mark: ClaimMark) -> Bool {
    guard scene.claims[number] != nil else { return false }
    scene.claims[number]?.mark = mark
    scene.claims[number]?.changes += 1
    return true
  }
  func remove(_ number: Int) { scene.claims[number] = nil }
  func sighting() -> ClaimSighting? { seen.sighting }
  func keep(_ sighting: ClaimSighting) { seen.sighting = sighting }
  var now: Double { scene.now }
  var patience: LeasePatience { LeasePatience(unknown: 1800) }
  func fate(of holder: ClaimHolder) -> ClaimHolder.Fate { scene.fates[holder.host] ?? .unknown }
  func isReportedGone(_ holder: ClaimHolder) -> Bool? { scene.reported[holder.host] }
}

@Suite struct ClaimTests {
  private func isTaken(_ answer: Claims<SceneClaims>.Answer) -> Bool { if case .taken = answer { true } else { false } }

  @Test("A claim whose holder's process is gone is taken at once; one whose process is there is not, unless it is silent for half an hour")
  func sameMachine() throws {
    let scene = Scene(), first = Claims(SceneClaims(scene, "a")), second = Claims(SceneClaims(scene, "b"))
    #expect(try first.acquire() == .taken(1))
    scene.fates["a"] = .alive
    #expect(try !isTaken(second.acquire()))
    scene.now += 1790
    #expect(try !isTaken(second.acquire()))
    scene.fates["a"] = .gone
    #expect(try second.acquire() == .taken(2))
    #expect(try !first.holds(1))
    #expect(try !first.beat(1, 1))
    #expect(try !first.release(1))
    #expect(try second.holds(2))
    scene.fates["b"] = .alive
    #expect(try !isTaken(first.acquire()))
    scene.now += 1801
    #expect(try first.acquire() == .taken(3))
  }

  @Test("A job that is gone, as Slurm says, is believed after three minutes without a sign, and a holder of whom nothing is known after thirty")
  func otherMachines() throws {
    for (reported, seconds) in [(true, 180.0), (nil, 1800), (false, 1800)] as [(Bool?, Double)] {
      let scene = Scene(), first = Claims(SceneClaims(scene, "a")), second = Claims(SceneClaims(scene, "b"))
      _ = try first.acquire()
      scene.reported["a"] = reported
      #expect(try !isTaken(second.acquire()))
      scene.now += seconds - 1
      #expect(try !isTaken(second.acquire()))
      scene.now += 2
      #expect(try isTaken(second.acquire()), "\(String(describing: reported))")
    }
  }

  @Test("Signs of life keep a claim whatever the clocks of other machines say, five minutes ahead, behind or an hour off", arguments: [-3600.0, -300, 0, 300, 3600])
  func clocks(skew: Double) throws {
    let scene = Scene(), first = Claims(SceneClaims(scene, "a")), second = Claims(SceneClaims(scene, "b"))
    scene.skew = skew
    _ = try first.acquire()
    for count in 1...30 {
      #expect(try !isTaken(second.acquire()))
      scene.now += 600
      #expect(try first.beat(1, count))
    }
    #expect(try !isTaken(second.acquire()))
    scene.now += 1801
    #expect(try second.acquire() == .taken(2))
  }

  @Test("A process that is slow between its look and its claim takes nothing from one that was quicker, not even two claims later")
  func slow() throws {
    let scene = Scene(), slow = Claims(SceneClaims(scene, "slow")), quick = Claims(SceneClaims(scene, "quick")), third = Claims(SceneClaims(scene, "third"))
    var isFirst = true
    scene.beforeCreating = {
      guard isFirst else { return }
      isFirst = false
      // While the slow one is about to make claim 1, others have it, let it go, and take the next, which removes it.
      _ = try? quick.acquire()
      _ = try? quick.release(1)
      _ = try? third.acquire()
      scene.fates["third"] = .alive
    }
    let answer = try slow.acquire()
    #expect(!isTaken(answer))
    #expect(try third.holds(2))
    #expect(scene.claims.keys.sorted() == [2])
  }

  @Test("On a local file system whose lock was taken, a holder that cannot be seen is none, and one that can is")
  func lock() throws {
    let scene = Scene(), first = Claims(SceneClaims(scene, "a")), second = Claims(SceneClaims(scene, "b"))
    _ = try first.acquire()
    scene.fates["a"] = .alive
    #expect(try !isTaken(second.acquire(lockProves: true)))
    scene.fates["a"] = .unknown
    #expect(try !isTaken(second.acquire(lockProves: false)))
    #expect(try second.acquire(lockProves: true) == .taken(2))
  }

  @Test("A process is known by its number and its start, and a job of Slurm that was requeued by its count of restarts")
  func fates() {
    let own = ClaimHolder.current()
    #expect(own.fate(seenBy: own) == .alive)
    var other = own
    other.processStart = (own.processStart ?? 0) + 1
    #expect(other.fate(seenBy: own) == (own.processStart == nil ? .alive : .gone))
    other = own
    other.system = "another start of the system"
    #expect(other.fate(seenBy: own) == .unknown)
    var requeued = own
    (other.job, requeued.job) = (.init(cluster: "c", number: "7", restarts: 0), .init(cluster: "c", number: "7", restarts: 1))
    #expect(other.fate(seenBy: requeued) == .gone && requeued.fate(seenBy: other) != .gone)
    (requeued.host, requeued.job) = ("elsewhere", .init(cluster: "d", number: "7", restarts: 1))
    #expect(other.fate(seenBy: requeued) == .unknown)
  }

  @Test("Claims in a folder are numbered on, one file stays, a released one is free, and one that is cut short is somebody's")
  func folder() throws {
    let folder = try TemporaryFolder()
    for number in 1...3 {
      let lease = try #require(try Lease.acquire(in: folder.url))
      #expect(lease.number == number)
      #expect(try Lease.isHeld(in: folder.url))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    #expect(names == [".claim-3.lease", "lease"])
    #expect(try !Lease.isHeld(in: folder.url))
    let claims = Claims(ClaimFolder(folder.url.path))
    try Data("{".utf8).write(to: folder.url.appendingPathComponent(".claim-4.lease"))
    guard case .held(nil, _) = try claims.acquire() else { return #expect(Bool(false), "a claim that cannot be read was taken") }
    #expect(try claims.acquire(lockProves: true) == .taken(5))
  }

  @Test("A holder whose claim was taken over writes nothing more: no status, no history, no checkpoint, and removes nothing")
  func lost() throws {
    let folder = try TemporaryFolder(), directory = RunDirectory(url: folder.url)
    let history = try HistoryWriter(url: directory.historyFile, resumingAt: 0)
    var lease = try Lease.acquire(in: folder.url)
    let number = try #require(lease?.number)
    try directory.write(RunStatus.running)
    #expect(try directory.status().claim == number)
    try directory.checkpoints.save(["step": 1]) { try Data("state".utf8).write(to: $0) }
    // What a process on another machine does once it takes this one for gone.
    let claims = Claims(ClaimFolder(folder.url.path))
    #expect(try claims.store.create(number + 1))
    claims.store.remove(number)
    func files() throws -> [String: Data] {
      var found: [String: Data] = [:]
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) { found[name] = try Data(contentsOf: folder.url.appendingPathComponent(name)) }
      return found
    }
    let before = try files()
    func isLost(_ body: () throws -> Void) -> Bool {
      do { try body() } catch let error as RunStoreError { return error.kind == .leaseLost } catch { return false }
      return false
    }
    #expect(isLost { try directory.write(RunStatus.failed(code: "x", message: "y")) })
    #expect(isLost { try history.append(["step": 1]) })
    #expect(isLost { try directory.checkpoints.save(["step": 2]) { try Data("state".utf8).write(to: $0) } })
    #expect(isLost { try directory.checkpoints.removeAll() })
    #expect(isLost { try directory.removeLeftovers() })
    #expect(isLost { try lease?.check() })
    lease = nil
    #expect(try files() == before)
  }

  @Test("The kind of a file system is that of the innermost mount, and only those of one machine are local")
  func kinds() throws {
    let mounts = """
      22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
      40 22 0:50 / /home rw shared:2 - nfs4 server:/home rw
      41 40 0:51 / /home/a\\040b/scratch rw - lustre mgs@tcp:/l rw
      42 22 0:52 / /tmp rw - tmpfs none rw
      """
    func kind(_ path: String) -> FileSystemKind? { FileSystemKind.kind(of: path, mounts: mounts) }
    #expect(kind("/homes") == kind("/") && kind("/")?.name == "ext4" && kind("/")?.isLocal == true)
    #expect(kind("/home/x")?.name == "NFS" && kind("/home/x")?.isLocal == false)
    #expect(kind("/home/a b/scratch/runs")?.name == "Lustre" && kind("/tmp/x")?.isLocal == true)
    #expect(kind("/tmp")?.remark(on: URL(fileURLWithPath: "/tmp")) == nil)
    #expect(kind("/home")?.remark(on: URL(fileURLWithPath: "/home"))?.contains("srun -N2 medtransfer verify lease /home") == true)
  }

  @Test("Work is asked for as planned until another is met, then each once at random")
  func order() {
    var order = WorkOrder(Array(0..<100), seed: 1), asked: [Int] = []
    for _ in 0..<5 { if let next = order.next() { asked.append(next) } }
    #expect(asked == [0, 1, 2, 3, 4])
    order.scatter()
    while let next = order.next() { asked.append(next) }
    #expect(asked.sorted() == Array(0..<100) && asked != Array(0..<100))
  }
}

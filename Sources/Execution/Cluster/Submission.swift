public import Foundation
import Foundations
import RunStore
public import Studies

/// Brings the open cells of a plan to a Slurm cluster, as job arrays.
public struct Submission {
  public struct Settings: Sendable {
    /// The most tasks at work at a time; nil leaves it to the cluster.
    public var maxParallel: Int?
    /// What a task should last at least.
    public var minutesPerTask: Double
    /// The most times that a task is requeued.
    public var requeues: Int

    public init(maxParallel: Int?, minutesPerTask: Double, requeues: Int) {
      (self.maxParallel, self.minutesPerTask, self.requeues) = (maxParallel, minutesPerTask, requeues)
    }
  }

  /// What is submitted: nothing is decided after this.
  public struct Plan: Sendable {
    public let arrays: TaskArrays
    /// Cells that are finished, and those that an earlier submission has in the queue or at work.
    public let finished: Int
    public let queued: [ClusterQueue.Entry]
    /// By array: the jobs of earlier submissions that make what its cells start from.
    let earlier: [[Int]]
    /// Where all is written.
    public let folder: URL

    public var tasks: [[Cell]] { arrays.arrays.flatMap(\.tasks) }
    public var cells: [Cell] { tasks.flatMap { $0 } }
  }

  let plan: Studies.Plan
  let overrides: [String]
  let executable: URL
  let settings: Settings
  let options: ClusterOptions

  /// - Parameters:
  ///   - site: the keys of the site's file, which those of the study go before.
  ///   - executable: this program, as the nodes find it.
  public init(_ plan: Studies.Plan, overrides: [String], site: ClusterOptions, executable: URL, settings: Settings) {
    (self.plan, self.overrides, self.executable, self.settings) = (plan, overrides, executable, settings)
    options = plan.study.cluster.over(site)
  }

  private var output: URL { plan.study.outputDirectory }

  private func isOpen(_ cell: Cell) -> Bool {
    let condition = RunDirectory(of: cell, in: output).condition(of: cell)
    return condition.state != .finished
  }

  /// Decides what is submitted.
  ///
  /// - Parameters:
  ///   - seconds: how long cells take, asked for where it matters.
  ///   - largest: the most tasks of an array.
  public func planned(queue: ClusterQueue?, largest: Int, seconds: ([Cell]) throws -> [String: Double]) throws -> Plan {
    let open = plan.cells.filter(isOpen), queued = queue?.entries ?? [], inQueue = Dictionary(grouping: queued, by: \.cell)
    let wanted = open.filter { inQueue[$0.relativePath] == nil }
    let known = settings.minutesPerTask > 0 && !wanted.isEmpty ? try seconds(wanted) : [:]
    let arrays = TaskArrays(
      open: wanted, seconds: { known[$0.identity] }, atLeast: settings.minutesPerTask * 60, largest: largest)
    let earlier = arrays.arrays.map { array in
      let sources = Set(array.tasks.flatMap { $0 }.compactMap(\.source)).compactMap(plan.cell(identity:))
      return Set(sources.flatMap { inQueue[$0.relativePath]?.map(\.job) ?? [] }).sorted()
    }
    let stamp = Date().formatted(.iso8601.timeZoneSeparator(.omitted).dateSeparator(.omitted).timeSeparator(.omitted))
    var folder = output.appendingPathComponent(SubmissionRecord.folderName).appendingPathComponent(stamp), number = 1
    while FileManager.default.fileExists(atPath: folder.path) {
      number += 1
      folder = output.appendingPathComponent(SubmissionRecord.folderName).appendingPathComponent("\(stamp)-\(number)")
    }
    return Plan(
      arrays: arrays, finished: plan.cells.count - open.count, queued: queued, earlier: earlier, folder: folder)
  }

  /// The script, as it is written.
  public func script(_ planned: Plan) -> String {
    SubmissionScript(
      study: plan.study, overrides: overrides, options: options, executable: executable, folder: planned.folder, requeues: settings.requeues
    ).text(tasks: planned.arrays.arrays.first?.tasks.count)
  }

  /// The arguments of `sbatch` for one array.
  ///
  /// - Parameter jobs: the numbers of the arrays before it.
  private func arguments(_ planned: Plan, _ index: Int, jobs: [Int]) -> [String] {
    let arrays = planned.arrays.arrays, array = arrays[index]
    let first = arrays[..<index].reduce(0) { $0 + $1.tasks.count }
    var words = ["sbatch", "--parsable"]
    // Arrays that may be at work at the same time share the limit.
    let together = arrays.filter { $0.after == array.after }.count
    let limit = settings.maxParallel.map { "%\(max(1, $0 / max(together, 1)))" } ?? ""
    words.append("--array=0-\(array.tasks.count - 1)\(limit)")
    let before = array.after.map { jobs[$0] } + planned.earlier[index]
    // Also where one of them failed: a cell whose source is missing says so.
    if !before.isEmpty { words.append("--dependency=afterany:\(before.map(String.init).joined(separator: ":"))") }
    return words + [planned.folder.appendingPathComponent(Self.scriptName).path, String(first)]
  }

  static let scriptName = "job.sbatch"

  /// The lines that submit it, for a person; numbers of jobs are not known yet.
  public func lines(_ planned: Plan) -> [String] {
    planned.arrays.arrays.indices.map { index in
      let jobs = planned.arrays.arrays.indices.map { -1 - $0 }
      return arguments(planned, index, jobs: jobs).map { word in
        var word = SubmissionScript.quoted(word)
        for job in jobs.reversed() { word = word.replacingOccurrences(of: ":\(job)", with: ":JOB\(-job)") }
        return word
      }.joined(separator: " ")
    }
  }

  /// Writes cells and script, and submits the arrays. Whatever Slurm has taken is recorded, also where it refuses a later one.
  public func submit(_ planned: Plan) throws -> SubmissionRecord {
    try AtomicFile.makeFolder(planned.folder)
    // So that the study can be read where its data and weights are not.
    try KeptPlan.keep(plan)
    try AtomicFile.write(SubmissionScript.cells(planned.tasks), to: planned.folder.appendingPathComponent(SubmissionScript.cellsName))
    try AtomicFile.write(script(planned), to: planned.folder.appendingPathComponent(Self.scriptName))
    var record = SubmissionRecord()
    for (index, array) in planned.arrays.arrays.enumerated() {
      let answer = try Slurm.ask(arguments(planned, index, jobs: record.jobs.map(\.number)))
      // The number, and behind a semicolon the cluster.
      guard answer.status == 0, let number = answer.output.split(whereSeparator: { ";\n ".contains($0) }).first.flatMap({ Int($0) }) else {
        throw ExecutionError.refusedBySlurm(answer.errors)
      }
      record.jobs.append(.init(number: number, tasks: array.tasks.map { $0.map(\.relativePath) }))
      try AtomicFile.write(try CanonicalJSON.encodePretty(record), to: planned.folder.appendingPathComponent(SubmissionRecord.fileName))
    }
    return record
  }

  /// Waits until nothing of what was submitted is in the queue any more.
  public func wait(for record: SubmissionRecord, every seconds: Double, say: (Int) -> Void) throws {
    var last = -1
    while true {
      // A controller that does not answer for a while is asked again.
      if let queued = try Slurm.queue(of: record.jobs.map(\.number)) {
        if queued.isEmpty { return }
        if queued.count != last { say(queued.count) }
        last = queued.count
      }
      usleep(UInt32(seconds * 1e6))
    }
  }

  /// How the cells stand now: how many are finished, failed, and neither.
  public func standing() -> (finished: Int, failed: Int, open: Int) {
    var standing = (finished: 0, failed: 0, open: 0)
    for cell in plan.cells {
      switch RunDirectory(of: cell, in: output).condition(of: cell).state {
      case .finished: standing.finished += 1
      case .failed, .broken, .unreadable: standing.failed += 1
      case .missing, .inWork, .interrupted: standing.open += 1
      }
    }
    return standing
  }
}

extension Submission {
  /// The most tasks that an array of this cluster can have.
  public static func largestArray() throws -> Int { max(1, try Slurm.maximalArraySize() - 1) }

  /// How long cells take: as finished runs of the same task took, else by an estimate that is made now.
  public static func seconds(of cells: [Cell], in plan: Studies.Plan, data: StudyData) throws -> [String: Double] {
    struct Kind: Hashable {
      let task: String
      let mode: FineTuningMode
      let fraction: TrainingFraction
    }
    func kind(_ cell: Cell) -> Kind { Kind(task: cell.task, mode: cell.mode, fraction: cell.fraction) }
    var took: [Kind: [Double]] = [:]
    for run in TimedRun.all(of: plan) { took[kind(run.cell), default: []].append(run.timing.seconds) }
    let unknown = cells.filter { took[kind($0)] == nil }
    if !unknown.isEmpty {
      for line in try Estimate(plan, data: data, unfinished: unknown).lines {
        took[Kind(task: line.task, mode: line.mode, fraction: line.fraction)] = [line.secondsPerCell]
      }
    }
    return Dictionary(
      uniqueKeysWithValues: cells.compactMap { cell in
        took[kind(cell)]?.middle.map { (cell.identity, $0) }
      })
  }
}

import ArgumentParser
import Execution
import Foundation
import Foundations
import Reports
import RunStore
import Studies
import Torch

/// `medtransfer plan study.yaml`
struct PlanCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Shows the cells of a study, and how long they will take here; starts nothing. With --half-width: how many test patients it needs.")

  @OptionGroup var options: StudyOptions
  @OptionGroup var filter: FilterOptions
  @Flag(help: "Print JSON.")
  var json = false
  @Option(
    help: ArgumentHelp(
      "What is printed: text, or snakemake, a Snakefile whose jobs are the open cells; its executors bring them to clouds and clusters.",
      valueName: "format"))
  var format = Format.text
  @Flag(inversion: .prefixedNo, help: "Say how long the runs will take: by those that have ended, by steps measured on this machine before, or by a few now.")
  var estimate = true
  @Flag(help: "Measure steps of whole batches of every task anew, however long that takes.")
  var measure = false
  @Option(
    help: ArgumentHelp(
      "Instead of the cells: how many test patients results need to be known to ± this, by the finished runs; in percentage points of a metric that is given in percent, else in its unit.",
      valueName: "points"))
  var halfWidth: Double?
  @Option(help: ArgumentHelp("With --half-width: the metric, by its name or the title in tables; default: the first of each task's table.", valueName: "name"))
  var metric: String?

  func validate() throws {
    if metric != nil && halfWidth == nil { throw ValidationError("--metric is of --half-width, which is not given. Add --half-width.") }
    if format == .snakemake && (halfWidth != nil || json || measure) {
      throw ValidationError("A Snakefile has no room for --half-width, --json or --measure. Leave them out, or leave out --format snakemake.")
    }
  }

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, snakemake }

  private struct Listing: Encodable {
    let plan: PlanReport
    let estimate: Estimate?
    let check: StudyCheck
    /// By the initialization that each makes; nil where there is none.
    let pretrainings: [String: RunPretraining]?
    /// Of those that are still to be run, where it was asked for.
    let pretrainingCosts: [String: PretrainingCost]?
  }

  func run() throws {
    _ = TorchRuntime.configureAllocator()
    let (study, settled) = try halfWidth == nil ? PrecisionAdvice.settle(options.read(), tasks: Set(filter.tasks), keeps: false) : (options.read(), [])
    let data = StudyData(study)
    // Of the runs that there are, which need no data.
    if let halfWidth { return try show(PrecisionPlan(data.readablePlan(filter.filter), halfWidth: halfWidth, metric: metric)) }
    let plan = try data.usablePlan(filter.filter)
    try noteChanges(in: plan)
    let needed = try NeededCells(plan, filter.filter, data: data), rounds = needed?.rounds
    let notNeeded = Set(rounds.map { plan.narrowed(by: $0, keepsLater: true).notNeeded.map(\.identity) } ?? [])
    let open = Set(
      plan.cells.filter { !notNeeded.contains($0.identity) && RunDirectory(of: $0, in: plan.study.outputDirectory).state(of: $0) != .finished }.map(\.identity))
    let check = try WeightsCheck(plan, data: data, wanted: { open.contains($0.identity) })
    try data.checkBatches(of: plan) { open.contains($0.identity) }
    let checked = try CheckView.check(data, tasks: Set(plan.cells.map(\.task)))
    if format == .snakemake {
      // Of seeds that are added round by round, those of the next one.
      return try showSnakefile((needed?.narrowed(plan) ?? plan).cells.filter { open.contains($0.identity) }, of: plan, checked)
    }
    let report = PlanReport(
      plan, certificates: Dictionary(uniqueKeysWithValues: check.findings.map { ($0.initialization, $0.certificate) }), notNeeded: notNeeded)
    if !json { Terminal.show(report.terminalText + "\n" + checked.terminalText, terminator: "") }
    if !json { for sentence in DataChanges(plan, check: checked).sentences + (rounds?.sentences ?? []) { Terminal().note(sentence) } }
    let pretrainings = try data.pretrainings(of: plan)
    if !json { for (name, record) in pretrainings { Terminal.show("\n" + record.terminalText(named: name), terminator: "") } }
    let unfinished = plan.cells.filter { open.contains($0.identity) }
    let costs = try estimate ? data.costs(ofPretrainings: unfinished) : [:]
    if !json {
      for (name, cost) in costs.sorted(by: { $0.key < $1.key }) {
        Terminal.show(words(cost, of: name))
        if let sentence = cost.memorySentence(of: name) { Terminal().note(sentence) }
      }
    }
    if !json { for remark in try data.subsetRemarks(of: plan) { Terminal().note(remark) } }
    if !json, let sentence = try FeaturePlan(plan, data: data, wanted: { open.contains($0.identity) }).sentence { Terminal().note(sentence) }
    if !json { try noteTrainingLists(plan, data) }
    try showGroups(of: plan, data: data)
    let measured = estimate && !unfinished.isEmpty ? try Estimate(plan, data: data, unfinished: unfinished, measuresAnew: measure) : nil
    if json {
      let named = pretrainings.isEmpty ? nil : Dictionary(uniqueKeysWithValues: pretrainings)
      try Terminal.showJSON(Listing(plan: report, estimate: measured, check: checked, pretrainings: named, pretrainingCosts: costs.isEmpty ? nil : costs))
    }
    if let measured, !json { Terminal.show("\n" + text(measured, processes: min(plan.study.execution.processCount, unfinished.count)), terminator: "") }
    if !json { for remark in settled + (measured?.sentences ?? []) { Terminal().note(remark) } }
    if !json, let remark = try PrecisionAdvice.remark(on: plan.study) { Terminal().note(remark) }
    try checked.requireUsable()
  }

  /// Only of a study that can be run: else every job would end with the same sentence.
  private func showSnakefile(_ cells: [Cell], of plan: Plan, _ checked: StudyCheck) throws {
    try checked.requireUsable()
    let file = Snakefile(open: cells, of: plan, executable: try ownExecutable(), study: options.study, overrides: options.overrides)
    Terminal.show(file.text, terminator: "")
  }

  private func show(_ precision: PrecisionPlan) throws {
    Terminal.show(json ? String(decoding: try CanonicalJSON.encodePretty(precision), as: UTF8.self) : precision.terminalText, terminator: "")
  }

  /// By names alone: no image is opened for a plan.
  private func noteTrainingLists(_ plan: Plan, _ data: StudyData) throws {
    let planned = Set(plan.cells.map(\.task)), check = TrainingListCheck(plan.study, data: data, comparesBytes: false)
    for task in plan.study.tasks where task.isTarget && planned.contains(task.name) {
      for sentence in try check.record(of: task)?.sentences ?? [] { Terminal().note(sentence) }
    }
  }

  /// What the report of the study will tell apart. Where runs are kept already, the tables that it reads are written: naming groups
  /// when all is trained needs no more than this.
  private func showGroups(of plan: Plan, data: StudyData) throws {
    let output = plan.study.outputDirectory, isBegun = FileManager.default.fileExists(atPath: output.path)
    for groups in try data.groups(of: plan) {
      let written = isBegun ? try groups.write(to: output) : nil
      if json { continue }
      for sentence in [groups.summary] + groups.remarks { Terminal().note(sentence) }
      if let written { Terminal().note("Written: \(written.path), from which the report tells these groups apart") }
    }
  }

  private func words(_ cost: PretrainingCost, of name: String) -> String {
    let memory = "\(spoken(bytes: cost.memoryBytes)) of memory, \(spoken(bytes: cost.tensorBytes)) of it for tensors"
    guard let seconds = cost.seconds else { return "The pre-training of \(name) takes about \(memory): what its method remembers of images." }
    return "The pre-training of \(name) takes about \(spoken(seconds: seconds)) here, and about \(memory): by steps on random views of "
      + "\(cost.measuredImages) images; reading and varying images, and its probe, are not in the time."
  }

  /// - Parameter processes: how many runs are made at the same time.
  private func text(_ estimate: Estimate, processes: Int) -> String {
    var table = Table(columns: [
      .init("Task"), .init("Runs left", .right), .init("Training images", .right), .init("Epochs, at most", .right),
      .init("Images/s training", .right), .init("Images/s evaluation", .right), .init("Time a run, at most", .right), .init("Known by"),
      .init("Memory, about", .right),
    ])
    for line in estimate.lines {
      table.append([
        line.task + (line.mode.isHeadOnFeatures ? ", \(line.mode.words)" : "") + (line.fraction.isWhole ? "" : ", \(line.fraction.percentText)"), String(line.cells),
        String(line.trainingImages), String(line.epochs), fixed(line.trainingImagesPerSecond, 1),
        fixed(line.evaluationImagesPerSecond, 1), spoken(seconds: line.secondsPerCell), line.basis.words, spoken(bytes: line.memoryBytes),
      ])
    }
    let together =
      processes > 1
      ? ", one run after another; with \(processes) at the same time about \(spoken(seconds: estimate.seconds / Double(processes))) where they do not slow each other" : ""
    return table.rendered()
      + "\nAt most \(spoken(seconds: estimate.seconds)) in all, if no run stops early\(together). Steps are of random images: reading images is in the time only where runs have ended.\n"
  }
}

/// `medtransfer status study.yaml`
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Says which cells are done, failed (and why), in work or missing.")

  @OptionGroup var options: StudyOptions
  @OptionGroup var planning: PlanReadingOptions
  @OptionGroup var seals: SealOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let plan = try planning.plan(options.read())
    let report = try StatusReport(plan, seals: seals.check)
    let queue = ClusterQueue.ifThere(of: plan.study.outputDirectory)?.entries ?? []
    if json {
      try Terminal.showJSON(Listing(report: report, queue: queue))
    } else {
      Terminal.show(report.terminalText + text(queue), terminator: "")
    }
  }

  /// The report's keys, and those of what is in a cluster's queue where something is.
  private struct Listing: Encodable {
    let report: StatusReport
    let queue: [ClusterQueue.Entry]

    private enum Key: String, CodingKey { case queue }

    func encode(to encoder: any Encoder) throws {
      try report.encode(to: encoder)
      if queue.isEmpty { return }
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(queue, forKey: .queue)
    }
  }

  private func text(_ queue: [ClusterQueue.Entry]) -> String {
    if queue.isEmpty { return "" }
    var table = Table(columns: [.init("Submitted cell"), .init("Task"), .init("Slurm says")])
    for entry in queue { table.append([entry.cell, entry.task, entry.state + (entry.reason.map { " (\($0))" } ?? "")]) }
    return "\n" + table.rendered() + "\n"
  }
}

import Dispatch
import Execution
import Foundation
import Foundations
import Metrics
import Studies
import Training

/// Shows what an execution does: a progress bar on a terminal, plain lines otherwise.
final class ProgressView {
  private let terminal: any ProgressLines
  private lazy var cacheView = CacheProgressView(terminal: terminal)
  private var position = CellPosition(number: 0, count: 0)
  private var phaseStart = 0.0
  private var phaseKey = ""
  private var imagesAtStart = 0
  private var lastShown = 0.0
  private var cellStart = 0.0
  private var startEpoch = 1
  private var speed: Double?
  private let isQuiet: Bool

  /// - Parameter isQuiet: whether epochs are left out where there is no terminal.
  init(isQuiet: Bool = false, on lines: any ProgressLines = Terminal()) { (self.isQuiet, terminal) = (isQuiet, lines) }

  func show(_ event: ExecutionEvent) {
    switch event {
    case .started(let cell, let position, let resumed):
      self.position = position
      cellStart = now
      phaseKey = ""
      let again = resumed.map { ", going on after step \($0)" } ?? ""
      let purpose = cell.role == .pretraining ? " (pre-training)" : ""
      if !terminal.isInteractive || resumed != nil { terminal.note("\(cell)\(purpose)\(again)", at: position) }
    case .news(let cell, let news):
      if terminal.isInteractive { showBar(cell, news) } else { showEpoch(cell, news) }
    case .features(let cell, let done, let count):
      if terminal.isInteractive { showFeatures(cell, done: done, count: count) }
    case .caching(let task, let progress):
      cacheView.show(task: task, progress)
    case .finished(let cell, let headline, let seconds, let broken):
      terminal.clearLine()
      let files = broken == 0 ? "" : ", \(broken) broken file\(broken == 1 ? "" : "s") left out"
      terminal.note("\(cell): \(headline.isEmpty ? "done" : words(headline)) in \(spoken(seconds: seconds))\(files)", at: position)
    case .madeAnew(let cell, let reason):
      terminal.clearLine()
      terminal.note("        \(cell) is made anew: \(reason)")
    case .remark(let cell, let remark):
      terminal.clearLine()
      terminal.note("        \(cell): \(remark)")
    case .failed(let cell, let position, let problem):
      self.position = position
      terminal.clearLine()
      terminal.note("\(cell) failed: \(problem)", at: position)
    case .splitChanged(let task, let kept):
      terminal.clearLine()
      terminal.note("        The split of \(task) is another one than before; the table of the earlier one is kept in \(kept.path)")
    case .aboutWeights(let initialization, let sentence):
      terminal.clearLine()
      terminal.note("        \(initialization): \(sentence)")
    case .aboutPictures(let task, let sentence):
      terminal.clearLine()
      terminal.note("        \(task): \(sentence)")
    case .onTrainingList(let sentence), .madePlace(let sentence):
      terminal.clearLine()
      terminal.note("        \(sentence)")
    case .standsBack(let cell, let holder):
      terminal.clearLine()
      terminal.note("        \(cell): another process is at it\(holder.map { " (\($0))" } ?? "")")
    case .lost(let cell, let reason):
      terminal.clearLine()
      terminal.note("        \(cell) is left to another process: \(reason)")
    case .waits(let cell, let source):
      terminal.clearLine()
      terminal.note("        \(cell): not run, because \(source) is not finished")
    }
  }

  private var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

  private func showEpoch(_ cell: Cell, _ news: TrainingNews) {
    guard !isQuiet, let record = news.epochRecord else { return }
    // Without labels there is a probe, and no loss on a validation set.
    func loss(_ validation: ValidationRecord) -> String { cell.isSelfSupervised ? "" : "validation loss \(fixed(validation.loss, 4))  " }
    terminal.note(
      "        epoch \(record.epoch)/\(news.epochLimit)  training loss \(fixed(record.trainingLoss, 4))  "
        + (record.validation.map { loss($0) + words($0.metrics) } ?? ""))
  }

  private func showBar(_ cell: Cell, _ news: TrainingNews) {
    let key = "\(news.phase)-\(news.epoch)"
    if key != phaseKey {
      phaseKey = key
      phaseStart = now
      imagesAtStart = news.imagesDone
    }
    guard now - lastShown > 0.1 || news.imagesDone == news.imageCount else { return }
    lastShown = now
    let elapsed = now - phaseStart
    if elapsed > 0.3, news.imagesDone > imagesAtStart {
      let current = Double(news.imagesDone - imagesAtStart) / elapsed
      if news.phase == .training { speed = current }
    }
    let done = news.imageCount == 0 ? 1 : Double(news.imagesDone) / Double(news.imageCount)
    let stage =
      switch news.phase {
      case .training: "epoch \(news.epoch)/\(news.epochLimit)"
      case .validation: "epoch \(news.epoch)/\(news.epochLimit), validation"
      case .test: "test"
      }
    var line = "\(cell)  \(stage) \(progressBar(done))"
    if let speed { line += " \(Int(speed.rounded())) images/s" }
    if let loss = news.loss, news.phase == .training { line += "  loss \(fixed(loss, 4))" }
    if let left = secondsLeft(news) { line += "  at most \(spoken(seconds: left)) left" }
    terminal.replaceLine(line, at: position)
  }

  private func showFeatures(_ cell: Cell, done: Int, count: Int) {
    guard now - lastShown > 0.1 || done == count else { return }
    lastShown = now
    terminal.replaceLine("\(cell)  features \(progressBar(count == 0 ? 1 : Double(done) / Double(count))) \(done) of \(count) images", at: position)
  }

  /// The time left for this cell if no early stop comes.
  private func secondsLeft(_ news: TrainingNews) -> Double? {
    guard news.phase == .training, let speed, speed > 0 else { return nil }
    let images = news.imageCount - news.imagesDone + (news.epochLimit - news.epoch) * news.imageCount
    return Double(images) / speed
  }

  private func words(_ metrics: [String: MetricValue]) -> String {
    let names = ["auroc": "AUROC", "dicePooled": "Dice", "diceMean": "Dice per image"]
    return metrics.keys.sorted().map { key in
      let metric = MetricName(rawValue: key), name = names[key] ?? metric?.title ?? key
      switch metrics[key] {
      case .value(let number)?:
        return metric?.unit.isPercent ?? true ? "\(name) \(fixed(number * 100, 2)) %" : "\(name) \(fixed(number, 3))"
      case .undefined(let reason)?: return "\(name) undefined (\(reason))"
      case nil: return name
      }
    }.joined(separator: ", ")
  }
}

/// How much of a work is done, 0...1, as a bar.
func progressBar(_ fraction: Double) -> String {
  let width = 16, full = Int((fraction * Double(width)).rounded(.down))
  return "▕" + String(repeating: "█", count: full) + String(repeating: "░", count: width - full) + "▏"
}

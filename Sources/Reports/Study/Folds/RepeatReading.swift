internal import Foundations
internal import Metrics
internal import RunStore
internal import Studies

/// The runs of one repeat of a cross-validation, read: how far it is, and what all of them together say of every image.
struct RepeatReading {
  let state: CellState
  /// Nil where it is not whole.
  let folded: FoldedPredictions?
  let readers: [RunReader]
  let findings: RunFindings
  let isSameForEverySeed: Bool

  /// What is read of runs of the same fold is kept for those of other seeds.
  struct Known {
    fileprivate var records: [Int: KnownRecord] = [:]
    fileprivate var rows: [Int: KnownRows] = [:]
    fileprivate var rowsOfValidation: [Int: KnownRows] = [:]
  }

  /// - Parameters:
  ///   - count: of the task's folds.
  ///   - comparesMetrics: whether what runs state is compared with what follows from their predictions.
  init(
    _ folds: [Cell], count: Int, kind: TaskKind, source: any RunSource, seals: SealCheck, comparesMetrics: Bool, known: inout Known,
    planned: (String) -> CellConfiguration?
  ) {
    var states: [(fold: Int, state: CellState)] = [], answers: [Predictions] = [], thresholds: [Available<DecisionThresholds>] = []
    var findings = RunFindings(), isSame = true
    readers = folds.map { RunReader(source, run: $0.relativePath) }
    for (cell, reader) in zip(folds, readers) {
      let fold = cell.fold ?? 0
      let condition = reader.condition(of: cell, planned: planned, check: seals, known: &known.records[fold, default: KnownRecord()])
      guard let imageCount = condition.imageCount else {
        states.append((fold, condition.state))
        continue
      }
      do {
        let found = try condition.predictions ?? reader.predictions(imageCount: imageCount, known: &known.rows[fold, default: KnownRows()])
        guard found.isOf(kind) else { throw ReportsError.otherKind(of: reader.run) }
        let validation = try reader.validationPredictions(known: &known.rowsOfValidation[fold, default: KnownRows()])
        answers.append(found)
        thresholds.append(DecisionThresholds.make(validation: validation))
        let own = comparesMetrics ? found.allMetrics(validation: validation) : nil
        findings.add(RunFindings(condition, reader, own: own), fold: fold)
        let probe = cell.mode.isHeadOnFeatures ? try? reader.read(ProbeRecord.self, from: ProbeRecord.fileName) : nil
        isSame = isSame && probe?.dependsOnSeed == false
        states.append((fold, condition.state))
      } catch {
        let reason = sentence(for: error)
        states.append((fold, SystemFault.isFault(error) ? .unreadable(reason: reason) : .broken(reason: reason)))
      }
    }
    self.findings = findings
    isSameForEverySeed = isSame
    if let open = Self.open(states, count: count) {
      (state, folded) = (open, nil)
      return
    }
    switch FoldedPredictions.make(answers, thresholds: thresholds) {
    case .value(let made): (state, folded) = (.finished, made)
    case .notAvailable(let reason): (state, folded) = (.broken(reason: "Its folds cannot be taken together: \(reason)."), nil)
    }
  }

  /// Why the repeat does not count; nil where all of its folds do.
  private static func open(_ states: [(fold: Int, state: CellState)], count: Int) -> CellState? {
    func first(_ isMeant: (CellState.Word) -> Bool) -> (fold: Int, state: CellState)? { states.first { isMeant($0.state.word) } }
    if let (fold, state) = first({ [.failed, .broken, .unreadable].contains($0) }) {
      switch state {
      case .failed(let failure): return .failed(RunStatus.Failure(code: failure.code, message: "fold \(fold): \(failure.message)"))
      case .unreadable(let reason): return .unreadable(reason: "fold \(fold): \(reason)")
      default: return .broken(reason: "fold \(fold): \(state.reason ?? "")")
      }
    }
    if let (_, state) = first({ $0 == .inWork }) { return state }
    if let (_, state) = first({ $0 == .interrupted }) { return state }
    let finished = states.count { $0.state == .finished }
    return finished == count ? nil : finished > 0 ? .interrupted : .missing
  }
}

extension RunFindings {
  fileprivate mutating func add(_ other: RunFindings, fold: Int) {
    isUnsealed = isUnsealed || other.isUnsealed
    lacksWeights = lacksWeights || other.lacksWeights
    differences += other.differences.map { "fold \(fold): \($0)" }
  }
}

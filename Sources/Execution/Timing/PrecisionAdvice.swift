import Datasets
import Foundation
import Foundations
import RunStore
public import Studies
import Torch
import Training

/// The precision that tasks leave to the machine, and what a person should know about the others.
public enum PrecisionAdvice {
  /// A sentence where tasks compute in bfloat16 on a processor that has no instructions for it; nil otherwise.
  ///
  /// libtorch then emulates bfloat16: a training step of a small ResNet takes about ten times as long as in float32.
  public static func remark(on study: Study) throws -> String? {
    let tasks = study.tasks.filter { $0.recipe.precision == .bfloat16 }.map(\.name)
    guard !tasks.isEmpty, try NumericSetting.device(named: study.execution.device) == .cpu, !TorchRuntime.cpuHasBFloat16 else { return nil }
    return "\(firstFew(tasks)) \(tasks.count == 1 ? "computes" : "compute") in bfloat16, which this processor has no instructions for: "
      + "it is emulated, and many times slower than float32. recipe.precision=float32 is faster, and makes runs of its own."
  }

  /// Settles the precision of every task that leaves it to the machine, where none is settled: by what steps cost here.
  ///
  /// - Parameters:
  ///   - names: the tasks that are meant; empty for all.
  ///   - keeps: whether it then holds for the study, on every machine, as when its first runs begin.
  /// - Returns: the study with its precisions, and one sentence a task that was settled now.
  public static func settle(
    _ study: Study, tasks names: Set<String> = [], keeps: Bool, timings: StepTimings = StepTimings()
  ) throws -> (study: Study, sentences: [String]) {
    var settled = study, sentences: [String] = []
    let open = try study.tasks.indices.filter { index in
      let task = study.tasks[index]
      guard task.takesFastestPrecision, names.isEmpty || names.contains(task.name) else { return false }
      return try PrecisionRecord.read(task: task.name, from: study.outputDirectory) == nil
    }
    if open.isEmpty { return (study, []) }
    let device = try ComputeSetting.apply(study.execution), data = StudyData(study)
    for index in open {
      let task = study.tasks[index], splits = try data.splits(of: task), seconds = 3.0
      var execution = study.execution
      // The number of threads stays what it is: a run takes it from the study or the machine.
      execution.threads = TorchRuntime.threadCount
      let choices = try ComputeChoices(
        task, work: Estimate.work(task, splits), outputs: max(1, splits.answerNames.count), execution: execution, device: device, timings: timings,
        seconds: seconds)
      guard let best = choices.fastest else { continue }
      var record = PrecisionRecord(
        precision: best.precision, processor: device == .cpu ? RunEnvironment.machine.processor : device.description,
        measured: choices.choices.map {
          .init(
            precision: $0.precision, threads: $0.threads, trainingImagesPerSecond: $0.cost.trainingImagesPerSecond,
            evaluationImagesPerSecond: $0.cost.evaluationImagesPerSecond)
        })
      if keeps { record = try record.keep(task: task.name, in: study.outputDirectory) }
      settled.tasks[index].recipe.precision = record.precision
      let others = record.measured.filter { $0.precision != record.precision }.map {
        "\($0.precision.rawValue) \($0.trainingImagesPerSecond.fixed(1))"
      }
      let own = record.measured.first { $0.precision == record.precision }.map { $0.trainingImagesPerSecond.fixed(1) } ?? "?"
      sentences.append(
        "\(task.name) computes in \(record.precision.rawValue): \(own) images/s training on this machine"
          + (others.isEmpty ? "." : ", \(others.joined(separator: ", ")).")
          + (keeps ? " It holds for this study from now on." : " It is settled when the study is run."))
    }
    timings.keep()
    return (settled, sentences + timings.remarks)
  }
}

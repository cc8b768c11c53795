import Foundation
import Foundations
import PublishedCopies
import Studies
import Testing

@Suite("Every built-in task, through the command")
struct TaskCopyRunTests {
  @Test("Every built-in task trains and is reported from a generated copy of its exact layout, which its check finds fit to run")
  func trains() throws {
    let fixture = try StudyFixture()
    #expect(TaskCopy.all.map(\.task) == BuiltInTaskCatalog.names)
    for copy in TaskCopy.all { try copy.write(to: fixture.url(copy.task), isReduced: true) }
    try fixture.write(
      """
      device: cpu
      threads: 1
      seeds: 1
      initializations: {random: random}
      recipe: {architecture: resnet18, inputSize: 32, batchSize: 4, evaluationBatchSize: 16, epochs: 1, maximumSteps: 1, testTimeAugmentation: none}
      tasks:
      \(TaskCopy.all.map { "  \($0.task): {builtIn: \($0.task), root: \($0.task)}" }.joined(separator: "\n"))
      """, to: "study.yaml")
    let result = try fixture.run("run", "study.yaml")
    #expect(result.status == 0, "\(result.errors)")
    let runs = try fixture.runs()
    #expect(runs.count == TaskCopy.all.count)
    for run in runs {
      let task = try BuiltInTaskCatalog.named(String(run.prefix { $0 != "/" }))
      let table = try CSV.parse(fixture.text("runs/\(run)/predictions.csv"))
      #expect(!table.rows.isEmpty)
      if task.kind.isSegmentation {
        #expect(table.header.contains("truePositives" + (task.classNames.first.map { ":\($0)" } ?? "")))
      } else {
        #expect(table.header.prefix(3) == ["id", "patient", "target:\(try #require((task.scoredClasses ?? task.classNames).first))"])
      }
      if task.kind == .multiclassClassification {
        let count = task.classNames.count
        for row in table.rows {
          let numbers = row.suffix(2 * count).compactMap { Double($0) }
          #expect(numbers.prefix(count).reduce(0, +) == 1 && abs(numbers.suffix(count).reduce(0, +) - 1) < 1e-5)
        }
        #expect(try fixture.text("runs/\(run)/metrics.json").contains("\"cohenKappa\""))
      }
    }
    let report = try fixture.run("report", "study.yaml")
    #expect(report.status == 0, "\(report.errors)")
  }

  @Test("The command finds a copy of each task fit to run, every image decoded", arguments: TaskCopy.all)
  func check(_ copy: TaskCopy) throws {
    let fixture = try StudyFixture()
    try copy.write(to: fixture.url("copy"), isReduced: true)
    let check = try fixture.run("tasks", "check", copy.task, "--root", "copy", "--decode")
    #expect(check.status == 0, "\(check.output)\(check.errors)")
    #expect(check.output.contains(" decoded.\n") && !check.output.contains("Must be corrected"))
  }

  @Test("An archive that NumPy itself deflated is read")
  func deflated() throws {
    let fixture = try StudyFixture()
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/bloodmnist.npz")
    try AtomicFile.makeFolder(fixture.url("copy"))
    try FileManager.default.copyItem(at: golden, to: fixture.url("copy/bloodmnist.npz"))
    let check = try fixture.run("tasks", "check", "BloodMNIST", "--root", "copy", "--decode")
    #expect(check.status == 0 && check.output.contains("1 file was decoded.\n"), "\(check.output)")
  }
}

import Foundations
import Studies

// What can go wrong when runs are evaluated on another test set.
extension ExecutionError {
  static func foldsAreNotAsked(_ task: String, folds: Int) -> ExecutionError {
    ExecutionError(
      kind: .unfitClasses,
      problem: "\(task) has \(folds) folds, so each of its repeats is \(folds) networks, and what these answer together about other images is not defined here.",
      remedy: "Train a task with one test part on the same data and ask its runs.")
  }

  static func foldsHaveNoTestPart(_ task: String, folds: Int) -> ExecutionError {
    ExecutionError(
      kind: .unfitClasses, problem: "\(task) has \(folds) folds, each of which is the test part once, so it has no test set to ask about.",
      remedy: "Ask about all of its images with --part all.")
  }

  static func noClass(_ name: String, of side: String, known: [String]) -> ExecutionError {
    ExecutionError(
      kind: .unfitClasses, problem: "The \(side) has no class “\(name)”.", remedy: suggestion(for: name, in: known))
  }

  static func classMappedTwice(_ name: String, of side: String) -> ExecutionError {
    ExecutionError(
      kind: .unfitClasses, problem: "The class “\(name)” of the \(side) is mapped twice.", remedy: "Give one --map for it.")
  }

  static func malformedPair(_ text: String) -> ExecutionError {
    ExecutionError(
      kind: .unfitClasses, problem: "“\(text)” does not say which class is which.",
      remedy: "Write --map \"THEIRS=OURS\": the test set's class, then the run's, such as \"Pleural Effusion=Effusion\".")
  }

  static func noSharedClass(ofRun: [String], ofTestSet: [String]) -> ExecutionError {
    ExecutionError(
      kind: .unfitClasses,
      problem: "No class of the test set has the name of one of the run's: \(firstFew(ofTestSet)) against \(firstFew(ofRun)).",
      remedy: "Say which is which with --map \"THEIRS=OURS\", once a class.")
  }

  static func unlikeTasks(_ first: TaskSpecification, _ second: TaskSpecification) -> ExecutionError {
    let words = { (task: TaskSpecification) in "\(task.name) is a \(task.kind.answerInWords)" }
    return ExecutionError(
      kind: .unfitClasses, problem: "\(words(first)) and \(words(second)), so its runs cannot answer it.",
      remedy: "Choose a task of the same kind with --on.")
  }

  static func unlikeUnits(_ first: TaskSpecification, _ second: TaskSpecification) -> ExecutionError {
    let words = { (task: TaskSpecification) in "\(task.name) counts in \(task.data.unit ?? "no unit")" }
    return ExecutionError(
      kind: .unfitClasses, problem: "\(words(first)), and \(words(second)).",
      remedy: "Write both tables in one unit, and say it by unit.")
  }

  static func noFinishedRun(_ tasks: [String], unfinished: Int) -> ExecutionError {
    ExecutionError(
      kind: .noFinishedRun,
      problem: "No run of \(tasks.joined(separator: ", ")) is finished (\(unfinished) \(unfinished == 1 ? "is" : "are") planned).",
      remedy: "Run the study first.")
  }

  static func onlyHeads(_ mode: FineTuningMode) -> ExecutionError {
    ExecutionError(
      kind: .runLacksWeights, problem: "The runs that are asked are heads on features (\(mode.rawValue)), which keep no network.",
      remedy: "Ask runs that trained one with --mode fullFineTuning.")
  }

  static func testImagesWereTrainedOn(_ ids: [String], of count: Int, task: String, runs: String) -> ExecutionError {
    ExecutionError(
      kind: .testImagesWereTrainedOn,
      problem:
        "\(ids.count) of \(count) images of \(task) are images that \(runs) was trained or chosen on, byte for byte: \(firstFew(ids)).",
      remedy: "Add --overlap leave-out to evaluate without them, or --overlap keep to count them all the same.")
  }

  static func nothingLeft(_ task: String) -> ExecutionError {
    ExecutionError(
      kind: .testImagesWereTrainedOn, problem: "No image of \(task) is left: the runs have seen all of them.",
      remedy: "Choose another task with --on.")
  }

  static func runLacksWeights(_ path: String) -> ExecutionError {
    ExecutionError(
      kind: .runLacksWeights, problem: "The run \(path) has no best.safetensors any more.",
      remedy: "Delete the run's folder and run the study again, or leave the run out with --seed and --initialization.")
  }
}

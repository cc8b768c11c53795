import Foundation
import Metrics
import RunStore
import Testing

@Suite struct ScoredClassTests {
  private let all = ClassificationPredictions(
    classNames: ["a", "b", "c"], scoredClasses: ["c", "a"],
    rows: [
      ClassificationPredictions.Row(id: "1", patient: nil, targets: [1, .nan, 0], probabilities: [0.75, 0.5, 0.25]),
      ClassificationPredictions.Row(id: "2", patient: "p", targets: [0, 1, 1], probabilities: [0.5, 0.125, 0]),
    ])

  @Test("Metrics are of the scored classes in their order, and the file keeps the others beside them")
  func roundTrip() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: file) }
    try PredictionsFile.write(.classification(all), to: file)
    #expect(
      try String(contentsOf: file, encoding: .utf8) == """
        id,patient,target:c,target:a,probability:c,probability:a,unscoredTarget:b,unscoredProbability:b
        1,,0,1,0.25,0.75,,0.5
        2,p,1,0,0,0.5,1,0.125

        """)
    let read = try PredictionsFile.read(file)
    #expect(read == .classification(all.scored))
    guard case .classification(let scored) = read else { throw CancellationError() }
    #expect(scored.classNames == ["c", "a"] && scored.rows[1].probabilities == [0, 0.5])
    // c ranks wrongly, a rightly; b has no part in the mean.
    #expect(scored.auroc.macro.number == 0.5)
    guard case .classification(let whole) = try PredictionsFile.readAll(file) else { throw CancellationError() }
    #expect(whole.classNames == ["c", "a", "b"] && whole.scored == all.scored && whole.rows[0].targets[2].isNaN)
  }
}

import Containers
import Foundation
import Foundations
import RunStore
import Testing
import Torch

@testable import Execution
@testable import Training

/// A run that was interrupted goes on from what its own attempt left, and from nothing else.
@Suite("What another attempt left")
struct OtherAttemptFaultTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("attempts-\(UUID().uuidString)", isDirectory: true)

  /// Where a procedure stands that has nothing to say.
  private struct Standing: Codable, Equatable { var step = 1 }

  private func files(source: String? = nil) throws -> RunFiles {
    let directory = RunDirectory(url: folder)
    try directory.make()
    return RunFiles(directory: directory, identity: "cell", source: source, checkpointSeconds: 0) { _ in }
  }

  @Test("A checkpoint that went on from other weights of the source run is left aside, and says so")
  func otherSource() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try files(source: "old")
    _ = try first.restore(Standing.self)
    let tensor = try Tensor.full([2], value: 1, type: .float32)
    let array = try NamedArray(name: "model.weight", elementType: .float32, shape: [2], bytes: tensor.bytes())
    try first.save(Snapshot(progress: TrainingProgress(loop: LoopProgress(), procedure: Standing()), tensors: [array]))
    #expect(try files(source: "old").restore(Standing.self) != nil)
    let other = try files(source: "new")
    #expect(try other.restore(Standing.self) == nil)
    #expect(
      other.remarks == [
        "checkpoint 1 is left aside because it goes on from weights of its source run that are no longer those",
        "no checkpoint can be used, so the run starts anew",
      ])
  }

  @Test("Answers of another network to the same question at the same step are not taken")
  func otherNetwork() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    func place(_ network: String) -> EvaluationPlace { EvaluationPlace(part: .test, step: 8, isFinal: true, network: network) }
    let first = try files()
    #expect(try first.answeredBatches(of: place("a")).isEmpty)
    first.keep(AnsweredBatch(number: 0, indices: [0], broken: [], lossSum: 1, answers: .none))
    #expect(try files().answeredBatches(of: place("a")).count == 1)
    #expect(try files().answeredBatches(of: place("b")).isEmpty)
    #expect(try files().answeredBatches(of: place("a")).isEmpty, "the journal is the other network's now")
  }

  @Test("Two networks that differ in one number of a row have different digests, and the same one has one")
  func digests() throws {
    func part(_ values: [Double]) throws -> StatePart {
      StatePart("model", [("weight", try Tensor.full([2, 2], value: values[0], type: .float32)), ("bias", try Tensor.full([2], value: values[1], type: .float32))])
    }
    let digest = try part([1, 2]).digest()
    #expect(try part([1, 2]).digest() == digest)
    #expect(try part([1.0000001, 2]).digest() != digest && part([1, 2.0000002]).digest() != digest)
  }
}

import Figures
import Foundation
import RunStore
import Testing

@testable import Reports

@Suite("Pre-trainings in a report")
struct PretrainingSectionTests {
  private static let history = """
    {"epoch":1,"loss":0.9,"step":1}
    {"epoch":1,"learningRate":0.1,"trainingLoss":0.9,"validation":null}
    {"epoch":2,"learningRate":0.1,"trainingLoss":0.8,"validation":{"kNN a":0.75,"kNN old":0.875,"kNN old lost":0.0625,"linearProbe a":{"undefined":"one class"},"loss":0.25}}
    {"epoch":4,"learningRate":0.1,"trainingLoss":0.7,"validation":{"kNN a":0.875,"kNN old":0.75,"kNN old lost":0.1875,"linearProbe a":0.875,"loss":0.125}}
    {"epoch":6,"learningRate":0.1,"trainingLoss":0.6,"validation":{"kNN a":0.5,"kNN old":1,"kNN old lost":-0.0625,"linearProbe a":0.5,"loss":0.5}}
    {"epoch":8,"learningRa
    """

  private func section(_ histories: [(String, String)]) -> PretrainingSection {
    let record = RunPretraining(
      method: "BYOL", paper: "Grill et al.", remark: nil, images: 10, patients: 0, imagesOfUnknownPatients: 10, heldOutImages: 0, heldOutPatientsImages: 0,
      imagesPerEpoch: 10, batchSize: 5, stepsPerEpoch: 2, steps: 12, statements: ["A statement."], settings: [])
    return PretrainingSection(
      pretrainings: histories.map { name, history in
        let probed = ProbedEpochs(Data(history.utf8))
        return .init(
          initialization: name, record: record, judged: probed.judged, heads: probed.heads == ["kNN"] ? nil : probed.heads,
          forgotten: probed.forgotten.isEmpty ? nil : probed.forgotten)
      }, remarks: [])
  }

  @Test("Epochs that a probe judged are read with their heads, and what was lost of a task makes a curve from before the first step")
  func curves() throws {
    let probed = ProbedEpochs(Data(Self.history.utf8))
    #expect(probed.judged.map(\.epoch) == [2, 4, 6] && probed.judged.map(\.score) == [0.75, 0.875, 0.5])
    #expect(probed.heads == ["kNN", "linearProbe"])
    let lost = try #require(probed.forgotten.first)
    #expect(probed.forgotten.count == 1 && lost.task == "old" && lost.head == "kNN" && lost.atStart == 0.9375 && lost.points.map(\.score) == [0.875, 0.75, 1])
  }

  @Test("Methods tell the fall in the state that is kept and the lowest, and a figure shows it")
  func words() throws {
    let section = section([("mine", Self.history)])
    let sentence =
      "On old, the AUROC of nearest neighbors went from 93.8 % before the first step to 75.0 % in the kept state of epoch 4, 18.8 points less; the lowest was 75.0 %, of epoch 4."
    #expect(section.methods.hasSuffix("A statement. \(sentence)") && section.sentences[0].hasSuffix(sentence), "\(section.methods)")
    let figures = section.figures(order: ["mine"])
    #expect(figures.map(\.id) == ["pretraining-probe", "pretraining-forgetting"])
  }

  @Test("A pre-training that neighbors alone judged, and that was asked about nothing else, is told as before")
  func plain() throws {
    let history = """
      {"epoch":1,"learningRate":0.1,"trainingLoss":0.9,"validation":{"kNN a":0.75,"loss":0.25}}
      {"epoch":2,"learningRate":0.1,"trainingLoss":0.8,"validation":{"kNN a":0.5,"loss":0.5}}
      """
    let section = section([("mine", history)]), made = section.pretrainings[0]
    #expect(made.heads == nil && made.forgotten == nil && made.kept?.epoch == 1)
    #expect(section.figures(order: ["mine"]).map(\.id) == ["pretraining-probe"])
    #expect(section.methods.hasSuffix(" A statement."))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(made), as: UTF8.self)
    #expect(!text.contains("heads") && !text.contains("forgotten"))
  }
}

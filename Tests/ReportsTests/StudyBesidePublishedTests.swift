import Foundation
import Studies
import Testing

@testable import Reports

@Suite("A study's own names beside a paper's")
struct StudyBesidePublishedTests {
  @Test("Names mean what the study says: catalog entries, random values, trainings on a published data set")
  func meanings() throws {
    let text = """
      name: s
      seeds: [1]
      initializations:
        start: random
        theirs: {weights: /w.pth, entry: moco-v2}
        natural: {weights: /i.pth, entry: imagenet}
        onward: {trainedOn: chests, from: natural}
        anew: {trainedOn: chests, from: start}
      tasks:
        chests: {kind: multiLabelClassification, dataset: CheXpert, data: {manifest: {file: a.csv, labelColumns: [Edema, Mass]}}}
      """
    let study = try Study.decode(text, file: URL(fileURLWithPath: "/s.yaml"))
    let names = PublishedNames(study), set = try PublishedSet.named("published-2021")
    let found = study.initializations.map { names.initialization($0.name, in: set) }
    #expect(found == ["Scratch", "MoCo-v2", "ImageNet", "ImageNet->CheXpert", "CheXpert"])
  }
}

import Figures
import Foundation
import Foundations
import Metrics
import RunStore
import Statistics
import Studies
import Testing

@testable import Reports

@Suite("Two observers beside the networks, and units of distances")
struct ObserverSectionTests {
  private func masks(_ hits: [Int], unit: DistanceUnit = .pixels, spaced: Int = 0) -> SegmentationPredictions {
    SegmentationPredictions(
      rows: hits.enumerated().map { index, hits in
        .init(
          id: "test/\(index).png", patient: "p\(index)", counts: PixelConfusion(truePositives: hits, falsePositives: 10, falseNegatives: 10, trueNegatives: 900),
          outline: OutlineAgreement(hausdorff95: Double(index + 1), normalizedSurfaceDistance: 0.5), spacing: index < spaced ? PixelSpacing(x: 1, y: 1) : nil)
      }, unit: unit)
  }

  private func numbers(_ fixture: ReportFixture) throws -> StudyNumbers {
    try StudyNumbers(StudyOutline(fixture.plan), from: RunFolderSource(fixture.study.outputDirectory))
  }

  private func study() throws -> ReportFixture {
    let fixture = try ReportFixture()
    for (seed, hits) in [(1, 30), (2, 40), (3, 50)] {
      try fixture.finish(try fixture.cell("vessels", "random", seed), .segmentation(masks([hits, hits, hits, 90])))
    }
    return fixture
  }

  private func observe(_ fixture: ReportFixture, _ predictions: SegmentationPredictions, of testImages: Int) throws {
    let table = fixture.study.outputDirectory.appendingPathComponent(ObserverRecord.tablePath(of: "vessels"))
    try AtomicFile.makeFolder(table.deletingLastPathComponent())
    try PredictionsFile.write(.segmentation(predictions), to: table)
    let record = ObserverRecord(
      task: "vessels", sha256: try Digest.sha256Hex(ofFile: table), masks: "", inputSize: 64, reducedSize: nil, metrics: [], images: predictions.rows.count, testImages: testImages)
    try AtomicFile.write(
      CanonicalJSON.encodePretty(record), to: fixture.study.outputDirectory.appendingPathComponent(ObserverRecord.path(of: "vessels")))
  }

  @Test("The second observer's metrics stand beside those of the networks on the same images alone, and the sentence says on how many")
  func beside() throws {
    let fixture = try study()
    #expect(try numbers(fixture).sections.all.isEmpty { $0 is ObserverSection })
    // The last image, on which networks are good, has no second mask.
    try observe(fixture, masks([60, 70, 80]), of: 4)
    let found = try numbers(fixture), section = try #require(found.sections.all.compactMap { $0 as? ObserverSection }.first)
    let task = try #require(section.tasks.first), networks = try #require(task.networks.first)
    #expect(section.tasks.count == 1 && task.images == 3 && task.testImages == 4 && networks.initialization == "random" && networks.runCount == 3)
    let observers = try #require(task.entries.first { $0.metric == .dicePooled })
    #expect(observers.value == .value(420.0 / 480) && observers.interval.known?.contains(420.0 / 480) == true)
    let own = try #require(networks.metrics.known?.first { $0.metric == .dicePooled }).summary
    let expected = [180.0 / 240, 240.0 / 300, 300.0 / 360]
    #expect(own == Summary(expected) && own != found.group(task: "vessels", initialization: "random")?.metric(.dicePooled)?.summary)
    #expect(
      section.sentences[0].hasPrefix(
        "On 3 of 4 test images of vessels, a second observer's masks agree with the first's at a pooled Dice of 87.50 %, 95 % interval for other patients "))
    #expect(section.sentences[0].hasSuffix(". The interval may hold the truth less or more often than it says: fewer than 50 patients."), "\(section.sentences[0])")
    #expect(section.sentences[1].hasPrefix("On the same images the networks come to 79.44 % at best (random, mean over its seeds)."))
    let table = try #require(section.tables.first)
    #expect(table.rows.map { $0[0].text }.contains("HD95, px") && table.label == "observers-vessels")
    let again = try JSONDecoder().decode(StudyNumbers.self, from: found.json())
    #expect(again == found)
  }

  @Test("A run that lacks an answer to one of the images is not compared, with that reason")
  func lacking() throws {
    let fixture = try study()
    try observe(fixture, masks([60, 70, 80, 90, 95]), of: 5)
    let section = try #require(try numbers(fixture).sections.all.compactMap { $0 as? ObserverSection }.first)
    #expect(section.tasks[0].networks[0].metrics.reason == "seed 1 has no answer to 1 of these images")
  }

  @Test("Runs in different units are told and never share a row; where some files state no spacing that is told too")
  func units() throws {
    let fixture = try ReportFixture()
    #expect(try numbers(fixture).sections.all.isEmpty { $0 is DistanceUnits })
    try fixture.finish(try fixture.cell("vessels", "random", 1), .segmentation(masks([30, 40], unit: .inputPixels)))
    try fixture.finish(try fixture.cell("vessels", "random", 2), .segmentation(masks([50, 60], unit: .pixels, spaced: 1)))
    let found = try numbers(fixture), section = try #require(found.sections.all.compactMap { $0 as? DistanceUnits }.first)
    #expect(
      section.remarks == [
        "Runs of vessels measure HD95 and NSD in different units: 1 in pixels of the image and 1 in pixels of the network's input. Each unit has rows of its own, of its own runs, which cannot be compared with the others.",
        "The files of 1 of 2 test images of vessels state their pixel spacing: distances are in pixels of the image, which mean different lengths from image to image.",
      ])
    let group = try #require(found.group(task: "vessels", initialization: "random"))
    #expect(group.metric(.hausdorff95)?.summary.count == 1 && group.metric(.hausdorff95Pixels)?.summary.count == 1)
    let rows = found.furtherTables.filter { $0.label == "metrics-vessels" }.flatMap(\.rows).map { $0[0].text }
    #expect(rows.contains("HD95, px") && rows.contains("HD95, px of the network's input"))
  }
}

extension [any StudySection] {
  fileprivate func isEmpty(_ isWanted: (any StudySection) -> Bool) -> Bool { !contains(where: isWanted) }
}

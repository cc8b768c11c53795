import Foundation
import Foundations
import Metrics
import RunStore
import Studies
import Testing

@Suite struct PredictionsFileTests {
  private let classification = Predictions.classification(
    ClassificationPredictions(
      classNames: ["Edema", "Mass, large"],
      rows: [
        .init(id: "a/1.png", patient: "p1", targets: [1, .nan], probabilities: [0.1 + 0.2, 1]),
        .init(id: "b,2.png", patient: nil, targets: [0, 1], probabilities: [1e-9, Double(Float(0.1))]),
      ]))
  private let segmentation = Predictions.segmentation(
    SegmentationPredictions(
      rows: [
        .init(id: "1.png", patient: nil, counts: PixelConfusion(truePositives: 3, falsePositives: 1, falseNegatives: 0, trueNegatives: 12)),
        .init(id: "2.png", patient: "7", counts: PixelConfusion(truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 16)),
      ], unit: .inputPixels))

  @Test("Predictions are read back bit for bit")
  func roundTrip() throws {
    let folder = try TemporaryFolder(), url = folder.url.appendingPathComponent("predictions.csv")
    try PredictionsFile.write(classification, to: url)
    #expect(
      try String(contentsOf: url, encoding: .utf8) == """
        id,patient,target:Edema,"target:Mass, large",probability:Edema,"probability:Mass, large"
        a/1.png,p1,1,,0.30000000000000004,1
        "b,2.png",,0,1,1e-09,0.10000000149011612

        """)
    #expect(try PredictionsFile.read(url) == classification)
    try PredictionsFile.write(segmentation, to: url)
    #expect(
      try String(contentsOf: url, encoding: .utf8) == """
        id,patient,truePositives,falsePositives,falseNegatives,trueNegatives
        1.png,,3,1,0,12
        2.png,7,0,0,0,16

        """)
    #expect(try PredictionsFile.read(url) == segmentation)
  }

  @Test("Masks of several classes are read back bit for bit, a class that is nowhere in an image without distances, whatever classes are called")
  func classMasks() throws {
    let folder = try TemporaryFolder(), url = folder.url.appendingPathComponent("predictions.csv")
    func row(_ id: String, _ hits: Int, _ distance: Double?, _ share: Double?, _ spacing: PixelSpacing?) -> SegmentationPredictions.Row {
      .init(
        id: id, patient: id == "1.png" ? "p" : nil, counts: PixelConfusion(truePositives: hits, falsePositives: 1, falseNegatives: 0, trueNegatives: 9),
        outline: OutlineAgreement(hausdorff95: distance, normalizedSurfaceDistance: share), spacing: spacing,
        centerline: share.flatMap { _ in CenterlineAgreement(predicted: 4, predictedInTarget: 2, target: 3, targetInPredicted: 3) }, isOfClass: true)
    }
    let half = PixelSpacing(x: 0.5, y: 0.25)
    let masks = Predictions.classMasks(
      ClassMaskPredictions(
        classNames: ["lung", "left:lung"],
        classes: [
          SegmentationPredictions(rows: [row("1.png", 3, 1.5, 0.75, half), row("2.png", 0, nil, nil, nil)]),
          SegmentationPredictions(rows: [row("1.png", 2, nil, 0, half), row("2.png", 5, 0.1 + 0.2, 1, nil)]),
        ]))
    try PredictionsFile.write(masks, to: url)
    let names = ["lung", "left:lung"].flatMap { name in
      [
        "truePositives", "falsePositives", "falseNegatives", "trueNegatives", "hd95:px", "nsd:2px", "centerlinePredicted", "centerlinePredictedInTruth",
        "centerlineTrue", "centerlineTrueInPrediction",
      ].map { "\($0):\(name)" }
    }
    #expect(
      try String(contentsOf: url, encoding: .utf8) == """
        id,patient,spacingX:mm,spacingY:mm,\(names.joined(separator: ","))
        1.png,p,0.5,0.25,3,1,0,9,1.5,0.75,4,2,3,3,2,1,0,9,,0,4,2,3,3
        2.png,,,,0,1,0,9,,,,,,,5,1,0,9,0.30000000000000004,1,4,2,3,3

        """)
    #expect(try PredictionsFile.read(url) == masks)
    let text = try String(contentsOf: url, encoding: .utf8)
    for (wrong, reason) in [
      (text.replacingOccurrences(of: "hd95:px:left:lung", with: "hd95:mm:left:lung"), "its columns are not, for each class alike"),
      (text.replacingOccurrences(of: "truePositives:left:lung", with: "truePositives:lung"), "its columns are not, for each class alike"),
      (text.replacingOccurrences(of: ",5,1,0,9,", with: ",5,-1,0,9,"), "the pixel count “-1” of “2.png” is not a whole number"),
    ] {
      try Data(wrong.utf8).write(to: url)
      let error = #expect(throws: RunStoreError.self) { try PredictionsFile.read(url) }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
  }

  @Test("Numbers are read back bit for bit with their unit, one that is not known as nothing; grades keep that they are ordered")
  func numbersAndGrades() throws {
    let folder = try TemporaryFolder(), url = folder.url.appendingPathComponent("predictions.csv")
    let numbers = Predictions.numbers(
      NumberPredictions(
        names: ["bone age", "a:b"], unit: "months",
        rows: [
          .init(id: "1.png", patient: "p", truths: [94.5, .nan], values: [0.1 + 0.2, -3]),
          .init(id: "2.png", patient: nil, truths: [0, -1.25], values: [1e-9, 1e300]),
        ]))
    try PredictionsFile.write(numbers, to: url)
    #expect(
      try String(contentsOf: url, encoding: .utf8) == """
        id,patient,truth:months:bone age,truth:months:a:b,predicted:months:bone age,predicted:months:a:b
        1.png,p,94.5,,0.30000000000000004,-3
        2.png,,0,-1.25,1e-09,1e+300

        """)
    #expect(try PredictionsFile.read(url) == numbers)
    let plain = Predictions.numbers(NumberPredictions(names: ["x"], unit: nil, rows: [.init(id: "1", patient: nil, truths: [1], values: [2])]))
    try PredictionsFile.write(plain, to: url)
    #expect(try String(contentsOf: url, encoding: .utf8) == "id,patient,truth::x,predicted::x\n1,,1,2\n")
    #expect(try PredictionsFile.read(url) == plain)
    for broken in ["id,patient,truth::x,predicted::x\n1,,1,\n", "id,patient,truth::x,predicted::x\n1,,1,nan\n", "id,patient,truth::x,predicted:m:x\n1,,1,2\n"] {
      try Data(broken.utf8).write(to: url)
      #expect(throws: RunStoreError.self) { try PredictionsFile.read(url) }
    }
    #expect(throws: RunStoreError.self) {
      try PredictionsFile.write(.numbers(NumberPredictions(names: ["x"], unit: nil, rows: [.init(id: "1", patient: nil, truths: [1], values: [.nan])])), to: url)
    }
    let grades = Predictions.classification(
      ClassificationPredictions(
        classNames: ["0", "1"], areOrdered: true, rows: [.init(id: "1.png", patient: nil, targets: [0, 1], probabilities: [0.25, 0.75])]))
    try PredictionsFile.write(grades, to: url)
    #expect(try String(contentsOf: url, encoding: .utf8) == "id,patient,grade:0,grade:1,probability:0,probability:1\n1.png,,0,1,0.25,0.75\n")
    #expect(try PredictionsFile.read(url) == grades)
  }

  private struct Outcome: Equatable {
    let predictions: Predictions?
    let problem: String?
  }

  @Test("A file read beside an earlier one of the same images is what it is alone, and so is one that differs in any byte, or ends elsewhere")
  func knownRows() throws {
    let url = URL(fileURLWithPath: "predictions.csv")
    func text(_ shift: Double, count: Int = 6) throws -> String {
      let rows: [ClassificationPredictions.Row] = (0..<count).map { (row: Int) in
        let patient: String? = row % 2 == 0 ? nil : "p\(row)"
        let targets: [Float] = [row % 2 == 0 ? 1 : 0, row == 3 ? .nan : 1]
        let second: Double = 0.5 - shift / Double(row + 1)
        return ClassificationPredictions.Row(id: "\(row).png", patient: patient, targets: targets, probabilities: [0.25 + shift, second])
      }
      return try PredictionsFile.text(.classification(ClassificationPredictions(classNames: ["a", "b"], rows: rows)), of: url)
    }
    func outcome(_ data: Data, _ known: KnownRows?) -> Outcome {
      do {
        guard var known else { return Outcome(predictions: try PredictionsFile.decode(data, of: url), problem: nil) }
        return Outcome(predictions: try PredictionsFile.decode(data, of: url, known: &known), problem: nil)
      } catch {
        return Outcome(predictions: nil, problem: "\(error)")
      }
    }
    var known = KnownRows()
    _ = try PredictionsFile.decode(Data(text(0).utf8), of: url, known: &known)
    for other in [try text(0.1), try text(0.1, count: 5), try text(0.1, count: 7), try text(0).replacingOccurrences(of: "target:a", with: "target:c")] {
      let data = Data(other.utf8)
      #expect(outcome(data, known) == outcome(data, nil))
      for place in data.indices {
        for byte in [UInt8(ascii: "1"), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\""), UInt8(ascii: "x"), data[place] ^ 1] {
          var damaged = data
          damaged[place] = byte
          #expect(outcome(damaged, known) == outcome(damaged, nil), "byte \(place) is \(byte)")
        }
        #expect(outcome(data.prefix(place), known) == outcome(data.prefix(place), nil), "\(place) bytes")
      }
    }
  }

  @Test("The quick way reads what the rules of CSV read, bit for bit, and says the same of what is wrong")
  func plain() throws {
    var generator = SeedPath(7).generator()
    let rows: [ClassificationPredictions.Row] = (0..<300).map { (row: Int) in
      let patient: String? = row % 3 == 0 ? nil : "p\(row / 4)"
      let targets: [Float] = [row % 2 == 0 ? 1 : 0, row % 5 == 0 ? .nan : 1]
      let first: Double = row % 7 == 0 ? Double(row % 2) : generator.uniform()
      let second: Double = generator.uniform() * 1e-7
      return ClassificationPredictions.Row(id: "\(row).png", patient: patient, targets: targets, probabilities: [first, second])
    }
    let many = Predictions.classification(ClassificationPredictions(classNames: ["a", "b"], rows: rows))
    let url = URL(fileURLWithPath: "predictions.csv")
    for predictions in [many, segmentation, outlined, measured] {
      let text = try PredictionsFile.text(predictions, of: url)
      #expect(try PredictionsFile.decode(Data(text.utf8), of: url) == predictions)
      // A quoted id sends the same file through the rules of CSV.
      let lines = text.split(separator: "\n").map { line in
        line.hasPrefix("id,") ? String(line) : "\"" + line.replacing(/^[^,]*/) { $0.output + "\"" }
      }
      #expect(try PredictionsFile.decode(Data((lines.joined(separator: "\n") + "\n").utf8), of: url) == predictions)
    }
    let header = "id,patient,target:a,probability:a\n"
    for (row, words) in [
      ("x,,1,1.5", "the probability “1.5” of “x” is not between 0 and 1"), ("x,,2,0.5", "the label “2” of “x” is neither 0 nor 1"),
      ("x,,1, 0.5", "the probability “ 0.5” of “x” is not between 0 and 1"), ("x,,1,nan", "the probability “nan” of “x” is not between 0 and 1"),
      ("x,,1,0.5\nx,,0,0.5", "the image “x” is there twice"), ("x,,1", "Line 2 of the table"), ("x,,1,0.5,7", "Line 2 of the table"),
      ("x,,1,0.5e", "the probability “0.5e” of “x” is not between 0 and 1"),
    ] {
      let error = #expect(throws: RunStoreError.self) { try PredictionsFile.decode(Data((header + row + "\n").utf8), of: url) }
      #expect(error?.problem.contains(words) == true, "\(error?.problem ?? "")")
    }
    let endless = "id,patient,truePositives,falsePositives,falseNegatives,trueNegatives\nx,,1,2,3," + String(repeating: "9", count: 40) + "\n"
    let long = #expect(throws: RunStoreError.self) { try PredictionsFile.decode(Data(endless.utf8), of: url) }
    #expect(long?.problem.contains("is not a whole number") == true)
    let cut = #expect(throws: RunStoreError.self) { try PredictionsFile.decode(Data((header + "x,,1,0.51").utf8), of: url) }
    #expect(cut?.problem.contains("its last line has no end") == true)
  }

  private let outlined = Predictions.segmentation(
    SegmentationPredictions(
      rows: [
        .init(
          id: "1.png", patient: "p", counts: PixelConfusion(truePositives: 3, falsePositives: 1, trueNegatives: 12),
          outline: OutlineAgreement(hausdorff95: 1.5, normalizedSurfaceDistance: 0.75)),
        .init(
          id: "2.png", patient: nil, counts: PixelConfusion(falseNegatives: 4, trueNegatives: 12),
          outline: OutlineAgreement(hausdorff95: nil, normalizedSurfaceDistance: 0)),
      ], unit: .inputPixels, tolerance: 2.5))
  private let measured = Predictions.segmentation(
    SegmentationPredictions(
      rows: [
        .init(
          id: "1.png", patient: "p", counts: PixelConfusion(truePositives: 3, falsePositives: 1, trueNegatives: 12),
          outline: OutlineAgreement(hausdorff95: 1.5, normalizedSurfaceDistance: 0.75), spacing: PixelSpacing(x: 0.5, y: 0.75),
          centerline: CenterlineAgreement(predicted: 4, predictedInTarget: 3, target: 5, targetInPredicted: 5)),
        .init(
          id: "2.png", patient: nil, counts: PixelConfusion(trueNegatives: 16),
          outline: OutlineAgreement(hausdorff95: nil, normalizedSurfaceDistance: 1), spacing: PixelSpacing(x: 1, y: 1),
          centerline: CenterlineAgreement(predicted: 0, predictedInTarget: 0, target: 0, targetInPredicted: 0)),
      ], unit: .millimeters))

  @Test("Distances stand with their unit, pixel spacings where files state them, and the counts of clDice where a task asks for it")
  func measures() throws {
    let folder = try TemporaryFolder(), url = folder.url.appendingPathComponent("predictions.csv")
    try PredictionsFile.write(measured, to: url)
    let counts = "id,patient,truePositives,falsePositives,falseNegatives,trueNegatives"
    #expect(
      try String(contentsOf: url, encoding: .utf8) == """
        \(counts),hd95:mm,nsd:2mm,spacingX:mm,spacingY:mm,centerlinePredicted,centerlinePredictedInTruth,centerlineTrue,centerlineTrueInPrediction
        1.png,p,3,1,0,12,1.5,0.75,0.5,0.75,4,3,5,5
        2.png,,0,0,0,16,,1,1,1,0,0,0,0

        """)
    #expect(try PredictionsFile.read(url) == measured)
    let metrics = measured.allMetrics(validation: nil)
    #expect(metrics.entries.count == 9 && metrics.value(of: .hausdorff95Millimeters) == .value(1.5))
    #expect(metrics.value(of: .normalizedSurfaceDistanceMillimeters) == .value(0.875) && metrics.value(of: .hausdorff95) == nil)
    // Some files state their spacing, and others do not: pixels for all.
    try Data("\(counts),hd95:px,nsd:2px,spacingX:mm,spacingY:mm\n1.png,,1,0,0,1,2,1,0.5,0.5\n2.png,,1,0,0,1,3,0,,\n".utf8).write(to: url)
    guard case .segmentation(let mixed) = try PredictionsFile.read(url) else {
      Issue.record("no segmentation")
      return
    }
    #expect(mixed.unit == .pixels && mixed.spacedCount == 1 && mixed.rows[1].outline?.hausdorff95 == 3)
    #expect(Predictions.segmentation(mixed).allMetrics(validation: nil).value(of: .hausdorff95Pixels) == .value(2.5))
  }

  @Test("In files of older runs the distance of two empty masks, which stands there as 0, is none")
  func emptyMasksOfOlderRuns() throws {
    let text = "id,patient,truePositives,falsePositives,falseNegatives,trueNegatives,hd95,nsd:2\na,,0,0,0,16,0,1\nb,,0,0,0,16,0,1\n"
    let metrics = try PredictionsFile.decode(Data(text.utf8), of: URL(fileURLWithPath: "predictions.csv")).allMetrics(validation: nil)
    #expect(metrics.value(of: .hausdorff95) == .undefined(reason: "in every image one of the two masks is empty, or both are"))
    for name in [MetricName.dicePooled, .iouPooled] {
      #expect(metrics.value(of: name) == .undefined(reason: "no pixel belongs to the structure, and none is called the structure's"))
    }
    #expect(metrics.value(of: .normalizedSurfaceDistance) == .value(1) && metrics.value(of: .dicePerImage) == .value(1))
  }

  @Test("Distances of outlines stand behind the pixel counts, an undefined one as an empty field, the tolerance in the header")
  func outlines() throws {
    let folder = try TemporaryFolder(), url = folder.url.appendingPathComponent("predictions.csv")
    try PredictionsFile.write(outlined, to: url)
    #expect(
      try String(contentsOf: url, encoding: .utf8) == """
        id,patient,truePositives,falsePositives,falseNegatives,trueNegatives,hd95,nsd:2.5
        1.png,p,3,1,0,12,1.5,0.75
        2.png,,0,0,4,12,,0

        """)
    #expect(try PredictionsFile.read(url) == outlined)
    let distance = try #require(outlined.allMetrics(validation: nil).entries.first { $0.metric == .hausdorff95 })
    #expect(distance == RunMetrics.Entry(metric: .hausdorff95, value: .value(1.5), leftOut: 1))
  }

  @Test("The predictions of a run from before distances and validation were stored say what they lack, and give the rest")
  func olderRuns() throws {
    let metrics = segmentation.allMetrics(validation: nil)
    #expect(metrics.value(of: .hausdorff95) == .undefined(reason: "the predictions hold no distances of outlines, as those of older runs do not"))
    #expect(metrics.value(of: .iouPooled) == .value(0.75))
    #expect(metrics.entries.count == 8 && metrics.entries.count { $0.value.number == nil } == 2)
    let decided = classification.allMetrics(validation: nil)
    #expect(decided.thresholds == nil)
    #expect(decided.value(of: .f1) == .undefined(reason: "there are no validation predictions, on which a threshold could be fixed"))
    #expect(decided.value(of: .averagePrecision, className: "Edema") == .value(1))
    // A file from before: an entry had no count of what is left out, and there were no thresholds.
    let old = #"{"entries":[{"metric":"aurocMacro","value":0.5}],"imageCount":3}"#
    #expect(try JSONDecoder().decode(RunMetrics.self, from: Data(old.utf8)) == RunMetrics(entries: [.init(metric: .aurocMacro, value: .value(0.5))], imageCount: 3))
  }

  @Test("Metrics follow from predictions, both Dice and each class with its mean")
  func metrics() {
    #expect(segmentation.metrics(of: .binarySegmentation).imageCount == 2)
    let first = 6.0 / 7.0, second = 1.0
    #expect(segmentation.metrics(of: .binarySegmentation).value(of: .dicePooled) == .value(first))
    #expect(segmentation.metrics(of: .binarySegmentation).value(of: .dicePerImage) == .value((first + second) / 2))
    let metrics = classification.metrics(of: .multiLabelClassification)
    #expect(metrics.entries.map(\.className) == [nil, "Edema", "Mass, large"])
    #expect(metrics.value(of: .aurocMacro) == .value(1))
    #expect(metrics.entries[1].value == .value(1))
    #expect(metrics.entries[2].value == .undefined(reason: "no negative sample"))
  }

  @Test(
    "Predictions that cannot be right are refused with the reason",
    arguments: [
      ("id,patient,target:a,probability:a\nx,,2,0.5\n", "the label “2” of “x” is neither 0 nor 1"),
      ("id,patient,target:a,probability:a\nx,,1,1.5\n", "the probability “1.5” of “x” is not between 0 and 1"),
      ("id,patient,target:a,probability:a\nx,,1,nan\n", "the probability “nan” of “x” is not between 0 and 1"),
      ("id,patient,target:a,probability:b\nx,,1,0.5\n", "its columns are neither targets with probabilities nor pixel counts"),
      ("id,patient\nx,\n", "its columns are neither targets with probabilities nor pixel counts"),
      ("image,patient\nx,\n", "its first columns are not id and patient"),
      ("id,patient,target:a,probability:a\nx,,1,0.5\nx,,1,0.5\n", "the image “x” is there twice"),
      ("id,patient,truePositives,falsePositives,falseNegatives,trueNegatives\nx,,1,-1,0,0\n", "the pixel count “-1” of “x” is not a whole number"),
      (
        "id,patient,truePositives,falsePositives,falseNegatives,trueNegatives,hd95\nx,,1,1,0,0,1\n",
        "after the pixel counts its columns are not hd95:<mm or px>, nsd:<tolerance><mm or px>, spacingX:mm, spacingY:mm and the four of the center lines"
      ),
      ("id,patient,truePositives,falsePositives,falseNegatives,trueNegatives,hd95,nsd:2\nx,,1,1,0,0,-1,1\n", "the distance “-1” of “x” is not one"),
      ("id,patient,truePositives,falsePositives,falseNegatives,trueNegatives,hd95,nsd:2\nx,,1,1,0,0,1,1.5\n", "the distance “1.5” of “x” is not one"),
      (
        "id,patient,truePositives,falsePositives,falseNegatives,trueNegatives,hd95:mm,nsd:2px\nx,,1,1,0,0,1,1\n",
        "after the pixel counts its columns are not hd95:<mm or px>, nsd:<tolerance><mm or px>, spacingX:mm, spacingY:mm and the four of the center lines"
      ),
      ("id,patient,truePositives,falsePositives,falseNegatives,trueNegatives,spacingX:mm,spacingY:mm\nx,,1,1,0,0,0.5,\n", "the pixel spacing of “x” is not two numbers above 0"),
      (
        "id,patient,truePositives,falsePositives,falseNegatives,trueNegatives,centerlinePredicted,centerlinePredictedInTruth,centerlineTrue,centerlineTrueInPrediction\nx,,1,1,0,0,2,3,1,1\n",
        "of a center line of “x” more lies within a mask than there is of it"
      ),
      ("id,patient,target:a,probability:a\nx,,1\n", "Line 2 of the table is not valid CSV: it has 3 fields and the header has 4."),
    ])
  func malformed(text: String, reason: String) throws {
    let folder = try TemporaryFolder(), url = folder.url.appendingPathComponent("predictions.csv")
    try Data(text.utf8).write(to: url)
    #expect(failure { _ = try PredictionsFile.read(url) } == "The predictions \(url.path) cannot be used: \(reason). Run the study again, which makes this run anew.")
  }

  @Test("A probability that is no number is not written")
  func notWritten() throws {
    let folder = try TemporaryFolder(), url = folder.url.appendingPathComponent("predictions.csv")
    let bad = Predictions.classification(
      ClassificationPredictions(classNames: ["a"], rows: [.init(id: "x", patient: nil, targets: [1], probabilities: [.nan])]))
    #expect(
      failure { try PredictionsFile.write(bad, to: url) }
        == "The predictions \(url.path) cannot be used: the probability nan of “x” is not between 0 and 1. Run the study again, which makes this run anew.")
    #expect(!FileManager.default.fileExists(atPath: url.path))
  }
}

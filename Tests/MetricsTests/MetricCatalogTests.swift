import Foundation
import Foundations
import Testing

@testable import Metrics

@Suite("The catalog of metrics")
struct MetricCatalogTests {
  @Test("Every metric that a file declares is one line of the catalog, under a name and a title of its own")
  func complete() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Sources/Metrics").standardizedFileURL
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var declared: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where line.contains("static let") {
        if let part = line.split(separator: " = MetricName(").dropFirst().first { declared.insert(String(part.prefix { $0 != "." })) }
      }
    }
    #expect(declared.count >= 22 && declared == Set(MetricName.allCases.map { "\($0.metric)" }))
    #expect(Set(MetricName.allCases.map(\.rawValue)).count == MetricName.allCases.count)
    #expect(Set(MetricName.allCases.map(\.titleWithUnit)).count == MetricName.allCases.count)
  }

  @Test("The names that files of older runs hold are read, and another is refused")
  func names() throws {
    let older = [
      "auroc", "aurocMacro", "averagePrecision", "f1", "sensitivity", "specificity", "accuracy", "sensitivityAtSpecificity90",
      "sensitivityAtSpecificity95", "multiclassAccuracy", "balancedAccuracy", "cohenKappa", "brier", "calibrationError", "dicePooled",
      "dicePerImage", "iouPooled", "iouPerImage", "hausdorff95", "normalizedSurfaceDistance", "pixelSensitivity", "pixelPrecision",
    ]
    for name in older {
      #expect(try CanonicalJSON.encodeText(JSONDecoder().decode([MetricName].self, from: Data("[\"\(name)\"]".utf8))) == "[\"\(name)\"]")
    }
    #expect(MetricName(rawValue: "dice") == nil)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([MetricName].self, from: Data(#"["dice"]"#.utf8)) }
  }

  @Test("Each metric is of one kind, and the mean over classes has a name of its own for the AUROC alone")
  func kinds() {
    #expect(MetricName.ofClassification.filter { $0.macro != $0 } == [.auroc] && MetricName.auroc.macro == .aurocMacro)
    let all = MetricName.ofClassification + [.aurocMacro] + MetricName.ofExclusiveClasses + MetricName.ofSegmentation + MetricName.ofNumbers
    #expect(Set(all) == Set(MetricName.allCases) && all.count == MetricName.allCases.count)
  }

  @Test("The best of several values is the greatest, the least, or the nearest to what is wanted, and no metric is best outside its range")
  func directions() {
    let values = [0.25, 1.25, 0.5]
    #expect(MetricName.Direction.higher.best(of: values) == 1.25 && MetricName.Direction.lower.best(of: values) == 0.25)
    #expect(MetricName.Direction.toward(1).best(of: values) == 1.25 && MetricName.Direction.toward(1).best(of: []) == nil)
    for metric in MetricName.allCases {
      if case .toward(let target) = metric.direction { #expect(metric.range.contains(target), "\(metric)") }
      #expect(!metric.unit.isPercent || (metric.range.lowerBound >= 0 && metric.range.upperBound <= 1), "\(metric)")
    }
  }

  @Test("A metric is called by what files or tables call it, whatever the capitals and what tables say behind it; what only a unit tells apart is several")
  func called() {
    for metric in MetricName.allCases {
      #expect(MetricName.called(metric.rawValue) == [metric] && MetricName.called(metric.rawValue.uppercased()) == [metric])
      #expect(MetricName.called(metric.titleWithUnit) == [metric], "\(metric.titleWithUnit)")
      #expect(MetricName.called(metric.title).contains(metric))
    }
    #expect(MetricName.called("Dice (per image)") == [.dicePerImage] && MetricName.called("dice (pooled), mean over classes") == [.dicePooled])
    #expect(MetricName.called("Mean absolute error, months") == [.meanAbsoluteError] && MetricName.called("Mean absolute error, grades") == [.meanGradeError])
    #expect(MetricName.called("HD95").count == 3 && MetricName.called("HD95, mm") == [.hausdorff95Millimeters])
    #expect(MetricName.called("Dice").isEmpty && MetricName.called("").isEmpty && MetricName.called("AUROC of Edema").isEmpty)
  }
}

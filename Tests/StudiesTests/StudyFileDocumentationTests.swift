import Foundation
import Testing

@testable import Studies

@Suite struct StudyFileDocumentationTests {
  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Documentation/study-file.md")

  private func page() throws -> String { try String(contentsOf: Self.page, encoding: .utf8) }

  @Test("The documentation tells every key of a study and of a recipe")
  func keys() throws {
    let page = try page()
    for key in StudyReader.keys + RecipeReader.keys { #expect(page.contains("\n| `\(key)` |"), "\(key)") }
  }

  @Test("The documentation's example is a study that can be planned")
  func example() throws {
    let parts = try page().components(separatedBy: "```")
    let block = try #require(parts.first { $0.hasPrefix("yaml\n") })
    let study = try StudyText.decode(String(block.dropFirst("yaml\n".count)))
    #expect(study.tasks.map(\.name) == ["pneumonia", "vessels", "findings"])
    #expect(try Plan(study, fingerprints: namedFingerprints).cells.count == 1 + 2 * 3 * 3)
  }

  @Test("The documentation's defaults of the recipe are those of the program")
  func defaults() throws {
    let rows = try page().split(separator: "\n").filter { $0.hasPrefix("| `") }
    func cells(_ key: String) throws -> [String] {
      let row = try #require(rows.first { $0.hasPrefix("| `\(key)` |") && $0.split(separator: "|").count == 5 })
      return row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    for (column, kind) in [(2, TaskKind.binaryClassification), (3, .binarySegmentation)] {
      let recipe = Recipe.standard(for: kind)
      let numbers: [(String, Double)] = [
        ("inputSize", Double(recipe.inputSize)), ("inputChannels", Double(recipe.inputChannels)),
        ("learningRate", recipe.learningRate), ("batchSize", Double(recipe.batchSize)),
        ("evaluationBatchSize", Double(recipe.evaluationBatchSize)), ("epochs", Double(recipe.epochs)),
        ("earlyStoppingPatience", Double(recipe.earlyStoppingPatience ?? -1)), ("brokenFileLimit", recipe.brokenFileLimit),
      ]
      for (key, number) in numbers { #expect(Double(try cells(key)[column]) == number, "\(key)") }
      let words = [
        ("architecture", recipe.architecture), ("augmentation", recipe.augmentation.rawValue), ("loss", recipe.loss.rawValue),
        ("mode", recipe.mode.rawValue), ("precision", recipe.precision.rawValue),
        ("testTimeAugmentation", recipe.testTimeAugmentation.rawValue), ("shuffle", "\(recipe.shuffle)"),
        ("maximumSteps", recipe.maximumSteps.map(String.init) ?? "null"),
      ]
      for (key, word) in words { #expect(try cells(key)[column].hasPrefix("`\(word)`"), "\(key)") }
    }
  }
}

import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets
@testable import Loading

@Suite("Real data sets are read as published", .tags(.data), .realImages)
struct RealDataTests {
  @Test("DRIVE: 20 and 20 images with their vessels, three of the first for validation")
  func drive() throws {
    func pair(_ part: String) throws -> FolderPair {
      FolderPair(
        images: RealData.path("drive/\(part)/images"), masks: RealData.path("drive/\(part)/1st_manual"))
    }
    let source = MaskFolderSource(training: try pair("training"), test: try pair("test"), pairing: .upToUnderscore)
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation)
    #expect(splits.training.count == 17 && splits.validation.count == 3 && splits.test.count == 20)
    #expect(splits.test.first?.id == "test/01_test.tif" && splits.test.first?.mask?.files[0].lastPathComponent == "01_manual1.gif")
    var recipe = Recipe.standard(for: .binarySegmentation)
    recipe.inputSize = 256
    let pipeline = try SamplePipeline(recipe: recipe, kind: .binarySegmentation, stage: .training)
    for sample in splits.all {
      let prepared = try pipeline.load(sample, seed: SeedPath(1) / sample.id)
      let share = try #require(prepared.mask).reduce(0, +) / Float(256 * 256)
      #expect((0.05...0.2).contains(share))
      let range = try #require(prepared.image.min())...(try #require(prepared.image.max()))
      // Interpolation weights add up to 1 but for rounding.
      #expect(range.lowerBound >= 0 && range.upperBound <= 1.000_001, "\(range)")
    }
  }

  @Test("JSRT: 247 lungs under the same names")
  func lungs() throws {
    let source = MaskFolderSource(
      training: FolderPair(
        images: RealData.path("jsrt-lungs/images"), masks: RealData.path("jsrt-lungs/masks")))
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation)
    #expect(splits.all.count == 247 && abs(splits.test.count - 49) <= 1)
    let pipeline = try SamplePipeline(
      recipe: .standard(for: .binarySegmentation), kind: .binarySegmentation, stage: .test)
    for sample in splits.test.prefix(10) {
      let mask = try #require(try pipeline.load(sample, seed: SeedPath(1)).mask)
      #expect((0.1...0.5).contains(mask.reduce(0, +) / Float(mask.count)))
    }
  }

  @Test("Pediatric pneumonia: patients are numbered for bacteria and viruses apart, and then none is on both sides")
  func pneumonia() throws {
    var source = ClassFolderSource(
      training: RealData.path("pediatric-pneumonia/train"), test: RealData.path("pediatric-pneumonia/test"),
      positive: "PNEUMONIA", patientPattern: #"(person\d+_(?:bacteria|virus)|(?:NORMAL2-)?IM-\d+)"#)
    let splits = try DatasetResolver.resolve(.classFolders(source), kind: .binaryClassification)
    #expect(splits.training.count + splits.validation.count == 5216 && splits.test.count == 624)
    let share = { (part: [Sample]) in Double(part.filter { $0.labels == [1] }.count) / Double(part.count) }
    let inTraining: Double = share(splits.training), inValidation: Double = share(splits.validation)
    #expect(abs(inTraining - inValidation) < 0.01)
    let wanted: Double = 0.15 * 5216
    #expect(abs(Double(splits.validation.count) - wanted) < 5)
    // The bare numbers start again in the test folder, so they would take different people for one.
    source.patientPattern = #"person(\d+)_|((?:NORMAL2-)?IM-\d+)"#
    let failure = #expect(throws: DatasetsError.self) {
      try DatasetResolver.resolve(.classFolders(source), kind: .binaryClassification)
    }
    let problem = try #require(failure?.problem)
    #expect(problem.hasPrefix("170 patients have images both in the training part and in the test part: "), "\(problem)")
  }

  @Test("ChestX-ray14: NIH's own table, of which the images that are there count")
  func chestXray14() throws {
    let source = ManifestSource(
      file: RealData.path("chestxray14-1000/Data_Entry_2017_v2020.csv.gz"),
      imageRoot: RealData.path("chestxray14-1000/images-256"), pathColumn: "Image Index",
      labelListColumn: "Finding Labels", labels: ["Pneumonia", "Infiltration", "Effusion"], patientColumn: "Patient ID",
      rows: .present)
    let splits = try DatasetResolver.resolve(.manifest(source), kind: .multiLabelClassification)
    #expect(splits.all.count == 1000)
    #expect(Set(splits.all.compactMap(\.patient)).count == 682)
    let counts: [Int] = (0..<3).map { label in splits.all.count { $0.labels[label] == 1 } }
    #expect(counts == [500, 187, 90])
    let tested: Int = splits.test.count { $0.labels[2] == 1 }
    #expect(abs(tested - 18) <= 8)
    let pipeline = try SamplePipeline(
      recipe: .standard(for: .multiLabelClassification), kind: .multiLabelClassification, stage: .test)
    let loader = try BatchLoader(
      samples: splits.test, batches: [[0, 1, 2]], pipeline: pipeline, seed: SeedPath(1), workers: 2)
    let batch = try #require(try loader.next())
    #expect(batch.imageShape == [30, 3, 224, 224] && batch.cropCount == 10 && batch.targetShape == [3, 3])
    #expect(batch.broken.isEmpty)
  }

  @Test("VFS finds DRIVE as it was published, and the field of view takes away what the camera did not see")
  func builtInDRIVE() throws {
    let task = try BuiltInTaskCatalog.named("VFS").specification(root: RealData.path("drive"))
    let splits = try DatasetResolver.resolve(task.data, kind: task.kind)
    #expect(splits.training.count == 17 && splits.validation.count == 3 && splits.test.count == 20)
    guard var folders = task.data.as(MaskFolderSource.self) else { throw CancellationError() }
    folders.evaluatedRegion = .fieldOfView
    let within = try DatasetResolver.resolve(.maskFolders(folders), kind: task.kind)
    #expect(within.fingerprint != splits.fingerprint && within.training == splits.training)
    var recipe = task.recipe
    recipe.inputSize = 128
    recipe.resizeSize = 128
    let pipeline = try SamplePipeline(recipe: recipe, kind: task.kind, stage: .test)
    let whole = try #require(try pipeline.load(splits.test[0], seed: SeedPath(1)).mask)
    let seen = try #require(try pipeline.load(within.test[0], seed: SeedPath(1)).mask)
    // DRIVE's round field of view covers about two thirds of the frame, and all vessels lie in it.
    let share = Double(seen.count { !$0.isNaN }) / Double(seen.count)
    #expect(share > 0.6 && share < 0.75)
    let all: Float = whole.reduce(0, +), counted: Float = seen.filter { !$0.isNaN }.reduce(0, +)
    #expect(all - counted < 3)
  }
}

import Datasets
import Foundation
import Imaging
import PublishedCopies
import Studies
import Testing

@Suite("Slices of CT series")
struct SliceTests {
  private static let study = """
    name: slices
    output: runs
    seeds: 1
    device: cpu
    threads: 1
    recipe: {architecture: resnet18, inputSize: 32, batchSize: 8, epochs: 1, testTimeAugmentation: none}
    initializations: {random: random}
    tasks: {ECC: {builtIn: ECC, root: copy}}

    """

  @Test("Neighbors follow the place in the scan, whatever files are called; without places, the instance number; at an end the last repeats")
  func order() throws {
    let fixture = try StudyFixture()
    try FileManager.default.createDirectory(at: fixture.url("series"), withIntermediateDirectories: true)
    // Places upward are c, a, b; instance numbers b, a, c.
    for (name, place, number) in [("a", 0.0, 2), ("b", 2.5, 1), ("c", -2.5, 3)] {
      try GeneratedSlice(size: 2, place: place, instanceNumber: number, values: [0, 0, 0, 0]).data().write(to: fixture.url("series/\(name).dcm"))
    }
    let order = try SliceOrder(folder: fixture.url("series"))
    #expect(order.names == ["c.dcm", "a.dcm", "b.dcm"])
    #expect(order.neighbors(of: "a.dcm", reach: 1) == ["c.dcm", "a.dcm", "b.dcm"])
    #expect(order.neighbors(of: "c.dcm", reach: 1) == ["c.dcm", "c.dcm", "a.dcm"])
    #expect(order.neighbors(of: "d.dcm", reach: 1) == nil)
    try GeneratedSlice(size: 2, place: nil, instanceNumber: 1, values: [0, 0, 0, 0]).data().write(to: fixture.url("series/b.dcm"))
    #expect(try SliceOrder(folder: fixture.url("series")).names == ["b.dcm", "a.dcm", "c.dcm"])
    try GeneratedSlice(size: 2, place: nil, instanceNumber: nil, values: [0, 0, 0, 0]).data().write(to: fixture.url("series/b.dcm"))
    let error = try #require(throws: ImagingError.self) { try SliceOrder(folder: fixture.url("series")) }
    #expect(error.problem.hasSuffix("series/b.dcm is damaged: it says neither its position nor its instance number, so its neighbors are not known."))
  }

  @Test("A slice is three channels, its neighbors through the window, and no study lies in two parts")
  func channels() throws {
    let fixture = try StudyFixture()
    try GeneratedEmbolism.write(studies: 12, slices: 5, to: fixture.url("copy"))
    let task = try BuiltInTaskCatalog.named("ECC").specification(root: fixture.url("copy").path)
    let splits = try DatasetResolver.resolve(task.data, kind: task.kind)
    #expect(splits.training.count + splits.validation.count + splits.test.count == 60)
    let parts = [splits.training, splits.validation, splits.test].map { Set($0.compactMap(\.patient)) }
    #expect(parts.map(\.count).reduce(0, +) == 12, "a study is in one part")
    #expect(splits.classNames == ["pe_present_on_image"])
    let name = GeneratedEmbolism.identifier(10_000 + 2) + ".dcm"
    let sample = try #require((splits.training + splits.validation + splits.test).first { $0.id.hasSuffix(name) })
    #expect(sample.labels == [1])
    let picture = try sample.image.read()
    #expect(picture.channels == 3 && picture.bitDepth == 16)
    // Slices 1, 2 and 3 of the study: soft tissue of 41, 42 and 43 HU, ten pixels from the center.
    let window = IntensityWindow.pulmonaryEmbolism
    for (channel, value) in [41.0, 42, 43].enumerated() {
      #expect(picture[24 + 10, 24, channel] == Int((Float(window.brightness(value)) * 65535).rounded()))
    }
    #expect(picture[24, 24, 1] < picture[24, 24, 2], "the defect is on slice 2 and not on slice 3")
  }

  @Test("The built-in task trains on a copy of the exact layout; a slice is shown as the network sees it")
  func trains() throws {
    let fixture = try StudyFixture()
    try GeneratedEmbolism.write(studies: 12, slices: 4, to: fixture.url("copy"))
    try fixture.write(Self.study, to: "study.yaml")
    let result = try fixture.run("run", "study.yaml")
    #expect(result.status == 0, "\(result.errors)")
    let runs = try fixture.runs()
    #expect(runs.count == 1)
    let predictions = try fixture.text("runs/\(runs[0])/predictions.csv")
    #expect(predictions.contains("pe_present_on_image"))
    let slice = "copy/train/\(GeneratedEmbolism.identifier(1))/\(GeneratedEmbolism.identifier(1000))/\(GeneratedEmbolism.identifier(10_001)).dcm"
    let shown = try fixture.run("images", "inspect", slice, "--as", "ECC", "--study", "study.yaml", "--to", "out.png")
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.output.contains("48 × 48 pixels, RGB, 16 bits, divided by 65535, window center 100, width 700, 3 neighboring slices as channels\n"))
    #expect(shown.output.contains(": pe_present_on_image; patient \(GeneratedEmbolism.identifier(1))\n"))
  }

  @Test("A slice that is not there is named, and so is a label that is none")
  func faults() throws {
    let fixture = try StudyFixture()
    try GeneratedEmbolism.write(studies: 10, slices: 3, to: fixture.url("copy"))
    try fixture.write(Self.study, to: "study.yaml")
    let (study, series, slice) = (GeneratedEmbolism.identifier(1), GeneratedEmbolism.identifier(1000), GeneratedEmbolism.identifier(10_000))
    try FileManager.default.removeItem(at: fixture.url("copy/train/\(study)/\(series)/\(slice).dcm"))
    let missing = try fixture.run("plan", "study.yaml")
    #expect(missing.status == 2)
    #expect(missing.errors.contains("1 of 30 images is not in \(fixture.url("copy/train").path): \(study)/\(series)/\(slice).dcm."), "\(missing.errors)")
    let table = try fixture.text("copy/train.csv")
    let broken = table.split(separator: "\n").map {
      $0.hasPrefix("\(study),\(series),\(slice),") ? "\(study),\(series),\(slice),maybe" + String(repeating: ",0", count: 13) : String($0)
    }
    try fixture.write(broken.joined(separator: "\n"), to: "copy/train.csv")
    let label = try fixture.run("plan", "study.yaml")
    #expect(label.errors.contains("the first is “maybe” in column “pe_present_on_image” of line 2."), "\(label.errors)")
  }
}

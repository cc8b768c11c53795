import Foundation
import Imaging
import Testing

@Suite("medtransfer images inspect --as")
struct ImagesInspectAsTests {
  private func fixture() throws -> (StudyFixture, image: String) {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(), to: "study.yaml")
    let line = try #require(try fixture.text("lungs/manifest.csv").split(separator: "\n").dropFirst().first)
    return (fixture, "lungs/" + String(line.split(separator: ",")[0]))
  }

  @Test("An image of a task is shown with its mask, and each step is told")
  func one() throws {
    let (fixture, image) = try fixture()
    let result = try fixture.run("images", "inspect", image, "--as", "lungs", "--study", "study.yaml", "--to", "out.png")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("Task      lungs, binarySegmentation\n"))
    #expect(result.output.contains("Shown     as for validation\n"))
    #expect(result.output.contains("Tensor    [1, 3, 32, 32], minimum "))
    #expect(result.output.contains("resize     to 32 × 32, bilinear, antialiased; mask nearest\n"))
    let picture = try ImageFile.read(fixture.url("out.png"))
    #expect(picture.width == 32 && picture.height == 32 && picture.channels == 3)
    let tinted = (0..<1024).filter { picture[$0 % 32, $0 / 32, 0] > picture[$0 % 32, $0 / 32, 1] + 50 }.count
    #expect(tinted > 50, "the lungs are red")
  }

  @Test("Variations are those of the study's first seed, epoch by epoch, in a grid; JSON holds the same")
  func grid() throws {
    let (fixture, image) = try fixture()
    let arguments = ["images", "inspect", image, "--as", "lungs", "--study", "study.yaml", "--augmented", "5"]
    let text = try Command.run(arguments + ["--to", "out.png"], in: fixture.folder)
    #expect(text.output.contains("Shown     seed 1, epochs 1 to 5, row by row\n"), "\(text.errors)")
    let picture = try ImageFile.read(fixture.url("out.png"))
    #expect(picture.width == 104 && picture.height == 68, "three in a row, 4 pixels between them")
    #expect(picture[103, 67, 0] == 128 && picture[33, 0, 1] == 128, "gaps and the empty place are gray")
    let json = try Command.run(arguments + ["--json"], in: fixture.folder)
    let record = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let views = try #require(record["views"] as? [[String: Any]])
    let epochs: [Int] = views.compactMap { $0["epoch"] as? Int }, seeds: [Int] = views.compactMap { $0["seed"] as? Int }
    #expect(epochs == [1, 2, 3, 4, 5])
    #expect(seeds == [1, 1, 1, 1, 1])
    #expect(try Command.run(arguments + ["--json"], in: fixture.folder).output == json.output)
  }

  @Test("A file of no task is prepared as one; unknown tasks and lone options are refused")
  func others() throws {
    let (fixture, image) = try fixture()
    let alone = try fixture.run("images", "inspect", image, "--as", "DXC14")
    #expect(alone.status == 0 && alone.output.contains("Sample    none of the task's images; prepared as one would be\n"))
    #expect(alone.output.contains("[1, 3, 224, 224]"))
    let unknown = try fixture.run("images", "inspect", image, "--as", "lung", "--study", "study.yaml")
    #expect(unknown.status == 1 && unknown.errors == "medtransfer: The study has no task “lung”. Did you mean “lungs”?\n")
    let lone = try fixture.run("images", "inspect", image, "--augmented", "3")
    #expect(lone.status != 0 && lone.errors.contains("--study, --root, --part and --augmented go with --as."))
  }
}

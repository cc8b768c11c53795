import Containers
import Foundation
import Testing
import Weights

@Suite("A study of vision transformers, and of a network for one channel", .serialized)
struct TransformerStudyTests {
  private func fixture(modes: String = "[fullFineTuning, linearProbe, kNN]", tasks: [String] = [SmallStudy.effusion]) throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try PublishedFile.write("vit-ti16", to: fixture.url("vit.safetensors"))
    let recipe = "recipe: {architecture: vit-ti16, inputSize: 48, batchSize: 4, epochs: 2, testTimeAugmentation: none, mode: \(modes), layerDecay: 0.75, optimizer: adamW}"
    let text = SmallStudy.text(seeds: "1", initializations: ["random: random", "augreg: {entry: augreg-vit-ti16, weights: vit.safetensors}"], tasks: tasks)
    try fixture.write(text.replacingOccurrences(of: SmallStudy.recipe, with: recipe), to: "study.yaml")
    return fixture
  }

  @Test("It is fine-tuned with a rate for each block, probed and asked for neighbors by its class token; a picture without heat says why")
  func study() throws {
    let fixture = try fixture()
    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0 && run.errors.contains("Features: 2 passes over 52 images."), "\(run.errors)")
    let runs = try fixture.runs()
    #expect(runs.count == 6)
    func text(_ start: String, _ mode: String, _ name: String) throws -> String {
      let found = runs.first { $0.hasPrefix("effusion/\(start)/") && (mode.isEmpty ? !$0.contains("linearProbe") && !$0.contains("kNN") : $0.contains(mode)) }
      return try fixture.text("runs/\(try #require(found))/\(name)")
    }
    // The card of AugReg's weights is half and half, and bicubic; 48 pixels are nine patches, and the embedding is of 196.
    let cell = try text("augreg", "", "cell.json")
    #expect(cell.contains("\"interpolation\" : \"bicubic\"") && cell.contains("0.5"))
    let certificate = try JSONDecoder().decode(Certificate.self, from: Data(try text("augreg", "", "certificate.json").utf8))
    #expect(certificate.matchedCount == 150 && certificate.entry?.id == "augreg-vit-ti16")
    #expect(certificate.features?.stages.map(\.name) == ["patch_embed"] + (0..<12).map { "blocks.\($0)" } + ["pooled"])
    #expect(try text("random", "", "history.jsonl").split(separator: "\n").count > 2)
    for mode in ["linearProbe", "kNN"] { #expect(try text("augreg", mode, "probe.json").contains("\"featureCount\" : 192")) }
    let examples = try text("augreg", "", "examples/examples.json")
    #expect(examples.contains("no heat: Grad-CAM does not fit ViT-Ti/16, whose head sees a class token and not the last feature map"), "\(examples)")
    let report = try fixture.run("report", "study.yaml", "--bootstrap", "never")
    #expect(report.status == 0 && report.output.contains("150/150"), "\(report.errors)")
    try stage(fixture)
  }

  /// Heads on a block in the middle are runs of their own beside the others; what trains is the same.
  private func stage(_ fixture: StudyFixture) throws {
    let heads = ["study.yaml", "recipe.featureStage=blocks.5"]
    let run = try Command.run(["run"] + heads, in: fixture.folder)
    #expect(run.status == 0 && run.errors.contains("Cells: 4 run now, 2 finished before. Features: 2 passes over 52 images."), "\(run.errors)")
    let records = try fixture.runs().filter { $0.contains("linearProbe") }.map { try fixture.text("runs/\($0)/probe.json") }
    #expect(records.count == 4 && records.count { $0.contains("\"stage\" : \"blocks.5\"") } == 2)
    let wrong = try Command.run(["run", "study.yaml", "recipe.featureStage=layer3"], in: fixture.folder)
    #expect(wrong.status != 0 && wrong.errors.contains("ViT-Ti/16 has no stage “layer3”."), "\(wrong.errors)")
    let features = try Command.run(
      [
        "features", "--weights", "vit.safetensors", "--as", "augreg-vit-ti16", "--layer", "blocks.5", "--images", "effusion/images", "--size", "32", "--output",
        "out.safetensors",
      ],
      in: fixture.folder)
    #expect(features.status == 0, "\(features.errors)")
    let file = try CheckpointFile.open(fixture.url("out.safetensors"))
    #expect(try file.arrays().first?.shape == [26, 192] && file.metadata["layer"] == "blocks.5")
  }

  @Test("Masks, sizes that are no whole patches and self-supervision are refused in words, before anything is run")
  func refusals() throws {
    let fixture = try fixture(modes: "fullFineTuning", tasks: [SmallStudy.effusion, SmallStudy.lungs])
    let masks = try fixture.run("run", "study.yaml")
    #expect(masks.status != 0 && masks.errors.contains("ViT-Ti/16 cannot be the encoder of a U-Net, as segmentation needs"), "\(masks.errors)")
    let size = try fixture.run("run", "study.yaml", "recipe.inputSize=50", "--task", "effusion")
    #expect(size.status != 0 && size.errors.contains("Use 48 or 64."), "\(size.errors)")
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/effusion").path))
  }

  /// TorchXRayVision's: what is 0 and 1 elsewhere is −1024 and 1024 there, and the classifier and its thresholds are left out.
  @Test("A network for one channel between −1024 and 1024 is fed so, in a study and by the command, whatever the recipe says")
  func oneChannel() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    func array(_ name: String, _ shape: [Int], _ value: Double) throws -> NamedArray {
      try NamedArray(name: name, elementType: .float32, shape: shape, bytes: PublishedFile.floats(Array(repeating: value, count: shape.reduce(1, *))))
    }
    try PublishedFile.write(
      "densenet121", inputChannels: 1, extra: [array("classifier.weight", [18, 1024], 0), array("classifier.bias", [18], 0), array("op_threshs", [18], .nan)],
      to: fixture.url("xrv.safetensors"))
    let recipe = "recipe: {architecture: densenet121, inputSize: 32, batchSize: 4, testTimeAugmentation: none, mode: kNN}"
    try fixture.write(
      SmallStudy.text(seeds: "1", initializations: ["xrv: {entry: torchxrayvision-densenet121-all, weights: xrv.safetensors}"], tasks: [SmallStudy.effusion])
        .replacingOccurrences(of: SmallStudy.recipe, with: recipe), to: "study.yaml")
    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0, "\(run.errors)")
    let only = try #require(fixture.runs().first), cell = try fixture.text("runs/\(only)/cell.json")
    #expect(cell.contains("\"inputChannels\" : 1") && cell.contains("0.00048828125"), "\(cell)")
    let certificate = try JSONDecoder().decode(Certificate.self, from: Data(try fixture.text("runs/\(only)/certificate.json").utf8))
    #expect(Set(certificate.dropped.map(\.rule)) == ["classifier head", "operating points"])
    let features = try fixture.run(
      "features", "--weights", "xrv.safetensors", "--as", "torchxrayvision-densenet121-all", "--images", "effusion/images", "--size", "32", "--output", "out.safetensors")
    #expect(features.status == 0, "\(features.errors)")
    let metadata = try CheckpointFile.open(fixture.url("out.safetensors")).metadata
    #expect(metadata["preparation"]?.contains("mean [0.5], standard deviation [0.00048828125]") == true, "\(metadata)")
    // Without the entry nothing says how images are fed to one channel.
    let bare = try fixture.run(
      "features", "--weights", "xrv.safetensors", "--architecture", "densenet121", "--images", "effusion/images", "--output", "other.safetensors")
    #expect(bare.status != 0, "\(bare.output)")
  }
}

import Studies
import Testing
import Vocabulary
import Weights

/// An initialization of a catalog entry: what it brings along, and what it may not be combined with.
@Suite struct CatalogEntryTests {
  /// Two entries of different cards, a chain from one of them, and weights of one's own.
  static let text = """
    initializations:
      random: random
      imagenet: {entry: imagenet, weights: a.pth}
      simclr: {entry: simclr-v2, weights: model.ckpt-250228.index, arithmetic: asTrained}
      adapted: {trainedOn: chest, from: simclr}
      own: {weights: b.safetensors}
      plain: {entry: simclr-v2, weights: model.ckpt-250228.index, preprocessing: recipe}
    tasks:
      chest: {kind: binaryClassification, target: false, data: {classFolders: {training: a, positive: b}}}
      lungs: {kind: binarySegmentation, data: {maskFolders: {training: {images: a, masks: b}}}}
    """

  @Test("Every key of an entry is read")
  func keys() throws {
    let study = try StudyText.decode(Self.text)
    #expect(
      study.initializations[2].source
        == .weights(
          WeightsSource(path: "/studies/model.ckpt-250228.index", entry: "simclr-v2", arithmetic: .asTrained, preprocessing: .card)))
    #expect(
      study.initializations[5].source
        == .weights(WeightsSource(path: "/studies/model.ckpt-250228.index", entry: "simclr-v2", preprocessing: .recipe)))
  }

  @Test("The card of the weights replaces the recipe's preprocessing, also for what was trained from them, and nothing else")
  func card() throws {
    let study = try StudyText.decode(Self.text)
    let lungs = try #require(study.task(named: "lungs"))
    let card = try WeightsCatalog.named("simclr-v2").preprocessing
    for name in ["random", "own", "plain"] { #expect(study.recipe(of: lungs, from: name) == lungs.recipe, "\(name)") }
    #expect(study.recipe(of: lungs, from: "imagenet").normalization == .imagenet && lungs.recipe.normalization == .none)
    for name in ["simclr", "adapted"] {
      var recipe = study.recipe(of: lungs, from: name)
      #expect(recipe.normalization == .custom(mean: card.mean, standardDeviation: card.standardDeviation))
      #expect(recipe.interpolation == .bicubic && card.interpolation == .bicubic)
      recipe.normalization = lungs.recipe.normalization
      recipe.interpolation = lungs.recipe.interpolation
      #expect(recipe == lungs.recipe)
    }
  }

  @Test("A plan's configurations hold the card, the arithmetic and the entry, so that each alters a run's identity")
  func configurations() throws {
    let study = try StudyText.decode(Self.text)
    let plan = try Plan(study, fingerprints: namedFingerprints)
    func configuration(_ initialization: String) throws -> CellConfiguration {
      let cell = try #require(plan.cells.first { $0.task == "lungs" && $0.initialization == initialization })
      return try #require(plan.configurations[cell.identity])
    }
    #expect(try configuration("simclr").arithmetic == .samePooling && configuration("adapted").arithmetic == .samePooling)
    #expect(try configuration("imagenet").arithmetic == .torchvision)
    guard case .weights(_, .backbone, "simclr-v2") = try configuration("plain").start else { throw Unexpected() }
    // The same file and entry under the card and under the recipe are two runs.
    #expect(try configuration("plain").identity() != configuration("simclr").identity())
    #expect(try configuration("simclr").recipe == study.recipe(of: study.tasks[1], from: "simclr"))
  }

  @Test("Weights that their publisher trained on a task's data set are not compared on it, nor what was trained from them")
  func notApplicable() throws {
    let text = """
      initializations:
        random: random
        chest: {entry: imagenet-chestxray14, weights: a.pth}
        twice: {trainedOn: other, from: chest}
        other: {entry: imagenet, weights: b.pth}
      tasks:
        dxc14: {kind: multiLabelClassification, dataset: chestx-ray14, data: {manifest: {file: a.csv, labelColumns: [Edema]}}}
        other: {kind: binaryClassification, data: {classFolders: {training: a, positive: b}}}
      """
    let plan = try Plan(try StudyText.decode(text), fingerprints: namedFingerprints)
    #expect(plan.notApplicable.map { "\($0.task) \($0.initialization)" } == ["dxc14 chest", "dxc14 twice", "other twice"])
  }

  /// Each row: what is put over the study, and the one sentence it gives.
  @Test(
    "What cannot be asked of an entry is one sentence",
    arguments: [
      (
        "initializations.imagenet.entry=moco-v3x",
        "The initialization “imagenet” is of the catalog entry “moco-v3x”, which there is not. Did you mean “moco-v3”?"
      ),
      (
        "initializations.own.arithmetic=asTrained",
        "The initialization “own” asks for the arithmetic its weights were trained in, but names no catalog entry that tells it. Add entry: <id> (`medtransfer weights list` shows all), or say which it is: torchvision, samePooling, same, keras."
      ),
      (
        "initializations.imagenet={entry: coco, weights: a.pth, arithmetic: asTrained}",
        "The initialization “imagenet” asks for the arithmetic of “coco”, which is not offered. Which COCO network the 2025 study took is not known. This one's normalizations were frozen, with ε 0 for 1e-5, which is not offered. Leave arithmetic out, which computes torchvision's."
      ),
      (
        "initializations.imagenet.state=full",
        "The initialization “imagenet” is of a catalog entry, of which only the backbone is taken. Leave state out, or leave entry out for weights of your own."
      ),
      (
        "initializations.own.entry=cifar10-resnet20",
        "“cifar10-resnet20” are weights of resnet20, but the task “lungs” uses resnet50. Set recipe.architecture to resnet20, or leave the initialization out."
      ),
      (
        "initializations.imagenet.arithmetic=astrained",
        "initializations.imagenet.arithmetic cannot be “astrained”. Did you mean “asTrained”?"
      ),
    ])
  func violations(change: String, sentence: String) {
    let found = StudyText.violations(Self.text, [change])
    #expect(found == ["override \(change): \(sentence)"])
  }
}

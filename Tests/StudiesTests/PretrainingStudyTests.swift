import Foundation
import Studies
import Testing
import Vocabulary

@Suite("Pre-training on images in a study")
struct PretrainingStudyTests {
  private static let text = """
    name: chest
    seeds: [3, 4]
    recipe: {architecture: resnet18}
    initializations:
      random: random
      imagenet: {weights: weights/resnet18.safetensors}
      chest-moco: {pretrain: moco-v2, images: [findings, {folder: xrays}], from: imagenet}
    tasks:
      findings:
        kind: multiLabelClassification
        data: {manifest: {file: labels.csv, labelColumns: [Edema, Mass]}}
      masks:
        kind: binarySegmentation
        data: {maskFolders: {training: {images: images, masks: masks}}}
    """

  private static let methods = [
    PretrainingRecord(
      id: "moco-v2", title: "MoCo-v2", settings: ["learningRate": 0...1e9, "temperature": 1e-6...1e6],
      settingsOfOthers: [.adamW: ["learningRate": 0...1e9, "warmUpEpochs": 0...1e9]])
  ]

  private func decode(_ overrides: [String] = []) throws -> Study {
    try Study.decode(Self.text, file: StudyText.file, overrides: overrides, architectures: StudyText.architectures, methods: Self.methods)
  }

  private func violations(_ overrides: [String]) -> [String] {
    do {
      _ = try decode(overrides)
      return []
    } catch let error as StudiesError {
      return error.violations.map { "\($0.problem) \($0.remedy)" }
    } catch {
      return ["\(error)"]
    }
  }

  private func plan(_ overrides: [String] = [], images: String = "images", filter: PlanFilter = PlanFilter()) throws -> Plan {
    try Plan(
      try decode(overrides), filter: filter,
      fingerprints: Fingerprints(data: { "data of \($0.name)" }, weights: { "content of \($0)" }, images: { _ in images }))
  }

  private func identity(_ overrides: [String] = [], images: String = "images") throws -> String {
    let cells = try plan(overrides, images: images).cells
    return try #require(cells.first { $0.isSelfSupervised }).identity
  }

  @Test("A pre-training is one run before all that starts from it, in a folder of its own, and all targets apply to it")
  func planning() throws {
    let plan = try plan(), cells = plan.cells
    let made = try #require(cells.first)
    #expect(made.isSelfSupervised && made.role == .pretraining && made.seed == 3 && made.source == nil)
    #expect(made.relativePath == "pretraining/chest-moco/seed3-\(made.identity.prefix(12))")
    #expect("\(made)" == "pre-training of chest-moco, seed 3")
    let children = cells.filter { $0.source == made.identity }
    #expect(children.map { "\($0.task) \($0.seed)" } == ["findings 3", "masks 3", "findings 4", "masks 4"])
    #expect(plan.lineage(of: children[0]) == [made])
    #expect(cells.count == 13 && plan.notApplicable.isEmpty)
    let start = plan.configurations[made.identity]?.start
    #expect(start == .weights(fingerprint: "content of /studies/weights/resnet18.safetensors", state: .backbone, entry: nil))
  }

  @Test("A filter brings the pre-training along that it needs, and a place asks for it alone")
  func filter() throws {
    let wanted = try plan(filter: PlanFilter(tasks: ["masks"], initializations: ["chest-moco"], seeds: [4]))
    #expect(wanted.cells.map { "\($0.task) \($0.seed)" } == ["pretraining 3", "masks 4"])
    let place = try #require(wanted.cells.first).relativePath
    #expect(try plan(filter: PlanFilter(cells: [place])).cells.map(\.relativePath) == [place])
    #expect(try plan(filter: PlanFilter(initializations: ["random"])).cells.allSatisfy { !$0.isSelfSupervised })
  }

  @Test("What alters the numbers of a pre-training is in its identity and so in that of its children, and nothing else is")
  func identities() throws {
    let key = "initializations.chest-moco"
    let base = try identity(),
      alterations = [
        "\(key).epochs=3", "\(key).batchSize=64", "\(key).learningRate=0.1", "\(key).settings={temperature: 0.3}", "\(key).grayRule=off",
        "\(key).onePerPatient=true", "\(key).positives=samePatient", "\(key).inputSize=96", "\(key).sourceSize=300", "\(key).seed=5", "\(key).from=random", "\(key).maximumSteps=7",
        "\(key).probe={tasks: [findings]}", "\(key).probe={tasks: [findings], everyEpochs: 2}", "\(key).precision=float64",
        "\(key).optimizer=adamW", "\(key).probe={tasks: [findings], heads: [linearProbe]}", "\(key).probe={tasks: [findings], heads: [kNN, linearProbe]}",
      ]
    var seen = Set([base])
    for alteration in alterations { #expect(seen.insert(try identity([alteration])).inserted, "\(alteration)") }
    #expect(try identity(images: "others") != base)
    // The same images under another name, a limit that only says when it gives up, and how the machine is used.
    #expect(try identity(["\(key).images=[findings]", "\(key).brokenFileLimit=0.5", "threads=2"]) == base)
    // What is only told, and what is the default said outright.
    let probed = try identity(["\(key).probe={tasks: [findings]}"])
    for same in ["heads: [kNN]", "forgetting: [findings]", "forgetting: []"] {
      #expect(try identity(["\(key).probe={tasks: [findings], \(same)}"]) == probed, "\(same)")
    }
    #expect(try identity(["\(key).nearCopies=leaveOut"]) == base, "Which images are left is in their fingerprint.")
    let both = try ["[kNN, linearProbe]", "[linearProbe, kNN]"].map { try identity(["\(key).probe={tasks: [findings], heads: \($0)}"]) }
    #expect(both[0] == both[1])
    func child(_ overrides: [String]) throws -> String? { try plan(overrides).cells.last { $0.initialization == "chest-moco" }?.identity }
    #expect(try child([]) != nil && child(["\(key).epochs=3"]) != child([]))
    // A study without a pre-training plans the cells that it always did.
    let whole = try plan(), last = try #require(whole.cells.last), configuration = try #require(whole.configurations[last.identity])
    #expect(try !String(decoding: JSONEncoder().encode(configuration), as: UTF8.self).contains("\"pretraining\""))
  }

  @Test("The defaults are those of the first target and of the weights that it starts from")
  func defaults() throws {
    let study = try decode(), made = try #require(study.pretraining(named: "chest-moco")), recipe = study.recipe(ofPretraining: made)
    #expect(recipe.architecture == "resnet18" && recipe.inputSize == 224 && recipe.normalization == .imagenet)
    #expect(recipe.batchSize == 128 && recipe.epochs == 200 && study.sourceSize(ofPretraining: made) == 448)
    #expect(made.images == [.task("findings"), .folder(path: "/studies/xrays", patientPattern: nil)])
    #expect(made.hasGrayRule && !made.onePerPatient && made.heldOutImages == .leaveOut && made.probe == nil)
    #expect(study.weights(behind: "chest-moco")?.path == "/studies/weights/resnet18.safetensors")
  }

  @Test("A pre-training without a newer key has the identity that it had before there was one")
  func kept() throws {
    let made = PretrainingConfiguration(
      method: "moco-v2", settings: [:], sourceSize: 448, hasGrayRule: true, onePerPatient: false, positives: .sameImage,
      probe: .init(data: ["a"], everyEpochs: 10, heads: [.kNN]), optimizer: nil)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(
      String(decoding: try encoder.encode(made), as: UTF8.self)
        == #"{"hasGrayRule":true,"method":"moco-v2","onePerPatient":false,"probe":{"data":["a"],"everyEpochs":10},"settings":{},"sourceSize":448}"#)
  }

  @Test("What may be forgotten is what the start was trained on, here or by the authors of its weights, unless the study says otherwise")
  func forgetting() throws {
    let key = "initializations.chest-moco"
    func tasks(_ overrides: [String]) throws -> [String] {
      let study = try decode(overrides)
      return study.forgettingTasks(of: try #require(study.pretraining(named: "chest-moco")))
    }
    let trained = "initializations.imagenet={trainedOn: findings, from: random}", probe = "\(key).probe={tasks: [findings]}"
    #expect(try tasks([probe]) == [] && tasks([trained]) == [])
    #expect(try tasks([trained, probe]) == ["findings"])
    #expect(try tasks([trained, "\(key).probe={tasks: [findings], forgetting: []}"]) == [])
    #expect(try tasks(["\(key).probe={tasks: [findings], forgetting: [findings]}"]) == ["findings"])
    // A segmentation has no such heads.
    #expect(try tasks(["initializations.imagenet={trainedOn: masks, from: random}", probe]) == [])
    let entry = ["recipe.architecture=resnet50", "initializations.imagenet={weights: a.pth, entry: imagenet-chestxray14}", "tasks.findings.dataset=ChestX-ray14"]
    #expect(try tasks(entry + [probe]) == ["findings"])
  }

  @Test(
    "A table of images names its columns",
    arguments: [
      ("{manifest: all.csv}", UnlabeledTable(file: "/studies/all.csv", imageRoot: "/studies")),
      (
        "{manifest: all.csv, imageRoot: pictures, pathColumn: file, patientColumn: who}",
        UnlabeledTable(file: "/studies/all.csv", imageRoot: "/studies/pictures", pathColumn: "file", patientColumn: "who")
      ),
    ])
  func tables(text: String, table: UnlabeledTable) throws {
    #expect(try decode(["initializations.chest-moco.images=[\(text)]"]).pretraining(named: "chest-moco")?.images == [.manifest(table)])
  }

  @Test(
    "What cannot be is refused with a sentence",
    arguments: [
      ("pretrain=moco-v3", "The initialization “chest-moco” is pre-trained by “moco-v3”, which is no self-supervised method. Did you mean “moco-v2”?"),
      ("settings={temperatur: 1}", "MoCo-v2 has no setting “temperatur”. Did you mean “temperature”?"),
      ("settings={temperature: 0}", "The setting temperature of “chest-moco” is 0.0. Use a number from 1e-06 to 1000000.0."),
      ("images=[finding]", "The initialization “chest-moco” is pre-trained on the images of “finding”, which is no task of the study. Did you mean “findings”?"),
      ("images=[]", "The initialization “chest-moco” is pre-trained on no images. List tasks of the study, {folder: <path>} or {manifest: <table>}."),
      ("from=imagenett", "The initialization “chest-moco” starts from “imagenett”, which is no initialization of the study. Did you mean “imagenet”?"),
      ("batchSize=1", "batchSize of “chest-moco” is 1. Use a whole number from 2."),
      ("epochs=0", "epochs of “chest-moco” is 0. Use a whole number from 1."),
      ("inputSize=16", "The inputSize 16 is not between 32 and 4096. Use a side in pixels such as 224."),
      ("sourceSize=100", "The sourceSize 100 of “chest-moco” is not between the inputSize 224 and 8192. Leave it out, which makes it 448."),
      ("probe={tasks: [masks]}", "The probe of “chest-moco” judges on “masks”, which is no classification task of the study. Choose one of: findings."),
      ("probe={tasks: [findings], heads: []}", "The probe of “chest-moco” has no head. Use kNN or linearProbe, or both."),
      (
        "probe={tasks: [findings], heads: [kNNs]}",
        "initializations.chest-moco.probe.heads cannot be “kNNs”. Did you mean “kNN”?"
      ),
      (
        "probe={tasks: [findings], forgetting: [masks]}",
        "The probe of “chest-moco” is to tell what is forgotten of “masks”, which is no classification task of the study. Choose one of: findings."
      ),
      (
        "{heldOutImages=keep, nearCopies=leaveOut}",
        "“chest-moco” learns from images that the study is tested on, and leaves out near copies of them. Remove heldOutImages: keep, or nearCopies: leaveOut."
      ),
      ("{optimizer=adamW, settings={temperature: 1}}", "MoCo-v2 with adamW has no setting “temperature”. Choose one of: learningRate, warmUpEpochs."),
      ("seed=-1", "The seed -1 of the initialization “chest-moco” is negative. Use a whole number from 0."),
      ("from=chest-moco", "The initializations start from one another in a circle: chest-moco ← chest-moco. Let one of them start from random or from weights."),
      (
        "architecture=resnet50",
        "The initialization “chest-moco” is pre-trained as resnet50 with 3 input channels, but “findings” uses resnet18 with 3 input channels. Give the tasks the same recipe.architecture and recipe.inputChannels, or the initialization their architecture."
      ),
    ])
  func refusals(override: String, sentence: String) {
    let several = override.hasPrefix("{") ? override.dropFirst().dropLast().split(separator: ", ", maxSplits: 1).map(String.init) : [override]
    let found = violations(several.map { "initializations.chest-moco.\($0)" })
    #expect(found.contains(sentence), "\(found)")
  }
}

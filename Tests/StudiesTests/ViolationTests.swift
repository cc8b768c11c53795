import Foundation
import Studies
import Testing
import Vocabulary

@Suite struct ViolationTests {
  @Test("All that is wrong is said at once, in the order of the file")
  func allAtOnce() {
    let text = """
      seeds: [1, 1]
      recipe: {learningRate: 0, epoch: 2}
      initializations:
        random: random
        adapted: {trainedOn: vessel, from: rand}
      tasks:
        vessels:
          knd: binarySegmentation
          kind: binarySegmentation
          data: {maskFolders: {training: {images: a}}}
          recipe: {inputSize: 100}
      """
    do {
      _ = try StudyText.decode(text)
      Issue.record("the study was accepted")
    } catch {
      #expect(
        "\(error)" == """
          retina.yaml has 8 problems:
            line 1: The seeds repeat 1. List each once: a repeated seed is the same run, not another one.
            line 2: There is no key “epoch” in recipe. Did you mean “epochs”?
            line 2: The learningRate 0.0 is not positive. Use a number such as 2e-4.
            line 5: The initialization “adapted” is trained on “vessel”, which is no task of the study. Did you mean “vessels”?
            line 5: The initialization “adapted” starts from “rand”, which is no initialization of the study. Did you mean “random”?
            line 8: There is no key “knd” in tasks.vessels. Did you mean “kind”?
            line 10: tasks.vessels.data.maskFolders.training has no “masks”. Add the key “masks”.
            line 11: The inputSize 100 is not a multiple of 32, which segmentation with resnet50 needs. Use 96 or 128.
          """)
    }
  }

  @Test(
    "Text that is not YAML is told with its line",
    arguments: [
      ("name: a\nseeds: [1, 2\ntasks:", "Line 3 of retina.yaml is not valid YAML: did not find expected ',' or ']'. Correct its indentation, quotes and brackets there."),
      (
        "name: a\nname: b",
        "Line 1 of retina.yaml is not valid YAML: the key “name” is there twice in the group that starts there. Correct its indentation, quotes and brackets there."
      ),
    ])
  func malformed(text: String, sentence: String) {
    #expect(StudyText.violations(text) == [sentence])
  }

  @Test("An empty file lacks its keys")
  func empty() {
    #expect(StudyText.violations("") == ["line 1: The study is nothing, not a group of keys. Give it keys, such as name and output."])
    #expect(
      StudyText.violations("name: a") == [
        "line 1: The study has no “tasks”. Add the key “tasks”.", "line 1: The study has no “initializations”. Add the key “initializations”.",
      ])
  }

  /// Each row: what is put over the small segmentation study, and the one sentence it gives.
  static let segmentationCases: [([String], String)] = [
    (["name=' '"], "The study's name is empty. Give it a name."),
    (
      ["tasks={splits: {kind: binaryClassification, data: {classFolders: {training: a, positive: b}}}}"],
      "The task name “splits” is that of a folder which the study's output has of its own. Choose another name than report, splits, groups and cluster."
    ),
    (["seeds=[]"], "There is no seed. List at least one, such as [1, 2, 3]."),
    (["seeds=[-1]"], "The seed -1 is negative. Use whole numbers from 0."),
    (["seeds=0"], "seeds is “0”, not a number of seeds between 1 and 10000. Write how many runs each cell has, or list the seeds in brackets."),
    (["seeds=all"], "seeds is “all”, not a list of seeds or their number. Write it as in [1, 2, 3] or 3, or as auto or {atMost: 20} for as many as settle the verdicts."),
    (["device=gpu"], "There is no device “gpu”. Choose auto, cpu, cuda or cuda:<number>."),
    (["threads=0"], "threads is 0. Use a whole number from 1."),
    (["loaderThreads=0"], "loaderThreads is 0. Use a whole number from 1."),
    (["checkpointSeconds=-1"], "checkpointSeconds is -1. Use a whole number from 0, which saves after every step."),
    (
      ["tasks.vessels.target=false"],
      "The task “vessels” is not a target and no initialization is trained on it, so it would never run. Remove it, or add an initialization with trainedOn: vessels, or set target: true."
    ),
    (["tasks.vessels.target=maybe"], "tasks.vessels.target is “maybe”, not true or false. Write true or false."),
    (["tasks.vessels.kind=segmentation"], "tasks.vessels.kind cannot be “segmentation”. Did you mean “binarySegmentation”?"),
    (
      ["tasks.vessels.kind=binaryClassification"],
      "The task “vessels” is a binaryClassification, but its data are folders of masks. Use classFolders or manifest, or set kind: binarySegmentation."
    ),
    (
      ["tasks.vessels.data={}"],
      "tasks.vessels.data names no source. Give it exactly one of: manifest, maskFolders, classFolders, namedImages, sliceTable, arrays, coco, nnUNet, caseFolders, medIMeta."
    ),
    (["tasks.vessels.data={maskFolder: {}}"], "There is no key “maskFolder” in tasks.vessels.data. Did you mean “maskFolders”?"),
    (
      ["tasks.vessels.data={classFolders: {training: a, positive: b}}"],
      "The task “vessels” is a binarySegmentation, but its data are folders of classes. Use maskFolders, or a manifest with maskColumn."
    ),
    (["tasks.vessels.data={manifest: {file: a.csv}}"], "The task “vessels” is a binarySegmentation, but its manifest names no masks. Add maskColumn."),
    (
      ["tasks.vessels.data={manifest: {file: a.csv, maskColumn: m, secondMaskColumn: m}}"],
      "The manifest names “m” as the masks of both observers. Name the second observer's column."
    ),
    (
      ["tasks.vessels.data={manifest: {file: a.csv, rleColumn: r, rleFormat: counts, secondMaskColumn: m}}"],
      "The manifest names secondMaskColumn, and its own masks are run lengths. Give the masks as files in maskColumn, or remove secondMaskColumn."
    ),
    (
      ["tasks.vessels.data={manifest: {file: a.csv, maskColumn: m, labelColumns: [a]}}"],
      "The task “vessels” is a binarySegmentation, but its manifest names labels. Remove labelColumns, labelListColumn and labels."
    ),
    (["tasks.vessels.data.maskFolders.pairing=stem"], "tasks.vessels.data.maskFolders.pairing cannot be “stem”. Choose one of: sameStem, upToUnderscore, suffix."),
    (
      ["tasks.vessels.data.maskFolders.patientPattern='('"],
      "The patientPattern “(” is not a regular expression. Correct it; in YAML, put it in single quotes, such as 'person(\\d+)'."
    ),
    (
      ["tasks.vessels.data.maskFolders.patientPattern='p\\d+'"], "The patientPattern “p\\d+” has no group. Put the part that is the patient in parentheses, such as 'person(\\d+)'."
    ),
    (["tasks.vessels.data.maskFolders.split={validation: 0}"], "The validation fraction 0.0 is not between 0 and 1. Use a fraction such as 0.15."),
    (
      ["tasks.vessels.data.maskFolders.split={validation: 0.5, test: 0.5}"],
      "The validation fraction 0.5 and the test fraction 0.5 leave nothing to train on. Let them sum to less than 1."
    ),
    (["recipe.inputSize=16"], "The inputSize 16 is not between 32 and 4096. Use a side in pixels such as 224."),
    (["recipe.resizeSize=256"], "The resizeSize 256 is not the inputSize 224: segmentation resizes straight to the input. Leave resizeSize out for segmentation tasks."),
    (["recipe.inputChannels=2"], "The inputChannels are 2. Use 3, or 1 for gray images."),
    (["recipe.normalization={mean: [0.5], standardDeviation: [1]}"], "The normalization has 1 means and 1 standard deviations for 3 channels. Give one of each for every channel."),
    (["recipe.normalization={mean: [0, 0, 0], standardDeviation: [1, 0, 1]}"], "The standard deviation 0.0 is not positive. Use positive numbers on the scale 0 to 1."),
    (["recipe.learningRate=-1"], "The learningRate -1.0 is not positive. Use a number such as 2e-4."),
    (["recipe.learningRate=nan"], "recipe.learningRate is “nan”, not a number. Write it as in 0.001 or 1e-3."),
    (["recipe.optimizer={adam: {beta1: 1}}"], "Adam's beta1 1.0 is not in 0 ≤ beta1 < 1. Use a number such as 0.9."),
    (["recipe.optimizer={adam: {beta2: -0.1}}"], "Adam's beta2 -0.1 is not in 0 ≤ beta2 < 1. Use a number such as 0.9."),
    (["recipe.optimizer={adam: {epsilon: 0}}"], "Adam's epsilon 0.0 is not positive. Use a number such as 1e-8."),
    (["recipe.optimizer={adam: {weightDecay: -1}}"], "Adam's weightDecay -1.0 is negative. Use 0 or a positive number."),
    (["recipe.optimizer=adan"], "recipe.optimizer cannot be “adan”. Did you mean “adam”?"),
    (["recipe.schedule={reduceOnPlateau: {factor: 1}}"], "The plateau's factor 1.0 is not between 0 and 1. Use a number such as 0.5."),
    (["recipe.schedule={reduceOnPlateau: {patience: -1}}"], "The plateau's patience -1 is negative. Use a number of epochs from 0."),
    (["recipe.schedule={reduceOnPlateau: {threshold: 1}}"], "The plateau's threshold 1.0 is not in 0 ≤ threshold < 1. Use a number such as 1e-4."),
    (["recipe.batchSize=0"], "batchSize is 0. Use a whole number from 1."),
    (["recipe.evaluationBatchSize=0"], "evaluationBatchSize is 0. Use a whole number from 1."),
    (["recipe.maximumSteps=0"], "maximumSteps is 0. Use a whole number from 1."),
    (["recipe.earlyStoppingPatience=-1"], "The earlyStoppingPatience -1 is negative. Use a number of epochs from 0, or null for no early stop."),
    (["recipe.testTimeAugmentation=tenCrop"], "The testTimeAugmentation tenCrop is for classification, not for segmentation. Use none."),
    (["recipe.brokenFileLimit=2"], "The brokenFileLimit 2.0 is not between 0 and 1. Use the fraction of files that may be unreadable, such as 0.01."),
    (["recipe.architecture=resnet51"], "There is no architecture “resnet51”. Did you mean “resnet50”?"),
    (["recipe.shuffle=1"], "recipe.shuffle is “1”, not true or false. Write true or false."),
    (["tasks={}"], "The study has no task. Add at least one below “tasks”."),
    (["initializations={}"], "The study has no initialization. Add at least one below “initializations”, such as random: random."),
    (
      ["initializations={random: randm}"],
      "initializations.random is “randm”, not random, weights, trainedOn or pretrain. Write random, {weights: <file>}, {trainedOn: <task>, from: <initialization>}, or {pretrain: <method>, images: [<task>], from: <initialization>}."
    ),
    (["initializations={random: random, Random: random}"], "The initializations “random” and “Random” would share a folder. Rename one of them."),
    (
      ["initializations={'a b': random}"], "The initialization name “a b” cannot be the name of a folder. Use 1 to 64 letters (a–z), digits, - and _, with a letter or digit first."
    ),
    (["initializations={..: random}"], "The initialization name “..” cannot be the name of a folder. Use 1 to 64 letters (a–z), digits, - and _, with a letter or digit first."),
    (
      ["initializations={random: {weights: a, recipe: {epochs: 1}}}"],
      "There is no key “recipe” in initializations.random. Choose one of: entry, weights, state, arithmetic, preprocessing, trainingImages, path, prefix, ignore."
    ),
    (["initializations={a: {trainedOn: vessels, from: a}}"], "The initializations start from one another in a circle: a ← a. Let one of them start from random or from weights."),
    (
      ["initializations={a: {trainedOn: vessels, from: b}, b: {trainedOn: vessels, from: a}, c: {trainedOn: vessels, from: a}}"],
      "The initializations start from one another in a circle: a ← b ← a. Let one of them start from random or from weights."
    ),
    (["initializations={random: random, a: {trainedOn: vessels, from: random, seed: -2}}"], "The seed -2 of the initialization “a” is negative. Use a whole number from 0."),
  ]

  @Test("Each rule has its own sentence (segmentation)", arguments: segmentationCases)
  func segmentation(overrides: [String], sentence: String) {
    check(StudyText.small, overrides, sentence)
  }

  static let classificationCases: [([String], String)] = [
    (["recipe.loss=softDice"], "The loss softDice is for segmentation, not for classification. Use binaryCrossEntropy."),
    (["recipe.resizeSize=100"], "The resizeSize 100 is not between the inputSize 224 and 8192. Use a side in pixels such as 256."),
    (["tasks.findings.data.manifest.labelColumns=[Edema, Edema]"], "The classes of “findings” repeat “Edema”. Name each once."),
    (
      ["tasks.findings.data={manifest: {file: a}}"],
      "The task “findings” is a multiLabelClassification, but its manifest names no labels. Add labelColumns, or labelListColumn with labels."
    ),
    (
      ["tasks.findings.data.manifest.maskColumn=m"],
      "The task “findings” is a multiLabelClassification, but its manifest names masks. Remove maskColumn, or set kind: binarySegmentation."
    ),
    (
      ["tasks.findings.data.manifest.secondMaskColumn=m"],
      "The task “findings” is a multiLabelClassification, but its manifest names masks. Remove secondMaskColumn, or set kind: binarySegmentation."
    ),
    (["tasks.findings.data.manifest.labelListColumn=m"], "The manifest names both labelColumns and labelListColumn. Keep one of them."),
    (["tasks.findings.data.manifest.labels=[a]"], "The manifest names labels without labelListColumn. Remove labels, or use labelListColumn instead of labelColumns."),
    (
      ["tasks.findings.data={manifest: {file: a, labelListColumn: l}}"],
      "The manifest names labelListColumn without labels. Add labels, the names in that column that are the classes."
    ),
    (
      ["tasks.findings.data={manifest: {file: a, labelListColumn: l, labels: [a], labelSeparator: ''}}"],
      "The labelSeparator is empty. Give the text that stands between two names."
    ),
    (
      ["tasks.findings.kind=binaryClassification"],
      "The task “findings” is a binaryClassification, but its manifest names 2 classes. Name one, or set kind: multiLabelClassification."
    ),
    (
      ["tasks.tuberculosis.kind=multiLabelClassification"],
      "The task “tuberculosis” is a multiLabelClassification, but folders of classes give each image one label. Use a manifest, or set kind: binaryClassification or multiclassClassification."
    ),
    (
      ["tasks.tuberculosis.data={classFolders: {training: a}}"],
      "The task “tuberculosis” is a binaryClassification, but its data name no positive class. Add positive with the name of the subfolder that is labeled 1, or set kind: multiclassClassification."
    ),
    (
      ["tasks.tuberculosis={kind: multiclassClassification, data: {classFolders: {training: a, positive: b}}}"],
      "The task “tuberculosis” is a multiclassClassification, but its data name a positive class. Remove positive, or set kind: binaryClassification."
    ),
    (
      ["tasks.tuberculosis={kind: multiclassClassification, data: {classFolders: {training: a, classes: [b, b]}}}"],
      "The task “tuberculosis” is a multiclassClassification, and its classes are b, b. Name at least two, each once, or all."
    ),
    (
      ["tasks.tuberculosis={kind: multiclassClassification, data: {classFolders: {training: a, classes: all}}, recipe: {loss: binaryCrossEntropy}}"],
      "The loss binaryCrossEntropy is not for classes that exclude each other. Use softmaxCrossEntropy."
    ),
    (
      ["tasks.findings.recipe={loss: softmaxCrossEntropy}"],
      "The loss softmaxCrossEntropy is for exactly one of several classes, not for a multiLabelClassification. Use binaryCrossEntropy."
    ),
    (["tasks.findings.data.manifest.pathTemplate='{a'"], "The pathTemplate “{a” cannot be read. Put columns in braces, such as images/{patient:2}/{image}.png."),
    (["tasks.findings.data.manifest.columnSeparator=space"], "Tables with spaces between their columns have no header. Name the columns under columns."),
    (["tasks.findings.data.manifest.keep={View: []}"], "No row is kept: keep names no value of “View”. List the values of the rows that count."),
    (["tasks.findings.data.manifest.joins=[{file: a.csv, on: []}]"], "A joined table names no column to join by. Name under on the columns that both tables have."),
    (
      ["tasks.tuberculosis.recipe.architecture=resnet18", "initializations={random: random, a: {trainedOn: pneumonia, from: random}}"],
      "The initialization “a” is trained on “pneumonia” with resnet50 and 3 input channels, but “tuberculosis” uses resnet18 and 3 input channels. Give both tasks the same recipe.architecture and recipe.inputChannels."
    ),
  ]

  @Test("Each rule has its own sentence (classification)", arguments: classificationCases)
  func classification(overrides: [String], sentence: String) { check(StudyText.chest, overrides, sentence) }

  private func check(_ text: String, _ overrides: [String], _ sentence: String) {
    let found = StudyText.violations(text, overrides)
    #expect(found.count == 1, "\(found)")
    // The sentence stands after the place, which other tests hold to.
    #expect(found.first?.hasSuffix(": \(sentence)") == true, "\(found)")
  }

  @Test("Sizes follow the architecture: 28 pixels and a mask of 36 fit a ResNet-20, whose maps are a quarter of the image")
  func sizesOfSmallNetworks() {
    #expect(StudyText.violations(StudyText.chest, ["recipe.architecture=resnet20", "recipe.inputSize=28"]) == [])
    #expect(StudyText.violations(StudyText.small, ["recipe.architecture=resnet20", "recipe.inputSize=36"]) == [])
    #expect(
      StudyText.violations(StudyText.small, ["recipe.architecture=resnet20", "recipe.inputSize=30"]).first?.hasSuffix(
        "The inputSize 30 is not a multiple of 4, which segmentation with resnet20 needs. Use 28 or 32.") == true)
    #expect(
      StudyText.violations(StudyText.small, ["recipe.architecture=resnet20", "recipe.inputSize=3"]).first?.hasSuffix(
        "The inputSize 3 is not between 4 and 4096. Use a side in pixels such as 32.") == true)
  }

  @Test("What an architecture's record does not offer is refused: masks, and sizes that its patches leave a rest of")
  func records() {
    let known =
      StudyText.architectures + [
        ArchitectureRecord(
          id: "vit", title: "ViT", stages: [FeatureStage(name: "patches", channels: 8, stride: 16)], headName: "head", sizeMultiple: 16, uses: [],
          normalizesBatches: false)
      ]
    func found(_ text: String, _ overrides: String...) -> [String] { StudyText.violations(text, ["recipe.architecture=vit"] + overrides, architectures: known) }
    #expect(found(StudyText.chest) == [])
    let sizes = found(StudyText.chest, "recipe.inputSize=100")
    #expect(
      !sizes.isEmpty
        && sizes.allSatisfy { $0.hasSuffix("The inputSize 100 is not a multiple of 16, the side of the patches into which ViT cuts images. Use 96 or 112.") })
    let masks = found(StudyText.small)
    #expect(masks.count == 1)
    #expect(
      masks.first?.hasSuffix(
        "ViT cannot be the encoder of a U-Net, as segmentation needs: its maps do not halve from stage to stage. Choose one of: resnet18, resnet50, resnet20.")
        == true, "\(masks)")
  }

  @Test("A study made in code is held to the same rules")
  func inCode() throws {
    var study = try StudyText.decode(StudyText.small)
    study.tasks[0].recipe.learningRate = 0
    do {
      try study.validate()
      Issue.record("the study was accepted")
    } catch {
      #expect("\(error)" == "The study “retina” has a problem:\n  tasks.vessels.recipe.learningRate: The learningRate 0.0 is not positive. Use a number such as 2e-4.")
    }
  }
}

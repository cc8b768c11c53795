import Foundation
import Studies
import Testing

@Suite struct StudyDecodingTests {
  @Test("A study that says only what it must has the documented defaults")
  func defaults() throws {
    let study = try StudyText.decode(StudyText.small)
    #expect(study.name == "retina")
    #expect(study.outputDirectory.path == "/studies/runs")
    #expect(study.seeds == [1])
    #expect(study.execution == ExecutionOptions(device: "auto", threads: nil, loaderThreads: 2, checkpointSeconds: 300))
    #expect(study.fileURL == StudyText.file)
    let task = try #require(study.tasks.first)
    #expect(task.isTarget && task.recipe == .standard(for: .binarySegmentation))
    let folders = FolderPair(images: "/studies/images", masks: "/studies/masks")
    #expect(task.data == .maskFolders(MaskFolderSource(training: folders, pairing: .sameStem, split: SplitRule(validation: 0.15, test: 0.2, seed: 0))))
    #expect(study.initializations == [InitializationSpecification(name: "random", source: .random)])
  }

  @Test("Every key of a study is read")
  func everything() throws {
    let study = try StudyText.decode(
      """
      name: everything
      output: /elsewhere/./runs
      seeds: 3
      device: cuda:1
      threads: 4
      loaderThreads: 3
      checkpointSeconds: 60
      recipe:
        architecture: resnet18
        inputSize: 96
        resizeSize: 128
        inputChannels: 1
        normalization: {mean: [0.5], standardDeviation: [0.25]}
        augmentation: none
        shuffle: false
        optimizer: {adam: {beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.01}}
        learningRate: 1e-3
        schedule: {reduceOnPlateau: {factor: 0.1, patience: 2, threshold: 0.001}}
        batchSize: 8
        evaluationBatchSize: 16
        epochs: 7
        maximumSteps: 70
        earlyStoppingPatience: null
        mode: frozenBackbone
        precision: bfloat16
        testTimeAugmentation: none
        brokenFileLimit: 0
      initializations:
        random: random
        file: {weights: ~/w.pth, state: full}
        chain: {trainedOn: listed, from: file, seed: 5}
      tasks:
        listed:
          kind: multiLabelClassification
          data:
            manifest:
              {file: a.csv, imageRoot: images, pathColumn: file, labelListColumn: labels, labelSeparator: ";", labels: [A, B],
               patientColumn: patient, splitColumn: part, rows: present, split: {validation: 0.1, test: 0.3, seed: 2}}
        folders:
          kind: binaryClassification
          target: true
          recipe: {epochs: 9, loss: binaryCrossEntropy}
          data: {classFolders: {training: t, validation: v, test: /x, positive: 1, patientPattern: 'person(\\d+)'}}
      """)
    #expect(study.outputDirectory.path == "/elsewhere/runs" && study.seeds == [1, 2, 3])
    #expect(study.execution == ExecutionOptions(device: "cuda:1", threads: 4, loaderThreads: 3, checkpointSeconds: 60))
    let recipe = Recipe(
      architecture: "resnet18", inputSize: 96, resizeSize: 128, inputChannels: 1,
      normalization: .custom(mean: [0.5], standardDeviation: [0.25]), augmentation: .none, shuffle: false,
      loss: .binaryCrossEntropy,
      optimizer: .adam(AdamSettings(beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.01)), learningRate: 1e-3,
      schedule: .reduceOnPlateau(PlateauSettings(factor: 0.1, patience: 2, threshold: 0.001)), batchSize: 8,
      evaluationBatchSize: 16, epochs: 7, maximumSteps: 70, earlyStoppingPatience: nil, mode: .frozenBackbone,
      precision: .bfloat16, testTimeAugmentation: .none, brokenFileLimit: 0)
    #expect(study.tasks[0].recipe == recipe)
    #expect(
      study.tasks[0].data
        == .manifest(
          ManifestSource(
            file: "/studies/a.csv", imageRoot: "/studies/images", pathColumn: "file", labelListColumn: "labels",
            labelSeparator: ";", labels: ["A", "B"], patientColumn: "patient", splitColumn: "part", rows: .present,
            split: SplitRule(validation: 0.1, test: 0.3, seed: 2))))
    #expect(study.tasks[1].recipe.epochs == 9 && study.tasks[1].recipe.batchSize == 8)
    #expect(
      study.tasks[1].data
        == .classFolders(
          ClassFolderSource(
            training: "/studies/t", validation: "/studies/v", test: "/x", positive: "1", patientPattern: "person(\\d+)")))
    #expect(study.initializations.map(\.name) == ["random", "file", "chain"])
    let home = FileManager.default.homeDirectoryForCurrentUser.path
    #expect(study.initializations[1].source == .weights(WeightsSource(path: "\(home)/w.pth", state: .full)))
    #expect(study.initializations[2].source == .training(task: "listed", initialization: "file", seed: 5))
  }

  @Test("The folder of a manifest is where its images are, unless it says otherwise")
  func manifestFolder() throws {
    let study = try StudyText.decode(StudyText.chest)
    guard let source = study.tasks[0].data.as(ManifestSource.self) else { throw Unexpected() }
    #expect(source.file == "/studies/labels.csv" && source.imageRoot == "/studies")
  }

  @Test("The size before the crop follows the size of the crop, unless it is chosen")
  func resizeSizeFollows() throws {
    let chosen = try StudyText.decode(StudyText.chest, ["recipe.inputSize=64", "tasks.tuberculosis.recipe.resizeSize=100"])
    #expect(chosen.task(named: "findings")?.recipe.resizeSize == 73)
    #expect(chosen.task(named: "tuberculosis")?.recipe.resizeSize == 100)
    let segmentation = try StudyText.decode(StudyText.small, ["recipe.inputSize=512"])
    #expect(segmentation.tasks[0].recipe.resizeSize == 512)
  }

  @Test("A study can be read from a file, and a missing file is named")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("study-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("a.yaml")
    try Data(StudyText.small.utf8).write(to: file)
    #expect(try Study.read(from: file).outputDirectory.path == folder.path + "/runs")
    let missing = folder.appendingPathComponent("b.yaml")
    #expect(throws: (any Error).self) { try Study.read(from: missing) }
  }
}

struct Unexpected: Error {}

public import Foundation
import Phantoms
import Studies

extension DrawnStudy {
  /// The 2021 benchmark in miniature: its 21 starts on its seven tasks, by their names there, so that `--against published-2021` sets both side by side.
  ///
  /// `ImageSet`s stand for its data. Photographs of things, labeled by shape, stand for ImageNet, and others labeled by shape and pattern for iNat2021; the fourteen
  /// self-supervised methods see the former without labels. Two sets of radiographs with five findings stand for ChestX-ray14 and CheXpert, which are
  /// targets as well as what in-domain and domain-adapted starts are trained on.
  ///
  /// - Parameters:
  ///   - folder: made where it is missing; what was drawn before is used again.
  ///   - isQuick: a smaller one instead of one for a night.
  public static func paper(in folder: URL, isQuick: Bool) -> DrawnStudy {
    let scale = isQuick ? quick : overnight
    func set(_ name: String, _ kind: PhantomKind, _ counts: PhantomCounts, seed: Int = 0) -> ImageSet {
      ImageSet(name: name, kind: kind, counts: counts, seed: seed)
    }
    let things = set("things", .objects, scale.photographs), kinds = set("kinds", .objectKinds, scale.photographs)
    let sets = [
      set("DXC14", .findings, scale.radiographs), set("DXC5", .findings, scale.radiographs, seed: 1), set("TXC", .nodule, scale.classified),
      set("ECC", .effusion, scale.classified), set("PXS", .pneumothorax, scale.outlined), set("LXS", .lungs, scale.outlined),
      set("VFS", .vessels, scale.outlined),
    ]
    let methods = selfSupervised.map { name, method in
      "  \(name): {pretrain: \(method), images: [things], from: Scratch, epochs: \(scale.unlabeledEpochs), batchSize: 64, sourceSize: \(scale.size)}\n"
    }
    let targets = sets.map { set in
      "  \(set.name):\n    kind: \(set.kind.task.rawValue)\n    data: \(set.source)\n    recipe: \(scale.recipe(set.kind))\n"
    }
    let text = """
      # The 2021 benchmark in miniature, on images that the program draws. \(scale.remark)
      #
      #   medtransfer paper\(isQuick ? " --quick" : "")
      #
      # Names are the paper's. "ImageNet" is a training on photographs of things by shape, "iNat2021" one by shape and pattern, the methods see the photographs of the
      # former without labels; "ChestX-ray14" and "CheXpert" are trainings on the radiographs of DXC14 and DXC5, from random values and from "ImageNet".
      # Whether the paper's findings come out is what it shows, not what it is made for.
      name: paper-in-miniature
      output: runs
      seeds: \(scale.seeds)
      processes: 2
      examples: false
      recipe: {architecture: \(scale.architecture), inputSize: \(scale.size), testTimeAugmentation: none}
      initializations:
        Scratch: random
        ImageNet: {trainedOn: things, from: Scratch}
        iNat2021: {trainedOn: kinds, from: Scratch}
      \(methods.joined())  ChestX-ray14: {trainedOn: DXC14, from: Scratch}
        CheXpert: {trainedOn: DXC5, from: Scratch}
        ImageNet-ChestX-ray14: {trainedOn: DXC14, from: ImageNet}
        ImageNet-CheXpert: {trainedOn: DXC5, from: ImageNet}
      tasks:
        things:
          kind: \(things.kind.task.rawValue)
          target: false
          data: \(things.source)
          recipe: \(scale.recipe(things.kind))
        kinds:
          kind: \(kinds.kind.task.rawValue)
          target: false
          data: \(kinds.source)
          recipe: \(scale.recipe(kinds.kind))
      \(targets.joined())
      """
    return DrawnStudy(folder: folder, size: scale.size, sets: [things, kinds] + sets, text: text)
  }

  /// The paper's fourteen, by its names and ours.
  private static let selfSupervised = [
    ("InsDis", "insdis"), ("MoCo-v1", "moco-v1"), ("PCL-v1", "pcl-v1"), ("PIRL", "pirl"), ("PCL-v2", "pcl-v2"), ("SimCLR-v1", "simclr-v1"),
    ("MoCo-v2", "moco-v2"), ("SimCLR-v2", "simclr-v2"), ("SeLa-v2", "sela-v2"), ("InfoMin", "infomin"), ("BYOL", "byol"),
    ("DeepCluster-v2", "deepcluster-v2"), ("SwAV", "swav"), ("Barlow-Twins", "barlow-twins"),
  ]

  /// How large a miniature is.
  private struct Scale {
    let remark: String
    let architecture: String
    let size: Int
    let seeds: Int
    let unlabeledEpochs: Int
    /// Epochs of trainings on photographs, on radiographs with findings, on the other radiographs, on masks.
    let epochs: (photographs: Int, findings: Int, classified: Int, outlined: Int)
    let photographs: PhantomCounts
    let radiographs: PhantomCounts
    let classified: PhantomCounts
    let outlined: PhantomCounts

    func recipe(_ kind: PhantomKind) -> String {
      switch kind {
      case .objects, .objectKinds: "{batchSize: 32, epochs: \(epochs.photographs), learningRate: 0.001}"
      case .findings: "{batchSize: 32, epochs: \(epochs.findings), learningRate: 0.001}"
      case .effusion, .nodule: "{batchSize: 12, epochs: \(epochs.classified)}"
      case .lungs, .pneumothorax, .vessels: "{batchSize: 4, epochs: \(epochs.outlined)}"
      }
    }
  }

  private static let overnight = Scale(
    remark: "For a night on two processor cores.", architecture: "resnet18", size: 64, seeds: 10, unlabeledEpochs: 40, epochs: (12, 5, 8, 10),
    photographs: PhantomCounts(training: 2048, validation: 128, test: 128), radiographs: PhantomCounts(training: 600, validation: 100, test: 300),
    classified: PhantomCounts(training: 48, validation: 32, test: 300), outlined: PhantomCounts(training: 12, validation: 12, test: 80))

  private static let quick = Scale(
    remark: "A small one: too little for findings, enough to see how it goes.", architecture: "resnet20", size: 32, seeds: 3,
    unlabeledEpochs: 10, epochs: (8, 4, 6, 6), photographs: PhantomCounts(training: 1024, validation: 128, test: 128),
    radiographs: PhantomCounts(training: 240, validation: 60, test: 200), classified: PhantomCounts(training: 48, validation: 32, test: 200),
    outlined: PhantomCounts(training: 12, validation: 12, test: 60))
}

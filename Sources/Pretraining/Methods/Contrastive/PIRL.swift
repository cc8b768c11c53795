import Models
import NeuralNetworks
import Torch

extension PretrainingMethod {
  /// Pretext-invariant representations: an image and a jigsaw puzzle of it have the same place in a memory of all images.
  static let pirl = PretrainingMethod(
    "pirl", "PIRL", paper: "Misra and van der Maaten, “Self-Supervised Learning of Pretext-Invariant Representations”, CVPR 2020",
    remark: "A softmax over sampled rows, as in PyContrast's released model, in place of the paper's noise-contrastive estimation.",
    views: ViewRecipe([View(.crop(scale: 0.08...1, size: .full), .aGrayLast)]).withJigsaw(),
    optimization: Optimization(.gradientDescent, .steps([0.6, 0.8])),
    settings: .training("PyContrast, PIRL", epochs: 200, batch: 256, rate: 0.03, .linear(perBatch: 256), decay: 1e-4) + [
      Setting(.embeddingSize, 128, "section 3.2"), Setting(.temperature, 0.07, "section 3.2"), Setting(.jigsawWeight, 0.5, "section 4.3"),
      Setting(.negatives, 65_536, "PyContrast, PIRL", .negatives), Setting(.bankMomentum, 0.5, "section 3.2"),
    ],
    remedies: [
      .point: "Lower learningRate or raise temperature; with few images lower negatives.",
      .dimension: "Raise temperature or embeddingSize, and lower jigsawWeight.",
    ]
  ) { try PretextInvariance($0) }
}

/// An image and its puzzle, one backbone, a head for each, a bank of all images, and `pretextInvariance`.
final class PretextInvariance: SelfSupervisedMethod {
  private let encoder: Encoder
  private let jigsawHead: JigsawHead
  private let bank: MemoryBank
  private let sampleCount: Int, negatives: Int, temperature: Double, bankMomentum: Double, jigsawWeight: Double
  private var features: [(indices: Tensor, rows: Tensor)] = []

  init(_ materials: MethodMaterials) throws {
    let settings = materials.settings, size = try settings.count(.embeddingSize)
    encoder = try materials.encoder(projector: .linear(size))
    jigsawHead = try JigsawHead(materials, patch: .linear(size), size: size)
    sampleCount = materials.sampleCount
    bank = try MemoryBank(materials.memory, count: sampleCount, size: size)
    negatives = try settings.count(.negatives)
    temperature = try settings(.temperature)
    bankMomentum = try settings(.bankMomentum)
    jigsawWeight = try settings(.jigsawWeight)
  }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let image = try encoder(batch.views[0]).unitRows(), jigsaw = try jigsawHead(batch.views[1], encoder: encoder).unitRows()
    let y = try batch.indexTensor()
    // The memory is of images, never of puzzles.
    features.append((y, try image.detach()))
    let others = try Tensor.randint([batch.sampleCount, negatives], in: 0..<sampleCount, generator: moment.generator(for: "negatives"))
    return try pretextInvariance(
      image: image, jigsaw: jigsaw, bank: bank.rows, indices: y, negatives: others.to(device: image.device), temperature: temperature,
      jigsawWeight: jigsawWeight)
  }

  func finishStep(at moment: Moment) throws {
    for (y, v) in features { try bank.update(y, with: v, momentum: bankMomentum) }
    features = []
  }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection { Inspection(embedding: try encoder(views)) }
}

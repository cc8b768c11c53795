import Models
import NeuralNetworks
import Torch

extension PretrainingMethod {
  /// Instance discrimination: each image is a class of its own, whose weight is the memory of its features.
  static let insDis = PretrainingMethod(
    "insdis", "InsDis", paper: "Wu et al., “Unsupervised Feature Learning via Non-Parametric Instance Discrimination”, CVPR 2018",
    remark: "A softmax over sampled rows, as in PyContrast's released model, in place of the paper's noise-contrastive estimation.",
    views: ViewRecipe([View(.crop(scale: 0.08...1, size: .full), .aGrayLast)]), optimization: Optimization(.gradientDescent, .steps([0.6, 0.8])),
    settings: .training("PyContrast, InsDis", epochs: 200, batch: 256, rate: 0.03, .linear(perBatch: 256), decay: 1e-4) + [
      Setting(.embeddingSize, 128, "section 3.1"), Setting(.temperature, 0.07, "section 4"),
      Setting(.negatives, 65_536, "PyContrast, InsDis", .negatives), Setting(.bankMomentum, 0.5, "published code"),
    ],
    remedies: [
      .point: "Lower learningRate or raise temperature; with few images lower negatives.",
      .dimension: "Raise temperature or embeddingSize, and train for more epochs: each image is seen once an epoch.",
    ]
  ) { try InstanceDiscrimination($0) }
}

/// One view, one network, a linear head, a bank of all images, and `instanceDiscrimination`.
final class InstanceDiscrimination: SelfSupervisedMethod {
  private let encoder: Encoder
  private let bank: MemoryBank
  private let sampleCount: Int, negatives: Int, temperature: Double, bankMomentum: Double
  /// What is written into the bank after the step.
  private var features: [(indices: Tensor, rows: Tensor)] = []

  init(_ materials: MethodMaterials) throws {
    let settings = materials.settings, size = try settings.count(.embeddingSize)
    encoder = try materials.encoder(projector: .linear(size))
    sampleCount = materials.sampleCount
    bank = try MemoryBank(materials.memory, count: sampleCount, size: size)
    negatives = try settings.count(.negatives)
    temperature = try settings(.temperature)
    bankMomentum = try settings(.bankMomentum)
  }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let v = try encoder(batch.views[0]).unitRows(), y = try batch.indexTensor()
    features.append((y, try v.detach()))
    // Drawn with replacement from all images, the batch's own among them.
    let others = try Tensor.randint([batch.sampleCount, negatives], in: 0..<sampleCount, generator: moment.generator(for: "negatives"))
    return try instanceDiscrimination(v, bank: bank.rows, indices: y, negatives: others.to(device: v.device), temperature: temperature)
  }

  func finishStep(at moment: Moment) throws {
    for (y, v) in features { try bank.update(y, with: v, momentum: bankMomentum) }
    features = []
  }

  var result: BackboneNetwork { encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection { Inspection(embedding: try encoder(views)) }
}

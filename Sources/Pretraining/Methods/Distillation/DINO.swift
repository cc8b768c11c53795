import Models
import NeuralNetworks
import Torch

extension PretrainingMethod {
  /// A student matches, on every crop, the outputs that its own moving average gives on the large ones, centered and sharpened.
  static let dino = PretrainingMethod(
    "dino", "DINO", paper: "Caron et al., “Emerging Properties in Self-Supervised Vision Transformers”, ICCV 2021",
    remark: "With the settings that the authors publish for residual networks. The teacher's backbone is the result.",
    views: .multiCrop(
      [Augmentation.y.first, Augmentation.y.second], scale: 0.14...1, small: .yLocal, smallCount: 8, smallScale: 0.05...0.14, smallSize: 96.0 / 224),
    optimization: Optimization(.gradientDescent, .cosine, excludesVectors: true),
    settings: .training("published code, ResNet-50", epochs: 100, batch: 512, rate: 0.06, .linear(perBatch: 512), decay: 1e-4)
      + .warmUp("published code", epochs: 10, of: 100, start: 0)
      + [
        Setting(.finalLearningRate, 1e-6, "published code"), Setting(.gradientClipping, 3, "published code"),
        Setting(.momentum, 0.996, "published code", .momentumBySteps), Setting(.temperature, 0.1, "section 3.2"),
        Setting(.teacherTemperature, 0.04, "published code"), Setting(.teacherTemperatureStart, 0.04, "published code"),
        Setting(.teacherTemperatureWarmUp, 0, "published code"), Setting(.centerMomentum, 0.9, "section 3.1"),
        // Whatever the backbone: the head's first values, N(0, 0.02²), are for this width.
        Setting(.projectorWidth, 2048, "section 3.2"), Setting(.bottleneck, 256, "section 3.2"),
        Setting(.outputs, 65_536, "section 3.2", .outputsByImages), Setting(.frozenEpochs, 1, "published code"),
      ],
    remedies: [
      .oneCode: "Lower centerMomentum, and raise frozenEpochs and momentum: centering is what keeps one output from winning.",
      .uniformCodes: "Lower teacherTemperature (0.02 for few images), and use fewer outputs: sharpening is what keeps outputs from being alike.",
      .point: "Raise momentum towards 1, and lower learningRate.", .dimension: "Raise momentum towards 1, and use fewer outputs.",
    ],
    // Centering makes all outputs nearly alike for a long time at the beginning, which is no collapse while it ends.
    bounds: CollapseBounds(codeSharpness: 0.001)
  ) { try SelfDistillation($0) }
}

/// Large and small crops, a student and its moving average, a head with a unit bottleneck and unit output weights, a center, and
/// `selfDistillation`.
final class SelfDistillation: SelfSupervisedMethod {
  private let student: Encoder
  private let teacher: MomentumEncoder
  private let studentOutputs: UnitRowMap
  private let teacherOutputs: UnitRowMap
  /// c.
  private let center: Tensor
  private let temperature: Double, momentum: Double, centerMomentum: Double, frozenEpochs: Int
  private let teacherTemperatures: (start: Double, end: Double, epochs: Double)
  private var latest: [Tensor] = []

  init(_ materials: MethodMaterials) throws {
    let settings = materials.settings, width = try settings.count(.projectorWidth), size = try settings.count(.bottleneck)
    let outputs = try settings.count(.outputs)
    let hidden = HeadDesign.Layer(width: width, activation: .gelu)
    let projector = HeadDesign([hidden, hidden, .init(width: size)], weights: .normal(standardDeviation: 0.02))
    student = try materials.encoder(projector: projector)
    studentOutputs = try UnitRowMap(ParameterScope(materials.heads) / "last_layer", inputCount: size, outputCount: outputs)
    teacherOutputs = try UnitRowMap(ParameterScope(materials.momentumHeads) / "last_layer", inputCount: size, outputCount: outputs)
    teacher = try materials.momentumEncoder(of: student, projector: projector)
    center = try materials.memory.add("center", shape: [1, outputs])
    (temperature, momentum, centerMomentum) = try (settings(.temperature), settings(.momentum), settings(.centerMomentum))
    frozenEpochs = try settings.count(.frozenEpochs)
    teacherTemperatures = try (settings(.teacherTemperatureStart), settings(.teacherTemperature), settings(.teacherTemperatureWarmUp))
  }

  /// τ_t: rises evenly over its warm-up, then stays.
  private func teacherTemperature(_ epoch: Int) -> Double {
    let (start, end, epochs) = teacherTemperatures, done = Double(epoch - 1)
    return done < epochs ? start + (end - start) * done / max(epochs - 1, 1) : end
  }

  func loss(of batch: ViewBatch, at moment: Moment) throws -> Tensor {
    let t = try teacherOutputs(teacher(cat(Array(batch.views.prefix(2)))).unitRows()).chunk(2)
    let s = try studentOutputs(student.project(student.features(ofViews: batch.views)).unitRows()).chunk(batch.views.count)
    latest += try t.map { try $0.detach() }
    return try selfDistillation(
      student: s, teacher: t.map { try $0.detach() }, center: center.clone(), studentTemperature: temperature,
      teacherTemperature: teacherTemperature(moment.epoch))
  }

  func finishBackward(at moment: Moment) throws {
    if moment.epoch <= frozenEpochs { try studentOutputs.freeze() }
  }

  func finishStep(at moment: Moment) throws {
    try teacher.follow(momentum: risingMomentum(from: momentum, step: moment.step, of: moment.stepCount))
    try moveCenter(center, towards: latest, momentum: centerMomentum)
    latest = []
  }

  var result: BackboneNetwork { teacher.encoder.backbone }

  func inspect(_ views: Tensor) throws -> Inspection {
    let z = try teacher(views)
    let codes = try ((teacherOutputs(z.unitRows()) - center) / teacherTemperatures.end).softmax(along: 1)
    return Inspection(embedding: z, codes: codes)
  }
}

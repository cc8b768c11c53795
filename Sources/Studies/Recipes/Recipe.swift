/// How a network is trained and evaluated: every choice that alters the numbers, and nothing else.
public struct Recipe: Codable, Hashable, Sendable {
  /// The name of the backbone in the catalogue of architectures.
  public var architecture: String
  /// The side of the network's square input, in pixels.
  public var inputSize: Int
  /// The side to which images are resized before the crop of `inputSize`, in pixels. Segmentation takes no crop, so there
  /// it equals `inputSize`.
  public var resizeSize: Int
  /// Images whose shorter side is larger are reduced to it, in pixels, and rounded to 8 or 16 bits, before anything else; nil leaves them as
  /// they are.
  public var reducedSize: Int?
  /// The number of channels of the network's input: 3, or 1 for gray images that are not replicated.
  public var inputChannels: Int
  public var normalization: Normalization
  /// How images are resized; masks are always resized by nearest neighbor.
  public var interpolation: Interpolation
  public var augmentation: Augmentation
  /// Whether each epoch draws the training images in a new order.
  public var shuffle: Bool
  public var loss: Loss
  /// What training makes of uncertain labels; nil where the data have none.
  public var labelPolicy: LabelPolicy?
  /// How much the classes weigh in the loss; nil for all the same.
  public var classWeights: ClassWeights?
  public var optimizer: OptimizerSpecification
  /// Parameters that the optimizer's weight decay leaves alone; nil for none.
  public var weightDecayExclusions: WeightDecayExclusions?
  /// What the learning rate of each stage of the backbone is multiplied with, from one stage to the finer one before it, above 0 and at
  /// most 1; nil for one rate for all.
  public var layerDecay: Double?
  /// The norm of all gradients together above which they are scaled down to it; nil for no limit.
  public var gradientClipping: Double?
  /// How many batches make one step, where it is more than one.
  public var gradientAccumulation: Int?
  /// The learning rate at the start.
  public var learningRate: Double
  public var schedule: LearningRateSchedule
  public var batchSize: Int
  public var evaluationBatchSize: Int
  /// The most epochs that are run.
  public var epochs: Int
  /// The most optimizer steps that are run; nil sets no such limit.
  public var maximumSteps: Int?
  /// Training stops when more than this many epochs in a row did not lower the validation loss; nil never stops early.
  public var earlyStoppingPatience: Int?
  public var mode: FineTuningMode
  /// The stage of the backbone of whose map heads on features see the mean; nil for the vector that a classifier sees. Without effect on
  /// modes that train.
  public var featureStage: String?
  public var precision: Precision
  public var testTimeAugmentation: TestTimeAugmentation
  /// The fraction of unreadable image files (0…1) above which a run fails instead of leaving them out.
  public var brokenFileLimit: Double

  public init(
    architecture: String, inputSize: Int, resizeSize: Int, inputChannels: Int, normalization: Normalization,
    interpolation: Interpolation = .bilinear, augmentation: Augmentation, shuffle: Bool, loss: Loss, optimizer: OptimizerSpecification, learningRate: Double,
    schedule: LearningRateSchedule, batchSize: Int, evaluationBatchSize: Int, epochs: Int, maximumSteps: Int?,
    earlyStoppingPatience: Int?, mode: FineTuningMode, precision: Precision, testTimeAugmentation: TestTimeAugmentation,
    brokenFileLimit: Double, reducedSize: Int? = nil, labelPolicy: LabelPolicy? = nil,
    classWeights: ClassWeights? = nil, weightDecayExclusions: WeightDecayExclusions? = nil, layerDecay: Double? = nil,
    gradientClipping: Double? = nil, gradientAccumulation: Int? = nil, featureStage: String? = nil
  ) {
    self.architecture = architecture
    self.inputSize = inputSize
    self.resizeSize = resizeSize
    self.reducedSize = reducedSize
    self.inputChannels = inputChannels
    self.normalization = normalization
    self.interpolation = interpolation
    self.augmentation = augmentation
    self.shuffle = shuffle
    self.loss = loss
    self.labelPolicy = labelPolicy
    self.classWeights = classWeights
    self.optimizer = optimizer
    self.weightDecayExclusions = weightDecayExclusions
    self.layerDecay = layerDecay
    self.gradientClipping = gradientClipping
    self.gradientAccumulation = gradientAccumulation
    self.learningRate = learningRate
    self.schedule = schedule
    self.batchSize = batchSize
    self.evaluationBatchSize = evaluationBatchSize
    self.epochs = epochs
    self.maximumSteps = maximumSteps
    self.earlyStoppingPatience = earlyStoppingPatience
    self.mode = mode
    self.featureStage = featureStage
    self.precision = precision
    self.testTimeAugmentation = testTimeAugmentation
    self.brokenFileLimit = brokenFileLimit
  }
}

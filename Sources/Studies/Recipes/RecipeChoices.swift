/// Whether training images are varied at random.
public enum Augmentation: String, Codable, Sendable, CaseIterable {
  /// The 2021 benchmark's for the kind. Classification: random resized crop, horizontal flip, rotation of ±7°.
  /// Segmentation: brightness or gamma, elastic, grid or optical distortion, random sized crop.
  case standard
  case none
}

/// How an image gets another size.
public enum Interpolation: String, Codable, Sendable, CaseIterable {
  /// A triangle as wide as the scale asks (antialiased): torchvision's default.
  case bilinear
  /// Keys' cubic with a = −0.5, as wide as the scale asks: what SimCLR's and BYOL's weights were evaluated with.
  case bicubic
  /// The pixel under the center of the new one: what the 2021 code resizes segmentation images by.
  case nearest
}

/// What training lowers.
public enum Loss: String, Codable, Sendable, CaseIterable {
  /// The mean over images and classes of −(y log p + (1 − y) log(1 − p)).
  case binaryCrossEntropy
  /// The mean over images, or pixels, of −log softmax at the true class; for exactly one of several classes.
  case softmaxCrossEntropy
  /// 1 − (2 Σ p y + 1) / (Σ p + Σ y + 1), over all pixels of the batch, of several classes the mean over them; segmentation only.
  case softDice
  /// The mean over pixels of the cross entropy, with softDice added; segmentation of several classes only.
  case diceCrossEntropy
  /// The mean over images and numbers of (z − y)², in standard deviations of the training images' numbers; regression only.
  case meanSquaredError
  /// The same with ½(z − y)² within one standard deviation and |z − y| − ½ beyond it (Huber 1964), which outliers pull less; regression only.
  case huber
}

/// The numbers the network computes in. Parameters and optimizer states are never narrower than float32.
public enum Precision: String, Codable, Sendable, CaseIterable {
  case float32
  case float64
  case bfloat16
}

/// How many views of a test image are averaged.
public enum TestTimeAugmentation: String, Codable, Sendable, CaseIterable {
  /// The probabilities of four corner crops, the center crop and their mirror images; classification only.
  case tenCrop
  /// The center crop alone, or the whole image for segmentation.
  case none
}

import Imaging

/// What the images of a set have in common: the mean of their thumbnails, each of mean 0 and norm 1.
///
/// All fundus photographs are a bright disc on black, so that two eyes correlate by up to 0.994. What two images have beyond the
/// mean picture tells whether they are one: copies share that too, other eyes do not.
struct MeanPicture: Sendable {
  private let values: [Float]

  /// Nil for fewer than three images, of which nothing is common.
  package init?(_ signatures: [ImageSignature]) {
    var sums = [Float](repeating: 0, count: PerceptualHash.side * PerceptualHash.side), count: Float = 0
    for signature in signatures where !signature.isUniform {
      let picture = Self.picture(signature, mirrored: false, negative: false)
      for index in sums.indices { sums[index] += picture[index] }
      count += 1
    }
    guard count >= 3 else { return nil }
    values = sums.map { $0 / count }
  }

  /// How what two images have beyond the mean picture correlates, −1…1, the second one mirrored or made a negative first.
  func remainderCorrelation(_ first: ImageSignature, _ second: ImageSignature, mirrored: Bool, negative: Bool) -> Double {
    let one = Self.picture(first, mirrored: false, negative: false), other = Self.picture(second, mirrored: mirrored, negative: negative)
    var products = 0.0, firstSquares = 0.0, secondSquares = 0.0
    for index in values.indices {
      let a = Double(one[index] - values[index]), b = Double(other[index] - values[index])
      products += a * b
      firstSquares += a * a
      secondSquares += b * b
    }
    let spread = firstSquares * secondSquares
    return spread > 0 ? products / spread.squareRoot() : 0
  }

  /// A thumbnail with the mean 0 and the norm 1.
  private static func picture(_ signature: ImageSignature, mirrored: Bool, negative: Bool) -> [Float] {
    let side = PerceptualHash.side, thumbnail = signature.thumbnail
    let mean = Float(thumbnail.reduce(0) { $0 + Int($1) }) / Float(thumbnail.count)
    var picture = [Float](repeating: 0, count: thumbnail.count), squares: Float = 0
    for y in 0..<side {
      for x in 0..<side {
        let value = Float(thumbnail[y * side + (mirrored ? side - 1 - x : x)]) - mean
        picture[y * side + x] = negative ? -value : value
        squares += value * value
      }
    }
    let scale = squares > 0 ? 1 / squares.squareRoot() : 0
    return picture.map { $0 * scale }
  }
}

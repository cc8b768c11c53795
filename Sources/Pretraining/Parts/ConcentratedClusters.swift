import Foundation
import Foundations
import Torch

/// One clustering of all images' features, with how concentrated each cluster is: Li et al., “Prototypical Contrastive Learning of
/// Unsupervised Representations” (2021), sections 3.2 and 3.3.
final class ConcentratedClusters {
  /// How clusters are looked for.
  struct Search {
    let iterations: Int
    /// Searches from other beginnings, of which the one with the least distances counts.
    let redos: Int
    /// What the mean concentration is made.
    let temperature: Double
  }

  /// `[clusters, size]`.
  private let centroids: Tensor
  /// φ, `[clusters]`.
  private let concentrations: Tensor
  /// `[images]`, int64.
  private let assignments: Tensor
  private let count: Int
  private let search: Search

  init(_ memory: Memory, name: String, count: Int, images: Int, size: Int, search: Search) throws {
    centroids = try memory.add("\(name)_centroids", shape: [count, size])
    concentrations = try memory.add("\(name)_concentrations", shape: [count], value: 1)
    assignments = try memory.add("\(name)_assignments", shape: [images], type: .int64)
    (self.count, self.search) = (count, search)
  }

  /// Finds the clusters anew. Waits for the device.
  ///
  /// The published code leaves the search to faiss, which looks at 1,000 images a cluster at most and splits large clusters where one is
  /// empty; here all images are looked at, and a cluster without images keeps its place.
  ///
  /// - Parameter features: `[images, size]`; a row of zeros is of an image that could not be read, and takes no part.
  func find(_ features: Tensor, seed: SeedPath) throws {
    try withoutGradient {
      let seen = try (features.square().sum(over: [1]) .> 0.5).nonzero().flatten(), rows = try features.indexSelect(along: 0, seen)
      guard rows.shape[0] >= count else {
        throw PretrainingError.tooFewSamples(rows.shape[0], needed: count, reason: "a clustering into \(count)")
      }
      var best: (clustering: Clustering, inertia: Double)?
      for redo in 0..<search.redos {
        let order = try Tensor.randperm(rows.shape[0], generator: Generator(seed: (seed / redo).seed)).narrow(along: 0, start: 0, count: count)
        let found = try kMeans(rows, initial: rows.indexSelect(along: 0, order.to(device: rows.device)), iterations: search.iterations)
        let inertia = try found.inertia.item()
        if inertia < best?.inertia ?? .infinity { best = (found.clustering, inertia) }
      }
      guard let best = best?.clustering else { return }
      let distances = try (rows - best.centroids.indexSelect(along: 0, best.assignments)).square().sum(over: [1]).sqrt()
      let values = clusterConcentrations(
        distances: try distances.doubles(), clusters: try best.assignments.integers().map(Int.init), count: count, mean: search.temperature)
      _ = try centroids.copy(from: best.centroids)
      _ = try concentrations.copy(from: Tensor(values).to(type: concentrations.scalarType))
      try assignments.zeroInPlace()
      try assignments.indexPutInPlace([seen], values: best.assignments)
    }
  }

  /// `prototypeContrast` with as many other clusters as there are, `negatives` at most, drawn without replacement.
  func contrast(_ queries: Tensor, indices: Tensor, negatives: Int, generator: Generator) throws -> Tensor {
    let own = try assignments.indexSelect(along: 0, indices), drawn = min(negatives, count - 1)
    // The batch's own clusters come last in the order of chance, and do not count where they are reached.
    let chance = try Tensor.rand([count], generator: generator).to(device: queries.device).scatter(along: 0, own, value: -1)
    let others = try chance.topk(drawn)
    return try prototypeContrast(
      queries, prototypes: centroids.clone(), concentrations: concentrations.clone(), own: own, negatives: others.indices,
      isDrawn: others.values .>= 0)
  }
}

/// φ of each cluster: Li et al. (2021), equation 12, with the limits of the published code.
///
/// φ = Σ ‖v − c‖ / (n log(n + 10)) of n > 1 images; a cluster of one image or none has the greatest φ. All are then limited to their
/// 10th and 90th percentile and scaled so that their mean is `mean`.
///
/// - Parameters:
///   - distances: ‖v − c‖ of each image to its centroid.
///   - clusters: the cluster of each image.
func clusterConcentrations(distances: [Double], clusters: [Int], count: Int, mean: Double) -> [Double] {
  var sums = [Double](repeating: 0, count: count), sizes = [Int](repeating: 0, count: count)
  for (distance, cluster) in zip(distances, clusters) {
    sums[cluster] += distance
    sizes[cluster] += 1
  }
  var values = (0..<count).map { cluster -> Double in
    let size = Double(sizes[cluster])
    return size > 1 ? sums[cluster] / size / log(size + 10) : 0
  }
  let greatest = values.max() ?? 0
  for cluster in 0..<count where sizes[cluster] <= 1 { values[cluster] = greatest }
  let ordered = values.sorted()
  func percentile(_ fraction: Double) -> Double {
    let place = fraction * Double(count - 1), below = Int(place)
    return ordered[below] + (ordered[min(below + 1, count - 1)] - ordered[below]) * (place - Double(below))
  }
  let limits = (percentile(0.1), percentile(0.9))
  values = values.map { min(max($0, limits.0), limits.1) }
  let average = values.reduce(0, +) / Double(count)
  // Where every image lies on its centroid, all clusters are alike.
  return average > 0 ? values.map { $0 * mean / average } : [Double](repeating: mean, count: count)
}

public import Torch

/// Clusters of directions: the centers and the nearest one of each row.
public struct Clustering {
  /// `[clusters, size]`, unit rows.
  public let centroids: Tensor
  /// `[rows]`, int64.
  public let assignments: Tensor
}

/// Spherical k-means as DeepCluster-v2 has it: Caron et al., “Unsupervised Learning of Visual Features by Contrasting Cluster
/// Assignments” (2020), appendix, and its code.
///
/// Each row goes to the centroid with the greatest inner product, of equal ones the first; each centroid becomes the mean of its rows,
/// made a unit vector, and one without rows stays. After the iterations rows are assigned once more.
///
/// - Parameters:
///   - rows: `[rows, size]`, unit vectors.
///   - initial: `[clusters, size]`, usually some of the rows.
public func sphericalKMeans(_ rows: Tensor, initial: Tensor, iterations: Int) throws -> Clustering {
  try withoutGradient {
    var centroids = try initial.clone()
    for _ in 0..<iterations {
      let (sums, counts) = try clusterSums(rows, assignments: assigned(rows, centroids), clusterCount: centroids.shape[0])
      let means = try (sums / counts.clamp(min: 1).unsqueeze(1)).where((counts .> 0).unsqueeze(1), otherwise: centroids)
      centroids = try means.unitRows()
    }
    return Clustering(centroids: centroids, assignments: try assigned(rows, centroids))
  }
}

/// k-means of squared Euclidean distances, as PCL has it from faiss: centroids are plain means.
///
/// - Parameters:
///   - rows: `[rows, size]`.
///   - initial: `[clusters, size]`, usually some of the rows.
/// - Returns: centroids that are not normalized, the nearest of each row, and Σ ‖row − centroid‖² as a scalar on the device.
public func kMeans(_ rows: Tensor, initial: Tensor, iterations: Int) throws -> (clustering: Clustering, inertia: Tensor) {
  try withoutGradient {
    var centroids = try initial.clone()
    for _ in 0..<iterations {
      let (sums, counts) = try clusterSums(rows, assignments: nearest(rows, centroids), clusterCount: centroids.shape[0])
      centroids = try (sums / counts.clamp(min: 1).unsqueeze(1)).where((counts .> 0).unsqueeze(1), otherwise: centroids)
    }
    let assignments = try nearest(rows, centroids)
    let inertia = try (rows - centroids.indexSelect(along: 0, assignments)).square().sum()
    return (Clustering(centroids: centroids, assignments: assignments), inertia)
  }
}

/// Rows of a bank that are compared at a time: bounds the memory of the products.
private let chunkLength = 8192

/// The centroid with the greatest inner product, `[rows]`.
private func assigned(_ rows: Tensor, _ centroids: Tensor) throws -> Tensor {
  try cat(rows.split(size: chunkLength).map { try $0.matmul(centroids.transpose(0, 1)).argmax(along: 1) })
}

/// The centroid at the least distance, `[rows]`: the greatest ⟨x, c⟩ − ‖c‖² / 2.
private func nearest(_ rows: Tensor, _ centroids: Tensor) throws -> Tensor {
  let halves = try centroids.square().sum(over: [1]) * 0.5
  return try cat(rows.split(size: chunkLength).map { try ($0.matmul(centroids.transpose(0, 1)) - halves).argmax(along: 1) })
}

/// Σ of the rows of each cluster, `[clusters, size]`, and how many they are, `[clusters]`.
///
/// As products with 0 and 1, which a GPU adds in the same order in every run; its scattered additions are not so.
func clusterSums(_ rows: Tensor, assignments: Tensor, clusterCount: Int) throws -> (sums: Tensor, counts: Tensor) {
  let clusters = try Tensor.arange(to: clusterCount).to(device: rows.device)
  var sums = try Tensor.zeros([clusterCount, rows.shape[1]], type: rows.scalarType, device: rows.device)
  var counts = try Tensor.zeros([clusterCount], type: rows.scalarType, device: rows.device)
  for (part, own) in try zip(rows.split(size: chunkLength), assignments.split(size: chunkLength)) {
    let isMember = try (own.unsqueeze(0) .== clusters.unsqueeze(1)).to(type: rows.scalarType)
    sums = try sums + isMember.matmul(part)
    counts = try counts + isMember.sum(over: [1])
  }
  return (sums, counts)
}

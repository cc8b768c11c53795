public import Datasets
import Foundations

/// For each image another one of its patient, drawn anew from a path.
public struct PatientPartners {
  private let samples: [Sample]
  /// The indices of a patient's images.
  private let images: [String: [Int]]

  public init(_ samples: [Sample]) {
    self.samples = samples
    images = Dictionary(grouping: samples.indices.filter { samples[$0].patient != nil }) { samples[$0].patient ?? "" }
  }

  /// How many images have another one of their patient.
  public var pairedCount: Int { images.values.filter { $0.count > 1 }.reduce(0) { $0 + $1.count } }

  /// Another image of the same patient, each as likely as any; the image itself where there is none, or where its patient is not known.
  func partner(of index: Int, path: SeedPath) -> Int {
    guard let patient = samples[index].patient, let own = images[patient], own.count > 1, let place = own.firstIndex(of: index) else { return index }
    var random = (path / samples[index].id).generator()
    let drawn = random.integer(below: own.count - 1)
    return own[drawn < place ? drawn : drawn + 1]
  }
}

public import Datasets
import Foundation
import Foundations
import Loading
public import Studies

extension StudyData {
  /// What a pre-training learns from: its sources' images without those that targets of the study are validated or tested on.
  public func images(of specification: PretrainingSpecification) throws -> UnlabeledImages {
    if let known = imagesByPretraining[specification] { return known }
    func task(_ task: TaskSpecification) throws -> UnlabeledImages.Task {
      UnlabeledImages.Task(name: task.name, dataset: task.dataset, splits: try splits(of: task))
    }
    let targets = specification.heldOutImages == .keep ? [] : try study.tasks.filter(\.isTarget).map(task)
    let images = try UnlabeledImages(
      specification.images,
      task: { name in
        guard let found = self.study.task(named: name) else { throw ExecutionError.unknownTask(name, known: self.study.tasks.map(\.name)) }
        return try task(found)
      }, targets: targets, seeksCopies: specification.nearCopies == .leaveOut, digest: digest)
    try imageCache()?.keepDigests()
    imagesByPretraining[specification] = images
    return images
  }

  /// The SHA-256 of an image file, taken once; with a cache of images, once for all commands.
  private func digest(_ file: URL) throws -> String {
    if let known = digestsOfImages[file.path] { return known }
    let digest = try imageCache()?.digest(of: file) ?? Digest.sha256Hex(ofFile: file)
    digestsOfImages[file.path] = digest
    return digest
  }
}

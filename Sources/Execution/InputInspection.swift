public import Datasets
public import Foundation
import Foundations
public import Imaging
public import Loading
public import Studies
import Training

/// One image file as the networks of a task see it.
public struct InputInspection: Sendable {
  /// One prepared view: the evaluation's, or a training variation.
  public struct View: Sendable {
    /// Of the run and its epoch (from 1) that sees this variation; nil for the evaluation's view.
    public let seed: Int?
    public let epoch: Int?
    public let input: InspectedInput
  }

  public let file: URL
  public let task: TaskSpecification
  public let part: DatasetPart
  /// The task's own sample of this file; nil where the file is none of its images and is prepared as one.
  public let sample: Sample?
  public let classNames: [String]
  /// What a regression asks for, with what the sample has of it; nil for all else.
  public let numbers: NamedNumbers?
  public let views: [View]

  /// - Parameters:
  ///   - number: Which of the file's samples, from 1, where it holds several: slices, frames, items.
  ///   - splits: The task's data, in which the file is looked for; nil prepares any file without label and mask.
  ///   - part: How the file is prepared: as for training, validation or the test.
  ///   - seed: The run whose variations are shown.
  ///   - variations: How many epochs of the run; 0 shows the one view of `part`.
  public init(
    _ file: URL, number: Int = 1, as task: TaskSpecification, among splits: DatasetSplits?, part: DatasetPart, seed: Int, variations: Int
  ) throws {
    self.file = file
    self.task = task
    self.part = part
    let place = file.resolvingSymlinksInPath().path
    let own =
      splits.map { splits in
        DatasetPart.allCases.flatMap { splits[$0] }.filter { sample in
          // The last picture of three neighboring slices is no sample of its own: the middle one names the sample.
          let own = sample.image.planes[sample.image.planes.count / 2].file
          // Names first: they cost nothing, and there may be millions of samples.
          return own.lastPathComponent == file.lastPathComponent && own.resolvingSymlinksInPath().path == place
        }
      } ?? []
    if own.count > 1 || (own.count == 1 && number > 1), !own.indices.contains(number - 1) {
      throw ExecutionError.noSuchSample(number, count: own.count, file: file.path)
    }
    let sample = own.indices.contains(number - 1) ? own[number - 1] : nil
    self.sample = sample
    classNames = splits?.classNames ?? []
    numbers = splits?.numbers
    let subject = sample ?? Sample(id: file.lastPathComponent, image: ImageReference(file), byteCount: 0)
    let pipeline = try SamplePipeline(recipe: task.recipe, kind: task.kind, stage: part)
    guard part == .training || variations > 0 else {
      views = [View(seed: nil, epoch: nil, input: try pipeline.inspect(subject, seed: SeedPath(seed)))]
      return
    }
    let training = try SamplePipeline(recipe: task.recipe, kind: task.kind, stage: .training)
    views = try (1...max(variations, 1)).map { epoch in
      let path = Supervised.augmentationSeed(CellRun.trainingSeed(seed), epoch) / subject.id
      return View(seed: seed, epoch: epoch, input: try training.inspect(subject, seed: path))
    }
  }

  /// The pictures of all views in rows of a grid that is about as wide as high, with a gap of 4 gray pixels.
  public func picture() throws -> PixelBuffer {
    let pictures = views.flatMap(\.input.pictures)
    guard pictures.count > 1, let first = pictures.first else { return pictures[0] }
    let columns = columnCount, gap = 4
    let rows = (pictures.count + columns - 1) / columns
    let (width, height) = (columns * (first.width + gap) - gap, rows * (first.height + gap) - gap)
    var samples = [UInt8](repeating: 128, count: width * height * 3)
    for (index, picture) in pictures.enumerated() {
      guard case .bytes(let bytes) = picture.samples else { continue }
      let left = index % columns * (first.width + gap), top = index / columns * (first.height + gap)
      for row in 0..<picture.height {
        let target = ((top + row) * width + left) * 3
        samples.replaceSubrange(target..<target + picture.width * 3, with: bytes[row * picture.width * 3..<(row + 1) * picture.width * 3])
      }
    }
    return try PixelBuffer(width: width, height: height, channels: 3, bitDepth: 8, samples: .bytes(samples))
  }

  private var columnCount: Int {
    let count = views.reduce(0) { $0 + $1.input.pictures.count }
    // Ten crops are five and their mirror images.
    return views.count == 1 && count == 10 ? 5 : Int(Double(count).squareRoot().rounded(.up))
  }
}

// MARK: Finding the task

extension InputInspection {
  /// The task of a study with its data, or a built-in task by its name.
  ///
  /// - Parameters:
  ///   - study: A study file; nil looks `name` up among the built-in tasks.
  ///   - root: The folder of a built-in task's copy; nil leaves its data unread.
  public static func task(
    named name: String, study file: URL?, root: String?
  ) throws -> (task: TaskSpecification, splits: DatasetSplits?, seed: Int) {
    if let file {
      let study = try StudyReading.read(file)
      guard let task = study.task(named: name) else {
        throw ExecutionError.unknownTask(name, known: study.tasks.map(\.name))
      }
      return (task, try StudyData(study).splits(of: task), study.seeds.first ?? 1)
    }
    let builtIn = try BuiltInTaskCatalog.named(name)
    guard let root else { return (builtIn.specification(root: "/"), nil, 1) }
    let task = builtIn.specification(root: URL(fileURLWithPath: root).standardizedFileURL.path)
    return (task, try DatasetResolver.resolve(task.data, kind: task.kind, pictures: task.pictures, patients: task.patients), 1)
  }
}

extension ExecutionError {
  /// - Parameter study: The name of a study that was named beside that of the runs.
  static func unknownTask(_ name: String, known: [String], study: String? = nil) -> ExecutionError {
    ExecutionError(
      kind: .unknownTask, problem: "The study\(study.map { " “\($0)”" } ?? "") has no task “\(name)”.", remedy: suggestion(for: name, in: known))
  }

  static func noSuchSample(_ number: Int, count: Int, file: String) -> ExecutionError {
    ExecutionError(
      kind: .noSuchSample, problem: "There is no image \(number) of the task in \(file), which holds \(count).",
      remedy: "Choose one with --frame, from 1 to \(count).")
  }
}

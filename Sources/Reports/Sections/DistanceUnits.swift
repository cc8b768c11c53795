internal import Figures
internal import Foundations
internal import Metrics
internal import Statistics

/// Where the distances of outlines of a task are not all in one unit, or could not be in millimeters although some files state a pixel spacing.
/// What is in one unit throughout has nothing to say here: the unit is in the metric's name.
struct DistanceUnits: StudySection {
  struct Part: Sendable {
    /// How many runs measure in each unit.
    let runs: [DistanceUnit: Int]
    /// Of the images that one run was tested on; the same in all.
    let spacedCount: Int
    let imageCount: Int
  }

  struct Task: Codable, Hashable, Sendable {
    let name: String
    let millimeters: Int
    let pixels: Int
    let inputPixels: Int
    /// The test images whose files state a pixel spacing, and all; nil where all do or none does.
    let spacedImages: Int?
    let images: Int

    fileprivate var units: [(unit: DistanceUnit, runs: Int)] {
      [(DistanceUnit.millimeters, millimeters), (.pixels, pixels), (.inputPixels, inputPixels)].filter { $0.1 > 0 }
    }
  }

  static let id = "distanceUnits"

  let tasks: [Task]

  static func part(of group: GroupContents) -> Part? {
    let all = group.runs.compactMap { run -> SegmentationPredictions? in
      switch run.predictions {
      case .segmentation(let all): all
      // Distances of all classes are in one unit.
      case .classMasks(let all): all.classes.first
      case .classification, .numbers: nil
      }
    }.filter { predictions in predictions.rows.contains { $0.outline != nil } }
    guard !all.isEmpty else { return nil }
    let spaced = all.max { $0.spacedCount < $1.spacedCount }
    return Part(
      runs: all.reduce(into: [:]) { $0[$1.unit, default: 0] += 1 }, spacedCount: spaced?.spacedCount ?? 0, imageCount: spaced?.rows.count ?? 0)
  }

  static func make(_ parts: [CellGroup.Key: Part], _ context: SectionContext) -> DistanceUnits? {
    let tasks = context.outline.tasks.compactMap { task -> Task? in
      let own = parts.filter { $0.key.task == task.name }.values
      func runs(_ unit: DistanceUnit) -> Int { own.reduce(0) { $0 + ($1.runs[unit] ?? 0) } }
      let partly = own.filter { 0 < $0.spacedCount && $0.spacedCount < $0.imageCount }
      let most = partly.max { ($0.imageCount, $0.spacedCount) < ($1.imageCount, $1.spacedCount) }
      let found = Task(
        name: task.name, millimeters: runs(.millimeters), pixels: runs(.pixels), inputPixels: runs(.inputPixels),
        spacedImages: most?.spacedCount, images: own.map(\.imageCount).max() ?? 0)
      return found.units.count > 1 || found.spacedImages != nil ? found : nil
    }
    return tasks.isEmpty ? nil : DistanceUnits(tasks: tasks)
  }

  var title: String { "Units of distances" }
  var sentences: [String] { remarks }
  var tables: [ReportTable] { [] }
  var methods: String { "Distances of outlines in different units were not compared." }

  var remarks: [String] {
    tasks.flatMap { task -> [String] in
      var found: [String] = []
      if task.units.count > 1 {
        let words = task.units.map { "\(grouped($0.runs)) in \($0.unit.words)" }
        found.append(
          "Runs of \(task.name) measure HD95 and NSD in different units: \(listed(words)). Each unit has rows of its own, of its own runs, which cannot be compared with the others."
        )
      }
      if let spaced = task.spacedImages {
        found.append(
          "The files of \(grouped(spaced)) of \(grouped(task.images)) test images of \(task.name) state their pixel spacing: distances are in pixels of the image, which mean different lengths from image to image."
        )
      }
      return found
    }
  }
}

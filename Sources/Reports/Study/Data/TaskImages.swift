internal import Figures
internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies

/// The pictures of a task that are of the same test images for every initialization: those that the runs together find best, middling and
/// worst, and the one they disagree about most.
struct TaskImages: Sendable {
  private let task: StudyOutline.Task
  private let found: TaskPictures
  /// Of the initializations that figures show.
  private let rows: [TaskPictures.Row]
  private let pictures: [String: Data]
  /// How many runs of the task have ended since the images were chosen, or are no more; nil where they are those of the choice.
  private let laterNote: String?

  /// Nil where there are none.
  init?(_ task: StudyOutline.Task, names: [String], runs: [CellGroup.Key: [StudyReading.Run]], from source: any RunSource) {
    guard let found = (try? TaskPictures.read(task.name, from: source)).flatMap({ $0 }) else { return nil }
    rows = names.compactMap { name in found.rows.first { $0.initialization == name && $0.pictures.count == found.subjects.count } }
    guard !rows.isEmpty else { return nil }
    self.task = task
    self.found = found
    var pictures: [String: Data] = [:]
    for file in found.subjects.map(\.file) + rows.flatMap({ $0.pictures.map(\.file) }) {
      pictures[file] = (try? source.bytes("\(TaskPictures.folder(of: task.name))/\(file)")).flatMap { $0 }
    }
    self.pictures = pictures
    let now = runs.filter { $0.key.task == task.name && $0.key.fraction == task.largestFraction }.flatMap { $0.value.map(\.cell.identity) }
    laterNote =
      TaskPictures.basis(of: now) == found.basis
      ? nil : "The images were chosen from \(grouped(found.runCount)) runs, and others count now: “medtransfer run” draws them anew."
  }

  private var isMask: Bool { found.kind == .outlines }

  var figure: Figure {
    let remarks = distinct(rows.flatMap { $0.pictures.compactMap(\.remark) })
    return ImageGrid(
      labels: .init(
        id: "examples-\(task.name)", title: "\(task.name): \(point)",
        caption: "\(found.legend) The same test images for all initializations. \(found.rule) Shown is of each initialization the run whose result is the median of its seeds, "
          + "with the \(isMask ? "Dice" : "probability") of that run.",
        notes: remarks.map(ShownImage.sentence) + [laterNote].compactMap(\.self)),
      columns: found.subjects.map(title), rows: [alone] + rows.map(row)
    ).figure()
  }

  /// `Worst and greatest disagreement: 21.png, Effusion`
  private func title(_ subject: TaskPictures.Subject) -> String {
    let roles = listed(subject.roles.map { $0 == .disagreement ? "greatest disagreement" : $0.rawValue })
    return roles.prefix(1).uppercased() + roles.dropFirst() + ": " + name(subject)
  }

  private func name(_ subject: TaskPictures.Subject) -> String {
    [ShownImage.name(subject.id), subject.className].compactMap(\.self).joined(separator: ", ")
  }

  /// What lies under the colors.
  private var alone: ImageGrid.Row {
    ImageGrid.Row(
      "The image alone",
      images: found.subjects.map { subject in
        pictures[subject.file].map { .init(png: $0, altText: "Test image \(ShownImage.name(subject.id))") }
      })
  }

  private func row(_ row: TaskPictures.Row) -> ImageGrid.Row {
    ImageGrid.Row(
      "\(row.initialization), seed \(row.seed)",
      images: zip(found.subjects, row.pictures).map { subject, picture in
        let value = "\(measure) \(fixed(picture.value, 3))"
        return pictures[picture.file].map {
          .init(
            png: $0, altText: "\(row.initialization), test image \(ShownImage.name(subject.id))\(subject.className.map { ", \($0)" } ?? "")",
            label: [value, picture.remark.map(ShownImage.key)].compactMap(\.self).joined(separator: ", "))
        }
      })
  }

  /// What is under a picture. Not `p`, which is a test's.
  private var measure: String { isMask ? "Dice" : "probability" }

  /// Who disagrees most, and how far; of one initialization how far its images are apart.
  private var point: String {
    if let place = found.subjects.firstIndex(where: { $0.roles.contains(.disagreement) }) {
      let means = found.rows.filter { $0.means.count > place }.map { (name: $0.initialization, value: $0.means[place]) }
      if let low = means.min(by: { $0.value < $1.value }), let high = means.max(by: { $0.value < $1.value }), low.value < high.value {
        let subject = found.subjects[place], of = subject.className.map { " of \($0)" } ?? ""
        return "\(low.name) and \(high.name) disagree most on \(ShownImage.name(subject.id)), mean \(measure)\(of) \(fixed(low.value, 3)) and \(fixed(high.value, 3))"
      }
    }
    let means = (rows.first?.means ?? []).filter(\.isFinite)
    guard let least = means.min(), let most = means.max() else { return "a few test images" }
    return "from a mean \(measure) of \(fixed(least, 3)) to \(fixed(most, 3))"
  }
}

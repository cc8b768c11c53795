/// What a task says of its pictures can be done.
struct PictureChoicesAreLegible: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      guard let choices = task.pictures else { return [] }
      let path = "tasks.\(task.name).data.pictures"
      var found = [Violation]()
      if let frame = choices.frame, frame < 1 {
        found.append(Violation(path: "\(path).frame", problem: "The frame \(frame) is none.", remedy: "Count frames and pages from 1."))
      }
      if choices.frame != nil, ["arrays", "nnUNet"].contains(task.data.key) {
        found.append(
          Violation(path: "\(path).frame", problem: "The images of \(task.data.key) are items or slices, which have no frames.", remedy: "Remove it."))
      }
      if let range = choices.range, range.count != 2 || !(range[0] < range[1]) || !range.allSatisfy(\.isFinite) {
        found.append(
          Violation(
            path: "\(path).range", problem: "The range \(range.map { "\($0)" }.joined(separator: ", ")) is none.",
            remedy: "Give the value that is black and a greater one that is white, such as [0, 4095]."))
      }
      if choices.range != nil, task.data.description.hasWindow {
        found.append(
          Violation(
            path: "\(path).range", problem: "The task says by pictures.range and by windowCenter what is black and what is white.", remedy: "Keep one of them."))
      }
      return found
    }
  }
}

/// A table of patients is the one thing that says whose an image is.
struct PatientsAreSaidOnce: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      guard task.patients != nil else { return nil }
      let isInManifest = task.data.as(ManifestSource.self)?.patientColumn != nil
      if task.data.patientPattern == nil, !isInManifest, task.data.key != "sliceTable" { return nil }
      return Violation(
        path: "tasks.\(task.name).data.patients", problem: "The source of “\(task.name)” tells the patients itself, and a table of patients is named.",
        remedy: "Keep one of them; null takes patientColumn or patientPattern away.")
    }
  }
}

/// Folders of masks say what is asked of them.
struct MaskFoldersAreWhole: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      guard let source = task.data.as(MaskFolderSource.self) else { return [] }
      let path = "tasks.\(task.name).data.maskFolders"
      var found = [Violation]()
      for (part, folders) in source.pairs {
        for (key, list) in [("images", folders.images), ("masks", folders.masks)] where list.isEmpty {
          found.append(Violation(path: "\(path).\(part).\(key)", problem: "The \(part) part names no folder of \(key).", remedy: "Name one."))
        }
      }
      if source.evaluatedRegion == .fieldOfView, (source.test ?? source.training).fieldOfView == nil {
        found.append(
          Violation(
            path: "\(path).evaluatedRegion", problem: "The task “\(task.name)” is evaluated within the field of view, and its test part names none.",
            remedy: "Add fieldOfView to the test part, the folder of those masks, or set evaluatedRegion: wholeImage."))
      }
      for (part, folders) in source.pairs where folders.secondObserver != nil {
        if part != source.testedPart {
          found.append(
            Violation(
              path: "\(path).\(part).secondObserver",
              problem: "The second observer's masks of the \(part) part of “\(task.name)” say nothing of its test images.",
              remedy: "Give secondObserver to the \(source.testedPart) part, which the test images are of."))
        }
        if let second = folders.secondObserver, second.count != folders.masks.count {
          found.append(
            Violation(
              path: "\(path).\(part).secondObserver",
              problem: "The task “\(task.name)” names another number of folders for the second observer's masks (\(second.count)) than for the first's (\(folders.masks.count)).",
              remedy: "Name as many folders for both, in the same order."))
        }
      }
      if source.pairing == .suffix, source.maskSuffix.isEmpty {
        found.append(
          Violation(path: "\(path).maskSuffix", problem: "The maskSuffix is empty.", remedy: "Give the text between an image's name and its mask's ending, such as _mask."))
      }
      if let raw = source.rawImages, raw.width < 1 || raw.height < 1 || !(1...16).contains(raw.bits) || raw.offset < 0 {
        found.append(
          Violation(
            path: "\(path).rawImages", problem: "Raw images cannot have \(raw.width) × \(raw.height) samples of \(raw.bits) bits behind \(raw.offset) bytes.",
            remedy: "Give a width and a height of at least 1, 1 to 16 bits and an offset from 0."))
      }
      return found
    }
  }
}

/// The metrics that a task asks for are of its kind, each once.
struct MetricsFitKind: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      let path = "tasks.\(task.name).metrics"
      var found = [Violation]()
      if let wrong = task.metrics.first(where: { $0.isOfSegmentation != task.kind.isSegmentation }) {
        found.append(
          Violation(
            path: path, problem: "The metric \(wrong.rawValue) of “\(task.name)” is of segmentations, and its kind is \(task.kind.rawValue).",
            remedy: "Take it out of metrics."))
      }
      if Set(task.metrics).count < task.metrics.count {
        found.append(Violation(path: path, problem: "The metrics of “\(task.name)” name one twice.", remedy: "Name each once."))
      }
      return found
    }
  }
}

/// The values that slices show are a range.
struct SliceWindowFits: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.compactMap { task in
      guard let source = task.data.as(NNUNetSource.self) else { return nil }
      let path = "tasks.\(task.name).data.nnUNet"
      switch (source.windowCenter, source.windowWidth) {
      case (nil, nil): return nil
      case (let center?, let width?):
        if center.isFinite, width.isFinite, width >= 1 { return nil }
        return Violation(
          path: "\(path).windowWidth", problem: "A window cannot have the center \(center) and the width \(width).",
          remedy: "Give finite numbers and a width of at least 1.")
      case (.some, nil), (nil, .some):
        return Violation(path: path, problem: "A window has a center and a width, and one of them is not given.", remedy: "Give windowCenter and windowWidth, or neither.")
      }
    }
  }
}

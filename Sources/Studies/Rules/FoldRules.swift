/// What is parted into folds can be: a target whose images have no test part of their own, in a study that asks nothing of it that is of one network.
struct FoldsFit: StudyRule {
  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task -> [Violation] in
      guard let folds = task.folds else { return [] }
      let path = "tasks.\(task.name).data.\(task.data.key).split.folds", name = "The task “\(task.name)”"
      var found: [Violation] = []
      func add(_ problem: String, _ remedy: String) { found.append(Violation(path: path, problem: problem, remedy: remedy)) }
      if folds < 2 {
        add("\(folds) fold\(folds == 1 ? "" : "s") leave\(folds == 1 ? "s" : "") nothing to train on.", "Use 2 folds or more, such as 5; or remove folds for one test part.")
      }
      if task.data.split.file != nil {
        add("\(name) is parted into folds and by a table (split.file).", "Keep one of them.")
      } else if task.data.givesTestPart {
        add("\(name) has a test part of its own, and in folds every image is tested once.", "Remove folds, or give all images as training images.")
      }
      if task.data.as(MaskFolderSource.self)?.evaluatedRegion == .fieldOfView {
        add("\(name) is evaluated within the field of view, which is one of a test part.", "Remove folds, or set evaluatedRegion: wholeImage.")
      }
      if !task.isTarget { add("\(name) is not a target, and a pre-training is one run on all its images.", "Remove folds, or set target: true.") }
      if study.seeding == .sequential {
        add("\(name) is parted into folds, and seeds: auto adds seeds by looks whose levels were made for one test part.", "List the seeds, such as seeds: 3.")
      }
      for initialization in study.initializations {
        switch initialization.source {
        case .training(let other, _, _) where other == task.name:
          add("The initialization “\(initialization.name)” is trained on “\(task.name)”, which has a network for each of \(folds) folds.", "Train it on a task without folds.")
        case .pretraining:
          add(
            "The initialization “\(initialization.name)” is pre-trained on images without labels, without those that targets are tested on, and in folds “\(task.name)” is tested on all of its images.",
            "Pre-train in a study of its own (medtransfer pretrain), on other images, and start from the weights.")
        case .random, .weights, .training: break
        }
      }
      return found
    }
  }
}

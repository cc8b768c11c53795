internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies

extension DataAndTraining {
  var sentences: [String] { tasks.map(words) + looksElsewhere.map(\.sentence) + [machineWords].compactMap(\.self) }

  /// What of a task stands in no table: where its parts come from, what an audit found, how often its test set was looked at.
  private func words(_ task: Task) -> String {
    var parts = [String]()
    if let split = task.split.known {
      parts.append(task.folds.map(Self.words) ?? "\(origin(split)) The table of the split has the SHA-256 \(split.sha256.prefix(12))….")
    } else {
      parts.append("How its images are parted is not available: \(task.split.reason ?? "").")
    }
    parts.append(auditWords(task))
    for finding in task.lists where finding.foundCount == 0 {
      parts.append(
        "None of \(counted(finding.testImages, "test image")) is on \(finding.list), the list of the training images of \(listed(finding.initializations)) (\(counted(finding.entries, "entry", "entries")))."
      )
    }
    parts.append(task.looks.words(of: task.task))
    return "\(task.task): \(parts.joined(separator: " "))"
  }

  /// `Its 120 images of 60 patients are parted into 5 folds …`
  private static func words(_ folds: [SplitRecord]) -> String {
    let images = folds.compactMap { $0.images["test"] }.reduce(0, +), patients = folds.compactMap { $0.parts?["test"]?.patients }
    let known = patients.count == folds.count ? " of \(grouped(patients.reduce(0, +))) patients" : ""
    let isByPatient = folds.first?.origin?.isByPatient == true
    return
      "Its \(grouped(images)) images\(known) are parted into \(grouped(folds.first?.fold?.count ?? folds.count)) folds by whole \(isByPatient ? "patients" : "images"), each class in its share, "
      + "seed \(folds.first?.seed ?? 0); each fold is the test part once, and of the others \(significant(100 * (folds.first?.origin?.carved["validation"] ?? 0), 4)) % are for validation."
      + (isByPatient ? " No patient is in two folds." : "") + " The tables of the folds are splits/\(folds.first.map { $0.task } ?? "").fold-1.csv and on."
  }

  private func origin(_ split: SplitRecord) -> String {
    let patients = split.parts?.values.contains { $0.patients != nil } == true ? " No patient is in two parts." : ""
    guard let origin = split.origin else { return "Where its parts come from was not kept.\(patients)" }
    if let file = origin.file { return "Its parts are those of the table \(file).\(patients)" }
    let carved = ["test", "validation"].filter { origin.carved[$0] != nil }
    guard !carved.isEmpty else { return "Its parts are those that the data give.\(patients)" }
    let shares = carved.map { "\($0) (\(significant(100 * (origin.carved[$0] ?? 0), 4)) %)" }
    let given = carved.count == 2 ? "" : "; the test images are given"
    return
      "Carved out of the training images: \(listed(shares)), by whole \(origin.isByPatient ? "patients" : "images"), each class in its share, seed \(split.seed)\(given).\(patients)"
  }

  private func auditWords(_ task: Task) -> String {
    guard let audit = task.audit.known else { return "Copies across its parts: not available (\(task.audit.reason ?? ""))." }
    let across = "\(counted(audit.identicalAcross, "group")) of identical and \(counted(audit.nearAcross, "pair")) of nearly identical images across its parts"
    let within = "\(grouped(audit.identicalWithin + audit.nearWithin)) within one"
    let conflicts = audit.labelConflicts > 0 ? "; labels contradict each other in \(grouped(audit.labelConflicts)) of them" : ""
    let uniform = audit.uniform > 0 ? "; \(counted(audit.uniform, "image")) of one brightness" : ""
    return "An audit of all images found \(across), \(within)\(conflicts)\(uniform), and \(counted(audit.leakingTestImages, "test image")) known from training or validation."
  }

  private var machineWords: String? {
    let times = tasks.flatMap(\.groups), all = times.compactMap(\.allSeconds.known).reduce(0, +)
    var parts = [String]()
    if all > 0 { parts.append("All runs together took \(spoken(seconds: all)) of computing.") }
    if let first = times.compactMap(\.firstBegan).min(), let last = times.compactMap(\.lastEnded).max() {
      parts.append("They were made between \(first) and \(last).")
    }
    if runsWithoutMachine > 0 { parts.append("Of \(counted(runsWithoutMachine, "run")) the machine is not known: no legible environment.json.") }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  // MARK: - Remarks

  var remarks: [String] {
    tasks.flatMap { task in
      var remarks = [String]()
      for finding in task.lists where finding.foundCount > 0 {
        let verb = finding.foundCount == 1 ? "is" : "are"
        remarks.append(
          "† \(listed(finding.initializations)) on \(task.task): \(grouped(finding.foundCount)) of \(counted(finding.testImages, "test image")) \(verb) on \(finding.list), the list of "
            + "\(finding.initializations.count == 1 ? "its" : "their") training images. \(finding.initializations.count == 1 ? "It is" : "They are") shown and left out of the verdict."
        )
      }
      remarks += task.lists.compactMap(\.unproven)
      if !task.uncheckedLists.isEmpty {
        remarks.append(
          "The list of the training images of \(listed(task.uncheckedLists)) was not compared with the test images of \(task.task) as they are: “medtransfer run” and “medtransfer tasks audit” do it."
        )
      }
      if let leaking = task.audit.known?.leakingTestImages, leaking > 0 {
        let verb = leaking == 1 ? "is" : "are"
        remarks.append(
          "\(counted(leaking, "test image")) of \(task.task) \(verb) known from training or validation, as an audit found; every number here counts \(leaking == 1 ? "it" : "them"), and a table under “\(title)” has the means without."
        )
      }
      for lineage in task.audit.known?.lineages ?? [] {
        let verb = lineage.testImages == 1 ? "is" : "are"
        remarks.append(
          "\(counted(lineage.testImages, "test image")) of \(task.task) \(verb), or nearly, among the images of \(lineage.trainedOn) that \(listed(lineage.initializations)) "
            + "\(lineage.initializations.count == 1 ? "was" : "were") trained on, as an audit found: compare the pairs that “medtransfer tasks audit” lists.")
      }
      if task.looks.isRepeated { remarks.append(task.looks.sentence(of: task.task) + TestSetLooks.warning) }
      if let sentence = mixture(task) { remarks.append(sentence) }
      return remarks
    } + looksElsewhere.filter(\.isRepeated).map { $0.sentence + TestSetLooks.warning }
  }

  /// Runs of one comparison that were made on several machines: what of a difference is the machine's cannot be told.
  private func mixture(_ task: Task) -> String? {
    let fractions = distinct(task.groups.map(\.fraction.description))
    for fraction in fractions {
      let groups = task.groups.filter { $0.fraction.description == fraction && !$0.machines.isEmpty }
      let sets = groups.map { Set($0.machines.map(\.machine)) }
      let all = sets.reduce(Set<Int>()) { $0.union($1) }
      guard all.count > 1 else { continue }
      let names = all.sorted().map { "\(Self.letter($0)): \(difference(of: $0, among: all))" }
      let start = "The runs of \(task.task) were made on \(grouped(all.count)) machines or versions (\(firstFew(names, atMost: 4)))"
      return Set(sets).count == 1
        ? "\(start); each initialization has runs on all of them, so that their differences are part of the spread over seeds."
        : "\(start), and not every initialization has runs on all of them: a difference between initializations may be one between machines."
    }
    return nil
  }

  /// What tells a machine from the others, alone.
  private func difference(of machine: Int, among all: Set<Int>) -> String {
    let fields: [(RunEnvironment) -> String] = [
      \.deviceWords, \.processor, { "\($0.threads) threads" }, \.vectorInstructions, \.system, \.program, { "libtorch \($0.libtorch)" },
    ]
    let own = machines[machine]
    return fields.filter { field in Set(all.map { field(machines[$0]) }).count > 1 }.map { $0(own) }.joined(separator: ", ")
  }

  // MARK: - Methods

  /// What was computed of which images and networks comes before how it was compared.
  var opensMethods: Bool { true }

  var methods: String {
    let training = tasks.map(trainingWords)
    let parts = tasks.indices.flatMap { place -> [String] in
      // What several tasks have in common is said once, where the first of them is spoken of.
      guard let words = training[place], training[..<place].allSatisfy({ $0 != words }) else { return [imagesWords(tasks[place])] }
      let names = tasks.indices.filter { training[$0] == words }.map { tasks[$0].task }
      return [imagesWords(tasks[place]), "On \(listed(names)) \(words)"]
    }
    return (parts + [methodsOfMachines]).filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func imagesWords(_ task: Task) -> String {
    guard let split = task.split.known else { return "" }
    if let folds = task.folds { return "\(task.task): \(Self.words(folds).replacingOccurrences(of: "Its ", with: "its "))" }
    let parts = SplitRecord.partNames.map { part -> String in
      let patients = split.parts?[part]?.patients.map { " of \(counted($0, "patient"))" } ?? ""
      return "\(grouped(split.images[part] ?? 0)) \(part)\(patients)"
    }
    return "The images of \(task.task) were \(listed(parts)). \(origin(split))"
  }

  /// How the runs of a task were trained, as words that follow its name; nil where no recipe is known.
  private func trainingWords(_ task: Task) -> String? {
    guard let use = task.recipes.first else { return nil }
    let recipe = use.recipe.values
    func value(_ key: String) -> String { recipe[key] ?? "none" }
    let seeds = "Seeds: \(Self.seedWords(task.groups.flatMap(\.seeds)))."
    if let mode = FineTuningMode(rawValue: value("mode")), mode.isHeadOnFeatures {
      let stage = recipe["featureStage"].map { "'s stage \($0)" } ?? ""
      return "the features of a \(value("architecture"))\(stage) as it starts were taken at \(value("inputSize")) × \(value("inputSize")) pixels, one view an image "
        + "(\(value("precision"))), and the \(mode.words) answered from them; no network was trained. \(seeds)"
    }
    let mode = value("mode") == FineTuningMode.frozenBackbone.rawValue ? ", its backbone frozen," : ""
    let patience = recipe["earlyStoppingPatience"].map { ", stopped after more than \($0) epochs in a row without a lower validation loss" } ?? ""
    let cards = task.recipes.count > 1 ? " Images were prepared for each initialization as its weights ask." : ""
    return "a \(value("architecture"))\(mode) was fine-tuned at \(value("inputSize")) × \(value("inputSize")) pixels for at most \(counted(Int(value("epochs")) ?? 0, "epoch"))"
      + " (loss \(value("loss")); optimizer \(value("optimizer")); learning rate \(value("learningRate")), schedule \(value("schedule")); batch size \(value("batchSize")); \(value("precision")))\(patience); "
      + "the state with the lowest validation loss was tested.\(cards) \(seeds)"
  }

  /// `1 to 20`, or where some are left out `1, 2, 5`.
  private static func seedWords(_ seeds: [Int]) -> String {
    let all = Set(seeds).sorted()
    if all.count > 3, let first = all.first, let last = all.last, last - first == all.count - 1 { return "\(first) to \(last)" }
    return firstFew(distinct(seeds.map(String.init)), atMost: 20)
  }

  private var methodsOfMachines: String {
    guard let first = machines.first else { return "" }
    guard machines.count == 1 else { return "Runs were made on \(grouped(machines.count)) machines or versions." }
    return
      "All runs\(runsWithoutMachine > 0 ? " whose machine is known" : "") were made on one machine and version: \(first.device), \(first.processor), \(counted(first.threads, "thread")), \(first.program), libtorch \(first.libtorch)."
  }
}

/// `1 image`, `1,204 images`.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}

import Datasets
import Foundations
import Models
import Pretraining
import Probes
public import RunStore
public import Studies
import Vocabulary

/// A pre-training of a study before it starts: the method with its values for these images, and how long it goes.
public struct PretrainingSetup {
  let specification: PretrainingSpecification
  let recipe: Recipe
  let sourceSize: Int
  let method: PretrainingMethod
  /// The same with the optimizer that it was published with.
  private let published: PretrainingMethod
  let settings: MethodSettings
  let images: UnlabeledImages
  /// Images that an epoch sees.
  let imagesPerEpoch: Int
  /// Tasks that a probe asks about to tell what is forgotten.
  let forgettable: [String]

  /// - Throws: `PretrainingError` for a method or a setting that there is not, and for fewer images than one batch.
  public init(_ specification: PretrainingSpecification, data: StudyData) throws {
    let study = data.study
    self.specification = specification
    recipe = study.recipe(ofPretraining: specification)
    sourceSize = study.sourceSize(ofPretraining: specification)
    published = try MethodCatalog.named(specification.method)
    method = published.trained(by: specification.optimizer)
    images = try data.images(of: specification)
    forgettable = study.forgettingTasks(of: specification)
    imagesPerEpoch = specification.onePerPatient ? images.patientCount + images.strangerCount : images.samples.count
    if imagesPerEpoch < recipe.batchSize { throw ExecutionError.tooFewImages(imagesPerEpoch, batchSize: recipe.batchSize, specification.onePerPatient) }
    let scale = TrainingScale(
      sampleCount: images.samples.count, batchSize: recipe.batchSize, epochs: recipe.epochs,
      featureCount: try ArchitectureCatalog.named(recipe.architecture).record.featureCount)
    settings = try method.settings(for: scale, overrides: specification.settings)
  }

  var grayRule: GrayRule { specification.hasGrayRule ? .on : .off }

  var stepsPerEpoch: Int { imagesPerEpoch / recipe.batchSize }
  var stepCount: Int { min(stepsPerEpoch * recipe.epochs, recipe.maximumSteps ?? .max) }

  /// What is kept beside the run, and shown by `plan`.
  public var record: RunPretraining {
    RunPretraining(
      method: method.title, paper: method.paper, remark: method.remark, images: images.samples.count, patients: images.patientCount,
      imagesOfUnknownPatients: images.strangerCount, heldOutImages: images.leftOut.heldOut, heldOutPatientsImages: images.leftOut.samePatient,
      imagesPerEpoch: imagesPerEpoch, batchSize: recipe.batchSize, stepsPerEpoch: stepsPerEpoch, steps: stepCount, statements: statements,
      settings: settings.rows.map {
        RunPretraining.Row(key: $0.key.rawValue, published: $0.published, source: $0.source, used: $0.used, reason: $0.reason)
      })
  }

  private var statements: [String] {
    var all = [images.leftOut.sentence, grayRule.sentence]
    if let sentence = method.optimizerSentence(insteadOf: published) { all.append(sentence) }
    if specification.onePerPatient { all.append("Each epoch saw one image of each patient.") }
    if specification.positives == .samePatient {
      let paired = PatientPartners(images.samples).pairedCount
      all.append(
        "Views of two images of one patient were taken for views of one thing (Azizi et al. 2021): \(paired) of \(images.samples.count) images have another of their patient; the others were paired with themselves."
      )
    }
    if let probe = specification.probe {
      all.append(Self.sentence(probe))
      if !forgettable.isEmpty {
        all.append(
          "Before the first step and each time it was asked about \(listed(forgettable)) too, to tell what is forgotten of what \(specification.initialization) had learned; that chose nothing."
        )
      }
    } else {
      all.append("The last state is kept.")
    }
    return all
  }

  private static func sentence(_ probe: PretrainingProbeSpecification) -> String {
    let when = probe.everyEpochs == 1 ? "epoch" : "\(probe.everyEpochs) epochs"
    let heads = probe.heads.map { head in
      switch head {
      case .kNN: "a classifier of \(NearestNeighbors.standardCount) neighbors"
      case .linearProbe: "a linear classifier (logistic regression, its strength chosen on the validation images)"
      }
    }
    let choice = heads.count > 1 ? "the state with the highest mean of both is kept" : "the state that it judged best is kept"
    return "Every \(when) \(heads.joined(separator: " and ")) judged on training and validation images of \(probe.tasks.joined(separator: ", ")); \(choice)."
  }
}

extension ExecutionError {
  static func tooFewImages(_ count: Int, batchSize: Int, _ isOnePerPatient: Bool) -> ExecutionError {
    ExecutionError(
      kind: .tooFewImages,
      problem: "An epoch would see \(count) image\(count == 1 ? "" : "s")\(isOnePerPatient ? ", one of each patient," : "") and a batch takes \(batchSize).",
      remedy: "Lower batchSize, or add images.")
  }
}

import ArgumentParser
import Execution
import Foundation
import Foundations
import RunStore
import Studies

/// The study file and the changes to it, as every command that reads a study takes them.
struct StudyOptions: ParsableArguments {
  @Argument(help: "The study file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
  var study: String

  @Argument(help: "Changes to the file, such as recipe.epochs=20 seeds=[1,2].")
  var overrides: [String] = []

  /// The study, read and checked.
  func read() throws -> Study { try StudyReading.read(URL(fileURLWithPath: study), overrides: overrides) }
}

/// How the commands that only read a study's runs plan it.
struct PlanReadingOptions: ParsableArguments {
  @Flag(help: "Plan by the data and weights as they are now, and say what changed, instead of by the plan that run keeps in the output.")
  var replan = false

  func plan(_ study: Study) throws -> Plan {
    let data = StudyData(study)
    guard replan else {
      let plan = try data.readablePlan()
      if plan.numericsRevision != NumericsRevision.current {
        Terminal().note(
          "The runs are of numerics revision \(plan.numericsRevision) and are read as they are; this program makes revision "
            + "\(NumericsRevision.current), so “medtransfer run” would make them anew.")
      }
      return plan
    }
    let plan = try data.plan()
    try noteChanges(in: plan)
    return plan
  }
}

/// Says what is not as it was when the study's plan was kept.
func noteChanges(in plan: Plan) throws {
  do {
    for sentence in try KeptPlan.read(from: plan.study.outputDirectory)?.changes(in: plan) ?? [] { Terminal().note(sentence) }
  } catch let error as any RemediedError where !SystemFault.isFault(error) {
    // What changed cannot be told; whoever runs the study writes it anew.
    Terminal().note(error.problem)
  }
}

/// How closely the seals of finished runs are looked at.
struct SealOptions: ParsableArguments {
  @Flag(help: "Read every file of finished runs and compare it with its seal; else only files whose size or times have changed are read.")
  var verify = false

  var check: SealCheck { verify ? .whole : .quick }
}

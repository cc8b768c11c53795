internal import Vocabulary

/// One thing that must hold of a study. Each rule is a type of its own and owns its sentences.
protocol StudyRule: Sendable {
  func violations(in study: Study) -> [Violation]
}

/// One thing that must hold of every recipe.
protocol RecipeRule: Sendable {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding]
}

/// What a recipe rule found, at a key of the recipe.
struct RecipeFinding {
  /// The path below `recipe`.
  let key: String
  let problem: String
  let remedy: String

  init(_ key: String, _ problem: String, _ remedy: String) {
    self.key = key
    self.problem = problem
    self.remedy = remedy
  }
}

/// Holds a recipe rule to the recipe of every task.
struct InEveryRecipe: StudyRule {
  let rule: any RecipeRule

  func violations(in study: Study) -> [Violation] {
    study.tasks.flatMap { task in
      var found: [RecipeFinding] = []
      for mode in task.modes {
        var recipe = task.recipe
        recipe.mode = mode
        found += rule.findings(in: recipe, for: task.kind).filter { finding in !found.contains { $0.problem == finding.problem } }
      }
      return found.map { Violation(path: "tasks.\(task.name).recipe.\($0.key)", problem: $0.problem, remedy: $0.remedy) }
    }
  }
}

/// All rules, in the order in which a person would fix things.
enum StudyRules {
  /// - Parameter isForData: only the study's data are asked for, which need no initializations.
  static func violations(
    in study: Study, architectures: [ArchitectureRecord], methods: [PretrainingRecord] = [], isForData: Bool = false
  ) -> [Violation] {
    let recipeRules: [any RecipeRule] = [
      ArchitectureIsKnown(names: architectures.map(\.id)), ArchitectureFitsKind(architectures: architectures), InputSizeFits(architectures: architectures), ResizeSizeFits(),
      ReducedSizeFits(), InputChannelsAreSupported(architectures: architectures),
      NormalizationFitsChannels(), LossFitsKind(), LearningRateIsPositive(), OptimizerSettingsAreInRange(), ParameterGroupsDiffer(),
      ScheduleSettingsAreInRange(), GradientClippingIsPositive(), ClassWeightsFitLoss(), CountsArePositive(), PatienceIsNotNegative(),
      TenCropIsForClassification(), HeadOnFeaturesFits(), FeatureStageIsKnown(architectures: architectures),
      BrokenFileLimitIsAFraction(),
    ]
    let rules: [any StudyRule] = [
      NameIsGiven(), SomethingToRun(isForData: isForData), SeedsAreDistinct(), NamesAreFolderNames(), NamesAreDistinct(), ExecutionIsPossible(), ClusterIsPossible(),
      ReferencesAreKnown(), InitializationsHaveNoCycle(), PretrainingTaskIsUsed(), ArchitecturesAgree(),
      PretrainingMethodsAreKnown(methods: methods), PretrainingReferencesAreKnown(), PretrainingNumbersAreInRange(architectures: architectures),
      PretrainingFitsTasks(), EntriesAreKnown(),
      EntriesFitTasks(), ArithmeticIsOffered(architectures: architectures), DataFitsKind(), MaskFoldersAreWhole(), MaskMeaningFits(), MetricsFitKind(), SliceWindowFits(),
      LabelsAreDistinct(), SplitFractionsFit(), FoldsFit(), PatientPatternHasAGroup(), ManifestSaysThingsOnce(), ScoredClassesAreClasses(),
      WeightedClassesAreClasses(),
      FractionsAreDistinct(), PretrainingIsWhole(), ModesAreDistinct(), FeatureStageIsSeen(), PretrainingTrains(),
      LabelPolicyFitsData(), LabelPatternHasAGroup(), ManifestTablesAreLegible(), GroupColumnsAreLegible(), PictureChoicesAreLegible(), PatientsAreSaidOnce(),
    ]
    return (rules + recipeRules.map { InEveryRecipe(rule: $0) }).flatMap { $0.violations(in: study) }
  }
}

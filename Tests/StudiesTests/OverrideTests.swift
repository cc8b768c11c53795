import Foundation
import Studies
import Testing

@Suite struct OverrideTests {
  @Test("An override changes a key for all tasks, or for one, and the last one wins")
  func changes() throws {
    let study = try StudyText.decode(
      StudyText.chest,
      ["recipe.epochs=3", "tasks.tuberculosis.recipe.batchSize=4", "seeds=[1,2]", "seeds=5", "output=../out", "recipe.schedule={reduceOnPlateau: {patience: 1}}"])
    #expect(study.tasks.map(\.recipe.epochs) == [3, 3, 3])
    #expect(study.tasks.map(\.recipe.batchSize) == [32, 32, 4])
    #expect(study.seeds == [1, 2, 3, 4, 5])
    #expect(study.outputDirectory.path.hasSuffix("/out"))
    #expect(study.tasks[0].recipe.schedule == .reduceOnPlateau(PlateauSettings(patience: 1)))
  }

  @Test("An override can take a default away")
  func null() throws {
    #expect(try StudyText.decode(StudyText.small, ["recipe.earlyStoppingPatience=null"]).tasks[0].recipe.earlyStoppingPatience == nil)
  }

  @Test(
    "A wrong override is told with the override itself",
    arguments: [
      ("recipe.epoch=3", "override recipe.epoch=3: There is no key “epoch” in recipe. Did you mean “epochs”?"),
      ("recipee.epochs=3", "override recipee.epochs=3: There is no key “recipee” in a study. Did you mean “recipe”?"),
      ("tasks.vesels.recipe.epochs=3", "The study has no task “vesels”. Did you mean “vessels”?"),
      ("initializations.rnadom=random", "The study has no initialization “rnadom”. Did you mean “random”?"),
      ("recipe.epochs=three", "override recipe.epochs=three: recipe.epochs is “three”, not a whole number. Write it in digits, such as 3."),
      ("recipe.epochs=0", "override recipe.epochs=0: epochs is 0. Use a whole number from 1."),
      ("epochs", "The override “epochs” cannot be used: it has no “=”. Write it as key=value with the path of a key of the study file, such as recipe.epochs=3."),
      ("a..b=1", "The override “a..b=1” cannot be used: “a..b” is not the path of a key. Write it as key=value with the path of a key of the study file, such as recipe.epochs=3."),
      (
        "initializations.random.from=1",
        "The override “initializations.random.from=1” cannot be used: initializations.random is “random”, which has no keys. Write it as key=value with the path of a key of the study file, such as recipe.epochs=3."
      ),
    ])
  func wrong(override: String, sentence: String) {
    #expect(StudyText.violations(StudyText.small, [override]) == [sentence])
  }
}

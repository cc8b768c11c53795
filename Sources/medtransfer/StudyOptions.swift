import ArgumentParser
import Execution
import Foundation
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

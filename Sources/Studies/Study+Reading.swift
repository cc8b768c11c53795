public import Foundation
internal import Foundations
public import Vocabulary

extension Study {
  /// Reads a study file.
  ///
  /// - Parameters:
  ///   - file: YAML; `Documentation/study-file.md` tells its keys. Paths in it are relative to its folder.
  ///   - overrides: `key=value` with dotted paths, such as `recipe.epochs=3`; values are YAML. Later ones win.
  ///   - architectures: those that `recipe.architecture` may name; empty leaves names, sizes and channels unchecked.
  ///   - methods: those that `pretrain` may name; empty leaves their names and settings unchecked.
  ///   - isForData: only its data are asked for, as by `evaluate --from`: it needs no initializations.
  /// - Throws: `StudiesError` with everything that is wrong, each with its line.
  public static func read(
    from file: URL, overrides: [String] = [], architectures: [ArchitectureRecord] = [], methods: [PretrainingRecord] = [], isForData: Bool = false
  ) throws -> Study {
    let text = try TextFile.read(file)
    return try decode(text, file: file, overrides: overrides, architectures: architectures, methods: methods, isForData: isForData)
  }

  /// Reads the text of a study file that is, or would be, at `file`.
  public static func decode(
    _ text: String, file: URL, overrides: [String] = [], architectures: [ArchitectureRecord] = [], methods: [PretrainingRecord] = [],
    isForData: Bool = false
  ) throws -> Study {
    var root = try StudyNode.parse(text, file: file.lastPathComponent)
    for override in overrides { try Override(override).apply(to: &root) }
    let diagnostics = Diagnostics()
    diagnostics.locations = root.locations()
    let study = StudyReader(file: file, diagnostics: diagnostics, isForData: isForData).study(root)
    diagnostics.add(fromRules: StudyRules.violations(in: study, architectures: architectures, methods: methods, isForData: isForData))
    let violations = diagnostics.sorted()
    guard violations.isEmpty else {
      throw StudiesError.invalidStudy(violations, source: file.lastPathComponent)
    }
    return study
  }

  /// Checks a study that was made in code.
  public func validate(architectures: [ArchitectureRecord] = [], methods: [PretrainingRecord] = []) throws {
    let violations = StudyRules.violations(in: self, architectures: architectures, methods: methods)
    guard violations.isEmpty else { throw StudiesError.invalidStudy(violations, source: "The study “\(name)”") }
  }
}

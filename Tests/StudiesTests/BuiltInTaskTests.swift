import Foundation
import Testing

@testable import Studies

@Suite struct BuiltInTaskTests {
  private func study(_ task: String, recipe: String = "") throws -> Study {
    try StudyText.decode("initializations: {random: random}\n\(recipe)\ntasks:\n  T: \(task)\n")
  }

  private func problems(_ task: String) -> String {
    do {
      _ = try study(task)
      return "no problem"
    } catch { return "\(error)" }
  }

  @Test("Every built-in task makes a study that can be planned, from its name and a root alone", arguments: BuiltInTaskCatalog.all)
  func starts(_ builtIn: BuiltInTask) throws {
    let study = try study("{builtIn: \(builtIn.name), root: /data/copy}")
    let task = try #require(study.tasks.first)
    #expect(task == builtIn.specification(root: "/data/copy", name: "T"))
    #expect(task.dataset == builtIn.dataset)
    #expect(try Plan(study, fingerprints: Fingerprints(data: { _ in "d" }, weights: { $0 })).cells.count == 1)
  }

  @Test("Every built-in task says all that its page shows", arguments: BuiltInTaskCatalog.all)
  func complete(_ task: BuiltInTask) throws {
    #expect(!task.title.isEmpty && !task.dataset.isEmpty && !task.layout.items.isEmpty)
    #expect(task.layout.items.allSatisfy { !$0.forms.isEmpty && $0.forms.allSatisfy { !$0.paths.isEmpty } })
    #expect((task.kind.answer == .mask) == task.classNames.isEmpty)
    #expect(task.access.url.hasPrefix("https://") && !task.access.steps.isEmpty && !task.access.license.isEmpty)
    #expect(task.citation.text.hasSuffix("."))
    if let doi = task.citation.doi { #expect(doi.hasPrefix("10.")) }
    // What has no source is said apart from what has one.
    #expect((task.remarks + [task.access.license]).allSatisfy { !$0.contains("unverified") })
    #expect(task.unverified.allSatisfy { $0.hasSuffix(".") })
    // Counts by class are of classes, and the counts of a split do not exceed those of the files.
    #expect(Set(task.positives.keys).isSubset(of: task.classNames))
    #expect((task.metric == .dice) == task.kind.isSegmentation)
  }

  @Test("Names of built-in tasks are unlike whatever their case")
  func distinct() {
    #expect(Set(BuiltInTaskCatalog.names.map { $0.lowercased() }).count == BuiltInTaskCatalog.all.count)
  }

  @Test("What a study says stands above what is built in, key by key")
  func overrides() throws {
    let study = try study(
      "{builtIn: dxc14, root: copy, data: {manifest: {rows: present, imageFolders: [images-256]}}, recipe: {epochs: 2}}",
      recipe: "recipe: {epochs: 5, batchSize: 8}")
    let task = try #require(study.tasks.first)
    #expect(task.builtIn == "DXC14" && task.recipe.epochs == 2 && task.recipe.batchSize == 8 && task.recipe.resizeSize == 256)
    guard let source = task.data.as(ManifestSource.self) else { throw CancellationError() }
    #expect(source.rows == .present && source.labelListColumn == "Finding Labels")
    // Paths in `data` are relative to the copy, whose place is relative to the study.
    #expect(source.imageFolders.allSatisfy { $0.hasSuffix("/copy/images-256") } && source.file.hasSuffix("/copy/Data_Entry_2017.csv"))
  }

  @Test("A name that no built-in task has, a missing root and a root for nothing are told with what to do")
  func mistakes() {
    #expect(problems("{builtIn: DXC15, root: a}").contains("line 4: There is no built-in task “DXC15”. Did you mean “DXC14”?"))
    #expect(problems("{builtIn: DXC14}").contains("tasks.T has no “root”. Add the key “root”."))
    #expect(
      problems("{kind: binarySegmentation, root: x, data: {maskFolders: {training: {images: a, masks: b}}}}")
        .contains("tasks.T has a root but no built-in task."))
    #expect(
      problems("{builtIn: DXC14, root: a, scoredClasses: [Edem]}")
        .contains("The scored class “Edem” is no class of “T”. Did you mean “Edema”?"))
    #expect(
      problems("{builtIn: DXC14, root: a, data: {manifest: {splitColumn: part, patientColumn: who}}}")
        .contains("The manifest says by splitColumn and by splitLists which part an image belongs to. Keep one of them; null takes another away."))
  }
}

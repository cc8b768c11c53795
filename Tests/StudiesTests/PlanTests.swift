import Studies
import Testing

@Suite struct PlanTests {
  private func plan(_ text: String = StudyText.chest, _ overrides: [String] = [], filter: PlanFilter = PlanFilter()) throws -> Plan {
    try Plan(try StudyText.decode(text, overrides), filter: filter, fingerprints: namedFingerprints)
  }

  private func words(_ plan: Plan) -> [String] { plan.cells.map { "\($0.task) \($0.initialization) \($0.seed)" } }

  @Test("Pre-training runs come first and in order, then each seed over the whole table")
  func order() throws {
    // `adapted` is made by (findings, imagenet, 3), a target cell too: it is one run.
    #expect(
      words(try plan()) == [
        "findings imagenet 3", "pneumonia adapted 9",
        "findings random 3", "tuberculosis random 3", "tuberculosis imagenet 3", "tuberculosis adapted 3", "tuberculosis twice 3",
        "findings random 4", "findings imagenet 4", "tuberculosis random 4", "tuberculosis imagenet 4", "tuberculosis adapted 4",
        "tuberculosis twice 4",
      ])
  }

  @Test("A pair is not applicable where the initialization was trained on the target, directly or through a chain")
  func notApplicable() throws {
    let plan = try plan()
    #expect(plan.notApplicable.map { "\($0.task) \($0.initialization)" } == ["findings adapted", "findings twice"])
    #expect(!plan.isApplicable(task: "findings", initialization: "twice") && plan.isApplicable(task: "tuberculosis", initialization: "twice"))
    #expect(!plan.cells.contains { $0.task == "findings" && ["adapted", "twice"].contains($0.initialization) })
  }

  @Test("A run that is target and source at once is one run with the role of a target")
  func deduplication() throws {
    let plan = try plan()
    #expect(Set(plan.cells).count == plan.cells.count)
    #expect(Set(plan.cells.map(\.identity)).count == plan.cells.count)
    let source = try #require(plan.cells.first)
    #expect(source.role == .target && source.source == nil)
    let second = plan.cells[1]
    #expect(second.role == .pretraining && second.source == source.identity)
    let users = plan.cells.filter { $0.source == second.identity }
    #expect(users.map(\.initialization) == ["twice", "twice"])
    #expect(plan.lineage(of: users[0]) == [second, source])
  }

  @Test("A pre-training run takes the seed that is given, else the study's first")
  func seeds() throws {
    let plan = try plan(StudyText.chest, ["initializations.adapted={trainedOn: findings, from: imagenet, seed: 7}"])
    let source = try #require(plan.cells.first)
    #expect(source.seed == 7 && source.role == .pretraining)
    #expect(words(plan).contains("findings imagenet 3"))
  }

  @Test("A filter keeps what is wanted and the runs it needs")
  func filter() throws {
    #expect(
      words(try plan(filter: PlanFilter(tasks: ["tuberculosis"], initializations: ["twice"], seeds: [4]))) == [
        "findings imagenet 3", "pneumonia adapted 9", "tuberculosis twice 4",
      ])
    #expect(words(try plan(filter: PlanFilter(initializations: ["random"], seeds: [3]))) == ["findings random 3", "tuberculosis random 3"])
    #expect(words(try plan(filter: PlanFilter(tasks: ["pneumonia"]))) == ["findings imagenet 3", "pneumonia adapted 9"])
    #expect(words(try plan(filter: PlanFilter(tasks: ["findings"], initializations: ["adapted"]))) == [])
  }

  @Test("A filter does not alter identities")
  func filterIdentity() throws {
    let whole = Set(try plan().cells)
    let part = try plan(filter: PlanFilter(tasks: ["tuberculosis"], seeds: [4])).cells
    #expect(!part.isEmpty && part.allSatisfy(whole.contains))
  }

  @Test(
    "A filter that names what is not there says so",
    arguments: [
      (PlanFilter(tasks: ["finding"]), "The study has no task “finding”. Did you mean “findings”?"),
      (PlanFilter(initializations: ["imagnet"]), "The study has no initialization “imagnet”. Did you mean “imagenet”?"),
      (PlanFilter(seeds: [17]), "The study has no seed “17”. Choose one of: 3, 4."),
    ])
  func unknownFilter(filter: PlanFilter, sentence: String) {
    do {
      _ = try plan(filter: filter)
      Issue.record("the filter was accepted")
    } catch {
      #expect("\(error)" == sentence)
    }
  }

  @Test("Pre-training alone makes a plan")
  func pretrainingOnly() throws {
    let plan = try plan(
      """
      initializations:
        random: random
        chest: {trainedOn: pneumonia, from: random}
      tasks:
        pneumonia: {kind: binaryClassification, target: false, data: {classFolders: {training: a, positive: b}}}
      """)
    #expect(words(plan) == ["pneumonia random 1"] && plan.cells[0].role == .pretraining)
  }

  @Test("Only what is needed is asked for its fingerprint, once, and all that is missing is said at once")
  func fingerprints() throws {
    let study = try StudyText.decode(StudyText.chest)
    var asked = [String]()
    let counting = Fingerprints(
      data: { task in
        asked.append(task.name)
        return "d"
      },
      weights: { path in
        asked.append(path)
        return "w"
      })
    _ = try Plan(study, filter: PlanFilter(tasks: ["tuberculosis"], initializations: ["random"]), fingerprints: counting)
    #expect(asked == ["tuberculosis"])
    asked = []
    _ = try Plan(study, fingerprints: counting)
    #expect(asked == ["findings", "pneumonia", "tuberculosis", "/studies/weights/resnet50.safetensors"])
    struct Gone: Error, CustomStringConvertible { let description: String }
    let broken = Fingerprints(data: { throw Gone(description: "No \($0.name).") }, weights: { _ in throw Gone(description: "No weights.") })
    do {
      _ = try Plan(study, filter: PlanFilter(tasks: ["tuberculosis"], initializations: ["imagenet"]), fingerprints: broken)
      Issue.record("the plan was made")
    } catch {
      #expect(
        "\(error)" == """
          The study cannot be planned:
            The data of the task “tuberculosis”: No tuberculosis.
            The weights of the initialization “imagenet”: No weights.
          """)
    }
  }

  @Test("A run's folder is named by task, initialization, seed and the first digits of its identity")
  func folders() throws {
    let cell = try #require(try plan().cells.first)
    #expect(cell.identity.count == 64)
    #expect(cell.relativePath == "findings/imagenet/seed3-\(cell.identity.prefix(12))")
  }
}

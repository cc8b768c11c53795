import Studies
import Testing

@Suite("A study says which classes a segmentation of several has")
struct ClassMaskStudyTests {
  private func study(_ data: String, kind: String = "multiclassSegmentation", more: String = "") -> String {
    "initializations: {random: random}\ntasks:\n  x: {kind: \(kind), \(more)data: \(data)}\n"
  }

  @Test("Folders of masks by class are read in their order, several of one class too, and overrides take their place")
  func folders() throws {
    let text = study("{maskFolders: {training: {images: a, masks: {lungs: [left, right], heart: heart}}}}", kind: "multiLabelSegmentation")
    let task = try StudyText.decode(text).tasks[0]
    guard let source = task.data.as(MaskFolderSource.self) else { return #expect(Bool(false)) }
    #expect(source.training.maskClasses == ["lungs", "lungs", "heart"] && source.training.masks.map { $0.split(separator: "/").last } == ["left", "right", "heart"])
    #expect(source.maskClasses == ["lungs", "heart"] && task.data.maskClasses == ["lungs", "heart"])
    let changed = try StudyText.decode(text, ["tasks.x.data.maskFolders.training.masks={heart: h, rib: [r]}"]).tasks[0]
    #expect(changed.data.maskClasses == ["heart", "rib"])
  }

  @Test("The network answers with a channel a class, of a label map with one more for the background, trained by cross entropy and Dice")
  func outputs() {
    let map = TaskKind.multiclassSegmentation, masks = TaskKind.multiLabelSegmentation
    #expect(map.outputCount(classes: 3, recipe: .standard(for: map)) == 4 && masks.outputCount(classes: 3, recipe: .standard(for: masks)) == 3)
    for kind in [map, masks] {
      #expect(kind.isSegmentation && kind.hasSeveralMasks && kind.hasSeveralClasses && !kind.isClassification && kind.maskCount(classes: 3) == 3)
      #expect(kind.standardRecipe.loss == .diceCrossEntropy && kind.losses.contains(.softDice))
      #expect(kind.title(of: kind.tableMetrics[0]) == "Dice (pooled), mean over classes")
    }
    let one = TaskKind.binarySegmentation
    #expect(one.isSegmentation && !one.hasSeveralMasks && !one.hasSeveralClasses && one.maskCount(classes: 0) == 1 && one.standardRecipe.loss == .softDice)
  }

  @Test(
    "What does not name several classes is refused with what would",
    arguments: [
      (
        "{maskFolders: {training: {images: a, masks: b}}}", "multiclassSegmentation",
        "The task “x” is a multiclassSegmentation, but its data name no classes. Write masks: {<class>: <folder>, …} where each class has a folder of its own, or labels: {<class>: <level>, …} where the files number them."
      ),
      (
        "{maskFolders: {training: {images: a, masks: b}, labels: {lung: 1, background: 0}}}", "multiclassSegmentation",
        "The task “x” is a multiclassSegmentation, but its data name 1 class. Name all of them, or set kind: binarySegmentation."
      ),
      (
        "{maskFolders: {training: {images: a, masks: {lung: b, heart: c}}, labels: {lung: 1, heart: 2}}}", "multiLabelSegmentation",
        "The task “x” is a multiLabelSegmentation, and both its folders of masks and the labels name its classes. Keep one of them."
      ),
      (
        "{maskFolders: {training: {images: a, masks: {lung: b, heart: c}}, test: {images: d, masks: {lung: e, rib: f}}}}", "multiLabelSegmentation",
        "The task “x” is a multiLabelSegmentation, and its test part has masks of other classes than its training part (lung, heart). Name the same classes in each part."
      ),
      (
        "{maskFolders: {training: {images: a, masks: {lung: b, heart: c}}, test: {images: d, masks: e}}}", "multiLabelSegmentation",
        "The task “x” is a multiLabelSegmentation, and not all parts name the classes of their folders of masks. Write masks: {<class>: <folder>, …} in each part."
      ),
      (
        "{maskFolders: {training: {images: a, masks: {lung: b, heart: c}, secondObserver: [d, e]}}}", "multiLabelSegmentation",
        "The task “x” is a multiLabelSegmentation, and how far two observers agree is told of one object only. Remove secondObserver, or set kind: binarySegmentation."
      ),
      (
        "{maskFolders: {training: {images: a, masks: {lung: b, heart: c}}}}", "binarySegmentation",
        "The task “x” is a binarySegmentation, but its data have masks of classes. Name the folders without classes, or set kind: multiLabelSegmentation or multiclassSegmentation."
      ),
      (
        "{maskFolders: {training: {images: a, masks: {a: a, b: b, c: c, d: d, e: e, f: f, g: g, h: h, i: i}}}}", "multiLabelSegmentation",
        "The task “x” is a multiLabelSegmentation, and its data name 9 classes; masks of this kind have 8 at most. Set kind: multiclassSegmentation where the classes exclude each other, or name fewer."
      ),
      (
        "{manifest: {file: t.csv, maskColumn: m}}", "multiclassSegmentation",
        "The task “x” is a multiclassSegmentation, but its data name no classes. Add maskLabels, such as {lung: 1, heart: 2}."
      ),
      (
        "{manifest: {file: t.csv, rleColumn: r, rleFormat: counts}}", "multiclassSegmentation",
        "The task “x” is a multiclassSegmentation, and runs of pixels say nothing of classes. Use maskColumn with maskLabels, or set kind: binarySegmentation."
      ),
      (
        "{coco: {training: {annotations: a, images: b}}}", "multiLabelSegmentation",
        "The task “x” is a multiLabelSegmentation, but its data name no classes. Add categories, those that are asked for."
      ),
      (
        "{classFolders: {training: a}}", "multiclassSegmentation",
        "The task “x” is a multiclassSegmentation, but its data have no masks. Use maskFolders, a manifest with maskColumn and maskLabels, nnUNet or coco."
      ),
    ])
  func refused(data: String, kind: String, sentence: String) {
    let found = StudyText.violations(study(data, kind: kind))
    #expect(found.contains { $0.contains(sentence) }, "\(found)")
  }

  @Test("Losses, modes, weights and crops that a mask of several classes has not are refused")
  func recipes() {
    let data = "{maskFolders: {training: {images: a, masks: b}, labels: {lung: 1, heart: 2}}}"
    for (recipe, sentence) in [
      ("loss: binaryCrossEntropy", "The loss binaryCrossEntropy is not for a multiclassSegmentation. Use diceCrossEntropy."),
      ("mode: linearProbe", "The mode linearProbe says what an image is of, by one vector of features, and gives no mask."),
      ("classWeights: balanced, loss: softDice", "The classWeights are of a cross entropy, and the loss softDice has none."),
      ("classWeights: {spleen: 2}", "The weighted class “spleen” is no class of “x”. Choose one of: lung, heart, background."),
      ("testTimeAugmentation: tenCrop", "The testTimeAugmentation tenCrop is for classification, not for segmentation. Use none."),
    ] {
      let found = StudyText.violations(study(data, more: "recipe: {\(recipe)}, "))
      #expect(found.contains { $0.contains(sentence) }, "\(found)")
    }
    let binary = StudyText.violations(study("{maskFolders: {training: {images: a, masks: b}}}", kind: "binarySegmentation", more: "recipe: {loss: diceCrossEntropy}, "))
    #expect(binary.contains { $0.contains("The loss diceCrossEntropy is for segmentation of several classes, not for a binarySegmentation. Use softDice.") }, "\(binary)")
  }
}
